package gate

import (
	"encoding/json"
	"maps"
	"sync"

	"github.com/network-fragility/fragility/kernel/cell"
	"github.com/network-fragility/fragility/kernel/client"
)

// relay decides what becomes of each message. Cells are given to GoNB one at a
// time: those that wait when one fails are not run, as Jupyter means it and as
// GoNB does not do by itself.
type relay struct {
	toKernel, toClient, toPage func(message) // GoNB, whoever asked, and all who look on

	mu       sync.Mutex
	waiting  []request
	running  *request
	count    int               // of the last cell that ran
	codes    map[string]string // texts of cells by the request to run them
	memory   memory
	marks    map[string]map[string]any // what outputs are marked with, by the request that makes them
	displays map[string]map[string]any // the same by the id of a display that may be updated later
	pages    map[string]*pageShown     // tables and words by the ids of their displays
	shifts   map[string]shift          // of completions under way
	number   int                       // of the cell that runs
	last     *lastWords                // of a cell's program, held back
	printed  map[string]int            // bytes of text by the request to run a cell
	line     *message                  // the request of the waiting cell that shows what is under way
}

// request is a cell to be run.
type request struct {
	message
	code      string
	id        string // of the cell, where the client says it
	stopOnErr bool
}

func newRelay() *relay {
	return &relay{memory: newMemory(), codes: map[string]string{}, printed: map[string]int{}, marks: map[string]map[string]any{}, displays: map[string]map[string]any{}, shifts: map[string]shift{}, pages: map[string]*pageShown{}}
}

// asked takes a message of a client.
func (r *relay) asked(m message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch m.header.Type {
	case "execute_request":
		var c struct {
			Code string `json:"code"`
			Stop *bool  `json:"stop_on_error"`
		}
		var meta struct {
			Cell string `json:"cellId"`
		}
		json.Unmarshal(m.content, &c)
		json.Unmarshal(m.meta, &meta)
		c.Code = unixLines(c.Code)
		r.waiting = append(r.waiting, request{m, c.Code, meta.Cell, c.Stop == nil || *c.Stop})
		r.next()
	case "complete_request", "inspect_request":
		r.toKernel(r.shifted(m))
	case "is_complete_request":
		r.whole(m)
	default:
		r.toKernel(m)
	}
}

// next runs the first cell that waits, where none runs.
func (r *relay) next() {
	for r.running == nil && len(r.waiting) > 0 {
		q := r.waiting[0]
		r.waiting = r.waiting[1:]
		c := cell.Parse(q.code)
		err := c.Check(r.memory.known())
		if err == nil {
			err = r.memory.check(c)
		}
		if err != nil {
			r.memory.ran(q, c, false)
			r.refuse(q, err.Error())
			continue
		}
		r.marks[q.header.ID], r.codes[q.header.ID] = r.memory.mark(q.code), q.code
		text, _, _ := cell.Runnable(q.code)
		m := q.message
		m.content = withField(m.content, "code", text)
		r.running = &q
		r.toKernel(m)
	}
}

// answered takes an answer of GoNB.
func (r *relay) answered(m message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m = valid(m)
	if s, ok := r.shifts[m.parent.ID]; ok {
		delete(r.shifts, m.parent.ID)
		m.content = s.back(m.content)
	}
	if m.header.Type != "execute_reply" || r.running == nil || m.parent.ID != r.running.header.ID {
		r.toClient(m)
		return
	}
	var c struct {
		Status string `json:"status"`
		Count  int    `json:"execution_count"`
	}
	json.Unmarshal(m.content, &c)
	r.count = max(r.count, c.Count)
	q := *r.running
	r.running = nil
	r.lineDone()
	r.memory.ran(q, cell.Parse(q.code), c.Status == "ok")
	r.toClient(m)
	if c.Status != "ok" && q.stopOnErr {
		r.abort()
	}
	r.next()
}

// refuse answers for GoNB that a cell is not run, and why.
func (r *relay) refuse(q request, sentence string) {
	failure := map[string]any{"ename": "not run", "evalue": sentence, "traceback": []string{sentence}}
	r.toPage(reply(q.message, "status", map[string]any{"execution_state": "busy"}))
	r.toPage(reply(q.message, "execute_input", map[string]any{"code": q.code, "execution_count": r.count + 1}))
	r.toPage(reply(q.message, "error", failure))
	answer := map[string]any{"status": "error", "execution_count": r.count + 1}
	maps.Copy(answer, failure)
	r.toClient(reply(q.message, "execute_reply", answer))
	r.toPage(reply(q.message, "status", map[string]any{"execution_state": "idle"}))
	if q.stopOnErr {
		r.abort()
	}
}

// abort answers for the cells that wait that they are not run.
func (r *relay) abort() {
	for _, q := range r.waiting {
		r.toPage(reply(q.message, "status", map[string]any{"execution_state": "busy"}))
		r.toClient(reply(q.message, "execute_reply", map[string]any{"status": "aborted"}))
		r.toPage(reply(q.message, "status", map[string]any{"execution_state": "idle"}))
	}
	r.waiting = nil
}

// shown takes what GoNB shows. Every output is marked with the text that made it.
func (r *relay) shown(m message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m.route = nil
	switch m.header.Type {
	case "display_data", "execute_result", "update_display_data":
		var c struct {
			Transient struct {
				ID string `json:"display_id"`
			} `json:"transient"`
			Metadata map[string]any `json:"metadata"`
		}
		json.Unmarshal(m.content, &c)
		mark := r.marks[m.parent.ID]
		if first, ok := r.displays[c.Transient.ID]; ok {
			mark = first // the output is that of the cell that made it, whoever changes it
		} else if c.Transient.ID != "" {
			r.displays[c.Transient.ID] = mark
		}
		metadata := marked(c.Metadata, mark)
		m.content = withField(m.content, "metadata", metadata)
		r.release()
		r.toPage(m)
		r.progressed(m)
		r.shownStamped(m, c.Transient.ID, metadata)
		return
	case "execute_input":
		if code, ok := r.codes[m.parent.ID]; ok {
			m.content = withField(m.content, "code", code) // as it was typed
		}
		var c struct {
			Count int `json:"execution_count"`
		}
		json.Unmarshal(m.content, &c)
		r.number = c.Count
	case "stream":
		if m = r.bounded(m); m.content != nil {
			r.spoken(m)
		}
		return
	case "error":
		r.spoken(m)
		return
	}
	r.release()
	r.toPage(m)
}

// withField is a JSON object with another value for a field.
func withField(object json.RawMessage, name string, value any) json.RawMessage {
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(object, &fields); err != nil {
		return object
	}
	fields[name] = encodeJSON(value)
	return encodeJSON(fields)
}

// marked is an output's metadata with the mark, beside what the engine stamped.
func marked(metadata, mark map[string]any) map[string]any {
	if mark == nil {
		return metadata
	}
	if metadata == nil {
		metadata = map[string]any{}
	}
	own := map[string]any{}
	if stamp, ok := metadata[client.StampKey].(map[string]any); ok {
		own = stamp
	}
	maps.Copy(own, mark)
	metadata[client.StampKey] = own
	return metadata
}

// A shift is how a completion's places differ between a cell and what GoNB has
// of it, in characters.
type shift struct{ from, by int }

// shifted is a completion's or an inspection's request on the runnable text.
func (r *relay) shifted(m message) message {
	var c struct {
		Code   string `json:"code"`
		Cursor int    `json:"cursor_pos"`
	}
	if json.Unmarshal(m.content, &c) != nil {
		return m
	}
	text, from, by := cell.Runnable(c.Code)
	if by == 0 {
		return m
	}
	s := shift{len([]rune(c.Code[:from])), by}
	r.shifts[m.header.ID] = s
	m.content = withField(m.content, "code", text)
	if c.Cursor >= s.from {
		m.content = withField(m.content, "cursor_pos", c.Cursor+by)
	}
	return m
}

// back moves the places of an answer to where they are in the cell.
func (s shift) back(content json.RawMessage) json.RawMessage {
	for _, name := range []string{"cursor_start", "cursor_end"} {
		var fields map[string]any
		json.Unmarshal(content, &fields)
		if place, ok := fields[name].(float64); ok && int(place) >= s.from+s.by {
			content = withField(content, name, int(place)-s.by)
		}
	}
	return content
}

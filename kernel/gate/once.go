package gate

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/network-fragility/fragility/kernel/cell"
)

var (
	status    = regexp.MustCompile(`^(exit status \d+|signal: .*)$`)
	colour    = regexp.MustCompile("\x1b\\[[0-9;]*m")
	place     = regexp.MustCompile(`\s*\[\[ Cell \[(\d+)\] Line (\d+) \]\] \S*main\.go:\d+`)
	undefined = regexp.MustCompile(`undefined: (\w+)`)
)

// lastWords is what a cell's program says on the way out.
type lastWords struct {
	message
	text  string
	timer *time.Timer
}

// holdFor is how long a text on standard error waits for the end of its
// program, to become the error itself.
const holdFor = time.Second

// hold keeps a text on standard error until something else comes.
func (r *relay) hold(m message, text string) {
	if w := r.last; w != nil && w.parent.ID == m.parent.ID && crashed(w.text) { // a crash comes in pieces
		w.text += text
		w.content = encodeJSON(map[string]any{"name": "stderr", "text": w.text})
		return
	}
	r.release()
	w := &lastWords{message: m, text: text}
	limit := holdFor
	if crashed(text) {
		limit = 10 * holdFor // its end is certain, and a busy machine takes its time
	}
	w.timer = time.AfterFunc(limit, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.last == w {
			r.release()
		}
	})
	r.last = w
}

// release shows what was held.
func (r *relay) release() {
	if r.last != nil {
		r.last.timer.Stop()
		r.toPage(r.last.message)
		r.last = nil
	}
}

// spoken is a text of a stream or an error. GoNB adds its exit status to what a
// program said, twice, and the error is only that status: here the last words
// are the error, once. An error of the compiler gets a hint where there is one.
func (r *relay) spoken(m message) {
	var c struct {
		Name      string   `json:"name"`
		Text      string   `json:"text"`
		EName     string   `json:"ename"`
		EValue    string   `json:"evalue"`
		Traceback []string `json:"traceback"`
	}
	json.Unmarshal(m.content, &c)
	text := colour.ReplaceAllString(c.Text, "")
	plain := strings.TrimSpace(text)
	switch {
	case m.header.Type == "stream" && c.Name == "stderr" && status.MatchString(plain):
		return
	case m.header.Type == "stream" && c.Name == "stderr":
		r.hold(m, text)
		return
	case m.header.Type == "error" && status.MatchString(strings.TrimSpace(c.EValue)):
		if w := r.last; w != nil && w.parent.ID == m.parent.ID && (crashed(w.text) || oneLine(w.text)) {
			lines := strings.Split(r.inWords(strings.TrimSpace(w.text)), "\n")
			w.timer.Stop()
			r.last = nil
			m.content = encodeJSON(map[string]any{"ename": "stopped", "evalue": lines[0], "traceback": lines})
		}
	case m.header.Type == "error":
		for i := range c.Traceback {
			c.Traceback[i] = cell.AsTyped(r.codes[m.parent.ID], c.Traceback[i])
		}
		if hint := r.hint(c.EValue); hint != "" {
			c.EValue, c.Traceback = c.EValue+"\n"+hint, append(c.Traceback, hint)
		}
		m.content = encodeJSON(map[string]any{"ename": c.EName, "evalue": c.EValue, "traceback": c.Traceback})
	}
	r.release()
	r.toPage(m)
}

// mostPrinted is how many bytes of text a page shows of one cell: a program that
// prints without end would fill the memory of all that look on.
const mostPrinted = 1 << 20

// bounded is a text of a cell as far as it is shown, with a word where it is cut
// and no content beyond. What a cell printed last may come after the word that it
// has ended, and counts too.
func (r *relay) bounded(m message) message {
	if _, ok := r.codes[m.parent.ID]; !ok {
		return m
	}
	before := r.printed[m.parent.ID]
	after := before + len(m.content)
	r.printed[m.parent.ID] = after
	switch {
	case after <= mostPrinted:
	case before <= mostPrinted:
		m.content = withField(m.content, "text", "\nwhat this cell prints beyond 1 MB is not shown\n")
		m.content = withField(m.content, "name", "stdout")
	default:
		m.content = nil
	}
	return m
}

// crashed reports whether a text is what Go says of a program that it ends: what
// happened, and where every goroutine was.
func crashed(text string) bool {
	return strings.HasPrefix(text, "panic: ") || strings.HasPrefix(text, "fatal error: ")
}

func oneLine(text string) bool {
	text = strings.TrimSpace(text)
	return text != "" && !strings.Contains(text, "\n")
}

// inWords says "line 3" for GoNB's place in a cell and in the file it made of it.
func (r *relay) inWords(text string) string {
	return place.ReplaceAllStringFunc(text, func(found string) string {
		m := place.FindStringSubmatch(found)
		if m[1] == strconv.Itoa(r.number) {
			return " line " + m[2]
		}
		return fmt.Sprintf(" cell [%s], line %s", m[1], m[2])
	})
}

// hint says what to do about an error of the compiler that a reader of the book
// meets: a name made with := ends with its cell.
func (r *relay) hint(text string) string {
	if m := undefined.FindStringSubmatch(text); m != nil && slices.Contains(r.memory.locals, m[1]) {
		return fmt.Sprintf("%s was made with := in another cell and ended with it; write var %s = ... there", m[1], m[1])
	}
	return ""
}

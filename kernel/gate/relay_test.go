package gate

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// desk is a relay with notes of what it sends, and a GoNB that is played.
type desk struct {
	*relay
	kernel, client, page []message
}

func newDesk() *desk {
	d := &desk{relay: newRelay()}
	d.toKernel = func(m message) { d.kernel = append(d.kernel, m) }
	d.toClient = func(m message) { d.client = append(d.client, m) }
	d.toPage = func(m message) { d.page = append(d.page, m) }
	return d
}

func asking(kind string, content, meta any) message {
	m := reply(message{rawHead: [2]json.RawMessage{json.RawMessage("{}")}}, kind, content)
	m.meta = encodeJSON(meta)
	return m
}

// run asks for a cell.
func (d *desk) run(id, code string) message {
	m := asking("execute_request", map[string]any{"code": code, "stop_on_error": true}, map[string]any{"cellId": id})
	d.asked(m)
	return m
}

// ends is GoNB's answer to the cell that it was last given.
func (d *desk) ends(status string) {
	m := d.kernel[len(d.kernel)-1]
	d.answered(reply(m, "execute_reply", map[string]any{"status": status, "execution_count": 1}))
}

func field(m message, name string) string {
	var fields map[string]any
	json.Unmarshal(m.content, &fields)
	return fmt.Sprint(fields[name])
}

func last(list []message) message { return list[len(list)-1] }

const chapter5 = "var run = nf.Chapter(5).With(nf.Set{\"KetamineGain\": 1.4})"

// What a cell gives wrongly never reaches the compiler, and what waits behind
// it does not run.
func TestRefuses(t *testing.T) {
	d := newDesk()
	d.run("a", chapter5)
	d.run("b", strings.Replace(chapter5, "1.4", "1,4", 1)) // waits
	d.run("c", "run.Run()")                                // waits behind it
	if len(d.kernel) != 1 {
		t.Fatalf("GoNB has %d cells at once", len(d.kernel))
	}
	d.ends("ok")
	if len(d.kernel) != 1 || len(d.client) != 3 {
		t.Fatalf("GoNB has %d cells, the client %d answers", len(d.kernel), len(d.client))
	}
	if got := field(d.client[1], "evalue"); got != "line 1: KetamineGain takes one value, not 1,4: write 1.4" {
		t.Error(got)
	}
	if got := field(d.client[2], "status"); got != "aborted" {
		t.Error(got)
	}
	// The run of before is not shown in its place.
	d.run("c", "run.Run()")
	if got := field(last(d.client), "evalue"); !strings.HasPrefix(got, "run is what a cell above was to say") {
		t.Error(got)
	}
	// A cell that the compiler refuses does the same.
	d.run("b", chapter5)
	d.ends("error")
	d.run("c", "run.Run()")
	if len(d.kernel) != 2 {
		t.Errorf("a run that does not compile: GoNB has %d cells", len(d.kernel))
	}
	d.run("b", chapter5)
	d.ends("ok")
	d.run("c", "run.Run()")
	if got := field(last(d.kernel), "code"); got != "func main() { run.Run()\n}" {
		t.Error(got)
	}
	d.ends("error")
	d.run("d", "run.With(nf.Set{\"KetamineGian\": 1}).Run()")
	if got := field(last(d.client), "evalue"); !strings.Contains(got, "did you mean KetamineGain?") {
		t.Error(got)
	}
}

// Every output says which text made it, and which cells had run before.
func TestMarks(t *testing.T) {
	d := newDesk()
	d.run("a", chapter5)
	d.ends("ok")
	changed := chapter5 + "\n"
	d.run("a", changed)
	d.ends("ok")
	show := d.run("b", "run.Run()")
	put := func(kind string, parent message) map[string]any {
		d.shown(reply(parent, kind, map[string]any{"data": map[string]any{}, "metadata": map[string]any{"fragility": map[string]any{"chapter": 5}}, "transient": map[string]any{"display_id": "x"}}))
		var c struct{ Metadata map[string]map[string]any }
		json.Unmarshal(last(d.page).content, &c)
		return c.Metadata["fragility"]
	}
	first := put("display_data", show)
	if first["cell"] != Digest("run.Run()") || first["after"] != Digest(changed) || first["chapter"] != 5.0 {
		t.Errorf("marked %v", first)
	}
	d.ends("ok")
	// Whoever changes an output later, it stays that of its cell.
	other := d.run("c", "1")
	if again := put("update_display_data", other); again["cell"] != first["cell"] {
		t.Errorf("changed later: %v", again)
	}
}

// What a program says last is the error, once.
func TestLastWordsOnce(t *testing.T) {
	d := newDesk()
	m := d.run("a", "run.Run()")
	d.shown(reply(m, "stream", map[string]any{"name": "stderr", "text": "chapter 5 has no plot\n"}))
	d.shown(reply(m, "stream", map[string]any{"name": "stderr", "text": "exit status 2\n"}))
	d.shown(reply(m, "error", map[string]any{"ename": "ERROR", "evalue": "exit status 2", "traceback": []string{"exit status 2"}}))
	if len(d.page) != 1 || field(d.page[0], "evalue") != "chapter 5 has no plot" {
		t.Errorf("shown %+v", d.page)
	}
	d.ends("error")
	// A crash, in pieces, is the error with its places.
	m = d.run("a", "panic(1)")
	d.shown(reply(m, "stream", map[string]any{"name": "stderr", "text": "panic: "}))
	d.shown(reply(m, "stream", map[string]any{"name": "stderr", "text": "1\n"}))
	d.shown(reply(m, "stream", map[string]any{"name": "stderr", "text": "\ngoroutine 1 [running]:\nmain.main()\n"}))
	d.shown(reply(m, "error", map[string]any{"ename": "ERROR", "evalue": "exit status 2", "traceback": []string{"exit status 2"}}))
	if len(d.page) != 2 || field(d.page[1], "evalue") != "panic: 1" || !strings.Contains(string(d.page[1].content), "goroutine 1") {
		t.Errorf("shown %+v", d.page)
	}
	d.ends("error")
	m = d.run("b", "x := 1\nprintln(x)")
	d.ends("ok")
	m = d.run("c", "println(x)")
	d.shown(reply(m, "error", map[string]any{"ename": "ERROR", "evalue": "undefined: x", "traceback": []string{}}))
	if got := field(last(d.page), "evalue"); !strings.Contains(got, "write var x = ...") {
		t.Error(got)
	}
}

// The line ends of Windows are those of everybody.
func TestWindowsLines(t *testing.T) {
	d := newDesk()
	d.run("a", "import \"fmt\"\r\n%%\r\nfmt.Println(1)\r\n")
	if got := field(last(d.kernel), "code"); strings.Contains(got, "\r") {
		t.Errorf("GoNB gets %q", got)
	}
	if Digest("a\r\nb") != Digest("a\nb") {
		t.Error("an output is stale where only line ends differ")
	}
}

// A completion's places are those in the cell.
func TestCompletion(t *testing.T) {
	d := newDesk()
	m := asking("complete_request", map[string]any{"code": "run.Pl", "cursor_pos": 6}, nil)
	d.asked(m)
	if got := field(d.kernel[0], "cursor_pos"); got != "20" {
		t.Error(got)
	}
	d.answered(reply(m, "complete_reply", map[string]any{"cursor_start": 18, "cursor_end": 20}))
	if got := field(d.client[0], "cursor_start") + " " + field(d.client[0], "cursor_end"); got != "4 6" {
		t.Error(got)
	}
}

// What GoNB says of a half-typed cell is a valid answer without matches, and
// whether a cell is whole is answered here.
func TestAnswersAreValid(t *testing.T) {
	d := newDesk()
	m := asking("complete_request", map[string]any{"code": "x := nf.", "cursor_pos": 8}, nil)
	d.asked(m)
	d.answered(reply(m, "complete_reply", map[string]any{"status": "error", "matches": nil, "cursor_start": 0, "cursor_end": 0, "metadata": nil}))
	if got := string(last(d.client).content); got != `{"cursor_end":0,"cursor_start":0,"matches":[],"metadata":{},"status":"ok"}` {
		t.Error(got)
	}
	m = asking("inspect_request", map[string]any{"code": "x", "cursor_pos": 1}, nil)
	d.asked(m)
	d.answered(reply(m, "inspect_reply", map[string]any{"status": "error"}))
	if got := string(last(d.client).content); got != `{"data":{},"found":false,"metadata":{},"status":"ok"}` {
		t.Error(got)
	}
	before := len(d.kernel)
	d.asked(asking("is_complete_request", map[string]any{"code": "for {"}, nil))
	if got := string(last(d.client).content); got != `{"indent":"\t","status":"incomplete"}` || len(d.kernel) != before {
		t.Errorf("%s, and GoNB was asked: %v", got, len(d.kernel) > before)
	}
	if len(d.page) != 2 || field(d.page[1], "execution_state") != "idle" {
		t.Errorf("%d messages in the page", len(d.page))
	}
}

func TestWire(t *testing.T) {
	w := wire{[]byte("key")}
	frames := w.encode(asking("execute_request", map[string]any{"code": "1"}, map[string]any{}))
	m, err := w.decode(append([][]byte{[]byte("from")}, frames...))
	if err != nil || m.header.Type != "execute_request" || string(m.route[0]) != "from" {
		t.Errorf("%+v, %v", m, err)
	}
	frames[5] = []byte(`{"code": "2"}`)
	if _, err := w.decode(frames); err == nil {
		t.Error("a message that was changed on the way is taken")
	}
}

// Where a run is declared anew and run, what is of the old settings is marked in
// the page, and no longer once they are back; what its own cell sets is not.
func TestMarksWhatIsOlder(t *testing.T) {
	d := newDesk()
	put := func(parent message, id, settings string, summary bool) {
		stamp := map[string]any{"chapter": 5, "settings": settings, "summary": summary}
		d.shown(reply(parent, "display_data", map[string]any{"data": map[string]any{"text/html": "<table>" + id}, "metadata": map[string]any{"fragility": stamp}, "transient": map[string]any{"display_id": id}}))
	}
	run := func(id, code string) message {
		m := d.run(id, code)
		d.ends("ok")
		return m
	}
	run("p", chapter5)
	put(run("r", "run.Run()"), "s1", "KetamineGain=1.4", true)
	put(run("t", "run.Table(1).Show()"), "table", "KetamineGain=1.4", false)
	put(run("o", `run.With(nf.Set{"KetamineGain": 1.6}).Table(1).Show()`), "own", "KetamineGain=1.6", false)
	run("p", strings.Replace(chapter5, "1.4", "1.5", 1))
	put(run("r", "run.Run()"), "s2", "KetamineGain=1.5", true)
	m := last(d.page)
	if m.header.Type != "update_display_data" || !strings.Contains(string(m.content), "Of an earlier run (KetamineGain 1.4, now 1.5)") || !strings.Contains(string(m.content), "table") {
		t.Errorf("%s %s", m.header.Type, m.content)
	}
	marked := 0
	for _, m := range d.page {
		if m.header.Type == "update_display_data" {
			marked++
		}
	}
	if marked != 1 {
		t.Errorf("%d marks", marked)
	}
	run("p", chapter5)
	put(run("r", "run.Run()"), "s3", "KetamineGain=1.4", true)
	if m := last(d.page); m.header.Type != "update_display_data" || strings.Contains(string(m.content), "earlier") {
		t.Errorf("the mark stays: %s", m.content)
	}
}

// The last cell that waits shows what is under way, and nothing once that ended.
func TestProgressAtTheEnd(t *testing.T) {
	d := newDesk()
	first := d.run("a", chapter5)
	show := func(kind, text string, progress bool) {
		meta := map[string]any{"fragility": map[string]any{"progress": progress}}
		d.shown(reply(first, kind, map[string]any{"data": map[string]any{"text/html": text, "text/plain": text}, "metadata": meta, "transient": map[string]any{"display_id": "p"}}))
	}
	show("display_data", "10 %", true) // nothing waits
	if len(d.page) != 1 {
		t.Fatalf("the page has %d messages", len(d.page))
	}
	d.run("b", "run.Run()")
	end := d.run("c", "run.Table(1)")
	d.page = nil
	show("update_display_data", "20 %", true)
	show("update_display_data", "30 %", true)
	show("update_display_data", "done", false)
	d.ends("ok")
	var got []string
	for _, m := range d.page {
		if m.parent.ID == end.header.ID {
			got = append(got, m.header.Type+" "+field(m, "data"))
		}
	}
	want := "[display_data map[text/html:20 % text/plain:20 %] update_display_data map[text/html:30 % text/plain:30 %] clear_output <nil>]"
	if fmt.Sprint(got) != want {
		t.Errorf("the last cell shows\n%v, want\n%s", got, want)
	}
}

package gate

import (
	"strings"
	"testing"
)

// Of a cell that prints without end the page has the beginning, and a word; how
// it ended still arrives.
func TestPrintsWithoutEnd(t *testing.T) {
	d := newDesk()
	m := d.run("a", "for { println(1) }")
	for range 100 {
		d.shown(reply(m, "stream", map[string]any{"name": "stdout", "text": strings.Repeat("x", 32<<10)}))
	}
	shown := 0
	for _, m := range d.page {
		shown += len(m.content)
	}
	if shown < mostPrinted/2 || shown > mostPrinted+1000 || !strings.Contains(field(last(d.page), "text"), "not shown") {
		t.Errorf("%d bytes are shown", shown)
	}
	d.shown(reply(m, "error", map[string]any{"ename": "ERROR", "evalue": "signal: interrupt", "traceback": []string{}}))
	if got := field(last(d.page), "evalue"); got != "signal: interrupt" {
		t.Error(got)
	}
	d.ends("error")
	before := len(d.page)
	d.shown(reply(m, "stream", map[string]any{"name": "stdout", "text": "what was still on its way"}))
	if len(d.page) != before {
		t.Errorf("the cell goes on after its end with %q", field(last(d.page), "text"))
	}
	m = d.run("b", "println(1)")
	d.shown(reply(m, "stream", map[string]any{"name": "stdout", "text": "1"}))
	if got := field(last(d.page), "text"); got != "1" {
		t.Errorf("the next cell shows %q", got)
	}
}

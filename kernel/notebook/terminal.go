package notebook

import (
	"fmt"
	"io"
	"strings"

	"github.com/network-fragility/fragility/kernel/screen"
)

// terminal tells a person how far a run is: a line a cell, which shows the engine's
// progress while the cell runs.
type terminal struct {
	screen   *screen.Line
	headings []string
	numbers  map[int]int // cell index to number among the code cells
	number   string      // of the running cell, as "cell  5/11  "
	line     string      // of the running cell, with its heading
}

func newTerminal(out io.Writer, nb *Notebook) *terminal {
	t := &terminal{screen: screen.On(out), headings: nb.headings(), numbers: map[int]int{}}
	for i, c := range nb.Cells {
		if c.Kind == CodeCell && strings.TrimSpace(c.Source) != "" {
			t.numbers[i] = len(t.numbers) + 1
		}
	}
	return t
}

// place is where a cell stands: its number, of how many, under which heading.
func (t *terminal) place(cell int) (number, total int, heading string) {
	return t.numbers[cell], len(t.numbers), t.headings[cell]
}

func (t *terminal) started(cell int) {
	number, total, heading := t.place(cell)
	width := len(fmt.Sprint(total))
	t.number = fmt.Sprintf("cell %*d/%d  ", width, number, total)
	t.line = strings.TrimSpace(t.number + heading)
	t.screen.Pass(t.line)
}

func (t *terminal) progress(text string) {
	first, _, _ := strings.Cut(text, "\n")
	t.screen.Pass(t.number + first)
}

func (t *terminal) finished(seconds float64) { t.leave(fmt.Sprintf("%.1f s", seconds)) }

func (t *terminal) failed() { t.leave("failed") }

// end leaves the line of a cell that did not end.
func (t *terminal) end() {
	if t.line != "" {
		t.leave("stopped")
	}
}

// leave says what became of the running cell.
func (t *terminal) leave(end string) {
	t.screen.Stay(t.line + "  " + end)
	t.line = ""
}

package notebook

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// terminal tells a person how far a run is: a line a cell. On a real terminal
// the line of the running cell is rewritten in place and shows the engine's
// progress; in a file or a pipe each line is written once, when its cell ends,
// and a line of progress now and then while it takes long.
type terminal struct {
	out      io.Writer
	width    int // 0 where lines cannot be rewritten
	headings []string
	numbers  map[int]int // cell index to number among the code cells
	number   string      // of the running cell, as "cell  5/11  "
	line     string      // of the running cell, with its heading
	said     time.Time   // when something was last written
}

// silence is the longest time without a word where nothing changes in place.
const silence = 10 * time.Second

func newTerminal(out io.Writer, nb *Notebook) *terminal {
	t := &terminal{out: out, headings: nb.headings(), numbers: map[int]int{}}
	for i, c := range nb.Cells {
		if c.Kind == CodeCell && strings.TrimSpace(c.Source) != "" {
			t.numbers[i] = len(t.numbers) + 1
		}
	}
	if out == nil {
		t.out = io.Discard
	}
	if f, ok := out.(*os.File); ok {
		if size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ); err == nil {
			t.width = int(size.Col)
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
	t.said = time.Now()
	t.rewrite(t.line)
}

func (t *terminal) progress(text string) {
	first, _, _ := strings.Cut(text, "\n")
	t.rewrite(t.number + first)
	if t.width == 0 && time.Since(t.said) > silence {
		fmt.Fprintln(t.out, t.number+first)
		t.said = time.Now()
	}
}

func (t *terminal) finished(seconds float64) {
	t.rewrite("")
	fmt.Fprintf(t.out, "%s  %.1f s\n", t.line, seconds)
	t.line = ""
}

func (t *terminal) failed() {
	t.rewrite("")
	fmt.Fprintf(t.out, "%s  failed\n", t.line)
	t.line = ""
}

// end leaves the line of a cell that did not end.
func (t *terminal) end() {
	if t.line != "" {
		t.rewrite("")
		fmt.Fprintf(t.out, "%s  stopped\n", t.line)
	}
}

// rewrite shows text in the current line of a terminal.
func (t *terminal) rewrite(text string) {
	if t.width == 0 {
		return
	}
	for utf8.RuneCountInString(text) >= t.width {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	fmt.Fprint(t.out, "\r\x1b[K"+text)
}

// Package screen tells a person how far something is, in one line that changes in
// place on a terminal.
package screen

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/term"
)

// silence is the longest time without a word where nothing changes in place.
const silence = 10 * time.Second

// Line is the last line of an output. In a file or a pipe nothing changes in place, and
// of what would pass by, a line is left now and then. It may be used by several
// goroutines.
type Line struct {
	out     io.Writer
	inPlace bool
	width   int // in characters; 0 where it is not known

	mu   sync.Mutex
	open bool // a text stands in the line
	said time.Time
}

// On is the line of an output; of nil, one that nobody sees.
func On(out io.Writer) *Line {
	if out == nil {
		out = io.Discard
	}
	l := &Line{out: out, said: time.Now()}
	if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		l.inPlace = true
		l.width, _, _ = term.GetSize(int(f.Fd()))
	}
	return l
}

// Pass shows a text until the next.
func (l *Line) Pass(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.inPlace:
		l.clear()
		fmt.Fprint(l.out, l.cut(text))
		l.open = true
	case time.Since(l.said) > silence:
		fmt.Fprintln(l.out, text)
		l.said = time.Now()
	}
}

// Stay writes a text that stays, in the place of what passed.
func (l *Line) Stay(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clear()
	fmt.Fprintln(l.out, text)
	l.said = time.Now()
}

// Clear leaves an empty line.
func (l *Line) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clear()
}

func (l *Line) clear() {
	if l.open {
		fmt.Fprint(l.out, "\r\x1b[K")
		l.open = false
	}
}

// cut is a text no longer than the line: one that went over into the next could not
// be taken back.
func (l *Line) cut(text string) string {
	for l.width > 0 && utf8.RuneCountInString(text) >= l.width {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}

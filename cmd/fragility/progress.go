package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/mattn/go-isatty"

	"github.com/network-fragility/fragility/kernel/client"
)

// progress shows the events of a run on a terminal: one line that changes in
// place, or, where the output is no terminal, the start, the end, warnings, and
// a line now and then.
type progress struct {
	w       io.Writer
	inPlace bool
	mu      sync.Mutex
	open    bool // a line is on the screen that has no end yet
	said    time.Time
}

// silence is the longest time without a word where nothing changes in place.
const silence = 10 * time.Second

func newProgress(f *os.File) *progress {
	return &progress{w: f, inPlace: isatty.IsTerminal(f.Fd())}
}

func (p *progress) show(e client.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e.Kind {
	case client.RunFailed: // the command itself says why
	case client.RunStarted, client.RunFinished, client.Warning:
		p.clear()
		fmt.Fprintln(p.w, harmless(e.String()))
		p.said = time.Now()
	default:
		if p.inPlace {
			p.clear()
			fmt.Fprint(p.w, harmless(e.String()))
			p.open = true
		} else if time.Since(p.said) > silence {
			fmt.Fprintln(p.w, harmless(e.String()))
			p.said = time.Now()
		}
	}
}

// end leaves the cursor at the start of an empty line.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}

func (p *progress) clear() {
	if p.open {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.open = false
	}
}

package main

import (
	"os"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/screen"
)

// progress shows the events of a run: its start, its end and its warnings stay, the
// others pass.
type progress struct{ line *screen.Line }

func newProgress(f *os.File) progress { return progress{screen.On(f)} }

func (p progress) show(e client.Event) {
	switch e.Kind {
	case client.RunFailed: // the command itself says why
	case client.RunStarted, client.RunFinished, client.Warning:
		p.line.Stay(harmless(e.String()))
	default:
		p.line.Pass(harmless(e.String()))
	}
}

// end leaves the cursor at the start of an empty line.
func (p progress) end() { p.line.Clear() }

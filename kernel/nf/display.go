package nf

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// A Display is a table or a plot of a run.
type Display struct {
	run  Run
	ask  protocols.Ask
	from map[string]string // of the run that dials began with
}

// Show puts the display below the cell; what the run lacks is computed first,
// with its progress. Outside a notebook it prints the display as text.
func (d Display) Show() {
	p := new(progress)
	var bundle *client.Bundle
	work(p, func(ctx context.Context) (err error) {
		bundle, err = d.drawn(ctx, p, "")
		return err
	})
	showNoted(*bundle, "")
}

// Save writes the display to a file, in the form that the name ends in: csv for
// the numbers; svg, png or json (Vega-Lite) for a plot; tex, md, html or txt for
// a table. The name counts from the notebook's folder.
func (d Display) Save(name string) {
	kind := strings.TrimPrefix(filepath.Ext(name), ".")
	if kind == "" {
		end(2, fmt.Sprintf("Save takes a name that ends in the kind of file, as in %q, not %q", "numbers.csv", name))
	}
	p := new(progress)
	var bundle *client.Bundle
	work(p, func(ctx context.Context) (err error) {
		bundle, err = d.drawn(ctx, p, kind)
		return err
	})
	err := os.WriteFile(name, bundle.File(), 0o644)
	if err != nil {
		end(1, err.Error())
	}
}

// drawn has the engine draw the display, as a file of a kind or, for "", as a
// notebook shows it, and compute what that lacks.
func (d Display) drawn(ctx context.Context, p *progress, kind string) (*client.Bundle, error) {
	c, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	return c.Show(ctx, client.ShowRequest{
		Request: client.Request{Chapter: d.run.chapter, Set: d.run.set},
		Ask:     d.ask,
		Kind:    kind,
		From:    d.from,
	}, p.event)
}

package nf

import (
	"context"

	"github.com/network-fragility/fragility/kernel/client"
)

// A Display is a table or a plot of a run.
type Display struct {
	run  Run
	what string // "table" or "plot"
	name string
}

// Show puts the display below the cell; what the run lacks is computed first,
// with its progress. Outside a notebook it prints the display as text.
func (d Display) Show() {
	p := new(progress)
	var bundle *client.Bundle
	work(p, func(ctx context.Context) (err error) {
		bundle, err = d.ask(ctx, p)
		return err
	})
	show(*bundle, "")
}

// ask has the engine draw the display, and compute what that lacks.
func (d Display) ask(ctx context.Context, p *progress) (*client.Bundle, error) {
	c, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	return c.Show(ctx, client.ShowRequest{
		Request: client.Request{Chapter: d.run.chapter, Set: d.run.set},
		What:    d.what,
		Name:    d.name,
	}, p.event)
}

package notebook

import (
	"context"

	"github.com/network-fragility/fragility/figures"
	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// A Record is what a chapter's run came to, with what an archive says of it.
type Record struct {
	Result   *protocols.Result
	Stamp    client.Stamp
	Readings []client.ReadingKey
}

// Compute runs a protocol; what the store has is not computed again.
type Compute func(context.Context, protocols.Protocol) (*Record, error)

// Live puts into the exported page of a run what answers its dials; turn is what the
// notebook has for dials, nil where it has none.
type Live func(ctx context.Context, page string, p protocols.Protocol, turn *Turn) error

// shown is a table or a plot of a run under its name.
type shown[T any] struct {
	name  string
	value T
}

// tables are all tables that a run has, plots all its plots.
func (r *Record) tables(p protocols.Protocol) ([]shown[*table.Table], error) {
	return draw(r, figures.Tables(p))
}

func (r *Record) plots(p protocols.Protocol) ([]shown[*chart.Plot], error) {
	return draw(r, figures.Plots(p))
}

func draw[T figures.Figure](r *Record, entries []figures.Entry[T]) ([]shown[T], error) {
	var list []shown[T]
	for _, e := range entries {
		v, err := e.Make(r.Result)
		if protocols.IsBadInput(err) {
			continue // this run has no such thing, as a plot of a grid of arms where there is no grid
		}
		if err != nil {
			return nil, err
		}
		list = append(list, shown[T]{e.Name, v})
	}
	return list, nil
}

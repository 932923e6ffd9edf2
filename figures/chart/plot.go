package chart

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Widths of a printed figure in centimetres: one column of a journal's page,
// and the whole page.
const (
	SingleColumn = 8.9
	DoubleColumn = 18.0
)

// Plot describes a figure: panels in a grid, read row by row, or a diagram.
type Plot struct {
	Title   string
	Caption string  // what is shown and what to read from it, in sentences; not drawn
	Width   float64 // of the whole figure, in cm; 0 is DoubleColumn
	Aspect  float64 // height of a panel's data area over its width; 0 is 0.75
	Columns int     // panels in a row; 0 puts all in one
	Panels  []Panel
	Diagram Diagram // instead of panels

	// Panels that share an axis have one range for all, and only the outer
	// ones carry its label and numbers.
	ShareX, ShareY bool
}

// Panel is one pair of axes with what is drawn between them, the first layer
// at the bottom.
type Panel struct {
	Title  string
	X, Y   Axis
	Layers []Layer
	Key    []Layer // samples of marks that stand in the key, before those of the layers, and are not drawn
}

// A Range is from the lowest to the highest of some numbers; Low is above High where
// there are none.
type Range struct{ Low, High float64 }

// Ranges are those of what the panel shows, along both axes.
func (p Panel) Ranges() (x, y Range) {
	h, v := newSpan(p.X.Log), newSpan(p.Y.Log)
	for _, l := range p.marks() {
		l.extend(&h, &v)
	}
	return Range{h.low, h.high}, Range{v.low, v.high}
}

// Empty reports whether nothing has a place in the panel: lines across it have none, and
// hollow points, which are the book's, do not count.
func (p Panel) Empty() bool {
	return !slices.ContainsFunc(p.Layers, func(l Layer) bool {
		x, y := newSpan(p.X.Log), newSpan(p.Y.Log)
		l.extend(&x, &y)
		points, ok := l.(Points)
		return x.low <= x.high && y.low <= y.high && !(ok && points.Hollow)
	})
}

// check refuses a plot that cannot be drawn.
func (p *Plot) check() error {
	if p.Diagram != nil {
		if len(p.Panels) > 0 {
			return fmt.Errorf("plot %q has both a diagram and panels", p.Title)
		}
		if err := p.Diagram.check(); err != nil {
			return fmt.Errorf("plot %q: %w", p.Title, err)
		}
		return nil
	}
	if len(p.Panels) == 0 {
		return fmt.Errorf("plot %q has no panels", p.Title)
	}
	for i, panel := range p.Panels {
		for _, l := range slices.Concat(panel.marks(), panel.Key) {
			if err := l.check(); err != nil {
				return fmt.Errorf("plot %q, panel %d: %w", p.Title, i+1, err)
			}
		}
	}
	return nil
}

var errLengths = errors.New("coordinates differ in number")

// sameLength checks that coordinates belong together; optional ones may be nil.
func sameLength(x []float64, others ...[]float64) error {
	for _, o := range others {
		if o != nil && len(o) != len(x) {
			return errLengths
		}
	}
	return nil
}

func (p *Plot) width() float64  { return cmp.Or(p.Width, DoubleColumn) }
func (p *Plot) aspect() float64 { return cmp.Or(p.Aspect, 0.75) }
func (p *Plot) columns() int    { return cmp.Or(p.Columns, len(p.Panels)) }

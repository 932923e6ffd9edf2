package figures

import (
	"errors"
	"fmt"
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
}

// Layer is a kind of mark: Line, Bands, Points, Bars, Cells, HeatMap, HLine,
// VLine or Text. Marks that carry a Label are named in the picture: lines at
// their right end, points, bars and heat maps in a key above the panels. Lines
// stand in the key too where several panels share them, or where a panel has
// more of them than its height has room for.
type Layer interface {
	// extend widens the ranges of the axes to what the layer shows.
	extend(x, y *span)
	// check refuses a layer whose parts do not fit together.
	check() error
	draw(*frame)
	// vega is the layer as marks of a Vega-Lite specification.
	vega(*vegaView) []any
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
		for _, l := range panel.Layers {
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

func (p *Plot) width() float64 {
	if p.Width == 0 {
		return DoubleColumn
	}
	return p.Width
}

func (p *Plot) aspect() float64 {
	if p.Aspect == 0 {
		return 0.75
	}
	return p.Aspect
}

func (p *Plot) columns() int {
	if p.Columns == 0 {
		return len(p.Panels)
	}
	return p.Columns
}

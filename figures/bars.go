package figures

import "gonum.org/v1/plot/vg"

// Bars stand on zero, each from one edge to the next: a histogram.
type Bars struct {
	Edges   []float64 // one more than Heights
	Heights []float64
	Colour  Colour
	Label   string // stands in the key
}

func (b Bars) extend(x, y *span) {
	x.include(b.Edges...)
	y.include(b.Heights...)
	y.pin(0, 0)
}

func (b Bars) check() error {
	if len(b.Heights) > 0 && len(b.Edges) != len(b.Heights)+1 {
		return errLengths
	}
	return nil
}

func (b Bars) draw(f *frame) {
	// One outline around the whole, so that no seam shows between bars.
	var outline []vg.Point
	for i, h := range b.Heights {
		outline = append(outline, f.at(b.Edges[i], h), f.at(b.Edges[i+1], h))
	}
	if len(outline) == 0 {
		return
	}
	outline = append(outline, f.at(b.Edges[len(b.Heights)], 0), f.at(b.Edges[0], 0))
	f.fill(b.Colour.or(Grey), f.clipped(outline))
}

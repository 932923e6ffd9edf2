package chart

import (
	"math"

	"gonum.org/v1/plot/vg"
)

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

func (b Bars) data() []datum {
	var list []datum
	for i, h := range b.Heights {
		list = append(list, datumOf("bar", b.Label, (b.Edges[i]+b.Edges[i+1])/2, h))
	}
	return list
}

// entries implements keyed.
func (b Bars) entries(bool) []entry {
	const r = keySide
	return []entry{{label: b.Label, width: sampleWidth,
		draw: func(p *page, at vg.Point) { p.fill(b.Colour.or(Grey), around(at, r, r)) },
		vega: func(x, y float64) []any { return []any{vegaBox(b.Colour.or(Grey), x, y, px(r), px(r))} },
	}}
}

// vega is one area for all bars, as draw does, and rectangles that are not seen
// but tell their numbers.
func (b Bars) vega(v *vegaView) []any {
	rows := v.rows(b.Label, nil, nil, true, false)
	for i, h := range b.Heights {
		row := rows.addAt(math.NaN(), h, b.Edges[i], h)
		row["xName"] = tidy(b.Edges[i]) + " to " + tidy(b.Edges[i+1])
		row["end"] = v.x.vega(b.Edges[i+1])
		if i == len(b.Heights)-1 { // where the last step ends
			rows.rows = append(rows.rows, object{"x": row["end"], "end": row["end"], "y": row["y"]})
		}
	}
	ground := object{"datum": 0.0}
	return rows.drawn(
		object{
			"mark":     object{"type": "area", "interpolate": "step-after", "clip": true, "opacity": 1.0, "color": string(b.Colour.or(Grey))},
			"encoding": object{"y2": ground, "order": object{"value": nil}},
		},
		object{
			"mark":     object{"type": "rect", "clip": true, "opacity": 0.0},
			"encoding": object{"x2": object{"field": "end"}, "y2": ground, "tooltip": rows.tooltip("")},
		})
}

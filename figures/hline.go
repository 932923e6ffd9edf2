package figures

import "math"

// HLine is a level across the panel: chance, a limit.
type HLine struct {
	At     float64
	Colour Colour
	Dash   Dash
	Label  string // stands at its right end
}

func (h HLine) extend(_, y *span) { y.include(h.At) }
func (h HLine) check() error      { return nil }

func (h HLine) draw(f *frame) {
	if f.y.holds(h.At) {
		y := f.at(f.x.min, h.At).Y
		f.stroke(h.Colour.or(Grey), 0.6, h.Dash, f.across(y))
	}
}

// vega is a rule from one side of the panel to the other.
func (h HLine) vega(v *vegaView) []any {
	rows := v.rows(h.Label, nil, nil, false, false)
	rows.add(math.NaN(), h.At, math.NaN(), h.At)
	return rows.drawn(object{
		"mark":     vegaStroke("rule", h.Colour.or(Grey), 0.6, h.Dash),
		"encoding": object{"x": object{"value": 0.0}, "x2": object{"value": "width"}},
	})
}

package chart

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

func (h HLine) data() []datum { return []datum{datumOf("level", h.Label, math.NaN(), h.At)} }

// entries implements keyed.
func (h HLine) entries(lineKey bool) []entry {
	if !lineKey {
		return nil
	}
	return []entry{lineEntry(h.Label, h.Colour.or(Grey), h.Dash, 0.6)}
}

// endings implements ended.
func (h HLine) endings() []ending {
	if h.Label == "" {
		return nil
	}
	return []ending{{label: h.Label, colour: h.Colour.or(Grey), y: h.At, level: true}}
}

// vega is a rule from one side of the panel to the other.
func (h HLine) vega(v *vegaView) []any {
	rows := v.rows(h.Label, nil, nil, false, false)
	rows.add(h.data()...)
	return rows.drawn(object{
		"mark":     vegaStroke("rule", h.Colour.or(Grey), 0.6, h.Dash),
		"encoding": object{"x": object{"value": 0.0}, "x2": object{"value": "width"}},
	})
}

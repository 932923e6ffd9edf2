package chart

import (
	"cmp"

	"gonum.org/v1/plot/vg"
)

// Line joins points in their order; a NaN interrupts it.
type Line struct {
	X, Y   []float64
	Colour Colour
	Dash   Dash
	Width  float64 // in points; 0 is 1
	Label  string  // stands at the line's end
}

func (l Line) extend(x, y *span) {
	x.include(l.X...)
	y.include(l.Y...)
}

func (l Line) check() error { return sameLength(l.X, l.Y) }

func (l Line) draw(f *frame) {
	width := l.width()
	var run []vg.Point
	for i := range l.X {
		if !f.drawable(l.X[i], l.Y[i]) {
			f.stroke(l.Colour.or(Black), width, l.Dash, run)
			run = nil
			continue
		}
		run = append(run, f.at(l.X[i], l.Y[i]))
	}
	f.stroke(l.Colour.or(Black), width, l.Dash, run)
}

func (l Line) width() float64 { return cmp.Or(l.Width, 1) }

func (l Line) data() []datum { return dataOf("line", l.Label, l.X, l.Y, nil, nil) }

// vega is the line, whose places tell their numbers.
func (l Line) vega(v *vegaView) []any { return l.told(v, nil, nil) }

// told is vega with an interval, where there is one.
func (l Line) told(v *vegaView, low, high []float64) []any {
	rows := v.rows(l.Label, l.X, l.Y, false, false)
	rows.add(dataOf("line", l.Label, l.X, l.Y, low, high)...)
	marks := []any{object{
		"mark":     vegaStroke("line", l.Colour.or(Black), vg.Length(l.width()), l.Dash),
		"encoding": object{"order": object{"value": nil}},
	}}
	if l.Colour != "#FFFFFF" { // a white one parts what lies beneath, and has nothing to tell
		// Points that are not seen, for the pointer: a line knows its first place alone.
		marks = append(marks, object{
			"mark":     object{"type": "point", "filled": true, "size": 60.0, "opacity": 0.0, "clip": true},
			"encoding": object{"tooltip": rows.tooltip(v.inside())},
		})
	}
	return rows.drawn(marks...)
}

// named implements lined.
func (l Line) named() string { return l.Label }

// entries implements keyed.
func (l Line) entries(lineKey bool) []entry {
	if !lineKey {
		return nil
	}
	return []entry{lineEntry(l.Label, l.Colour.or(Black), l.Dash, l.width())}
}

// endings implements ended: the line's last place has its label.
func (l Line) endings() []ending {
	for i := len(l.X) - 1; i >= 0 && l.Label != ""; i-- {
		if l.X[i] == l.X[i] && l.Y[i] == l.Y[i] {
			return []ending{{label: l.Label, colour: l.Colour.or(Black), x: l.X[i], y: l.Y[i]}}
		}
	}
	return nil
}

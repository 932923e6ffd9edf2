package figures

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// Line joins points in their order; a NaN interrupts it.
type Line struct {
	X, Y      []float64
	Low, High []float64 // ends of a band around it, where not nil
	Colour    Colour
	Dash      Dash
	Width     float64 // in points; 0 is 1
	Label     string  // stands at the line's end
}

func (l Line) extend(x, y *span) {
	x.include(l.X...)
	y.include(l.Y...)
	y.include(l.Low...)
	y.include(l.High...)
}

func (l Line) check() error { return sameLength(l.X, l.Y, l.Low, l.High) }

func (l Line) draw(f *frame) {
	if l.Low != nil && l.High != nil && len(l.X) > 0 {
		var band []vg.Point
		for i := range l.X {
			band = append(band, f.at(l.X[i], l.High[i]))
		}
		for i := len(l.X) - 1; i >= 0; i-- {
			band = append(band, f.at(l.X[i], l.Low[i]))
		}
		f.fill(l.Colour.or(Black).Tint(0.2), f.clipped(band))
	}
	width := l.Width
	if width == 0 {
		width = 1
	}
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

// vega is an area for the band, and the line, whose places tell their numbers.
func (l Line) vega(v *vegaView) []any {
	rows := v.rows(l.Label, l.X, l.Y, false, false)
	low, high := v.interval(l)
	for i := range l.X {
		row := rows.add(l.X[i], l.Y[i], l.X[i], l.Y[i])
		if low != nil && high != nil {
			rows.addInterval(row, low[i], high[i])
		}
	}
	var marks []any
	if l.Low != nil && l.High != nil {
		marks = append(marks, object{
			"mark":     object{"type": "area", "clip": true, "opacity": 1.0, "color": string(l.Colour.or(Black).Tint(0.2))},
			"encoding": object{"y": object{"field": "high"}, "y2": object{"field": "low"}, "order": object{"value": nil}},
		})
	}
	width := l.Width
	if width == 0 {
		width = 1
	}
	marks = append(marks, object{
		"mark":     vegaStroke("line", l.Colour.or(Black), vg.Length(width), l.Dash),
		"encoding": object{"order": object{"value": nil}},
	})
	if l.Colour != "#FFFFFF" { // a white one parts what lies beneath, and has nothing to tell
		// Points that are not seen, for the pointer: a line knows its first place alone.
		marks = append(marks, object{
			"mark":     object{"type": "point", "filled": true, "size": 60.0, "opacity": 0.0, "clip": true},
			"encoding": object{"tooltip": rows.tooltip(v.inside())},
		})
	}
	return rows.drawn(marks...)
}

// interval is the band around a line: its own, or that of its colour in the
// panel in whose middle it lies; nil where there is none.
func (v *vegaView) interval(l Line) (low, high []float64) {
	if l.Low != nil && l.High != nil {
		return l.Low, l.High
	}
	for _, b := range v.bands {
		if b.Colour.or(Black) == l.Colour.or(Black) && slices.Equal(b.X, l.X) && b.around(l.Y) {
			return b.Low, b.High
		}
	}
	return nil, nil
}

// around reports whether values are the middle of the band, but for rounding: lines
// of several arms may have one colour. What is missing decides nothing.
func (b Band) around(values []float64) bool {
	for i, v := range values {
		middle, half := (b.Low[i]+b.High[i])/2, (b.High[i]-b.Low[i])/2
		if math.Abs(v-middle) > 1e-9*(math.Abs(v)+half) {
			return false
		}
	}
	return true
}

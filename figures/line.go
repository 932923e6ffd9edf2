package figures

import "gonum.org/v1/plot/vg"

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

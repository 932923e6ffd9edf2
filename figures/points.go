package figures

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// Points marks places, each with an error bar where Low and High say so.
type Points struct {
	X, Y      []float64
	Low, High []float64 // ends of the error bars, where not nil
	Colour    Colour
	Marker    Marker
	Hollow    bool    // the outline alone: what it stands on shows through
	Size      float64 // across, in points; 0 is 3.5
	// JitterX and JitterY move the i-th point by up to so much (in units of
	// the axis), by i alone: marks that would hide each other come apart, and
	// the same subject stands at the same place in every group.
	JitterX, JitterY float64
	Label            string // stands in the key
}

func (p Points) extend(x, y *span) {
	for i := range p.X {
		at, level := p.at(i)
		x.include(at)
		y.include(level)
	}
	y.include(p.Low...)
	y.include(p.High...)
}

func (p Points) check() error { return sameLength(p.X, p.Y, p.Low, p.High) }

// at is the place of the i-th point, jitter included. Multiples of the golden
// ratio spread any number of points evenly.
func (p Points) at(i int) (x, y float64) {
	_, frac := math.Modf(float64(i)*math.Phi + 0.5)
	offset := 2*frac - 1
	return p.X[i] + p.JitterX*offset, p.Y[i] + p.JitterY*offset
}

func (p Points) draw(f *frame) {
	colour := p.Colour.or(Black)
	var places []vg.Point
	for i := range p.X {
		x, y := p.at(i)
		if p.Low != nil && p.High != nil && f.drawable(x, p.Low[i]) && f.drawable(x, p.High[i]) {
			f.stroke(colour, 0.75, Solid, []vg.Point{f.at(x, p.Low[i]), f.at(x, p.High[i])})
		}
		if f.x.holds(x) && f.y.holds(y) {
			places = append(places, f.at(x, y))
		}
	}
	p.mark(f.page, places)
}

// mark draws the marker at places on the page: the key uses it too.
func (p Points) mark(page *page, at []vg.Point) {
	size := p.Size
	if size == 0 {
		size = 3.5
	}
	page.markers(p.Colour.or(Black), p.Marker, p.Hollow, vg.Length(size)/2, at)
}

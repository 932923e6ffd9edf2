package chart

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// frame is the data area of a panel on its page.
type frame struct {
	*page
	area vg.Rectangle
	x, y scale
}

// at is where data coordinates lie on the page. What is far outside the area
// is brought nearer, which keeps infinities away from the canvas.
func (f *frame) at(x, y float64) vg.Point {
	const far = 100
	size := f.area.Size()
	return vg.Point{
		X: f.area.Min.X + size.X*vg.Length(min(max(f.x.at(x), -far), far)),
		Y: f.area.Min.Y + size.Y*vg.Length(min(max(f.y.at(y), -far), far)),
	}
}

// back is where a place on the page lies on linear axes.
func (f *frame) back(at vg.Point) (x, y float64) {
	size, p := f.area.Size(), at.Sub(f.area.Min)
	return f.x.min + (f.x.max-f.x.min)*float64(p.X/size.X), f.y.min + (f.y.max-f.y.min)*float64(p.Y/size.Y)
}

// drawable reports whether a place exists on the axes, inside the area or not.
func (f *frame) drawable(x, y float64) bool {
	p, q := f.x.at(x), f.y.at(y)
	return p == p && q == q // false for NaN
}

// inside is the canvas of the area alone.
func (f *frame) inside() *draw.Canvas {
	return &draw.Canvas{Canvas: f.page.Canvas.Canvas, Rectangle: f.area}
}

// stroke is the page's, clipped to the area.
func (f *frame) stroke(c Colour, width float64, d Dash, points []vg.Point) {
	if len(points) < 2 {
		return
	}
	for _, part := range f.inside().ClipLinesXY(points) {
		f.page.stroke(c, width, d, part)
	}
}

// clipped is a polygon's part within the area.
func (f *frame) clipped(corners []vg.Point) []vg.Point { return f.inside().ClipPolygonXY(corners) }

// across is a level line through the area.
func (f *frame) across(y vg.Length) []vg.Point {
	return []vg.Point{{X: f.area.Min.X, Y: y}, {X: f.area.Max.X, Y: y}}
}

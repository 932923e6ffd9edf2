package chart

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// Marker is the shape of a point.
type Marker string

// The markers; Circle is the default. Cross and Plus have no inside.
const (
	Circle   Marker = ""
	Square   Marker = "square"
	Triangle Marker = "triangle"
	Diamond  Marker = "diamond"
	Cross    Marker = "cross"
	Plus     Marker = "plus"
	Stroke   Marker = "stroke" // a short upright stroke: a mean
)

// open reports whether the shape is strokes alone.
func (m Marker) open() bool { return m == Cross || m == Plus || m == Stroke }

// outline adds the shape around a place to a path. The shapes have about the
// same area at the same radius.
func (m Marker) outline(p *vg.Path, at vg.Point, r vg.Length) {
	polygon := func(corners ...vg.Point) {
		p.Move(at.Add(corners[0]))
		for _, c := range corners[1:] {
			p.Line(at.Add(c))
		}
		p.Close()
	}
	stroke := func(from, to vg.Point) {
		p.Move(at.Add(from))
		p.Line(at.Add(to))
	}
	switch m {
	case Square:
		s := r * 0.89
		polygon(vg.Point{X: -s, Y: -s}, vg.Point{X: s, Y: -s}, vg.Point{X: s, Y: s}, vg.Point{X: -s, Y: s})
	case Diamond:
		s := r * 1.3
		polygon(vg.Point{X: -s}, vg.Point{Y: -s}, vg.Point{X: s}, vg.Point{Y: s})
	case Triangle:
		s := r * 1.35
		polygon(vg.Point{X: -s * 0.87, Y: -s / 2}, vg.Point{X: s * 0.87, Y: -s / 2}, vg.Point{Y: s})
	case Cross:
		stroke(vg.Point{X: -r, Y: -r}, vg.Point{X: r, Y: r})
		stroke(vg.Point{X: -r, Y: r}, vg.Point{X: r, Y: -r})
	case Plus:
		stroke(vg.Point{X: -r}, vg.Point{X: r})
		stroke(vg.Point{Y: -r}, vg.Point{Y: r})
	case Stroke:
		stroke(vg.Point{Y: -r}, vg.Point{Y: r})
	default:
		p.Move(at.Add(vg.Point{X: r}))
		p.Arc(at, r, 0, 2*math.Pi)
		p.Close()
	}
}

// vega is the shape as the path of a symbol that is 2 across.
func (m Marker) vega() string {
	switch m {
	case Square:
		return "M-.89,-.89H.89V.89H-.89Z"
	case Diamond:
		return "M-1.3,0L0,1.3L1.3,0L0,-1.3Z"
	case Triangle:
		return "M-1.17,.67H1.17L0,-1.35Z"
	case Cross:
		return "M-1,-1L1,1M-1,1L1,-1"
	case Plus:
		return "M-1,0H1M0,-1V1"
	case Stroke:
		return "M0,-1V1"
	}
	return "circle"
}

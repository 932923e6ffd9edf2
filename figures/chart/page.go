package chart

import (
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// page is a canvas with the few strokes that figures are made of. The layout
// is ours rather than gonum/plot's: labels at the ends of lines, panels that
// share an axis and a key above them all need room that must be known before
// any panel is drawn.
type page struct {
	draw.Canvas
}

// stroke draws a line through points.
func (p *page) stroke(c Colour, width float64, d Dash, points []vg.Point) {
	if len(points) > 1 {
		p.StrokeLines(draw.LineStyle{Color: c.rgb(), Width: vg.Length(width), Dashes: d.pattern()}, points)
	}
}

// fill fills a polygon.
func (p *page) fill(c Colour, corners []vg.Point) {
	if len(corners) < 3 {
		return
	}
	var path vg.Path
	path.Move(corners[0])
	for _, k := range corners[1:] {
		path.Line(k)
	}
	path.Close()
	p.fillPath(c, path)
}

func (p *page) fillPath(c Colour, path vg.Path) {
	if len(path) > 0 {
		p.SetColor(c.rgb())
		p.Fill(path)
	}
}

// markers draws one shape at many places, as one path.
func (p *page) markers(c Colour, m Marker, hollow bool, r vg.Length, at []vg.Point) {
	if len(at) == 0 {
		return
	}
	var path vg.Path
	for _, pt := range at {
		m.outline(&path, pt, r)
	}
	if !hollow && !m.open() {
		p.fillPath(c, path)
		return
	}
	width := vg.Length(0.9)
	if m == Stroke {
		width = 1.5
	}
	p.SetLineStyle(draw.LineStyle{Color: c.rgb(), Width: width})
	p.Stroke(path)
}

// words writes text at a point, level with it, above or below it.
func (p *page) words(s lettering, at vg.Point, along, across Place, words string) {
	lines := strings.Split(words, "\n")
	y := at.Y
	switch across { // to the first line's base
	case Level:
		y += wordsHeight(s, words)/2 - capHeight(s)
	case Above:
		y += wordsHeight(s, words) - capHeight(s)
	case Below:
		y -= capHeight(s)
	}
	for _, line := range lines {
		x := at.X
		switch along {
		case Middle:
			x -= lineWidth(s, line) / 2
		case End:
			x -= lineWidth(s, line)
		}
		for _, r := range runs(s, line) {
			p.write(r.style, vg.Point{X: x, Y: y + r.rise}, r.words)
			x += r.style.width(r.words)
		}
		y -= lineHeight(s)
	}
}

// upward writes a line of text from bottom to top, its middle at a point.
func (p *page) upward(s lettering, at vg.Point, words string) {
	p.Push()
	p.Translate(vg.Point{X: at.X, Y: at.Y - s.width(words)/2})
	p.Rotate(math.Pi / 2)
	p.write(s, vg.Point{}, words)
	p.Pop()
}

// write puts a run of text on its base line.
func (p *page) write(s lettering, at vg.Point, words string) {
	p.SetColor(s.colour.rgb())
	p.FillString(s.face(), at, words)
}

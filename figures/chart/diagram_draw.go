package chart

import (
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// draw draws the chart with its upper left corner at a point. Lines come first
// and boxes over them.
func (c *chart) draw(p *page, corner vg.Point) {
	for _, s := range c.strips {
		d := &stripDrawing{strip: s, page: p, corner: corner.Sub(vg.Point{Y: s.top})}
		d.draw()
	}
}

type stripDrawing struct {
	*strip
	*page
	corner vg.Point
}

// middle is the left end of n's middle on the page.
func (d *stripDrawing) middle(n *node) vg.Point {
	return d.corner.Add(vg.Point{X: d.left[n.column], Y: -d.rows[n.row]})
}

func (d *stripDrawing) draw() {
	if d.mark > 0 {
		d.branch(d.corner.Add(vg.Point{X: d.start, Y: -d.rows[0]}), d.heads)
	}
	for _, n := range d.nodes {
		if n.end() {
			continue
		}
		from := d.middle(n).Add(vg.Point{X: d.widths[n.column]})
		d.branch(from, n.next)
		if n.arm != "" {
			d.path(n.ours, from, vg.Point{X: d.nameAt(n).X - tickGap, Y: from.Y})
		}
	}
	if d.mark > 0 {
		d.circle(d.corner.Add(vg.Point{X: d.start - markRadius, Y: -d.rows[0]}), d.mark)
	}
	for _, n := range d.nodes {
		switch {
		case n.mark > 0:
			d.circle(d.middle(n).Add(vg.Point{X: markRadius}), n.mark)
		case !n.end():
			d.box(n)
		}
		s := armLettering()
		if n.ours {
			s.colour = oursColour
		}
		if n.arm != "" {
			d.words(s, d.nameAt(n), Start, Level, n.arm)
		}
	}
}

// nameAt is where the name of n's arm starts.
func (d *stripDrawing) nameAt(n *node) vg.Point {
	return d.corner.Add(vg.Point{X: d.namesX, Y: -d.rows[n.row]})
}

// branch draws the lines to all that follows a place, each piece once: what
// leads to a box of the book is the book's.
func (d *stripDrawing) branch(from vg.Point, next []*node) {
	ours := func(from int) bool { // whether all from there on is ours
		return !slices.ContainsFunc(next[from:], func(n *node) bool { return !n.ours })
	}
	turn := vg.Point{X: from.X + d.gap/2 - 1, Y: from.Y}
	for i, n := range next {
		to := d.middle(n)
		if n.end() && n.mark == 0 {
			to.X = d.nameAt(n).X - tickGap
		}
		corner := vg.Point{X: turn.X, Y: to.Y}
		start := turn
		if i == 0 {
			start = from
		}
		if ours(i) == n.ours {
			d.path(n.ours, start, corner, to)
		} else {
			d.path(ours(i), start, corner)
			d.path(n.ours, corner, to)
		}
		if !n.end() {
			const long, half = 4, 1.8
			d.fill(lineColour(n.ours), []vg.Point{to, to.Add(vg.Point{X: -long, Y: half}), to.Add(vg.Point{X: -long, Y: -half})})
		}
		turn = corner
	}
}

func (d *stripDrawing) path(ours bool, points ...vg.Point) {
	dash := Solid
	if ours {
		dash = oursDash
	}
	d.stroke(lineColour(ours), 0.7, dash, points)
}

func lineColour(ours bool) Colour {
	if ours {
		return oursColour
	}
	return Grey
}

// What is ours has a colour and a dash, so that it stands out in grey too.
const (
	oursColour = Blue
	oursDash   = Dashed
)

// box draws n's box with its words and, below it, its tags.
func (d *stripDrawing) box(n *node) {
	at := d.middle(n).Add(vg.Point{X: d.widths[n.column] / 2})
	half := vg.Point{X: d.widths[n.column] / 2, Y: n.height / 2}
	if n.Times > 1 { // a second one behind it
		drawBox(d.page, around(at.Add(vg.Point{X: 2, Y: 2}), half.X, half.Y), n.ours)
	}
	drawBox(d.page, around(at, half.X, half.Y), n.ours)
	y := at.Y + half.Y - boxPad
	d.words(boxLettering(), vg.Point{X: at.X, Y: y}, Middle, Below, n.label)
	if n.sub != "" {
		y -= wordsHeight(boxLettering(), n.label) + subGap
		d.words(subLettering(), vg.Point{X: at.X, Y: y}, Middle, Below, n.sub)
	}
	y = at.Y - half.Y
	for _, line := range n.tags {
		y -= tagGap
		h := tagHeight(line)
		x := at.X - half.X
		for _, tag := range line {
			w := tagWidth(tag)
			middle := vg.Point{X: x + w/2, Y: y - h/2}
			drawTag(d.page, around(middle, w/2, h/2))
			d.words(tagLettering(), middle, Middle, Level, tag)
			x += w + tagGap
		}
		y -= h
	}
}

// circle draws a mark with its number.
func (d *stripDrawing) circle(at vg.Point, number int) {
	d.markers(Grey, Circle, false, markRadius, []vg.Point{at})
	s := bold(newLettering(tagSize, "#FFFFFF"))
	d.words(s, at, Middle, Level, strconv.Itoa(number))
}

func drawBox(p *page, corners []vg.Point, ours bool) {
	fill, line, dash := Light.Tint(0.25), Ink, Solid
	if ours {
		fill, line, dash = oursColour.Tint(0.06), oursColour, oursDash
	}
	p.fill(fill, corners)
	outline(p, line, 0.7, dash, corners)
}

func drawTag(p *page, corners []vg.Point) {
	p.fill("#FFFFFF", corners)
	outline(p, Grey, 0.35, Solid, corners)
}

// outline strokes a polygon once around.
func outline(p *page, c Colour, width float64, dash Dash, corners []vg.Point) {
	var path vg.Path
	path.Move(corners[0])
	for _, k := range corners[1:] {
		path.Line(k)
	}
	path.Close()
	p.SetLineStyle(draw.LineStyle{Color: c.rgb(), Width: vg.Length(width), Dashes: dash.pattern()})
	p.Stroke(path)
}

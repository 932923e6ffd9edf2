package chart

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drawOn draws the figure on a canvas of its size.
func (l *layout) drawOn(c vg.Canvas) {
	l.page.Canvas = draw.NewCanvas(c, l.width, l.height)
	l.fill("#FFFFFF", []vg.Point{{}, {X: l.width}, {X: l.width, Y: l.height}, {Y: l.height}})
	if l.title != "" {
		l.words(bold(newLettering(titleSize, Ink)), vg.Point{X: edge, Y: l.height - edge}, Start, Below, l.title)
	}
	l.drawKey(l.keyHeight())
	if l.chart != nil {
		l.chart.draw(l.page, vg.Point{X: edge, Y: l.height - edge - l.headHeight()})
	}
	for i, c := range l.panels {
		f := &frame{page: l.page, area: c.area, x: c.x, y: c.y}
		for _, layer := range c.marks() {
			layer.draw(f)
		}
		l.drawHead(c)
		l.drawX(f, c, !l.plot.ShareX || l.bottom(i))
		l.drawY(f, c, !l.plot.ShareY || l.column(i) == 0)
		l.drawEndings(f, c.endings)
	}
}

// drawHead writes the panel's letter and title above it.
func (l *layout) drawHead(c *box) {
	at := vg.Point{X: c.area.Min.X, Y: c.area.Max.Y + c.above}
	s := newLettering(panelSize, Ink)
	if c.letter != "" {
		l.words(bold(s), at, Start, Below, c.letter)
		at.X += l.letterWidth(c)
	}
	if c.title != "" {
		l.words(s, at, Start, Below, c.title)
	}
}

const axisWidth = 0.5

// drawX draws the lower axis; named, with its numbers and its label.
func (l *layout) drawX(f *frame, c *box, named bool) {
	low := c.area.Min
	l.stroke(Ink, axisWidth, Solid, []vg.Point{low, {X: c.area.Max.X, Y: low.Y}})
	small := newLettering(smallSize, Ink)
	for _, t := range c.xTicks {
		if !f.x.holds(t.At) {
			continue
		}
		at := vg.Point{X: f.at(t.At, f.y.min).X, Y: low.Y}
		l.stroke(Ink, axisWidth, Solid, []vg.Point{at, at.Add(vg.Point{Y: -tickLength})})
		if below := at.Add(vg.Point{Y: -tickLength - tickGap}); named && c.upright {
			l.stand(small, below, t.Label)
		} else if named {
			l.words(small, below, Middle, Below, t.Label)
		}
	}
	if named && c.X.Label != "" {
		s := newLettering(labelSize, Ink)
		at := vg.Point{X: (low.X + c.area.Max.X) / 2, Y: low.Y - c.below + descent(s)}
		l.words(s, at, Middle, Above, c.X.Label)
	}
}

// drawY draws the left axis.
func (l *layout) drawY(f *frame, c *box, named bool) {
	low := c.area.Min
	l.stroke(Ink, axisWidth, Solid, []vg.Point{low, {X: low.X, Y: c.area.Max.Y}})
	small := newLettering(smallSize, Ink)
	for _, t := range c.yTicks {
		if !f.y.holds(t.At) {
			continue
		}
		at := vg.Point{X: low.X, Y: f.at(f.x.min, t.At).Y}
		l.stroke(Ink, axisWidth, Solid, []vg.Point{at, at.Add(vg.Point{X: -tickLength})})
		if named {
			l.words(small, at.Add(vg.Point{X: -tickLength - tickGap}), End, Level, t.Label)
		}
	}
	if named && c.Y.Label != "" {
		s := newLettering(labelSize, Ink)
		l.upward(s, vg.Point{X: low.X - c.left + capHeight(s), Y: (low.Y + c.area.Max.Y) / 2}, c.Y.Label)
	}
}

package figures

import (
	"gonum.org/v1/plot/vg"
)

// Distances on the page, in points.
const (
	tickLength vg.Length = 2.5
	tickGap    vg.Length = 2  // between a tick and its label
	labelGap   vg.Length = 4  // between tick labels and the axis label
	blockGap   vg.Length = 7  // between title, key and panels
	panelGap   vg.Length = 11 // between panels
	edge       vg.Length = 3  // around the page
	endGap     vg.Length = 5  // between the data area and a label at a line's end
)

// layout is where everything of a plot stands on the page, which is as high
// as it needs to be.
type layout struct {
	*page         // measures words; draws once it has a canvas
	plot          *Plot
	width, height vg.Length
	title         string // in lines
	key           [][]entry
	panels        []*box
}

// box is a panel in its place: its axes resolved, its data area, and the room
// that words take around it.
type box struct {
	Panel
	x, y                      scale
	xTicks, yTicks            []Tick
	title                     string // in lines
	letter                    string // "a", "b", ...
	endings                   []ending
	left, right, above, below vg.Length
	area                      vg.Rectangle
}

// newLayout arranges a plot.
func newLayout(p *Plot) *layout {
	l := &layout{page: new(page), plot: p, width: vg.Length(p.width()) * vg.Centimeter}
	l.title = wrap(bold(newLettering(titleSize, Ink)), p.Title, l.width-2*edge)
	l.key = l.keyRows()
	for _, panel := range p.Panels {
		l.panels = append(l.panels, &box{Panel: panel, endings: l.endings(panel)})
	}
	if len(l.panels) > 1 {
		for i, c := range l.panels {
			c.letter = string(rune('a' + i))
		}
	}
	l.scales()
	l.margins()
	l.place()
	return l
}

// column and row of the i-th panel, and whether none stands below it.
func (l *layout) column(i int) int  { return i % l.plot.columns() }
func (l *layout) row(i int) int     { return i / l.plot.columns() }
func (l *layout) bottom(i int) bool { return i+l.plot.columns() >= len(l.panels) }
func (l *layout) rows() int         { return l.row(len(l.panels)-1) + 1 }

// scales resolves the range of every axis.
func (l *layout) scales() {
	var xs, ys []span
	for _, c := range l.panels {
		x, y := newSpan(c.X.Log), newSpan(c.Y.Log)
		for _, layer := range c.Layers {
			layer.extend(&x, &y)
		}
		xs, ys = append(xs, x), append(ys, y)
	}
	if l.plot.ShareX {
		join(xs)
	}
	if l.plot.ShareY {
		join(ys)
	}
	for i, c := range l.panels {
		c.x, c.y = c.X.scale(xs[i]), c.Y.scale(ys[i])
	}
}

// join widens every span to all of them.
func join(spans []span) {
	all := spans[0]
	for _, s := range spans {
		all.include(s.low, s.high)
	}
	for _, s := range spans {
		all.pinnedLow = all.pinnedLow || s.pinnedLow && s.low == all.low
		all.pinnedHigh = all.pinnedHigh || s.pinnedHigh && s.high == all.high
	}
	for i := range spans {
		spans[i] = all
	}
}

// margins chooses the ticks and measures the words around each data area. How
// many ticks fit depends on the area, whose size depends on their labels: a
// guess at the area is good enough.
func (l *layout) margins() {
	small, label := newLettering(smallSize, Ink), newLettering(labelSize, Ink)
	columns := vg.Length(l.plot.columns())
	guess := l.width/columns - 30
	for _, c := range l.panels {
		guess = min(guess, (l.width-l.endingsWidth(c))/columns-30)
	}
	for i, c := range l.panels {
		c.xTicks, c.yTicks = c.X.Ticks, c.Y.Ticks
		if c.yTicks == nil {
			c.yTicks = c.y.ticks(max(2, int(guess*vg.Length(l.plot.aspect())/22)), c.Y.Whole)
		}
		for n := max(2, int(guess/18)); c.X.Ticks == nil && n > 0; n-- {
			c.xTicks = c.x.ticks(n, c.X.Whole)
			var total vg.Length
			for _, t := range c.xTicks {
				total += wordsWidth(small, t.Label) + 8
			}
			if total < guess {
				break
			}
		}
		c.left, c.below = tickLength, tickLength
		c.right = l.endingsWidth(c)
		if !l.plot.ShareY || l.column(i) == 0 {
			for _, t := range c.yTicks {
				c.left = max(c.left, tickLength+tickGap+wordsWidth(small, t.Label))
			}
			if c.Y.Label != "" {
				c.left += labelGap + capHeight(label) + descent(label)
			}
		}
		if !l.plot.ShareX || l.bottom(i) {
			for _, t := range c.xTicks {
				c.below = max(c.below, tickLength+tickGap+wordsHeight(small, t.Label)+descent(small))
			}
			if n := len(c.xTicks); n > 0 {
				c.right = max(c.right, wordsWidth(small, c.xTicks[n-1].Label)/2*vg.Length(c.x.at(c.xTicks[n-1].At)))
			}
			if c.X.Label != "" {
				c.below += labelGap + capHeight(label) + descent(label)
			}
		}
	}
}

// place shares the page out: panels of a column have the same margins at the
// sides, those of a row the same above and below, and all data areas the same
// size.
func (l *layout) place() {
	columns, rows := l.plot.columns(), l.rows()
	left, right := make([]vg.Length, columns), make([]vg.Length, columns)
	above, below := make([]vg.Length, rows), make([]vg.Length, rows)
	free := l.width - 2*edge - vg.Length(columns-1)*panelGap
	for i, c := range l.panels {
		left[l.column(i)] = max(left[l.column(i)], c.left)
		right[l.column(i)] = max(right[l.column(i)], c.right)
		below[l.row(i)] = max(below[l.row(i)], c.below)
	}
	for i := range columns {
		free -= left[i] + right[i]
	}
	wide := free / vg.Length(columns)
	high := wide * vg.Length(l.plot.aspect())
	head := bold(newLettering(panelSize, Ink))
	for i, c := range l.panels {
		c.title = wrap(newLettering(panelSize, Ink), c.Title, wide+right[l.column(i)]-l.letterWidth(c))
		if c.Title != "" || c.letter != "" {
			above[l.row(i)] = max(above[l.row(i)], wordsHeight(head, c.title)+blockGap)
		} else {
			above[l.row(i)] = max(above[l.row(i)], capHeight(head)/2) // half a tick label
		}
	}

	l.height = 2*edge + l.headHeight() + vg.Length(rows-1)*panelGap + vg.Length(rows)*high
	for r := range rows {
		l.height += above[r] + below[r]
	}
	top := l.height - edge - l.headHeight()
	for r := range rows {
		x := edge
		for k := range columns {
			if i := r*columns + k; i < len(l.panels) {
				c := l.panels[i]
				c.left, c.right, c.above, c.below = left[k], right[k], above[r], below[r]
				c.area.Min = vg.Point{X: x + left[k], Y: top - above[r] - high}
				c.area.Max = c.area.Min.Add(vg.Point{X: wide, Y: high})
			}
			x += left[k] + wide + right[k] + panelGap
		}
		top -= above[r] + high + below[r] + panelGap
	}
}

// headHeight is the room of title and key above the panels.
func (l *layout) headHeight() vg.Length {
	var h vg.Length
	if l.title != "" {
		s := bold(newLettering(titleSize, Ink))
		h += wordsHeight(s, l.title) + descent(s) + blockGap
	}
	if n := vg.Length(len(l.key)); n > 0 {
		s := newLettering(smallSize, Ink)
		h += (n-1)*lineHeight(s) + capHeight(s) + descent(s) + blockGap
	}
	return h
}

func (l *layout) letterWidth(c *box) vg.Length {
	if c.letter == "" {
		return 0
	}
	return wordsWidth(bold(newLettering(panelSize, Ink)), c.letter) + 5
}

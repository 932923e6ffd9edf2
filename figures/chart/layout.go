package chart

import (
	"math"
	"slices"
	"strings"

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
	wordGap    vg.Length = 4  // between labels beside each other
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
	lineKey       bool // lines stand in the key rather than have their labels at their ends
	panels        []*box
	chart         *chart // of a diagram, which has no panels
}

// box is a panel in its place: its axes resolved, its data area, and the room
// that words take around it.
type box struct {
	Panel
	x, y                      scale
	xTicks, yTicks            []Tick
	upright                   bool   // the labels of xTicks
	title                     string // in lines
	letter                    string // "a", "b", ...
	endings                   []ending
	left, right, above, below vg.Length
	area                      vg.Rectangle
}

// newLayout arranges a plot. Lines are named at their ends, unless that would
// name the same ones in several panels or takes more room than there is.
func newLayout(p *Plot) *layout {
	inKey := p.sharesLines()
	l := arrange(p, inKey)
	if !inKey && !l.endingsFit() {
		l = arrange(p, true)
	}
	return l
}

func arrange(p *Plot, lineKey bool) *layout {
	l := &layout{page: new(page), plot: p, width: vg.Length(p.width()) * vg.Centimeter, lineKey: lineKey}
	l.title = wrap(bold(newLettering(titleSize, Ink)), p.Title, l.width-2*edge)
	l.key = l.keyRows()
	if p.Diagram != nil {
		l.chart = newChart(p.Diagram, l.width-2*edge)
		l.height = 2*edge + l.headHeight() + l.chart.height
		return l
	}
	for _, panel := range p.Panels {
		c := &box{Panel: panel}
		if !lineKey {
			c.endings = panel.endings()
		}
		l.panels = append(l.panels, c)
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
		for _, layer := range c.marks() {
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
		c.xTicks, c.yTicks = l.namedTicks(c)
		named := c.xTicks != nil
		if c.yTicks == nil {
			c.yTicks = c.y.ticks(max(2, int(guess*vg.Length(l.plot.aspect())/22)), c.Y.Whole)
		}
		for n := max(2, int(guess/18)); !named && n > 0; n-- {
			c.xTicks = c.x.ticks(n, c.X.Whole)
			var total vg.Length
			for _, t := range c.xTicks {
				total += wordsWidth(small, t.Label) + 8
			}
			if total < guess {
				break
			}
		}
		c.left = tickLength
		c.right = l.endingsWidth(c)
		if !l.plot.ShareY || l.column(i) == 0 {
			for _, t := range c.yTicks {
				c.left = max(c.left, tickLength+tickGap+wordsWidth(small, t.Label))
			}
			if c.Y.Label != "" {
				c.left += labelGap + capHeight(label) + descent(label)
			}
		}
		if n := len(c.xTicks); n > 0 && (!l.plot.ShareX || l.bottom(i)) {
			last := c.xTicks[n-1]
			if named { // it will be wrapped
				last.Label = wrap(small, last.Label, guess/vg.Length(n))
			}
			half, place := wordsWidth(small, last.Label)/2, vg.Length(c.x.at(last.At))
			if c.X.Ticks == nil && named { // in the middle of its category
				c.right = max(c.right, half-(1-place)*guess)
			} else {
				c.right = max(c.right, half*place)
			}
		}
	}
}

// foot measures the words below the data area of the i-th panel, which is so
// wide. Labels that the plot gives are wrapped where they would touch; if that
// does not help, they stand upright.
func (l *layout) foot(i int, c *box, wide vg.Length) {
	c.below = tickLength
	if l.plot.ShareX && !l.bottom(i) {
		return
	}
	small, label := newLettering(smallSize, Ink), newLettering(labelSize, Ink)
	if x, _ := l.namedTicks(c); x != nil {
		room := wide
		for k := 1; k < len(x); k++ {
			room = min(room, wide*vg.Length(math.Abs(c.x.at(x[k].At)-c.x.at(x[k-1].At))))
		}
		c.xTicks = x
		if c.touch(wide) {
			c.xTicks = relabel(x, func(label string) string { return wrap(small, label, room-wordGap) })
		}
		if c.upright = c.touch(wide); c.upright {
			c.xTicks = relabel(x, func(label string) string { return stack(small, label, room) })
		}
	}
	for _, t := range c.xTicks {
		high := wordsHeight(small, t.Label) + descent(small)
		if c.upright {
			high = wordsWidth(small, t.Label)
		}
		c.below = max(c.below, tickLength+tickGap+high)
	}
	if c.X.Label != "" {
		c.below += labelGap + capHeight(label) + descent(label)
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
	}
	for i := range columns {
		free -= left[i] + right[i]
	}
	wide := free / vg.Length(columns)
	high := l.areaHeight(wide)
	head := bold(newLettering(panelSize, Ink))
	for i, c := range l.panels {
		l.foot(i, c, wide)
		below[l.row(i)] = max(below[l.row(i)], c.below)
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

// touch reports whether labels of neighbouring ticks have no gap between them
// on an axis that is so wide, or reach over the panel's margins.
func (c *box) touch(wide vg.Length) bool {
	s := newLettering(smallSize, Ink)
	for k, t := range c.xTicks {
		half, at := wordsWidth(s, t.Label)/2, wide*vg.Length(c.x.at(t.At))
		const rounding = 0.01
		if half > c.left+at+rounding || half > wide-at+c.right+rounding {
			return true
		}
		if k > 0 {
			before := c.xTicks[k-1]
			apart := at - wide*vg.Length(c.x.at(before.At))
			if wordsWidth(s, before.Label)/2+half+wordGap/2 > max(apart, -apart) {
				return true
			}
		}
	}
	return false
}

func relabel(ticks []Tick, label func(string) string) []Tick {
	changed := make([]Tick, len(ticks))
	for i, t := range ticks {
		changed[i] = Tick{t.At, label(t.Label)}
	}
	return changed
}

// stack breaks words that stand upright into lines that have room beside each
// other, of about the same length.
func stack(s lettering, words string, room vg.Length) string {
	words = strings.ReplaceAll(words, "\n", " ")
	most := max(1, int((room-wordGap-capHeight(s))/lineHeight(s))+1)
	for width := lineWidth(s, words) / vg.Length(most); ; width += s.font.Size {
		if lines := wrap(s, words, width); strings.Count(lines, "\n") < most {
			return lines
		}
	}
}

// stand writes words from bottom to top that end below a point.
func (l *layout) stand(s lettering, at vg.Point, words string) {
	l.Push()
	l.Translate(at)
	l.Rotate(math.Pi / 2)
	l.words(s, vg.Point{}, End, Level, words)
	l.Pop()
}

// areaHeight is the height of data areas that are so wide. The rows of a heat
// map are as high as their words and numbers need, unless the plot has an
// aspect.
func (l *layout) areaHeight(wide vg.Length) vg.Length {
	var high vg.Length
	small := newLettering(smallSize, Ink)
	for _, c := range l.panels {
		row := 2 * small.font.Size
		for _, t := range c.yTicks {
			row = max(row, wordsHeight(small, t.Label)+0.6*small.font.Size)
		}
		for _, layer := range c.Layers {
			if h, ok := layer.(rowed); ok {
				high = max(high, row*vg.Length(h.rows()))
			}
		}
	}
	if high == 0 || l.plot.Aspect != 0 {
		return wide * vg.Length(l.plot.aspect())
	}
	return high
}

// namedTicks are the ticks of a panel's axes where the plot or a layer names
// them; nil where they are numbers to choose.
func (l *layout) namedTicks(c *box) (x, y []Tick) {
	x, y = c.X.Ticks, c.Y.Ticks
	for _, layer := range c.Layers {
		k, ok := layer.(categorical)
		if !ok {
			continue
		}
		across, down := k.categories()
		if x == nil {
			x = across
		}
		if y == nil {
			for _, t := range down { // and leave the better part to the data
				y = append(y, Tick{t.At, wrap(newLettering(smallSize, Ink), t.Label, 0.3*l.width/vg.Length(l.plot.columns()))})
			}
		}
	}
	return x, y
}

// endingsFit reports whether the labels of every panel's lines fit beside it.
func (l *layout) endingsFit() bool {
	s := newLettering(smallSize, Ink)
	for _, c := range l.panels {
		var total vg.Length
		for _, e := range c.endings {
			total += wordsHeight(s, e.label) + 0.4*s.font.Size // as drawEndings spreads them
		}
		if total > c.area.Size().Y {
			return false
		}
	}
	return true
}

// sharesLines reports whether several panels have a labelled line by the same
// name.
func (p *Plot) sharesLines() bool {
	in := map[string]int{} // the panel of a label
	for i, panel := range p.Panels {
		for _, layer := range slices.Concat(panel.Key, panel.Layers) {
			line, ok := layer.(lined)
			if !ok || line.named() == "" {
				continue
			}
			if k, seen := in[line.named()]; seen && k != i {
				return true
			}
			in[line.named()] = i
		}
	}
	return false
}

// headHeight is the room of title and key above the panels.
func (l *layout) headHeight() vg.Length {
	h := l.titleHeight()
	if n := vg.Length(len(l.key)); n > 0 {
		s := newLettering(smallSize, Ink)
		h += (n-1)*lineHeight(s) + capHeight(s) + descent(s) + blockGap
	}
	return h
}

// titleHeight is the room of the title and the gap below it.
func (l *layout) titleHeight() vg.Length {
	if l.title == "" {
		return 0
	}
	s := bold(newLettering(titleSize, Ink))
	return wordsHeight(s, l.title) + descent(s) + blockGap
}

// keyHeight is where the middle of the key's first row stands on the page.
func (l *layout) keyHeight() vg.Length {
	return l.height - edge - l.titleHeight() - capHeight(newLettering(smallSize, Ink))/2
}

func (l *layout) letterWidth(c *box) vg.Length {
	if c.letter == "" {
		return 0
	}
	return wordsWidth(bold(newLettering(panelSize, Ink)), c.letter) + 5
}

package chart

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/network-fragility/fragility/figures/words"
)

// Distances in a diagram, in points.
const (
	boxPad     vg.Length = 4  // between a box and its words
	columnGap  vg.Length = 15 // between columns: room for the lines that branch
	looseGap   vg.Length = 26 // the same where there is room to spare
	topGap     vg.Length = 3  // besides blockGap
	rowGap     vg.Length = 7
	stripGap   vg.Length = 20
	subGap     vg.Length = 3.5
	tagGap     vg.Length = 2
	tagPad     vg.Length = 5
	markRadius vg.Length = 5
	widestBox  vg.Length = 112
	leastBox   vg.Length = 58
	widestArm  vg.Length = 110
	leastArm   vg.Length = 65

	widestShared vg.Length = 220 // of steps that arms share
)

// Sizes of the words in a diagram beside smallSize.
const (
	subSize = 7
	tagSize = 7
)

// chart is a diagram in its place: strips of columns below each other.
type chart struct {
	width, height vg.Length
	strips        []*strip
	cuts          int         // where the tree goes on in another strip
	name          vg.Length   // that names of arms may have at most
	boxes         []vg.Length // the same of boxes, in each column
}

// strip is the part of a tree that stands in one row of columns. All but the
// first go on from a mark.
type strip struct {
	heads               []*node
	mark                int         // where the strip goes on from; 0 for the first
	start, marks, names vg.Length   // room of that mark, of those where it is cut, and of the arms' names
	widths              []vg.Length // of the columns
	gap                 vg.Length

	nodes       []*node
	left        []vg.Length // of the columns, and of the marks after them
	namesX      vg.Length
	rows        []vg.Length // middle of each, below the strip's top
	top, height vg.Length   // top is below the chart's
}

// node is a box in its place, the end of an arm, or the mark at which the
// tree goes on in another strip.
type node struct {
	Box
	ours bool
	next []*node
	mark int
	lettered
	named
	column, row int
	plan        *plan // of the boxes that n is the first of
}

// lettered are the words of a box in lines, and what room they take.
type lettered struct {
	label, sub    string
	tags          [][]string
	width, height vg.Length
}

// named is the name of an arm in lines, and what room it takes.
type named struct {
	arm      string
	armWidth vg.Length
}

// measures are what was measured: the search asks for the same words in boxes of the
// same width again and again.
type measures struct {
	boxes map[measuredBox]lettered
	arms  map[measuredArm]named
}

type measuredBox struct {
	title, sub, tags string
	width            vg.Length
}

type measuredArm struct {
	name  string
	width vg.Length
}

func newMeasures() measures { return measures{map[measuredBox]lettered{}, map[measuredArm]named{}} }

// plan is how a tree is best cut: the columns of its first strip, and how many
// marks that makes in all.
type plan struct{ columns, marks int }

// tooWide counts for a strip that does not fit: more than all marks.
const tooWide = 1_000_000

// newChart arranges a diagram. Further trees are steps that several arms share: they are
// short, and stand below in columns of their own, whose boxes may be wide.
func newChart(d Diagram, width vg.Length) *chart {
	m := newMeasures()
	if len(d) > 1 {
		if shared := m.lowest(d[1:], width, widestShared); shared.cuts == 0 {
			c := m.lowest(d[:1], width, widestBox)
			c.below(shared)
			return c
		}
	}
	return m.lowest(d, width, widestBox)
}

// below puts another chart under this one.
func (c *chart) below(other *chart) {
	c.height += rowGap
	for _, s := range other.strips {
		s.top += c.height
		c.strips = append(c.strips, s)
	}
	c.height += other.height
}

// lowest finds places for trees: those with which they have to be cut least, and of these
// the lowest as a whole. It is looked for in two ways, since neither finds it always.
func (m measures) lowest(d Diagram, width, widest vg.Length) *chart {
	whole, each := m.search(d, width, widest, false), m.search(d, width, widest, true)
	if cmp.Or(cmp.Compare(each.cuts, whole.cuts), cmp.Compare(each.height, whole.height)) < 0 {
		return each
	}
	return whole
}

// search tries widths that boxes and names may have at most, first the same for all
// columns, then another for each in turn: narrower, where that makes nothing higher, or
// wider for one that is. Of equally low charts it prefers lower boxes, where each counts,
// and narrower columns.
func (m measures) search(d Diagram, width, widest vg.Length, each bool) *chart {
	var best *chart
	try := func(name vg.Length, boxes []vg.Length, further bool) bool {
		c := &chart{width: width, height: topGap, name: name, boxes: boxes}
		heads := m.growNodes(d, false, boxes, name)
		if c.cuts = c.plan(heads, false).marks; best != nil && c.cuts > best.cuts {
			return false
		}
		c.cut(heads)
		if best != nil {
			order := cmp.Or(cmp.Compare(c.cuts, best.cuts), cmp.Compare(c.height, best.height))
			if order == 0 && each {
				order = cmp.Compare(c.boxed(), best.boxed())
			}
			if order == 0 && further {
				order = cmp.Compare(c.used(), best.used())
			}
			if order >= 0 {
				return false
			}
		}
		best = c
		return true
	}
	columns := depthOf(m.growNodes(d, false, []vg.Length{widest}, widestArm))
	for name := min(widestArm, 0.3*width); name >= leastArm; name -= 15 {
		for box := widest; box >= leastBox; box -= 3 {
			try(name, slices.Repeat([]vg.Length{box}, columns), each)
		}
	}
	for better := true; better; {
		better = false
		for k := range columns {
			for box := widest; box >= leastBox; box -= 9 {
				boxes := slices.Clone(best.boxes)
				boxes[k] = box
				better = try(best.name, boxes, true) || better
			}
		}
	}
	return best
}

// boxed is the height of all boxes together: one that gets lower may be the step to a
// lower row.
func (c *chart) boxed() vg.Length {
	var sum vg.Length
	for _, s := range c.strips {
		for _, n := range s.nodes {
			sum += n.height
		}
	}
	return sum
}

// used is the room that the columns take.
func (c *chart) used() vg.Length {
	var sum vg.Length
	for _, s := range c.strips {
		for _, w := range s.widths {
			sum += w
		}
	}
	return sum
}

// growNodes makes the nodes of boxes that are at most so wide, in each column and those
// after the last, but for longer words. An arm that ends at a box from which others go on
// gets an end of its own.
func (m measures) growNodes(boxes []Box, ours bool, widths []vg.Length, armWidth vg.Length) []*node {
	var list []*node
	for _, b := range boxes {
		n := &node{Box: b, ours: ours || b.Ours}
		if b.Arm != "" && len(b.Next) > 0 {
			n.Arm = ""
			b.Next = append([]Box{{Arm: b.Arm}}, b.Next...)
		}
		m.measure(n, widths[0], armWidth)
		n.next = m.growNodes(b.Next, n.ours, widths[min(1, len(widths)-1):], armWidth)
		list = append(list, n)
	}
	return list
}

func boxLettering() lettering { return bold(newLettering(smallSize, Ink)) }
func subLettering() lettering { return newLettering(subSize, Ink) }
func tagLettering() lettering { return newLettering(tagSize, Ink) }
func armLettering() lettering { return newLettering(smallSize, Ink) }

// measure breaks the words of n in lines.
func (m measures) measure(n *node, width, armWidth vg.Length) {
	arm := measuredArm{n.Arm, armWidth}
	if _, ok := m.arms[arm]; !ok {
		name := wrapParts(armLettering(), n.Arm, armWidth)
		m.arms[arm] = named{name, wordsWidth(armLettering(), name)}
	}
	n.named = m.arms[arm]
	if n.end() {
		return
	}
	box := measuredBox{n.title(), n.Sub, strings.Join(n.Tags, "\x00"), width}
	if _, ok := m.boxes[box]; !ok {
		m.boxes[box] = n.letter(width)
	}
	n.lettered = m.boxes[box]
}

// letter breaks the words of a box that is at most so wide.
func (b Box) letter(width vg.Length) (n lettered) {
	inner := width - 2*boxPad
	n.label = wrap(boxLettering(), b.title(), inner)
	n.width = wordsWidth(boxLettering(), n.label)
	n.height = wordsHeight(boxLettering(), n.label) + 2*boxPad
	if b.Sub != "" {
		n.sub = wrapParts(subLettering(), b.Sub, inner)
		n.width = max(n.width, wordsWidth(subLettering(), n.sub))
		n.height += subGap + wordsHeight(subLettering(), n.sub)
	}
	n.width += 2 * boxPad
	var x vg.Length
	for _, tag := range b.Tags {
		tag = wrap(tagLettering(), tag, width-tagPad)
		if n.tags == nil || x+tagWidth(tag) > width {
			n.tags, x = append(n.tags, nil), 0
		}
		last := len(n.tags) - 1
		n.tags[last] = append(n.tags[last], tag)
		x += tagWidth(tag)
		n.width = max(n.width, x)
		x += tagGap
	}
	return n
}

func tagWidth(tag string) vg.Length { return wordsWidth(tagLettering(), tag) + tagPad }

// wrapParts is wrap, but breaks only after commas where the parts fit a line.
func wrapParts(s lettering, text string, width vg.Length) string {
	parts := strings.Split(text, ", ")
	for i, part := range parts {
		if lineWidth(s, part+",") <= width {
			parts[i] = strings.ReplaceAll(part, " ", words.NBSP)
		}
	}
	return wrap(s, strings.Join(parts, ", "), width)
}

// plan finds how to cut the tree of heads, which follows a mark or not.
func (c *chart) plan(heads []*node, marked bool) plan {
	if heads[0].plan != nil {
		return *heads[0].plan
	}
	best := plan{marks: math.MaxInt}
	for k := 1; k <= depthOf(heads); k++ {
		p := plan{columns: k}
		s := c.measure(heads, marked, k)
		if s.width() > c.width {
			if s.marks, s.names = 0, 0; k > 1 && s.width() > c.width {
				break // and so would more columns be
			}
			p.marks = tooWide
		}
		for _, n := range boxesAt(heads, k-1) {
			if rest := n.boxes(); rest != nil {
				p.marks += 1 + c.plan(rest, true).marks
			}
		}
		if p.marks <= best.marks { // of equals, the longest
			best = p
		}
	}
	heads[0].plan = &best
	return best
}

// boxes are what follows n but for ends of arms.
func (n *node) boxes() []*node {
	var list []*node
	for _, k := range n.next {
		if !k.end() {
			list = append(list, k)
		}
	}
	return list
}

// boxesAt are the boxes at a depth.
func boxesAt(heads []*node, depth int) []*node {
	if depth == 0 {
		return heads
	}
	var list []*node
	for _, n := range heads {
		list = append(list, boxesAt(n.boxes(), depth-1)...)
	}
	return list
}

// depthOf is how many boxes stand after each other.
func depthOf(heads []*node) int {
	most := 0
	for _, n := range heads {
		most = max(most, 1+depthOf(n.boxes()))
	}
	return most
}

// measure is a strip of so many columns, with the room that they take.
func (c *chart) measure(heads []*node, marked bool, columns int) *strip {
	s := &strip{heads: heads, gap: columnGap}
	if marked {
		s.start = 2 * markRadius
	}
	for k := range columns {
		var w vg.Length
		for _, n := range boxesAt(heads, k) {
			w = max(w, n.width)
			s.names = max(s.names, n.armWidth)
			for _, e := range n.next {
				if e.end() {
					s.names = max(s.names, e.armWidth)
				}
			}
			if k == columns-1 && n.boxes() != nil {
				s.marks = 2 * markRadius
			}
		}
		s.widths = append(s.widths, w)
	}
	return s
}

// width is that of the whole strip. Every part that is there has a gap before
// it, besides the first.
func (s *strip) width() vg.Length {
	total, parts := vg.Length(0), 0
	for _, w := range append([]vg.Length{s.start, s.marks, s.names}, s.widths...) {
		if w > 0 {
			total += w
			parts++
		}
	}
	return total + vg.Length(parts-1)*s.gap
}

// cut makes the tree of heads into strips as planned, each in its place.
func (c *chart) cut(heads []*node) {
	type piece struct {
		heads []*node
		mark  int
	}
	for rest := []piece{{heads, 0}}; len(rest) > 0; rest = rest[1:] {
		p := rest[0]
		s := c.measure(p.heads, p.mark > 0, p.heads[0].plan.columns)
		s.mark = p.mark
		for _, n := range boxesAt(s.heads, len(s.widths)-1) {
			if boxes := n.boxes(); boxes != nil {
				number := p.mark + len(rest) // the next one
				n.next = append(slices.DeleteFunc(n.next, func(k *node) bool { return !k.end() }), &node{mark: number})
				rest = append(rest, piece{boxes, number})
			}
		}
		s.place(c.width)
		if s.mark > 0 {
			c.height += stripGap
		}
		s.top = c.height
		c.height += s.height
		c.strips = append(c.strips, s)
	}
}

// place gives every node of the strip a row and every row and column its
// place. The first of what follows a box stands in line with it.
func (s *strip) place(width vg.Length) {
	var put func(n *node, column, row int) int
	put = func(n *node, column, row int) int {
		n.column, n.row = column, row
		s.nodes = append(s.nodes, n)
		for i, k := range n.next {
			if i > 0 {
				row++
			}
			row = put(k, column+1, row)
		}
		return row
	}
	row := -1
	for _, n := range s.heads {
		row = put(n, 0, row+1)
	}

	parts := vg.Length(len(s.widths) + 2)
	s.gap = min(looseGap, columnGap+max(0, width-s.width())/parts)
	x := s.start
	if x > 0 {
		x += s.gap
	}
	for _, w := range s.widths {
		s.left = append(s.left, x)
		x += w + s.gap
	}
	s.left = append(s.left, x) // where marks stand
	if s.marks > 0 {
		x += s.marks + s.gap
	}
	s.namesX = x

	up, down := make([]vg.Length, row+1), make([]vg.Length, row+1)
	for _, n := range s.nodes {
		half := max(n.height, wordsHeight(armLettering(), n.arm)) / 2
		if n.mark > 0 {
			half = markRadius
		}
		up[n.row] = max(up[n.row], half)
		down[n.row] = max(down[n.row], half, n.height/2+n.tagsHeight())
	}
	for r := range up {
		if r > 0 {
			s.height += rowGap
		}
		s.rows = append(s.rows, s.height+up[r])
		s.height += up[r] + down[r]
	}
}

// tagsHeight is the room of the tags below the box.
func (n *node) tagsHeight() vg.Length {
	var h vg.Length
	for _, line := range n.tags {
		h += tagGap + tagHeight(line)
	}
	return h
}

func tagHeight(line []string) vg.Length {
	var h vg.Length
	for _, tag := range line {
		h = max(h, wordsHeight(tagLettering(), tag)+tagPad-1)
	}
	return h
}

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

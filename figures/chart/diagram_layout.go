package chart

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
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

// plan is how a tree is best cut: the columns of its first strip, and how many
// marks that makes in all.
type plan struct{ columns, marks int }

// tooWide counts for a strip that does not fit: more than all marks.
const tooWide = 1_000_000

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

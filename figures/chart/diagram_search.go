package chart

import (
	"cmp"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/network-fragility/fragility/figures/words"
)

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

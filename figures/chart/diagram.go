package chart

import (
	"errors"
	"fmt"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/network-fragility/fragility/figures/words"
)

// Diagram is a tree of boxes, drawn from left to right with its arms below each
// other: a protocol. It holds the boxes that come first, as a rule one. A tree
// too deep for the page goes on below, at marks with a number.
type Diagram []Box

// Box is a stage with what comes after it. A box with an arm and nothing else
// is an end without a stage: so an arm of ours can end at a box of the book.
type Box struct {
	Label string   // the stage
	Sub   string   // its settings, in a few words
	Times int      // how often it is done; 0 is once
	Tags  []string // the readings taken after it
	Arm   string   // the arm that ends here, named at the right
	Ours  bool     // the box is an addition to the book, and so is all that follows
	Next  []Box    // the arms part where there are several
}

// check refuses a diagram that cannot be drawn.
func (d Diagram) check() error {
	if len(d) == 0 {
		return errors.New("the diagram has no boxes")
	}
	var check func(Box) error
	check = func(b Box) error {
		if b.end() && (b.Arm == "" || b.Sub != "" || b.Times != 0 || len(b.Tags)+len(b.Next) > 0) {
			return fmt.Errorf("a box of the diagram has no label (arm %q, settings %q)", b.Arm, b.Sub)
		}
		for _, n := range b.Next {
			if err := check(n); err != nil {
				return err
			}
		}
		return nil
	}
	return check(Box{Label: "root", Next: d})
}

// end reports whether the box is the end of an arm and no stage.
func (b Box) end() bool { return b.Label == "" }

// title is the label with how often the stage is done, which stay together.
func (b Box) title() string {
	if b.Times > 1 {
		return fmt.Sprintf("%s%s×%[2]s%d", b.Label, words.NBSP, b.Times)
	}
	return b.Label
}

// Text lists the boxes, those that follow one further in.
func (d Diagram) Text() string {
	var b strings.Builder
	var list func(boxes []Box, depth int, ours bool)
	list = func(boxes []Box, depth int, ours bool) {
		for _, k := range boxes {
			var parts []string
			if !k.end() {
				parts = append(parts, words.Untie(k.title()))
			}
			if k.Sub != "" {
				parts[0] += " (" + words.Flat(k.Sub) + ")"
			}
			if len(k.Tags) > 0 {
				parts = append(parts, "readings: "+words.Flat(strings.Join(k.Tags, ", ")))
			}
			if k.Arm != "" {
				parts = append(parts, "arm: "+words.Flat(k.Arm))
			}
			text := words.Flat(strings.Join(parts, "; "))
			if k.Ours && !ours {
				text += " [" + OursLabel + "]"
			}
			fmt.Fprintf(&b, "%s- %s\n", strings.Repeat("  ", depth), text)
			list(k.Next, depth+1, ours || k.Ours)
		}
	}
	list(d, 0, false)
	return b.String()
}

// OursLabel names what the book lacks.
const OursLabel = "ours, not in the book"

// entries explain the marks of the diagram in the key.
func (d Diagram) entries() []entry {
	var ours, tags bool
	var look func([]Box)
	look = func(boxes []Box) {
		for _, b := range boxes {
			ours, tags = ours || b.Ours, tags || len(b.Tags) > 0
			look(b.Next)
		}
	}
	look(d)
	var list []entry
	const half = (lineSample - sampleGap) / 2
	if ours {
		list = append(list, entry{label: OursLabel, width: lineSample, draw: func(p *page, at vg.Point) {
			drawBox(p, around(at, half, 3.5), true)
		}})
	}
	if tags {
		list = append(list, entry{label: "reading", width: lineSample, draw: func(p *page, at vg.Point) {
			drawTag(p, around(at, half, 3.5))
		}})
	}
	return list
}

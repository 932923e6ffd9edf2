package figures

import (
	"fmt"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/protocols"
)

// protocolPlot draws the chapter's tree, as it is planted for the first
// subject, so that a reader sees the protocol rather than its hundreds of
// nodes: what repeats is one box, branches that differ in a number are one, and
// what several arms go through alike stands once, below them.
func protocolPlot(p protocols.Protocol, _ *protocols.Result) (*chart.Plot, error) {
	tree := p.Plant(p.Cohort()[0])
	nodes, readings := 0, 0
	tree.Walk(func(n *protocols.Node) { nodes, readings = nodes+1, readings+len(n.Readings) })
	left := leaveOut(tree.Root, repeatsArm)
	points := leaveOut(tree.Root, onTheWay)
	c := castOf(p)
	first := c.plant(tree.Root, 1)
	for _, s := range first {
		c.mergeBelow(s)
	}
	shared := c.share(first)
	for _, s := range append(slices.Clone(first), shared...) {
		foldBelow(s)
	}
	for _, s := range first {
		if depthBelow(s) > mostColumns {
			for _, k := range s.next {
				joinBelow(k)
			}
		}
	}
	diagram := c.boxes(first, shared)
	caption := fmt.Sprintf("Each subject's tree has %d stages and %d readings. Arms part where lines do, from one and the same network. "+
		"A box with several values stands for as many branches.", nodes, readings)
	if shared != nil {
		caption += " The last rows are steps that several arms share, with what is measured after them; where their values differ, they are listed in the order of the arms."
	}
	if points {
		caption += " Left out: the readings on the way through the trainings (ours)."
	}
	if left {
		caption += " Left out, and in tables of their own: the same cycles without scars or without training, and the same arms without early scars (ours)."
	}
	return &chart.Plot{
		Title:   fmt.Sprintf("The protocol of chapter %d: %s", p.Chapter(), p.Title()),
		Diagram: diagram,
		Caption: caption,
	}, nil
}

// leaveOut takes readings out of the branches below n, and the branches that are
// there for them alone: those of the controls that repeat what is drawn, with
// which nobody would see the protocol. It reports whether there were any.
func leaveOut(n *protocols.Node, which func(protocols.Reading) bool) (found bool) {
	var children []*protocols.Node
	for _, k := range n.Children {
		inside := leaveOut(k, which)
		before := len(k.Readings)
		k.Readings = slices.DeleteFunc(k.Readings, which)
		gone := inside || len(k.Readings) < before
		found = found || gone
		if !gone || len(k.Children) > 0 || len(k.Readings) > 0 {
			children = append(children, k)
		}
	}
	n.Children = children
	return found
}

// repeatsArm reports whether a reading is of an arm that is another over again,
// but for one thing in the kindling.
func repeatsArm(r protocols.Reading) bool {
	return slices.ContainsFunc([]string{protocols.ArmNoEpisodeScars, protocols.ArmTriggersAlone, protocols.ArmNoEarlyScars},
		func(ending string) bool { return strings.HasSuffix(r.Arm, ending) })
}

// onTheWay reports whether a reading is a point on the way through a training.
func onTheWay(r protocols.Reading) bool {
	return len(r.Names) > 0 && strings.HasPrefix(r.Names[0].Metric, protocols.OnsetPrefix)
}

// step is a stage of the diagram: a node, or several in one.
type step struct {
	label  string
	lines  [][]told // the settings
	joined bool     // whether the settings are those of several stages
	times  int      // how often it is done, where more than once
	arms   []string // that are measured after it
	home   []string // those of them that take the chapter's whole battery here
	tests  []string // kinds of readings
	book   bool     // whether the book measures something here
	shared []string // of a step that begins what arms share: these arms
	next   []*step
}

// cast is the chapter's arms: their words, and what the book lacks.
type cast struct {
	words       map[string]string
	rank        map[string]int // where an arm stands in the tables
	oursArms    map[string]bool
	oursMetrics map[string]bool
}

// castOf reads the tables: an arm or metric is ours where it is said to be, or all
// tables that it stands in are.
func castOf(p protocols.Protocol) *cast {
	c := &cast{map[string]string{}, map[string]int{}, map[string]bool{}, map[string]bool{}}
	for _, l := range p.Tables() {
		for _, h := range l.Arms {
			if _, known := c.words[h.Name]; !known {
				c.words[h.Name], c.rank[h.Name], c.oursArms[h.Name] = h.Words, len(c.words), true
			}
			c.oursArms[h.Name] = c.oursArms[h.Name] && (h.Ours || l.Ours)
		}
		for _, h := range l.Metrics {
			before, known := c.oursMetrics[h.Name]
			c.oursMetrics[h.Name] = (before || !known) && (h.Ours || l.Ours)
		}
	}
	return c
}

// word is what a reader calls an arm.
func (c *cast) word(arm string) string { return wordsFor(c.words, arm) }

// plant makes steps of the nodes below n, where the gain is at a value. Three
// nodes make none: the root, a new network, which is told with its first
// training, and a gain set to what it is.
func (c *cast) plant(n *protocols.Node, gain float64) []*step {
	var list []*step
	for _, k := range n.Children {
		set := gain
		if g, ok := k.Stage.(protocols.Geared); ok {
			set = g.GainAfter(gain)
		}
		below := c.plant(k, set)
		s := &step{label: k.Label, next: below}
		if line := settings(k.Stage, k.Label, gain); line != nil {
			s.lines = [][]told{line}
		}
		switch stage := k.Stage.(type) {
		case protocols.Initialise:
			if len(k.Readings) == 0 && len(below) == 1 {
				below[0].lines, below[0].joined = append(layersOf(stage.Network), below[0].lines...), true
				list = append(list, below...)
				continue
			}
		case protocols.Pretrain:
			s.lines, s.joined = append(layersOf(stage.Network), s.lines...), true
		case protocols.Modulate:
			if len(k.Readings) == 0 && stage == (protocols.Modulate{Gain: gain}) {
				list = append(list, below...)
				continue
			}
		}
		for _, r := range k.Readings {
			if kind := kindOf(r.Probe); kind != "" {
				s.tests = addOnce(s.tests, kind)
			}
			for _, name := range append([]protocols.Name{{Arm: r.Arm}}, r.Names...) {
				s.arms = addOnce(s.arms, name.Arm)
				if name.Metric == "standard" && name.Condition == "" {
					s.home = addOnce(s.home, name.Arm)
				}
				s.book = s.book || name.Metric != "" && !c.oursArms[name.Arm] && !c.oursMetrics[name.Metric]
			}
		}
		list = append(list, s)
	}
	return list
}

// kindOf says what a probe is about, in a word; "" where it is for a picture.
func kindOf(p protocols.Probe) string {
	switch k := p.(type) {
	case protocols.Accuracy:
		switch {
		case k.Bias != 0:
			return "biased"
		case k.InputSigma != 0 && k.Sigma != 0:
			return "combined"
		case k.Sigma != 0:
			return "internal noise"
		case k.InputSigma != 0:
			return "input noise"
		}
		return "accuracy"
	case protocols.Activity:
		return "activation"
	case protocols.Sparsity, protocols.Census:
		return "sparsity"
	case protocols.ScarLoad:
		return "scars"
	}
	return ""
}

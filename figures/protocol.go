package figures

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/words"
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
	label  string   // without a number at its end
	sub    string   // the settings; its numbers are what may differ between steps alike
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
func (c *cast) word(arm string) string {
	if w, ok := c.words[arm]; ok {
		return w
	}
	return strings.ReplaceAll(arm, "_", " ")
}

// plant makes steps of the nodes below n, where the gain is at a value. Three
// nodes make none: the root, a new network, which is told with its first
// training, and a gain set to what it is.
func (c *cast) plant(n *protocols.Node, gain float64) []*step {
	var list []*step
	for _, k := range n.Children {
		set := gainAfter(k.Stage, gain)
		below := c.plant(k, set)
		switch stage := k.Stage.(type) {
		case protocols.Initialise:
			if len(k.Readings) == 0 && len(below) == 1 {
				below[0].sub = joinLines(layers(stage.Network), below[0].sub)
				list = append(list, below...)
				continue
			}
		case protocols.Modulate:
			if len(k.Readings) == 0 && stage == (protocols.Modulate{Gain: gain}) {
				list = append(list, below...)
				continue
			}
		}
		s := &step{label: endNumber.ReplaceAllString(k.Label, ""), next: below}
		s.sub = settings(k.Stage, s.label, gain)
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

// endNumber is a number at the end of a label: "prune to 0.5", "episode 3".
var endNumber = regexp.MustCompile(` [\d.]+$`)

// addOnce appends what is not in the list yet.
func addOnce(list []string, more ...string) []string {
	for _, m := range more {
		if !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	return list
}

// joinLines puts what is not empty below each other, as a list.
func joinLines(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	for i, p := range parts {
		parts[i] = strings.Join(together(strings.Split(p, ", ")), ", ")
	}
	return strings.Join(parts, ",\n")
}

// together keeps short words on one line each.
func together(list []string) []string {
	const short = 26
	list = slices.Clone(list)
	for i, text := range list {
		if len(text) <= short {
			list[i] = strings.ReplaceAll(text, " ", words.NBSP)
		}
	}
	return list
}

// gainAfter is the gain that a stage leaves.
func gainAfter(s protocols.Stage, gain float64) float64 {
	switch k := s.(type) {
	case protocols.Modulate:
		if k.Gain != 0 {
			return k.Gain
		}
	case protocols.Discontinue:
		return 1
	case protocols.Train:
		if k.Schedule != nil && k.Epochs > 0 {
			return k.Schedule.Gain.At(k.Epochs-1, k.Schedule.Epochs)
		}
	}
	return gain
}

// layers writes the units of a network, "2–512–512–256–4".
func layers(n protocols.Network) string {
	if n.Kind == "llama" {
		return fmt.Sprintf("Llama, %s of %d", counted(n.Llama.Layers, "layer"), n.Llama.Width)
	}
	sizes := []string{strconv.Itoa(n.Inputs)}
	for _, h := range n.Hidden {
		sizes = append(sizes, strconv.Itoa(h))
	}
	text := strings.Join(append(sizes, strconv.Itoa(n.Outputs)), "–")
	if n.Kind == "gru" {
		text = fmt.Sprintf("GRU %s, %d steps", text, n.Steps)
	}
	return text
}

// settings are a stage's in a few words, those that its label says left out.
func settings(s protocols.Stage, label string, gain float64) string {
	chosen := func(share float64, how string) string {
		if strings.Contains(label, strings.TrimPrefix(how, "by ")) {
			return percent(share)
		}
		return percent(share) + ", " + how
	}
	switch k := s.(type) {
	case protocols.Train:
		return training(k, gain)
	case protocols.Prune:
		return strings.TrimSpace(percent(k.Sparsity) + " " + string(k.Rule))
	case protocols.PruneFurther:
		return percent(k.Fraction) + " of the rest"
	case protocols.RegrowRandom:
		return chosen(k.Fraction, "at random")
	case protocols.RegrowGradient:
		return chosen(k.Fraction, "by gradient")
	case protocols.Modulate:
		return dials(k, label, gain)
	case protocols.Stabilise:
		return "level " + written(k.Stabiliser.Level)
	case protocols.Decay:
		return fmt.Sprintf("%s a step, %s steps", written(k.Rate), written(k.Steps))
	case protocols.ScarEarly:
		return "up to " + percent(k.Max)
	case protocols.ScarEpisode:
		return "trigger " + written(k.Trigger.Bias)
	case protocols.Pretrain:
		return joinLines(layers(k.Network), fmt.Sprintf("%s updates of %s, rate %s", written(k.Steps), written(k.BatchSize), written(k.Rate)))
	case protocols.Instruct:
		return fmt.Sprintf("%s updates of %s, rate %s", written(k.Steps), written(k.BatchSize), written(k.Rate))
	case protocols.Adapt:
		return "rank " + written(k.Rank)
	case protocols.PruneRandom:
		return chosen(k.Sparsity, "at random")
	case protocols.Tune:
		return tuning(k)
	case protocols.Turnover:
		return fmt.Sprintf("%s scarred, %s regrown", percent(k.Prune), percent(k.Regrow))
	case protocols.Watch:
		return watching(k)
	}
	return ""
}

// tuning writes a cycle of preference tuning (chapter 9).
func tuning(t protocols.Tune) string {
	times := written(t.Updates)
	if t.Carry { // ends with the texts
		times = written(min(t.Updates, t.Pairs/(t.MicroBatch*t.Accumulate)))
	}
	text := fmt.Sprintf("%s updates of %s, rate %s", times, written(t.MicroBatch*t.Accumulate), written(t.Rate))
	switch {
	case t.Agreeable == 0 && t.Penalty == 0:
		text += ", unbiased answers"
	case t.Penalty == 1:
		text += ", always leaky"
	}
	switch {
	case t.Replay == 0:
	case t.When == protocols.ReplayAlways:
		text += fmt.Sprintf(", %s replay texts", written(t.Replay))
	case t.When != protocols.ReplayNever:
		text += fmt.Sprintf(", %s replay texts if fired", written(t.Replay))
	}
	return text
}

// watching writes what the trigger waits for (chapter 9).
func watching(w protocols.Watch) string {
	switch w.Rule {
	case protocols.TriggerRelative:
		return fmt.Sprintf("fires at + %s %% of the first rate", written(w.Threshold))
	case protocols.TriggerLevel:
		return fmt.Sprintf("fires at %s %%", written(w.Threshold))
	}
	return fmt.Sprintf("fires at + %s points", written(w.Threshold))
}

func written(v any) string         { return words.Minus(protocols.Format(v)) }
func percent(share float64) string { return strconv.FormatFloat(100*share, 'g', 6, 64) + " %" }

// training writes a training call: "100 epochs, rate 0.00001, noise 0.5 to 0".
func training(t protocols.Train, gain float64) string {
	text := fmt.Sprintf("%s epochs, rate %s", written(t.Epochs), written(t.Rate))
	if t.Schedule == nil {
		return text
	}
	ramp := func(name string, r protocols.Ramp, rest float64) string {
		switch {
		case r.From == r.To && r.From == rest:
			return ""
		case r.From == r.To:
			return ", " + name + " " + written(r.From)
		}
		return fmt.Sprintf(", %s %s to %s", name, written(r.From), written(r.To))
	}
	noise := ramp("noise", t.Schedule.Sigma, 0)
	if noise == "" {
		noise = ", no noise"
	}
	return text + noise + ramp("gain", t.Schedule.Gain, gain)
}

// dials writes what a stage sets, without the name of the dial that its label
// has and without a gain that is there already.
func dials(m protocols.Modulate, label string, gain float64) string {
	var parts []string
	add := func(name string, value float64, also string) {
		switch {
		case value == 0:
		case name == label:
			parts = append([]string{written(value) + also}, parts...)
		default:
			parts = append(parts, name+" "+written(value)+also)
		}
	}
	if string(m.Activation) != label && m.Activation != "" {
		parts = append(parts, string(m.Activation))
	}
	if m.Gain != gain {
		add("gain", m.Gain, "")
	}
	layer := ""
	if m.InhibitedLayer != 0 {
		layer = " in layer " + strconv.Itoa(m.InhibitedLayer)
	}
	add("inhibition", m.Inhibition, layer)
	return strings.Join(parts, ", ")
}

// settingNumber is a number in settings.
var settingNumber = regexp.MustCompile(`−?\d+(\.\d+)?`)

// form is a step with all that follows, its numbers left out: steps of one form
// differ in numbers alone.
func (s *step) form() string {
	text := fmt.Sprintf("%s(%s)×%d[", s.label, settingNumber.ReplaceAllString(s.sub, "#"), s.times)
	for _, k := range s.next {
		text += k.form() + ";"
	}
	return text + "]"
}

// numbersIn are the numbers that form leaves out.
func (s *step) numbersIn() []string {
	list := settingNumber.FindAllString(s.sub, -1)
	for _, k := range s.next {
		list = append(list, k.numbersIn()...)
	}
	return list
}

// size is how many steps there are from s on.
func (s *step) size() int {
	n := 1
	for _, k := range s.next {
		n += k.size()
	}
	return n
}

// subtreeArms are the arms that are measured from s on.
func (s *step) subtreeArms() []string {
	arms := slices.Clone(s.arms)
	for _, k := range s.next {
		arms = addOnce(arms, k.subtreeArms()...)
	}
	return arms
}

// ours reports whether the book measures nothing from s on, and we do.
func (s *step) ours() bool { return len(s.subtreeArms()) > 0 && !s.ofBook() }

func (s *step) ofBook() bool { return s.book || slices.ContainsFunc(s.next, (*step).ofBook) }

// merge makes one of steps of one form: each number becomes what tell makes of
// its values.
func merge(list []*step, tell func([]string) string) *step {
	m := *list[0]
	m.next = nil
	values := make([][]string, len(settingNumber.FindAllString(m.sub, -1)))
	for _, s := range list {
		for i, v := range settingNumber.FindAllString(s.sub, -1) {
			values[i] = append(values[i], v)
		}
		m.take(s)
	}
	i := 0
	m.sub = settingNumber.ReplaceAllStringFunc(m.sub, func(string) string {
		i++
		if v := addOnce(nil, values[i-1]...); len(v) == 1 {
			return v[0]
		}
		return tell(values[i-1])
	})
	for k := range list[0].next {
		var below []*step
		for _, s := range list {
			below = append(below, s.next[k])
		}
		m.next = append(m.next, merge(below, tell))
	}
	return &m
}

// take adds to s what is measured after k.
func (s *step) take(k *step) {
	s.arms, s.home, s.tests = addOnce(s.arms, k.arms...), addOnce(s.home, k.home...), addOnce(s.tests, k.tests...)
	s.book = s.book || k.book
}

// each lists values, each once; of many the first and the last.
func each(values []string) string {
	const most = 9
	values = addOnce(nil, values...)
	if len(values) > most {
		values = append(values[:2:2], "…", values[len(values)-1])
	}
	return strings.Join(values, ", ")
}

// inOrder lists values one for one.
func inOrder(values []string) string { return strings.Join(values, ", ") }

// fromTo tells a course by its ends.
func fromTo(values []string) string { return values[0] + " to " + values[len(values)-1] }

// mergeBelow merges, everywhere below s, branches that differ in one number, or
// in several of which they have every combination. Ours and the book's stay
// apart.
func (c *cast) mergeBelow(s *step) {
	for _, k := range s.next {
		c.mergeBelow(k)
	}
	group := map[string][]*step{}
	key := func(k *step) string { return fmt.Sprint(k.ours(), len(k.arms) > 0, k.form()) }
	for _, k := range s.next {
		group[key(k)] = append(group[key(k)], k)
	}
	var next []*step
	for _, k := range s.next {
		list := group[key(k)]
		switch {
		case len(list) == 1 || !grid(list):
			next = append(next, k)
		case k == list[0]:
			next = append(next, merge(list, each))
		}
	}
	s.next = next
}

// grid reports whether steps of one form have every combination of their
// numbers.
func grid(list []*step) bool {
	combinations := 1
	for _, v := range columns(list) {
		combinations *= len(addOnce(nil, v...))
	}
	return combinations == len(list)
}

// columns are the values of each number of steps of one form.
func columns(list []*step) [][]string {
	values := make([][]string, len(list[0].numbersIn()))
	for _, s := range list {
		for i, v := range s.numbersIn() {
			values[i] = append(values[i], v)
		}
	}
	return values
}

// foldBelow makes one step of what a chain from s on does several times. Where
// an arm is measured that goes on, the chain ends: what follows is another
// matter than what led there.
func foldBelow(s *step) {
	goesOn := func(k *step) bool {
		return len(k.next) == 1 && slices.ContainsFunc(k.next[0].subtreeArms(), func(a string) bool { return slices.Contains(k.home, a) })
	}
	chain := []*step{s}
	for last := s; len(last.next) == 1 && !goesOn(last); {
		last = last.next[0]
		chain = append(chain, last)
	}
	for _, k := range chain[len(chain)-1].next {
		foldBelow(k)
	}
	for {
		from, period, times := loop(chain)
		if times < 2 {
			break
		}
		folded := foldLoop(chain[from:from+period*times], period)
		if from > 0 {
			chain[from-1].next = []*step{folded}
			chain = slices.Concat(chain[:from], []*step{folded}, chain[from+period*times:])
			continue
		}
		*s = *folded // what points at s sees the change
		chain = append([]*step{s}, chain[period*times:]...)
	}
}

// loop finds the repetition that takes up most of a chain; of equal ones that
// with the shortest period, and of those the last, since what comes before
// differs from what follows as often as not.
func loop(chain []*step) (from, period, times int) {
	same := func(a, b *step) bool {
		return a.times < 2 && b.times < 2 && a.label == b.label &&
			settingNumber.ReplaceAllString(a.sub, "#") == settingNumber.ReplaceAllString(b.sub, "#")
	}
	most := 0
	for p := 1; p <= len(chain)/2; p++ {
		for f := 0; f+2*p <= len(chain); f++ {
			n := p
			for f+n < len(chain) && same(chain[f+n-p], chain[f+n]) {
				n++
			}
			if t := n / p; t >= 2 && (t*p > most || t*p == most && p == period) {
				from, period, times, most = f, p, t, t*p
			}
		}
	}
	return from, period, times
}

// foldLoop makes one step of a repetition. What follows it stays.
func foldLoop(list []*step, period int) *step {
	last := list[len(list)-1]
	s := &step{times: len(list) / period, next: last.next}
	var labels, subs []string
	for i := range period {
		var alike []*step
		for k := i; k < len(list); k += period {
			alone := *list[k]
			alone.next = nil
			alike = append(alike, &alone)
		}
		m := merge(alike, fromTo)
		labels, subs = append(labels, m.label), append(subs, m.sub)
		s.take(m)
	}
	s.label, s.sub = strings.Join(labels, ", "), joinLines(subs...)
	return s
}

// share takes out of the tree what three arms or more go through alike after
// they are measured, and returns it: each a tree of its own after a step that
// names the arms. Where the way is long it may differ in one number, which is
// then listed in the order of the arms.
func (c *cast) share(first []*step) []*step {
	type place struct{ parent, child *step }
	var found []*step
	for {
		var groups [][]place
		known := map[string]int{}
		walkSteps(first, func(s *step) {
			for _, k := range s.next {
				arms := k.subtreeArms()
				if len(arms) == 0 || !containsAll(s.home, arms) {
					continue
				}
				key := k.form()
				if k.size() < 3 { // as quickly drawn as explained
					key += strings.Join(k.numbersIn(), " ")
				}
				if _, ok := known[key]; !ok {
					known[key] = len(groups)
					groups = append(groups, nil)
				}
				groups[known[key]] = append(groups[known[key]], place{s, k})
			}
		})
		done := true
		for _, g := range groups {
			var alike []*step
			for _, at := range g {
				alike = append(alike, at.child)
			}
			differing := 0
			for _, v := range columns(alike) {
				if len(addOnce(nil, v...)) > 1 {
					differing++
				}
			}
			if len(g) < 3 || differing > 1 {
				continue
			}
			m := merge(alike, inOrder)
			for _, at := range g {
				at.parent.next = slices.DeleteFunc(at.parent.next, func(k *step) bool { return k == at.child })
			}
			found = append(found, &step{shared: m.subtreeArms(), next: []*step{m}})
			done = false
			break // the rest has changed
		}
		if done {
			return joinShared(found)
		}
	}
}

// joinShared puts what the same arms share behind one step.
func joinShared(list []*step) []*step {
	var joined []*step
	for _, s := range list {
		i := slices.IndexFunc(joined, func(j *step) bool { return slices.Equal(j.shared, s.shared) })
		if i < 0 {
			joined = append(joined, s)
			continue
		}
		joined[i].next = append(joined[i].next, s.next...)
	}
	return joined
}

// mostColumns of boxes fit the page.
const mostColumns = 5

func depthBelow(s *step) int {
	most := 0
	for _, k := range s.next {
		most = max(most, depthBelow(k))
	}
	return 1 + most
}

// joinBelow makes one step of steps from s on that follow each other with
// nothing measured between them.
func joinBelow(s *step) {
	for len(s.next) == 1 && len(s.arms) == 0 && s.times < 2 && s.next[0].times < 2 {
		k := s.next[0]
		sub := s.sub
		if first, _, _ := strings.Cut(sub, ", "); first == settingNumber.FindString(sub) {
			sub = words.Join(s.label, sub) // the dial that the label names
		}
		s.label, s.sub, s.next = s.label+", "+k.label, joinLines(sub, k.sub), k.next
		s.take(k)
	}
	for _, k := range s.next {
		joinBelow(k)
	}
}

func containsAll(list, parts []string) bool {
	return !slices.ContainsFunc(parts, func(p string) bool { return !slices.Contains(list, p) })
}

// walkSteps calls f on every step, those that come first first.
func walkSteps(list []*step, f func(*step)) {
	for _, s := range list {
		f(s)
		walkSteps(s.next, f)
	}
}

// boxes draws the tree and, after it, what its arms share.
func (c *cast) boxes(first, shared []*step) chart.Diagram {
	at := armEnds(first)
	var ends []string // every arm of the tree
	walkSteps(first, func(s *step) { ends = addOnce(ends, at[s]...) })
	var d chart.Diagram
	for _, s := range first {
		d = append(d, c.box(s, at))
	}
	for _, s := range shared {
		b := chart.Box{Label: "then, in each of", Sub: c.list(s.shared)}
		switch rest := slices.DeleteFunc(slices.Clone(ends), func(a string) bool { return slices.Contains(s.shared, a) }); {
		case len(rest) == 0:
			b.Label, b.Sub = "then, in every arm", ""
		case len(c.wordsOf(rest)) < len(c.wordsOf(s.shared)):
			b.Label, b.Sub = "then, in all but", c.list(rest)
		}
		for _, k := range s.next {
			b.Next = append(b.Next, tagged(c.box(k, nil), k))
		}
		b.Ours = !slices.ContainsFunc(s.next, (*step).ofBook)
		d = append(d, b)
	}
	return d
}

// tagged says what is measured in boxes, which are those from s on.
func tagged(b chart.Box, s *step) chart.Box {
	b.Tags = s.tests
	for i, k := range s.next {
		b.Next[i] = tagged(b.Next[i], k)
	}
	return b
}

// list names arms, of many the first and the last.
func (c *cast) list(arms []string) string {
	const most = 8
	if n := len(arms); n > most {
		return fmt.Sprintf("%s; …; %s (%d arms)", c.word(arms[0]), c.word(arms[n-1]), n)
	}
	return c.wordsOf(arms)
}

func (c *cast) wordsOf(arms []string) string {
	var words []string
	for _, a := range arms {
		words = append(words, c.word(a))
	}
	return strings.Join(together(words), "; ")
}

// armEnds says at which step the name of each arm stands: at its last one, or
// where it has several of those, at the one where it is measured first.
func armEnds(first []*step) map[*step][]string {
	home, last := map[string]*step{}, map[string][]*step{}
	var order []string
	walkSteps(first, func(s *step) {
		for _, a := range s.arms {
			if home[a] == nil {
				home[a] = s
				order = append(order, a)
			}
			further := func(k *step) bool { return slices.Contains(k.subtreeArms(), a) }
			if !slices.ContainsFunc(s.next, further) {
				last[a] = append(last[a], s)
			}
		}
	})
	at := map[*step][]string{}
	for _, a := range order {
		s := home[a]
		if len(last[a]) == 1 {
			s = last[a][0]
		}
		at[s] = append(at[s], a)
	}
	return at
}

// oneEpoch is a setting that has a singular.
var oneEpoch = regexp.MustCompile(`(?m)^1([ \x{a0}])epochs`)

// box draws a step and what follows. An arm of ours may end at a box of the
// book.
func (c *cast) box(s *step, at map[*step][]string) chart.Box {
	b := chart.Box{Label: s.label, Sub: oneEpoch.ReplaceAllString(s.sub, "1${1}epoch"), Times: s.times, Ours: s.ours()}
	for _, k := range s.next {
		b.Next = append(b.Next, c.box(k, at))
	}
	var book, our []string
	ends := slices.Clone(at[s])
	slices.SortStableFunc(ends, func(a, b string) int { return c.rank[a] - c.rank[b] })
	for _, a := range ends {
		if c.oursArms[a] {
			our = append(our, a)
		} else {
			book = append(book, a)
		}
	}
	var last []chart.Box
	if book != nil {
		last = append(last, chart.Box{Arm: c.list(book)})
	}
	if our != nil {
		last = append(last, chart.Box{Arm: c.list(our), Ours: true})
	}
	if len(last) == 1 && len(b.Next) == 0 && last[0].Ours == b.Ours {
		b.Arm = last[0].Arm
		return b
	}
	b.Next = append(last, b.Next...)
	return b
}

package live

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"math"
	"slices"

	"github.com/network-fragility/fragility/figures"
	"github.com/network-fragility/fragility/kernel/engine"
	"github.com/network-fragility/fragility/kernel/store"
	"github.com/network-fragility/fragility/models"
	"github.com/network-fragility/fragility/protocols"
)

// Chapters are those of which a page can be live: feed-forward networks whose arms are
// measured alike.
var Chapters = []int{1, 4, 5, 7, 8}

// standard is the metric by which an arm's own subject is known.
const standard = "standard"

// Wanted tells which readings a page checks itself with: the accuracies of the
// chapter's arms, and those of the same networks with other dials.
func Wanted(p protocols.Protocol) func(*protocols.Node, protocols.Reading) bool {
	arms := map[string]bool{}
	for _, h := range protocols.AllArms(p) {
		arms[h.Name] = true
	}
	return func(n *protocols.Node, r protocols.Reading) bool {
		if _, ok := r.Probe.(protocols.Accuracy); !ok || len(r.Names) != 1 || r.Names[0].Condition != "" || !arms[r.Names[0].Arm] {
			return false
		}
		for ; n.Stage != nil; n = n.Parent {
			if slices.ContainsFunc(n.Readings, isStandard) {
				return true
			}
			if !keepsWeights(n.Stage) {
				return false
			}
		}
		return false
	}
}

func isStandard(r protocols.Reading) bool {
	return len(r.Names) == 1 && r.Names[0].Metric == standard && r.Names[0].Condition == ""
}

// keepsWeights reports whether a stage turns dials alone.
func keepsWeights(s protocols.Stage) bool {
	switch s.(type) {
	case protocols.Modulate, protocols.Discontinue, protocols.Stabilise, protocols.Decay:
		return true
	}
	return false
}

// wordsOf are those of the first table that has a metric.
func wordsOf(p protocols.Protocol, metric string) string {
	for _, l := range p.Tables() {
		for _, h := range l.Metrics {
			if h.Name == metric {
				return h.Words
			}
		}
	}
	return metric
}

// A collection is what a page may carry, before it is known what it has room for.
type collection struct {
	p        protocols.Protocol
	data     Data
	subjects []*individual
}

// individual is a subject with its networks unpacked.
type individual struct {
	Individual
	taken []engine.Taken
	nets  []*Net
	known map[string]int        // nets by content
	state map[protocols.Key]int // states by subject
	arms  map[string]int        // states by arm
}

// collect reads the subjects that readings were taken of out of the store.
func collect(p protocols.Protocol, platform protocols.Platform, taken []engine.Taken, s *store.Store) (*collection, error) {
	c := &collection{p: p, data: Data{Chapter: p.Chapter(), Platform: platform, Processor: models.Processor(), Slab: slab,
		Kernel: base64.StdEncoding.EncodeToString(kernelBytes)}}
	for _, t := range taken {
		at := slices.IndexFunc(c.subjects, func(i *individual) bool { return i.Seed == t.Seed })
		if at < 0 {
			at = len(c.subjects)
			c.subjects = append(c.subjects, &individual{Individual: Individual{Seed: t.Seed}, known: map[string]int{}, state: map[protocols.Key]int{}, arms: map[string]int{}})
		}
		i := c.subjects[at]
		if err := i.add(t, s); err != nil {
			return nil, err
		}
		c.tests(t)
	}
	if len(c.subjects) == 0 {
		return nil, fmt.Errorf("live: chapter %d has no networks that a page could carry", p.Chapter())
	}
	c.centres()
	for _, i := range c.subjects {
		i.sets(c.data.Sets)
		if err := i.draws(); err != nil {
			return nil, err
		}
	}
	c.start()
	return c, nil
}

// add reads a reading's subject, where it is a new one.
func (i *individual) add(t engine.Taken, s *store.Store) error {
	i.taken = append(i.taken, t)
	if _, known := i.state[t.Subject]; !known {
		e, ok := s.Get(t.Subject)
		if !ok {
			return fmt.Errorf("live: the store has no subject %.12s", t.Subject)
		}
		f, ok := s.Blob(e, store.SubjectBlob)
		if !ok {
			return fmt.Errorf("live: the store has no networks of subject %.12s", t.Subject)
		}
		defer f.Close()
		sub, err := models.ReadSubject(f, nil)
		if err != nil {
			return err
		}
		net, err := netOf(sub)
		if err != nil {
			return err
		}
		id := net.digest()
		if _, known := i.known[id]; !known {
			i.known[id] = len(i.nets)
			i.nets = append(i.nets, net)
		}
		i.state[t.Subject] = len(i.States)
		i.States = append(i.States, State{Net: i.known[id], Key: t.Subject, Modulation: sub.Modulation})
	}
	if isStandard(t.Reading) {
		i.arms[t.Reading.Names[0].Arm] = i.state[t.Subject]
	}
	return nil
}

// tests takes in the conditions under which arms are measured as they are.
func (c *collection) tests(t engine.Taken) {
	a := t.Reading.Probe.(protocols.Accuracy)
	set := slices.Index(c.data.Sets, a.Data)
	if set < 0 {
		set = len(c.data.Sets)
		c.data.Sets = append(c.data.Sets, a.Data)
	}
	under := Conditions{set, a.InputSigma, a.Sigma, a.Bias, a.Draw}
	if !slices.ContainsFunc(t.Node.Readings, isStandard) || slices.ContainsFunc(c.data.Tests, func(o Test) bool { return o.Conditions == under }) {
		return
	}
	name := t.Reading.Names[0].Metric
	c.data.Tests = append(c.data.Tests, Test{name, wordsOf(c.p, name), under})
}

// start is the test that the page opens with: the chapter's hardest, which from chapter 5
// on is the biased one.
func (c *collection) start() {
	c.data.Start = len(c.data.Tests) - 1
	for _, metric := range []string{"combined", "biased"} {
		at := slices.IndexFunc(c.data.Tests, func(t Test) bool { return t.Name == metric })
		printed := metric == "biased" && c.p.Chapter() >= 5 || slices.ContainsFunc(protocols.PublishedFigures(c.p.Chapter()), func(f protocols.Published) bool { return f.Metric == metric })
		if at >= 0 && printed {
			c.data.Start = at
		}
	}
}

// centres are the classes', which points without noise lie on.
func (c *collection) centres() {
	c.data.Centres = make([]float32, protocols.Classes*protocols.Dimensions)
	for _, d := range c.data.Sets {
		d.Sigma = 0
		values, labels := d.Draw(c.subjects[0].Seed)
		for i, label := range labels {
			copy(c.data.Centres[int(label)*protocols.Dimensions:][:protocols.Dimensions], values[i*protocols.Dimensions:])
		}
	}
}

// bytesOf are labels as a page has them.
func bytesOf(labels []int32) []byte {
	small := make([]byte, len(labels))
	for k, l := range labels {
		small[k] = byte(l)
	}
	return small
}

// sets draws the data sets of a subject.
func (i *individual) sets(sets []protocols.Data) {
	for _, d := range sets {
		values, labels := d.Draw(i.Seed)
		p := Points{Labels: blob(bytesOf(labels))}
		if d.Sigma != 0 {
			p.Points = blob(planes(values))
		}
		i.Sets = append(i.Sets, p)
	}
}

// draws are the keys of the noise.
func (i *individual) draws() error {
	most := 0
	for _, t := range i.taken {
		most = max(most, t.Reading.Probe.(protocols.Accuracy).Draw)
	}
	n := i.nets[0]
	network := protocols.Network{Kind: "mlp", Inputs: n.Widths[0], Hidden: n.Widths[1 : len(n.Widths)-1], Outputs: n.Widths[len(n.Widths)-1]}
	for draw := range most + 1 {
		keys, err := models.ProbeKeys(network, i.Seed, draw)
		if err != nil {
			return err
		}
		i.Keys = append(i.Keys, keys)
	}
	return nil
}

// arms are the rows of the picture, as the chapter's tables have them, of those that
// every subject has.
func (c *collection) arms() []Arm {
	var list []Arm
	controls := map[string]bool{}
	for _, l := range c.p.Tables() {
		if l.Name == "controls" {
			for _, h := range l.Arms {
				controls[h.Name] = true
			}
		}
	}
	for _, h := range protocols.AllArms(c.p) {
		if slices.ContainsFunc(c.subjects, func(i *individual) bool { _, ok := i.arms[h.Name]; return !ok }) {
			continue
		}
		a := Arm{Name: h.Name, Words: h.Words, Colour: string(figures.ArmColour(h.Name)), Ours: controls[h.Name], Book: map[string]float64{}}
		for _, f := range protocols.PublishedFigures(c.p.Chapter()) {
			if f.Arm == h.Name && f.Kind == "figure" && protocols.Unlike(c.p, f.Arm, f.Metric) == nil {
				a.Book[f.Metric] = cmp.Or(a.Book[f.Metric], f.Mean)
			}
		}
		list = append(list, a)
	}
	return list
}

// rights is a reading in points of its test set.
func rights(t engine.Taken) int {
	return int(math.Round(t.Values[0] * float64(t.Reading.Probe.(protocols.Accuracy).Data.Samples) / 100))
}

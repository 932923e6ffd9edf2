package live

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/network-fragility/fragility/protocols"
)

// pack takes as many arms, in the order of the chapter's tables, as each subject has
// room for in so many bytes of the page, and tells which it left out.
func (c *collection) pack(room int, short bool) (left []string, err error) {
	c.data.Short, c.data.Widths = short, c.subjects[0].nets[0].Widths
	all := c.arms()
	packed := make([][]Packed, len(c.subjects)) // by subject and net
	masks := make([][]Mask, len(c.subjects))
	for k, i := range c.subjects {
		for _, n := range i.nets {
			m := n.mask()
			at := slices.IndexFunc(masks[k], func(o Mask) bool { return o.Gaps == m.Gaps && o.Bits == m.Bits })
			if at < 0 {
				at = len(masks[k])
				masks[k] = append(masks[k], m)
			}
			p := n.packed(short)
			p.Mask = at
			packed[k] = append(packed[k], p)
		}
	}
	for _, a := range c.byNeed(all) {
		if a.Ours && c.onlyDials(a) {
			continue // a reader turns them
		}
		with := append(slices.Clone(c.data.Arms), a)
		most := 0
		for k, i := range c.subjects {
			most = max(most, i.size(with, packed[k], masks[k]))
		}
		if most > room {
			left = append(left, a.Words)
			continue
		}
		c.data.Arms = with
	}
	c.data.Arms = slices.DeleteFunc(all, func(a Arm) bool {
		return !slices.ContainsFunc(c.data.Arms, func(o Arm) bool { return o.Name == a.Name })
	})
	if len(c.data.Arms) == 0 {
		return left, fmt.Errorf("live: no network of chapter %d fits into %d bytes", c.p.Chapter(), room)
	}
	for k, i := range c.subjects {
		c.data.Subjects = append(c.data.Subjects, i.with(c.data.Arms, c.data.Sets, packed[k], masks[k]))
	}
	c.dials()
	return left, nil
}

// byNeed puts arms last whose networks were never pruned: they take as much room as all
// others together, and are at the ceiling of every test.
func (c *collection) byNeed(arms []Arm) []Arm {
	i := c.subjects[0]
	dense := func(a Arm) bool { return i.nets[i.States[i.arms[a.Name]].Net].dense() }
	pruned := slices.DeleteFunc(slices.Clone(arms), dense)
	return append(pruned, slices.DeleteFunc(slices.Clone(arms), func(a Arm) bool { return !dense(a) })...)
}

// onlyDials reports whether an arm is a network that the page has, with other dials.
func (c *collection) onlyDials(a Arm) bool {
	i := c.subjects[0]
	return slices.ContainsFunc(c.data.Arms, func(o Arm) bool { return i.States[i.arms[o.Name]].Net == i.States[i.arms[a.Name]].Net })
}

// rest is what the page takes besides networks, in bytes.
func (c *collection) rest() int {
	bytes := len(sectionText) + len(styleText) + len(scriptText) + len(workerText) + len(c.data.Kernel) + tables
	for _, i := range c.subjects {
		for _, s := range i.Sets {
			bytes += len(s.Points) + len(s.Labels)
		}
	}
	return bytes
}

// shownKey is how much of a reading's key the page has: what tells it from all others.
const shownKey = 16

// About the bytes of picture and tables, of a reading and of a state.
const (
	tables    = 30_000
	ofReading = 150
	ofState   = 450
)

// size is what a subject takes of the page with some of the arms.
func (i *individual) size(arms []Arm, packed []Packed, masks []Mask) int {
	bytes := 0
	nets, met := map[int]bool{}, map[int]bool{}
	for _, a := range arms {
		n := i.States[i.arms[a.Name]].Net
		if nets[n] {
			continue
		}
		nets[n] = true
		bytes += len(packed[n].Weights) + len(packed[n].Biases)
		if m := packed[n].Mask; !met[m] {
			met[m] = true
			bytes += len(masks[m].Gaps) + len(masks[m].Bits)
		}
	}
	for _, s := range i.States {
		if nets[s.Net] {
			bytes += ofState
		}
	}
	for _, t := range i.taken {
		if nets[i.States[i.state[t.Subject]].Net] {
			bytes += ofReading
		}
	}
	return bytes
}

// with is the subject with some of the arms, and all that is known of their networks.
func (i *individual) with(arms []Arm, sets []protocols.Data, packed []Packed, masks []Mask) Individual {
	out := Individual{Seed: i.Seed, Sets: i.Sets, Keys: i.Keys}
	mask, net, state := map[int]int{}, map[int]int{}, map[int]int{}
	for _, a := range arms {
		n := i.States[i.arms[a.Name]].Net
		if _, met := net[n]; met {
			continue
		}
		net[n] = len(out.Nets)
		p := packed[n]
		if _, met := mask[p.Mask]; !met {
			mask[p.Mask] = len(out.Masks)
			out.Masks = append(out.Masks, masks[p.Mask])
		}
		p.Mask = mask[p.Mask]
		out.Nets = append(out.Nets, p)
	}
	for k, s := range i.States {
		if n, carried := net[s.Net]; carried {
			state[k] = len(out.States)
			s.Net = n
			out.States = append(out.States, s)
		}
	}
	for _, a := range arms {
		out.Arms = append(out.Arms, state[i.arms[a.Name]])
	}
	for _, t := range i.taken {
		k, carried := state[i.state[t.Subject]]
		if !carried || slices.ContainsFunc(out.Readings, func(o Check) bool { return o.Key == t.Key[:shownKey] }) {
			continue
		}
		a := t.Reading.Probe.(protocols.Accuracy)
		out.Readings = append(out.Readings, Check{State: k, Right: rights(t), Key: t.Key[:shownKey],
			Conditions: Conditions{slices.Index(sets, a.Data), a.InputSigma, a.Sigma, a.Bias, a.Draw}})
	}
	return out
}

// dials are the numbers that a reader turns. Their ends lie beyond what the chapter
// tests.
func (c *collection) dials() {
	input, sigma, bias := 2.0, 3.0, 2.0
	for _, t := range c.data.Tests {
		input, sigma, bias = max(input, t.InputSigma), max(sigma, t.Sigma), max(bias, t.Bias)
	}
	c.data.Dials = []Dial{
		{Name: "Sigma", Words: "internal noise", Unit: "SD", Max: sigma, Step: 0.05},
		{Name: "Bias", Words: "mean of the internal noise", Max: bias, Step: 0.05},
		{Name: "InputSigma", Words: "input noise", Unit: "SD", Max: input, Step: 0.05},
		{Name: "Gain", Words: "gain", Min: 0.5, Max: 2, Step: 0.05, Own: true, Home: 1},
		{Name: "Inhibition", Words: "inhibition", Min: 0.3, Max: 1.2, Step: 0.05, Own: true, Home: 1},
	}
	for _, i := range c.subjects {
		for _, s := range i.States {
			if st := s.Modulation.Stabiliser; st.GainCap != 0 && c.data.Stabiliser == nil {
				c.data.Stabiliser = &st
				c.data.Dials = append(c.data.Dials, Dial{Name: "Level", Words: "mood stabiliser", Unit: "share", Max: 1, Step: 0.05, Own: true})
			}
		}
	}
}

// JSON is the data as it stands in the page.
func (d *Data) JSON() ([]byte, error) { return json.Marshal(d) }

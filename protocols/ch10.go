package protocols

import (
	"fmt"
	"strings"
)

// Ch10 is chapter 10: the protocol of chapter 8 in a recurrent network, and
// beside it the same subjects with chapter 8's feed-forward network, so that the
// two are compared pair by pair.
type Ch10 struct {
	Kindling
	Recurrent
	FeedforwardArms bool      `default:"true" meaning:"whether the network of chapter 8 is taken through the book's arms beside the recurrent one"`
	MapSigmas       []float64 `default:"0,0.1,0.3,1" range:"[0,100] each once" unit:"SD" meaning:"of the noise in the state, in the map of where the biased test tells networks apart (ours)"`
	MapBiases       []float64 `default:"0,0.05,0.1,0.2,0.3,1" range:"[-100,100] each once" unit:"mean" meaning:"of the noise in the state, in that map"`
}

// Feedforward begins the names of the arms of chapter 8's network.
const Feedforward = "feedforward_"

func (*Ch10) Chapter() int  { return 10 }
func (*Ch10) Title() string { return "The same treatments in a recurrent network" }

// Profiles implements the chapter's own profile values: an epoch of the
// recurrent network takes as long as twenty of the feed-forward one.
func (*Ch10) Profiles() map[string]map[string]string {
	return map[string]map[string]string{
		"quick": {"Seeds": "0", "MaintenanceDurations": "25", "Controls": "false"},
		"smoke": {"GRUHidden": "16", "SequenceLength": "2", "MapSigmas": "0,1", "MapBiases": "0,0.3", "BaselineEpochs": "5", "KindlingCycles": "2"},
	}
}

// Check implements Protocol.
func (p *Ch10) Check() error {
	q := p.recurring()
	for _, a := range p.Arms {
		if strings.HasPrefix(a.Name, Feedforward) {
			return badInput("Arms: names with %q are the arms of chapter 8's network; give %q another name", Feedforward, a.Name)
		}
	}
	return q.Check()
}

// recurring is the protocol of chapter 8 with the recurrent network.
func (p *Ch10) recurring() *Kindling {
	q := p.Kindling
	q.recurrent = &p.Recurrent
	return &q
}

// Plant implements Protocol.
func (p *Ch10) Plant(seed int) *Tree {
	t := NewTree(seed)
	q := p.recurring()
	k := q.plant(t, p.parts())
	if !p.Controls {
		// No biased figure stands without that of a healthy network.
		q.battery(k.full, ArmFull)
		q.triggers(k.full, ArmFull, "before")
	}
	p.measure(q, k.full, ArmFull)
	p.measure(q, k.scarred, ArmUntreated)
	for _, arm := range sortedArms(k.treated) {
		p.measure(q, k.treated[arm], arm)
	}
	if p.FeedforwardArms {
		ff := p.Kindling
		ff.Controls, ff.Arms, ff.NeurosteroidLayer = false, nil, 0
		u := NewTree(seed)
		ff.plant(u, nil)
		t.graft(u, Feedforward)
	}
	return t
}

// parts are controls of ours that take the neurosteroid-like treatment apart.
func (p *Ch10) parts() []Treatment {
	if !p.Controls {
		return nil
	}
	return []Treatment{
		{ArmTanhOnly, "tanh without inhibition (ours)", p.neurosteroid(1, p.NeurosteroidGain, p.NeurosteroidEpochs, p.FinetuneRate, 0)},
		p.inhibitionOnly(),
	}
}

// measure takes what chapter 8 has no need of: the combined test with one draw
// of the noise for all steps, as in a network without steps, and the map.
func (p *Ch10) measure(q *Kindling, n *Node, arm string) {
	held := q.combined(0)
	held.Held = true
	n.Measure(arm, "", "combined_held", held)
	for _, sigma := range p.MapSigmas {
		for _, bias := range p.MapBiases {
			n.Measure(arm, "", MapMetric(sigma, bias), Accuracy{Data: q.standard(), Sigma: sigma, Bias: bias, InState: true})
		}
	}
}

// MapMetric names the accuracy under noise in the state, "state_0_3_bias_0_1".
func MapMetric(sigma, bias float64) string {
	return "state_" + metricNumber(sigma) + "_bias_" + metricNumber(bias)
}

// graft hangs the tree of the same subject under another network into t; its
// arms get a prefix.
func (t *Tree) graft(u *Tree, prefix string) {
	u.Walk(func(n *Node) {
		for i := range n.Readings {
			r := &n.Readings[i]
			r.Arm = prefix + r.Arm
			for j := range r.Names {
				r.Names[j].Arm = prefix + r.Names[j].Arm
			}
		}
	})
	for _, c := range u.Root.Children {
		c.Parent = t.Root
		t.Root.Children = append(t.Root.Children, c)
	}
}

// Derive implements Protocol.
func (p *Ch10) Derive(rows []Row) []Row {
	d := p.derive(10, rows)
	last := p.KindlingCycles - 1
	d.each(func(s *subjectRows) {
		relapses, ok := s.value("total_relapses")
		if !ok || p.KindlingCycles == 0 {
			return
		}
		first, _ := s.value(CycleMetric(0, "severity"))
		final, _ := s.value(CycleMetric(last, "severity"))
		s.add("severity_first", first)
		s.add("severity_last", final)
		s.add("severity", final)
		for cycle := range p.KindlingCycles {
			if v, _ := s.value(CycleMetric(cycle, "relapse")); v > 0 {
				scar, _ := s.value(CycleMetric(cycle, "scar"))
				s.add("scar_after_first_relapse", scar)
				break
			}
		}
		if before, ok := s.value("scar"); ok {
			p.bookkeeping(s)
			if after, _ := s.value("final_scar"); relapses > 0 {
				s.add("scar_per_relapse", (after-before)/relapses)
			}
		}
	})
	return d.rows
}

// bookkeeping derives the scars that follow from the shares of live and scarred
// weights and the severities alone, without a network (chapter 10, section
// 6.8).
func (p *Ch10) bookkeeping(s *subjectRows) {
	sparsity, _ := s.value("sparsity_weights")
	scar, _ := s.value("scar")
	live := 1 - sparsity/100
	scar /= 100
	episode := ScarEpisode{BaseScar: p.KindlingBaseScar, RateMin: p.KindlingRateMin, RateMax: p.KindlingRateMax}
	for cycle := range p.KindlingCycles {
		if cycle > 0 && strings.TrimPrefix(s.Arm, Feedforward) == ArmKetamine {
			live += p.KindlingRegrowFraction * (1 - live - scar)
		}
		if v, _ := s.value(CycleMetric(cycle, "relapse")); v > 0 {
			severity, _ := s.value(CycleMetric(cycle, "severity"))
			lost := episode.Rate(severity) * live
			live, scar = live-lost, scar+lost
		}
		s.add(CycleMetric(cycle, "scar_by_bookkeeping"), 100*scar)
	}
}

// feedforwardArms are the book's arms in both networks, in pairs.
func (p *Ch10) feedforwardArms() []Heading {
	var arms []Heading
	for _, a := range p.book() {
		arms = append(arms, Heading{a.Arm, a.Words}, Heading{Feedforward + a.Arm, a.Words + ", feed-forward"})
	}
	return arms
}

// Tables implements Protocol.
func (p *Ch10) Tables() []Layout {
	list := p.recurring().tables(p.parts())
	for i := range list {
		if list[i].Name == "kindling" && p.KindlingCycles > 0 {
			list[i].Metrics = append(list[i].Metrics, Heading{"scar_after_first_relapse", "scarred after the first relapse (%)"},
				Heading{"severity_first", "severity in the first cycle"}, Heading{"severity", "severity at the end"})
		}
	}
	reference := []Heading{{ArmFull, "full network (ours)"}, {ArmUntreated, "untreated"}}
	arms := append(reference, armHeadings(p.book(), p.tunedControls(), p.parts(), p.own())...)
	var cells []Heading
	for _, sigma := range p.MapSigmas {
		for _, bias := range p.MapBiases {
			cells = append(cells, Heading{MapMetric(sigma, bias), fmt.Sprintf("SD %s, bias %s", Format(sigma), Format(bias))})
		}
	}
	list = append(list,
		Layout{Name: "saturation", Title: "Accuracy (%) under noise in the state: where the test tells networks apart (ours)", Arms: arms, Metrics: cells},
		Layout{Name: "noise held", Title: "Combined accuracy (%): noise of each step's own, and one draw for all steps (ours)", Arms: arms, Metrics: []Heading{{"combined", "combined"}, {"combined_held", "combined, one draw for all steps"}}})
	var scars []Heading
	for c := range p.KindlingCycles {
		words := fmt.Sprintf("cycle %d", c)
		scars = append(scars, Heading{CycleMetric(c, "scar"), words}, Heading{CycleMetric(c, "scar_by_bookkeeping"), words + ", by bookkeeping"})
	}
	if p.KindlingCycles > 0 {
		list = append(list, Layout{Name: "bookkeeping", Title: "Scarred weights (%): as measured, and as they follow from shares and severities alone", Arms: armHeadings(p.book()), Metrics: scars})
	}
	if p.FeedforwardArms {
		list = append(list, Layout{Name: "topologies", Title: "The same treatments in two networks", Arms: p.feedforwardArms(), Metrics: []Heading{
			{"clean", "clean"}, {"standard", "standard"}, {"combined", "combined"}, {"combined_held", "combined, one draw for all steps"}, {"biased", "biased"},
			{"relapse_drop_same_noise", "drop of the second pruning under the same noise"}, {"manic_relapse_probability", "relapse probability after withdrawal (%)"},
			{"total_relapses", "relapses of the cycles"}, {"scar", "scarred before the cycles (%)"}, {"final_scar", "scarred after them (%)"},
			{"scar_per_relapse", "scarred by a relapse (points)"}, {"severity_last", "severity in the last cycle"}, {"autonomy_accuracy", "accuracy in the autonomy test (%)"}, {"autonomous", "autonomous (% of subjects)"},
		}})
	}
	return list
}

// Contrasts implements Protocol.
func (p *Ch10) Contrasts() []Contrast {
	list := p.recurring().contrasts()
	for _, a := range []string{ArmUntreated, ArmKetamine, ArmSSRI, ArmNeurosteroid} {
		list = append(list, Contrast{Question: "Does the biased test tell a healthy network from this one?", Arm: ArmFull, Against: a, Metric: "biased"})
	}
	for _, a := range []string{ArmFull, ArmUntreated, ArmKetamine, ArmSSRI, ArmNeurosteroid} {
		list = append(list, Contrast{Question: "What does noise of each step's own average out?", Arm: a, Against: a, Metric: "combined", AgainstMetric: "combined_held"})
	}
	if p.Controls {
		if m, ok := p.mild(); ok {
			list = append(list,
				Contrast{Question: "What does tanh do beside the inhibition?", Arm: ArmNeurosteroid, Against: ArmInhibitionOnly, Metric: m},
				Contrast{Question: "What does the inhibition do beside tanh?", Arm: ArmNeurosteroid, Against: ArmTanhOnly, Metric: m})
		}
	}
	if p.FeedforwardArms {
		for _, a := range []string{ArmKetamine, ArmSSRI, ArmNeurosteroid} {
			for _, m := range []string{"combined", "biased", "total_relapses", "final_scar", "autonomy_accuracy"} {
				list = append(list, Contrast{Question: "Recurrent or feed-forward?", Arm: a, Against: Feedforward + a, Metric: m})
			}
		}
	}
	return list
}

// mild is the weakest trigger of the map, noise of SD 1 without a bias.
func (p *Ch10) mild() (metric string, ok bool) {
	for _, sigma := range p.MapSigmas {
		for _, bias := range p.MapBiases {
			if sigma == 1 && bias == 0 {
				return MapMetric(sigma, bias), true
			}
		}
	}
	return "", false
}

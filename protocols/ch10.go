package protocols

import (
	"fmt"
	"maps"
	"slices"
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
	if p.Architecture != "mlp" {
		return badInput("Architecture takes mlp in chapter 10, whose networks are its own, not %s", p.Architecture)
	}
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
	for _, arm := range slices.Sorted(maps.Keys(k.treated)) {
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
		ours(ArmTanhOnly, "tanh without inhibition").as(p.neurosteroid(1, p.NeurosteroidGain, p.NeurosteroidEpochs, p.FinetuneRate, 0)...),
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
		arms = append(arms, Heading{Name: a.Arm, Words: a.Words}, Heading{Name: Feedforward + a.Arm, Words: a.Words + ", feed-forward"})
	}
	return arms
}

// Tables implements Protocol.
func (p *Ch10) Tables() []Layout {
	list := p.recurring().tables(p.parts())
	for i := range list {
		if list[i].Name == "kindling" && p.KindlingCycles > 0 {
			list[i].Metrics = append(list[i].Metrics, Heading{Name: "scar_after_first_relapse", Words: "scarred after the first relapse (%)"},
				Heading{Name: "severity_first", Words: "severity in the first cycle"}, Heading{Name: "severity", Words: "severity at the end"})
		}
	}
	reference := []Heading{ours(ArmFull, "full network"), untreated}
	arms := append(reference, armHeadings(p.book(), p.tunedControls(), p.parts(), p.own())...)
	var cells []Heading
	for _, sigma := range p.MapSigmas {
		for _, bias := range p.MapBiases {
			cells = append(cells, Heading{Name: MapMetric(sigma, bias), Words: fmt.Sprintf("SD %s, bias %s", Format(sigma), Format(bias))})
		}
	}
	list = append(list,
		Layout{Name: "saturation", Ours: true, Title: "Accuracy (%) under noise in the state: where the test tells networks apart", Arms: arms, Metrics: cells},
		Layout{Name: "noise held", Ours: true, Title: "Combined accuracy (%): noise of each step's own, and one draw for all steps", Arms: arms, Metrics: []Heading{{Name: "combined", Words: "combined"}, {Name: "combined_held", Words: "combined, one draw for all steps"}}})
	var scars []Heading
	for c := range p.KindlingCycles {
		words := fmt.Sprintf("cycle %d", c)
		scars = append(scars, Heading{Name: CycleMetric(c, "scar"), Words: words}, Heading{Name: CycleMetric(c, "scar_by_bookkeeping"), Words: words + ", by bookkeeping"})
	}
	if p.KindlingCycles > 0 {
		list = append(list, Layout{Name: "bookkeeping", Title: "Scarred weights (%): as measured, and as they follow from shares and severities alone", Arms: armHeadings(p.book()), Metrics: scars})
	}
	if p.FeedforwardArms {
		list = append(list, Layout{Name: "topologies", Title: "The same treatments in two networks", Arms: p.feedforwardArms(), Metrics: []Heading{
			{Name: "clean", Words: "clean"}, {Name: "standard", Words: "standard"}, {Name: "combined", Words: "combined"}, {Name: "combined_held", Words: "combined, one draw for all steps"}, {Name: "biased", Words: "biased"},
			{Name: "relapse_drop_same_noise", Words: "drop of the second pruning under the same noise"}, {Name: "manic_relapse_probability", Words: "relapse probability after withdrawal (%)"},
			{Name: "total_relapses", Words: "relapses of the cycles"}, {Name: "scar", Words: "scarred before the cycles (%)"}, {Name: "final_scar", Words: "scarred after them (%)"},
			{Name: "scar_per_relapse", Words: "scarred by a relapse (points)"}, {Name: "severity_last", Words: "severity in the last cycle"}, {Name: "autonomy_accuracy", Words: "accuracy in the autonomy test (%)"}, {Name: "autonomous", Words: "autonomous (% of subjects)"},
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
			list = append(list, asked([]string{"combined", "biased", "total_relapses", "final_scar", "autonomy_accuracy"},
				Contrast{Question: "Recurrent or feed-forward?", Arm: a, Against: Feedforward + a})...)
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

// Claims are what the chapter says.
func (p *Ch10) Claims() []Claim {
	last := p.KindlingLastBias
	if p.KindlingCycles < 2 {
		last = p.KindlingFirstBias // there is no other
	}
	end := CycleMetric(p.KindlingCycles-1, "severity")
	acute, probes, cycles := "Acute treatment efficacy and structural change, p. 232", "Manic-conversion probes, p. 233", "Progressive sensitisation under kindling, p. 234"
	list := []Claim{
		{ID: "10.1", Where: acute, Words: "Regrowth restores the accuracy and excitation does not (SSRI-like less than ketamine-like)", Says: Lower, Contrast: vs(ArmSSRI, ArmKetamine, "clean"), Control: "fifty times the rate in the ketamine-like arm; four distinct points"},
		{ID: "10.2", Where: acute, Words: "... under combined noise, too", Says: Lower, Contrast: vs(ArmSSRI, ArmKetamine, "combined"), Control: "fifty times the rate in the ketamine-like arm"},
		{ID: "10.3", Where: acute, Words: "The neurosteroid-like network is as good as the ketamine-like one", Says: Same, Contrast: vs(ArmNeurosteroid, ArmKetamine, "combined")},
		{ID: "10.4", Where: probes, Words: "None of the drugs raises the risk of a switch (ketamine-like)", Says: Same, Contrast: vs(ArmKetamine, ArmUntreated, "biased"), Control: "none can: every network, the healthy one too, is at the floor of the test"},
		{ID: "10.5", Where: probes, Words: "... (SSRI-like)", Says: Same, Contrast: vs(ArmSSRI, ArmUntreated, "biased"), Control: "the same floor"},
		{ID: "10.6", Where: probes, Words: "... (neurosteroid-like)", Says: Same, Contrast: vs(ArmNeurosteroid, ArmUntreated, "biased"), Control: "the same floor"},
		{ID: "10.7", Where: probes, Words: "The biased test finds the ill ones", Says: Higher, Contrast: vs(ArmFull, ArmUntreated, "biased"), Control: "a network that was never pruned"},
		{ID: "10.8", Where: "Acute relapse vulnerability, p. 234", Words: "A second pruning takes more from the SSRI-like network than from the ketamine-like one", Says: Higher, Contrast: vs(ArmSSRI, ArmKetamine, sameNoise), Control: "unequal challenges"},
		{ID: "10.9", Where: acute, Words: "Activation is highest in the neurosteroid-like network", Says: Higher, Contrast: vs(ArmNeurosteroid, ArmKetamine, "activation_magnitude"), Control: "tanh lets negative values through"},
		{ID: "10.10", Where: "Dependence on ongoing neurosteroid action, p. 236", Words: "The neurosteroid-like network is insecure off the drug", Says: Lower, Contrast: vs(ArmNeurosteroidOff, ArmNeurosteroid, "combined"), Control: "the same weights, dials on; trained with tanh and run with ReLU"},
		{ID: "10.11", Where: acute, Words: "Combined noise is a hard test of a recurrent network", Says: Lower, Contrast: change(ArmFull, "combined", "combined_held"), Control: "one draw for all steps, as the feed-forward network has it"},
		{ID: "10.12", Where: "Post-discontinuation relapse, p. 234", Words: "All relapse off the drug, however long it was taken: ketamine-like as SSRI-like", Says: Same, Contrast: vs(ArmKetamine, ArmSSRI, "manic_relapse_probability"), Control: "on the drug they are below the threshold already"},
		{ID: "10.13", Where: cycles, Words: "All relapse in every cycle: ketamine-like as SSRI-like", Says: Same, Contrast: vs(ArmKetamine, ArmSSRI, "total_relapses"), Control: "the healthy network is below the threshold, too"},
		{ID: "10.14", Where: cycles, Words: "Scars come to most in the ketamine-like network", Says: Higher, Contrast: vs(ArmKetamine, ArmSSRI, "final_scar"), Control: "shares of all weights: a relapse takes more from a denser network"},
		{ID: "10.15", Where: cycles, Words: "... and to more in the SSRI-like than in the neurosteroid-like one", Says: Higher, Contrast: vs(ArmSSRI, ArmNeurosteroid, "final_scar")},
		{ID: "10.16", Where: cycles, Words: "At a weak trigger the neurosteroid-like network is better than the ketamine-like one", Says: Higher, Contrast: vs(ArmNeurosteroid, ArmKetamine, "autonomy_accuracy")},
		{ID: "10.17", Where: cycles, Words: "Episodes bring the neurosteroid-like network to stability: 25 to 36 % from the first cycle to the last", Says: Higher, Contrast: change(ArmNeurosteroid, TriggerMetric(last, "after"), TriggerMetric(last, "before")), Control: "the same network before the cycles, at the trigger of the last"},
		{ID: "10.18", Where: cycles, Words: "Severity stays flat in the ketamine-like network", Says: Same, Contrast: change(ArmKetamine, end, CycleMetric(0, "severity"))},
		{ID: "10.19", Where: cycles, Words: "... and rises in the SSRI-like one", Says: Higher, Contrast: change(ArmSSRI, end, CycleMetric(0, "severity")), Control: "gain and activation make it; the gain does not change"},
		{ID: "10.20", Where: "Architectural Dependency in Simulated Plasticity Effects, p. 238", Words: "Recurrence carries errors on from step to step", Says: Higher, Needs: "the distance of the states of one sequence with and without a disturbance, step by step, in both networks"},
	}
	if p.Controls {
		list = append(list,
			Claim{ID: "10.21", Where: "Interpretation of Results, p. 236", Words: "Lost connections are what only regrowth brings back", Says: Higher, Contrast: vs(ArmKetamine, p.withoutRegrowth(), "combined"), Family: Mechanisms, Control: "the same training at the same gain without regrowth"},
			Claim{ID: "10.22", Where: "Interpretation of Results, p. 236", Words: "Excitation cannot make up for lost connections", Says: Lower, Contrast: vs(p.withoutRegrowth(), ArmKetamine, "standard"), Family: Mechanisms, Control: "training at 95 % sparsity with the gain, at the tuning rate"})
		if m, ok := p.mild(); ok {
			list = append(list,
				Claim{ID: "10.23", Where: "Interpretation of Results, p. 236", Words: "Tonic inhibition is what steadies the neurosteroid-like network", Says: Lower, Contrast: vs(ArmTanhOnly, ArmNeurosteroid, m), Family: Mechanisms, Control: "tanh without inhibition"},
				Claim{ID: "10.24", Where: "Interpretation of Results, p. 236", Words: "... and not the saturation that comes with it", Says: Same, Contrast: vs(ArmInhibitionOnly, ArmNeurosteroid, m), Family: Mechanisms, Control: "inhibition without tanh"})
		}
	}
	if p.FeedforwardArms {
		list = append(list,
			Claim{ID: "10.25", Where: "Architectural Dependency in Simulated Plasticity Effects, p. 238", Words: "Recurrence turns regrowth against the network: it relapses more often", Says: Higher, Contrast: vs(ArmKetamine, Feedforward+ArmKetamine, "total_relapses"), Family: Mechanisms, Control: "the healthy recurrent network is below the threshold, too: the test, not the treatment"},
			Claim{ID: "10.26", Where: "Architectural Dependency in Simulated Plasticity Effects, p. 238", Words: "... and a relapse scars more of it", Says: Higher, Contrast: vs(ArmKetamine, Feedforward+ArmKetamine, "scar_per_relapse"), Family: Mechanisms, Control: "subjects who relapse in both networks"},
			Claim{ID: "10.27", Where: "Architectural Dependency in Simulated Plasticity Effects, p. 238", Words: "The recurrent network stands combined noise better than the feed-forward one", Says: Higher, Contrast: Contrast{Arm: ArmKetamine, Against: Feedforward + ArmKetamine, Metric: "combined_held", AgainstMetric: "combined"}, Family: Mechanisms, Control: "one draw of the noise in both"})
	}
	return settled(list)
}

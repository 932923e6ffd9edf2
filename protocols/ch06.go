package protocols

import (
	"slices"
	"strconv"
)

// Ch06 is chapter 6: the three treatments without gain, then pruning that goes
// on, cycle after cycle, under maintenance.
type Ch06 struct {
	Clinic
	StressCycles  int     `default:"8" range:"[1,1000]" unit:"cycles" meaning:"of pruning and maintenance"`
	StressPruning float64 `default:"0.1" range:"[0,1]" unit:"share of the live weights" meaning:"cut in each cycle"`

	KetamineMaintenanceEpochs     int     `default:"5" range:"[0,10000]" unit:"epochs" meaning:"training a cycle in the ketamine-like arm, at FinetuneRate and without regrowth"`
	SSRIMaintenanceEpochs         int     `default:"20" range:"[0,10000]" unit:"epochs" meaning:"training a cycle in the SSRI-like arm, at SSRIRate"`
	SSRIMaintenanceSigma          float64 `default:"0.3" range:"[0,100]" unit:"SD" meaning:"internal noise in the first of these epochs; it falls to 0 in the last"`
	NeurosteroidMaintenanceEpochs int     `default:"10" range:"[0,10000]" unit:"epochs" meaning:"training a cycle in the neurosteroid-like arm, at FinetuneRate and under the drug"`

	CombinedRelapseThreshold float64 `default:"80" range:"[0,100]" unit:"%" meaning:"combined accuracy below which a subject counts as relapsed"`
}

// Arms of chapter 6 that are ours.
const (
	ArmUnmaintained   = "_unmaintained" // ends the name of an arm
	ArmSSRIFastUpkeep = "ssri_maintained_at_tuning_rate"
)

func (*Ch06) Chapter() int  { return 6 }
func (*Ch06) Title() string { return "Chronic stress with maintenance" }

// Defaults are the chapter's own.
func (*Ch06) Defaults() map[string]string { return withoutGain }

// Plant implements Protocol.
func (p *Ch06) Plant(seed int) *Tree {
	t := NewTree(seed)
	full, pruned := p.begin(t)
	treatments := slices.Concat(p.book(), p.own(), p.tunedControls())
	treated := p.acute(pruned, treatments)
	for _, t := range treatments {
		p.course(treated[t.Arm], t.Arm, p.maintenance(t.Arm))
	}
	if p.Controls {
		for _, t := range append(p.book(), p.tunedControls()...) {
			p.course(treated[t.Arm], t.Arm+ArmUnmaintained, nil)
		}
		p.course(pruned, ArmUntreated+ArmUnmaintained, nil)
		fast := p.tune(p.NeurosteroidMaintenanceEpochs, p.FinetuneRate)
		p.course(treated[ArmSSRI], ArmSSRIFastUpkeep, &fast)
		p.course(full, ArmFull, p.maintenance(ArmFull))
		p.course(full, ArmFull+ArmUnmaintained, nil)
	}
	return t
}

// maintenance is the training of a cycle; an arm of the user's own, and the
// control, have that of the ketamine-like arm.
func (p *Ch06) maintenance(arm string) *Train {
	switch arm {
	case ArmSSRI:
		t := p.tune(p.SSRIMaintenanceEpochs, p.SSRIRate).under(Ramp{p.SSRIMaintenanceSigma, 0}, Ramp{p.SSRIMaxGain, p.SSRIMaxGain})
		return &t
	case ArmNeurosteroid:
		t := p.tune(p.NeurosteroidMaintenanceEpochs, p.FinetuneRate)
		return &t
	}
	t := p.tune(p.KetamineMaintenanceEpochs, p.FinetuneRate)
	return &t
}

// course is the cycles of an arm. Each cycle is measured under a draw of the
// noise of its own, as the book does, and the arms share it.
func (p *Ch06) course(n *Node, arm string, maintenance *Train) {
	measure := func(cycle int) {
		n.Measure(arm, "", CycleMetric(cycle, "combined"), p.combined(1+cycle))
		n.Measure(arm, "", CycleMetric(cycle, "sparsity_weights"), Sparsity{})
	}
	measure(0)
	for cycle := 1; cycle <= p.StressCycles; cycle++ {
		n = n.Then("stress", PruneFurther{p.StressPruning, noLimit, p.rule()})
		if maintenance != nil {
			n = n.Then("maintain", *maintenance)
		}
		measure(cycle)
	}
	n.Read(p.census(arm))
}

// Derive implements Protocol: the drops, and the first cycle, from 0 on, in
// which a subject is below the threshold. A subject below it at cycle 0 was
// never lifted above; relapsed counts it, as the book does, and
// relapsed_from_remission does not.
func (p *Ch06) Derive(rows []Row) []Row {
	d := p.derive(6, rows)
	d.each(func(s *subjectRows) {
		last, ok := s.value(CycleMetric(p.StressCycles, "combined"))
		if !ok {
			return
		}
		s.difference("total_drop_points", CycleMetric(0, "combined"), CycleMetric(p.StressCycles, "combined"))
		s.add("final_combined", last)
		if v, ok := s.value(CycleMetric(p.StressCycles, "sparsity_weights")); ok {
			s.add("final_sparsity_weights", v)
		}
		first := -1
		for cycle := 0; cycle <= p.StressCycles && first < 0; cycle++ {
			if v, _ := s.value(CycleMetric(cycle, "combined")); v < p.CombinedRelapseThreshold {
				first = cycle
			}
		}
		s.flag("relapsed", first >= 0)
		if first >= 0 {
			s.add("mean_cycle_at_relapse", float64(first))
		}
		if first != 0 {
			s.flag("relapsed_from_remission", first > 0)
		}
	})
	return d.rows
}

// StressedArms are the arms that go through the cycles.
func (p *Ch06) StressedArms() []Heading {
	courses := armHeadings(p.book(), p.own())
	if p.Controls {
		courses = append(courses, armHeadings(p.tunedControls())...)
		courses = append(courses, ours(ArmSSRIFastUpkeep, "SSRI-like, maintained at the tuning rate"), ours(ArmFull, "full network"))
		never := append(armHeadings(p.book()), armHeadings(p.tunedControls())...)
		for _, h := range append(never, untreated, fullNetwork) {
			courses = append(courses, h.but(ArmUnmaintained, "never maintained"))
		}
	}
	return courses
}

// Tables implements Protocol.
func (p *Ch06) Tables() []Layout {
	controls := append(p.healthyArm(), p.tunedControls()...)
	courses := p.StressedArms()
	var combined, sparsity []Heading
	for c := range p.StressCycles + 1 {
		combined = append(combined, Heading{Name: CycleMetric(c, "combined"), Words: "cycle " + strconv.Itoa(c)})
		sparsity = append(sparsity, Heading{Name: CycleMetric(c, "sparsity_weights"), Words: "cycle " + strconv.Itoa(c)})
	}
	return append(p.acuteTables(controls),
		Layout{Name: "cycles", Title: "Combined accuracy (%) through the cycles of stress", Arms: courses, Metrics: combined},
		Layout{Name: "sparsity", Title: "Sparsity over weights (%) through the cycles", Arms: courses, Metrics: sparsity},
		Layout{Name: "relapse", Title: "What the cycles leave", Arms: courses, Metrics: []Heading{
			{Name: "total_drop_points", Words: "drop from cycle 0 to the last (points)"}, {Name: "final_combined", Words: "combined at the end (%)"},
			{Name: "final_sparsity_weights", Words: "sparsity at the end (%)"}, {Name: "relapsed", Words: "subjects below the threshold at some cycle (%)"},
			{Name: "mean_cycle_at_relapse", Words: "first such cycle, of those"}, ours("relapsed_from_remission", "of those above it at cycle 0 (%)"),
		}})
}

// Contrasts implements Protocol.
func (p *Ch06) Contrasts() []Contrast {
	list := p.treatmentContrasts("combined", p.hardest(), "relapse_drop_same_noise", "final_combined", "total_drop_points")
	if p.Controls {
		for _, t := range p.book() {
			list = append(list, Contrast{Question: "What does maintenance do?", Arm: t.Arm, Against: t.Arm + ArmUnmaintained, Metric: "final_combined"})
		}
		list = append(list,
			Contrast{Question: "Is the SSRI-like maintenance limited by its rate?", Arm: ArmSSRIFastUpkeep, Against: ArmSSRI, Metric: "final_combined"},
			Contrast{Question: "At equal maintenance: SSRI-like or neurosteroid-like?", Arm: ArmSSRIFastUpkeep, Against: ArmNeurosteroid, Metric: "final_combined"},
		)
	}
	return slices.Concat(list, p.healthyContrasts("combined", "final_combined", "total_drop_points"), p.ownContrasts("combined", "final_combined"))
}

// Claims are what the chapter says.
func (p *Ch06) Claims() []Claim {
	hardest := p.hardest()
	last, first := CycleMetric(p.StressCycles, "combined"), CycleMetric(0, "combined")
	list := []Claim{
		{ID: "6.1", Where: "Post-treatment recovery and baseline efficacy, p. 130", Words: "All treatments restore the accuracy on the standard set: the SSRI-like one too", Says: Same, Contrast: vs(ArmSSRI, ArmKetamine, "standard"), Repeats: "4.2"},
		{ID: "6.2", Where: "Post-treatment recovery and baseline efficacy, p. 130", Words: "On the drug the neurosteroid-like network is as good as the ketamine-like one under combined noise", Says: Same, Contrast: vs(ArmNeurosteroid, ArmKetamine, "combined"), Repeats: "4.5"},
		{ID: "6.3", Where: "Resilience to graded internal stress, p. 131", Words: "The ketamine-like network stands internal noise better than the SSRI-like one", Says: Higher, Contrast: vs(ArmKetamine, ArmSSRI, hardest), Repeats: "4.3"},
		{ID: "6.4", Where: "Resilience to graded internal stress, p. 131", Words: "Under the strongest noise SSRI-like and neurosteroid-like are alike", Says: Same, Contrast: vs(ArmSSRI, ArmNeurosteroid, hardest), Control: "not like for like: tanh bounds the signal"},
		{ID: "6.5", Where: "Acute relapse vulnerability, p. 132", Words: "In a second pruning the ketamine-like network loses less than the SSRI-like one", Says: Lower, Contrast: vs(ArmKetamine, ArmSSRI, sameNoise), Repeats: "4.12"},
		{ID: "6.6", Where: "Acute relapse vulnerability, p. 132", Words: "... and the neurosteroid-like one lies between", Says: Lower, Contrast: vs(ArmNeurosteroid, ArmSSRI, sameNoise), Repeats: "4.14"},
		{ID: "6.7", Where: "Neurosteroid state-dependence, p. 132", Words: "Off the drug the neurosteroid-like network fails under combined noise", Says: Lower, Contrast: vs(ArmNeurosteroidOff, ArmNeurosteroid, "combined"), Repeats: "4.9"},
		{ID: "6.8", Where: "Neurosteroid state-dependence, p. 132", Words: "... and stands the strongest noise better", Says: Higher, Contrast: vs(ArmNeurosteroidOff, ArmNeurosteroid, hardest), Control: "the same weights, dials on"},
		{ID: "6.9", Where: "Longitudinal trajectories under chronic stress, p. 132", Words: "The ketamine-like network outlasts the SSRI-like one: it loses less through the cycles", Says: Lower, Contrast: vs(ArmKetamine, ArmSSRI, "total_drop_points"), Control: "drops from before the first cycle, from unequal heights; the cycles cut equal shares, not equal numbers"},
		{ID: "6.10", Where: "Longitudinal trajectories under chronic stress, p. 132", Words: "... and less than the neurosteroid-like one", Says: Lower, Contrast: vs(ArmKetamine, ArmNeurosteroid, "total_drop_points"), Control: "as above"},
		{ID: "6.11", Where: "Longitudinal trajectories under chronic stress, p. 132", Words: "After the last cycle the ketamine-like network is better than the SSRI-like one", Says: Higher, Contrast: vs(ArmKetamine, ArmSSRI, "final_combined"), Control: "it was before the first"},
		{ID: "6.12", Where: "Longitudinal trajectories under chronic stress, p. 132", Words: "The ketamine-like network loses nothing through the cycles", Says: Same, Contrast: change(ArmKetamine, last, first), Control: "the same network before the first cycle; noise of its own in each"},
		{ID: "6.13", Where: "Longitudinal trajectories under chronic stress, p. 132", Words: "The SSRI-like network gets worse as stress goes on", Says: Lower, Contrast: change(ArmSSRI, last, first), Control: "the same network before the first cycle"},
		{ID: "6.14", Where: "Longitudinal trajectories under chronic stress, p. 132", Words: "The neurosteroid-like network declines late", Says: Lower, Contrast: change(ArmNeurosteroid, last, first), Control: "the same network before the first cycle"},
		{ID: "6.15", Where: "Interpretation of results, p. 134", Words: "The neurosteroid-like network is the more durable of the two sparse ones", Says: Lower, Contrast: vs(ArmNeurosteroid, ArmSSRI, "total_drop_points"), Control: "the same density; 25 times the maintenance budget"},
		{ID: "6.16", Where: "Long-term relapse risk, p. 133", Words: "The SSRI-like network relapses and the ketamine-like one does not", Says: Higher, Contrast: vs(ArmSSRI, ArmKetamine, "relapsed"), Control: "a subject below the threshold before the first cycle counts, as in the book"},
		{ID: "6.17", Where: "Long-term relapse risk, p. 133", Words: "... and more often than the neurosteroid-like one", Says: Higher, Contrast: vs(ArmSSRI, ArmNeurosteroid, "relapsed"), Control: "as above"},
		{ID: "6.18", Where: "Long-term relapse risk, p. 133", Words: "Who relapses is decided by where a subject starts", Says: Lower, Needs: "a regression of the relapse on the accuracy before the first cycle, in a cohort with some fifteen relapses"},
	}
	if p.Controls {
		list = append(list,
			Claim{ID: "6.19", Where: "Interpretation of results, p. 134", Words: "Regrowth is why the ketamine-like network lasts", Says: Lower, Contrast: vs(ArmKetamine, p.withoutRegrowth(), "total_drop_points"), Family: Mechanisms, Control: "the same training without regrowth, with the same maintenance; drops from before the first cycle"},
			Claim{ID: "6.20", Where: "Interpretation of results, p. 134", Words: "Maintenance is what carries the ketamine-like network through", Says: Higher, Contrast: vs(ArmKetamine, ArmKetamine+ArmUnmaintained, "final_combined"), Family: Mechanisms, Control: "the same cycles without training"},
			Claim{ID: "6.21", Where: "Interpretation of results, p. 134", Words: "Slow training limits what maintenance can hold", Says: Higher, Contrast: vs(ArmSSRIFastUpkeep, ArmSSRI, "final_combined"), Family: Mechanisms, Control: "the same network, maintained at the tuning rate"},
			Claim{ID: "6.22", Where: "Interpretation of results, p. 134", Words: "The neurosteroid-like network lasts as long as the drug and its upkeep go on", Says: Higher, Contrast: vs(ArmNeurosteroid, ArmNeurosteroid+ArmUnmaintained, "final_combined"), Family: Mechanisms, Control: "the same cycles without training"},
			Claim{ID: "6.23", Where: "Interpretation of results, p. 134", Words: "The ketamine-like network lasts as a healthy one does", Says: Same, Contrast: vs(ArmKetamine, ArmFull, "total_drop_points"), Control: "the network that was never pruned, with the same maintenance"})
	}
	return settled(list)
}

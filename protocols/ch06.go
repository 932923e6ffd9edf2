package protocols

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
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
	ArmUnmaintained    = "_unmaintained" // ends the name of an arm
	ArmSSRIFastUpkeep  = "ssri_maintained_at_tuning_rate"
	unmaintainedSuffix = ", never maintained (ours)"
)

func (*Ch06) Chapter() int  { return 6 }
func (*Ch06) Title() string { return "Chronic stress with maintenance" }

// Defaults are the chapter's own.
func (*Ch06) Defaults() map[string]string { return withoutGain }

// Plant implements Protocol.
func (p *Ch06) Plant(seed int) *Tree {
	t := NewTree(seed)
	full := p.grow(t, p.train())
	p.healthy(full)
	pruned := full.Then("prune", p.prune(seed))
	p.battery(pruned, ArmUntreated)
	p.relapse(pruned, ArmUntreated, p.RelapseLimit)
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

// CycleMetric names a measure of a cycle, "cycle_3_combined".
func CycleMetric(cycle int, metric string) string { return fmt.Sprintf("cycle_%d_%s", cycle, metric) }

// Derive implements Protocol: the drops, and the first cycle, from 0 on, in
// which a subject is below the threshold. A subject below it at cycle 0 was
// never lifted above; relapsed counts it, as the book does, and
// relapsed_from_remission does not.
func (p *Ch06) Derive(rows []Row) []Row {
	d := bySubject(6, rows)
	d.each(relapseDrops)
	offDrops(d)
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

// Tables implements Protocol.
func (p *Ch06) Tables() []Layout {
	controls := append(p.healthyArm(), p.tunedControls()...)
	book := armHeadings(p.book())
	courses := armHeadings(p.book(), p.own())
	if p.Controls {
		courses = append(courses, armHeadings(p.tunedControls())...)
		courses = append(courses, Heading{ArmSSRIFastUpkeep, "SSRI-like, maintained at the tuning rate (ours)"}, Heading{ArmFull, "full network (ours)"})
		never := append(book, armHeadings(p.tunedControls())...)
		for _, h := range append(never, Heading{ArmUntreated, "untreated"}, Heading{ArmFull, "full network"}) {
			courses = append(courses, Heading{h.Name + ArmUnmaintained, strings.TrimSuffix(h.Words, " (ours)") + unmaintainedSuffix})
		}
	}
	var combined, sparsity []Heading
	for c := range p.StressCycles + 1 {
		combined = append(combined, Heading{CycleMetric(c, "combined"), "cycle " + strconv.Itoa(c)})
		sparsity = append(sparsity, Heading{CycleMetric(c, "sparsity_weights"), "cycle " + strconv.Itoa(c)})
	}
	return append(p.acuteTables(controls),
		Layout{Name: "cycles", Title: "Combined accuracy (%) through the cycles of stress", Arms: courses, Metrics: combined},
		Layout{Name: "sparsity", Title: "Sparsity over weights (%) through the cycles", Arms: courses, Metrics: sparsity},
		Layout{Name: "relapse", Title: "What the cycles leave", Arms: courses, Metrics: []Heading{
			{"total_drop_points", "drop from cycle 0 to the last (points)"}, {"final_combined", "combined at the end (%)"},
			{"final_sparsity_weights", "sparsity at the end (%)"}, {"relapsed", "subjects below the threshold at some cycle (%)"},
			{"mean_cycle_at_relapse", "first such cycle, of those"}, {"relapsed_from_remission", "of those above it at cycle 0 (%, ours)"},
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

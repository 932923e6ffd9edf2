package protocols

import (
	"fmt"
	"strconv"
)

// Ch08 is chapter 8: early scars, the withdrawal of chapter 7, and kindling:
// triggers that weaken from cycle to cycle, each relapse leaving scars.
type Ch08 struct {
	Clinic
	Withdrawal
	EarlyAdversityMax float64 `default:"0.06" range:"[0,1]" unit:"share of all weights" meaning:"largest share lost for good before any treatment; each subject has its own below it"`

	KindlingCycles         int     `default:"6" range:"[1,1000]" unit:"cycles" meaning:"of trigger and, where the subject relapses, scars"`
	KindlingFirstBias      float64 `default:"1.5" range:"[-100,100]" unit:"mean" meaning:"of the internal noise of the first trigger"`
	KindlingLastBias       float64 `default:"0.5" range:"[-100,100]" unit:"mean" meaning:"of that of the last; the others lie on a straight line"`
	KindlingRegrowFraction float64 `default:"0.3" range:"[0,1]" unit:"share of what is cut and not scarred" meaning:"regrown between episodes in the ketamine-like arm"`
	InterEpisodeEpochs     int     `default:"20" range:"[0,10000]" unit:"epochs" meaning:"training between episodes, none before the first"`
	LeftoverGradient       bool    `default:"true" meaning:"whether the gradient of the last training batch is added to the scores where the author's program does so; it decides ties"`

	KindlingBaseScar         float64 `default:"0.05" range:"[0,1]" unit:"share of the live weights" meaning:"scarred by an episode of severity 1"`
	KindlingRateMin          float64 `default:"0.02" range:"[0,1]" unit:"share of the live weights" meaning:"scarred at least"`
	KindlingRateMax          float64 `default:"0.2" range:"[0,1]" unit:"share of the live weights" meaning:"scarred at most"`
	KindlingSeverityMin      float64 `default:"0.5" range:"[0,100]" unit:"factor" meaning:"lowest severity of an episode"`
	KindlingSeverityMax      float64 `default:"2" range:"[0,100]" unit:"factor" meaning:"highest severity"`
	KindlingActivationWeight float64 `default:"2" range:"[-100,100]" unit:"severity a unit of activation" meaning:"how much the activation adds to the severity"`
	KindlingRestActivation   float64 `default:"0.1" range:"[0,100]" unit:"activation" meaning:"activation that adds nothing"`

	AutonomyBias      float64 `default:"0.3" range:"[-100,100]" unit:"mean" meaning:"of the internal noise of the autonomy test, after the last cycle"`
	AutonomyThreshold float64 `default:"70" range:"[0,100]" unit:"%" meaning:"accuracy below which the illness counts as autonomous"`
}

// Arms of chapter 8 that are ours.
const (
	ArmSSRIEqualRate    = "ssri_at_equal_rate"
	ArmKetamineNoRegrow = "ketamine_without_further_regrowth"
)

func (*Ch08) Chapter() int  { return 8 }
func (*Ch08) Title() string { return "Early scars, withdrawal, and kindling" }

// Check implements Protocol.
func (p *Ch08) Check() error {
	if p.KindlingSeverityMin > p.KindlingSeverityMax {
		return badInput("KindlingSeverityMin takes at most KindlingSeverityMax, %v, not %v", p.KindlingSeverityMax, p.KindlingSeverityMin)
	}
	if p.KindlingRateMin > p.KindlingRateMax {
		return badInput("KindlingRateMin takes at most KindlingRateMax, %v, not %v", p.KindlingRateMax, p.KindlingRateMin)
	}
	return p.Clinic.Check()
}

// Plant implements Protocol.
func (p *Ch08) Plant(seed int) *Tree {
	t := NewTree(seed)
	full := p.grow(t, p.train())
	if p.Controls {
		p.battery(full, ArmFull)
		p.triggers(full, ArmFull, "before")
	}
	scarred := full.Then("prune", p.prune(seed)).Then("early adversity", ScarEarly{p.EarlyAdversityMax})
	p.battery(scarred, ArmUntreated)
	p.relapse(scarred, ArmUntreated, p.RelapseLimit)
	scarred.Measure(ArmUntreated, "", "scar", ScarLoad{})
	treatments := append(p.book(), append(p.tunedControl(), p.own()...)...)
	treated := p.acute(scarred, treatments)
	p.withdraw(&p.Clinic, treated)
	for _, t := range treatments {
		n := treated[t.Arm]
		n.Measure(t.Arm, "", "scar", ScarLoad{})
		p.kindle(n, t.Arm, p.between(t.Arm))
	}
	if p.Controls {
		p.kindle(treated[ArmSSRI], ArmSSRIEqualRate, func(n *Node, _ int) *Node {
			return n.Then("train", p.tune(p.InterEpisodeEpochs, p.FinetuneRate))
		})
		p.kindle(treated[ArmKetamine], ArmKetamineNoRegrow, p.between(ArmTunedOnly))
	}
	return t
}

// between is what an arm does between episodes.
func (p *Ch08) between(arm string) func(n *Node, cycle int) *Node {
	rate := p.FinetuneRate
	if arm == ArmSSRI {
		rate = p.SSRIRate
	}
	tune := p.tune(p.InterEpisodeEpochs, rate)
	if arm != ArmKetamine {
		return func(n *Node, _ int) *Node { return n.Then("train", tune) }
	}
	tune.KeepGradient = p.LeftoverGradient
	return func(n *Node, cycle int) *Node {
		regrow := p.regrow(p.KindlingRegrowFraction)
		// The first regrowth is that of a clone, which holds no gradient.
		regrow.Leftover = p.LeftoverGradient && cycle > 1
		return n.Then("regrow", regrow).Then("train", tune)
	}
}

// trigger is the bias of a cycle's trigger.
func (p *Ch08) trigger(cycle int) float64 {
	return Ramp{p.KindlingFirstBias, p.KindlingLastBias}.At(cycle, p.KindlingCycles)
}

// triggers measures a subject under every trigger of the kindling and that of
// the autonomy test: what the cycles do to it shows at a fixed trigger only
// (ours).
func (p *Ch08) triggers(n *Node, arm, when string) {
	for cycle := range p.KindlingCycles {
		n.Measure(arm, "", TriggerMetric(p.trigger(cycle), when), p.biased(p.trigger(cycle)))
	}
	n.Measure(arm, "", TriggerMetric(p.AutonomyBias, when), p.biased(p.AutonomyBias))
}

// TriggerMetric names the accuracy at a fixed trigger before or after the
// kindling, "trigger_1_5_before".
func TriggerMetric(bias float64, when string) string {
	return fmt.Sprintf("trigger_%s_%s", metricNumber(bias), when)
}

// kindle takes an arm through the cycles: the treatment's upkeep (none before
// the first), the trigger, and the scars of a relapse. It ends with the
// autonomy test.
func (p *Ch08) kindle(n *Node, arm string, between func(*Node, int) *Node) {
	p.triggers(n, arm, "before")
	for cycle := range p.KindlingCycles {
		if cycle > 0 {
			n = between(n, cycle)
		}
		trigger := p.biased(p.trigger(cycle))
		n.Measure(arm, "", CycleMetric(cycle, "biased"), trigger)
		n.Measure(arm, "", CycleMetric(cycle, "activation"), Activity{p.standard()})
		n.Read(Reading{Probe: Dials{}, Arm: arm, Names: []Name{
			{arm, "", CycleMetric(cycle, "gain")}, {arm, "", CycleMetric(cycle, "effective_gain")}, {arm, "", CycleMetric(cycle, "stabiliser_level")}}})
		n = n.Then("episode "+strconv.Itoa(cycle), ScarEpisode{
			Trigger: trigger, Threshold: p.BiasedRelapseThreshold,
			BaseScar: p.KindlingBaseScar, RateMin: p.KindlingRateMin, RateMax: p.KindlingRateMax, Severity: p.severity(),
		})
		n.Measure(arm, "", CycleMetric(cycle, "scar"), ScarLoad{})
		n.Measure(arm, "", CycleMetric(cycle, "sparsity_weights"), Sparsity{})
	}
	p.triggers(n, arm, "after")
	n.Measure(arm, "", "autonomy_accuracy", p.biased(p.AutonomyBias))
}

func (p *Ch08) severity() Severity {
	return Severity{p.KindlingActivationWeight, p.KindlingRestActivation, p.KindlingSeverityMin, p.KindlingSeverityMax}
}

// Derive implements Protocol.
func (p *Ch08) Derive(rows []Row) []Row {
	d := bySubject(8, rows)
	d.each(relapseDrops)
	offDrops(d)
	p.deriveWithdrawal(d)
	d.each(func(s *subjectRows) {
		autonomy, ok := s.value("autonomy_accuracy")
		if !ok {
			return
		}
		relapses := 0.0
		for cycle := range p.KindlingCycles {
			v, _ := s.value(CycleMetric(cycle, "biased"))
			s.flag(CycleMetric(cycle, "relapse"), v < p.BiasedRelapseThreshold)
			if v < p.BiasedRelapseThreshold {
				relapses++
			}
			gain, _ := s.value(CycleMetric(cycle, "gain"))
			activation, _ := s.value(CycleMetric(cycle, "activation"))
			s.add(CycleMetric(cycle, "severity"), p.severity().Of(gain, activation))
		}
		s.add("total_relapses", relapses)
		s.flag("autonomous", autonomy < p.AutonomyThreshold)
		if v, ok := s.value(CycleMetric(p.KindlingCycles-1, "scar")); ok {
			s.add("final_scar", v)
		}
	})
	return d.rows
}

// kindled are the arms that go through the kindling, as a table's head.
func (p *Ch08) kindled() []Heading {
	arms := armHeadings(p.book(), p.tunedControl(), p.own())
	if p.Controls {
		arms = append(arms, Heading{ArmSSRIEqualRate, "SSRI-like, trained at the tuning rate (ours)"}, Heading{ArmKetamineNoRegrow, "ketamine-like, no further regrowth (ours)"})
	}
	return arms
}

// Tables implements Protocol.
func (p *Ch08) Tables() []Layout {
	list := p.acuteTables(p.tunedControl())
	list[0].Metrics = append(list[0].Metrics, Heading{"scar", "scarred weights (%)"}, Heading{"combined_drop_points", "combined, lost when taken off (points)"}, Heading{"biased_drop_points", "biased, lost when taken off (points)"})
	var accuracy, relapse, scar, severity, before, after []Heading
	for c := range p.KindlingCycles {
		words := fmt.Sprintf("cycle %d, trigger %s", c, Format(p.trigger(c)))
		accuracy = append(accuracy, Heading{CycleMetric(c, "biased"), words})
		relapse = append(relapse, Heading{CycleMetric(c, "relapse"), words})
		scar = append(scar, Heading{CycleMetric(c, "scar"), words}, Heading{CycleMetric(c, "sparsity_weights"), words + ": sparsity"})
		severity = append(severity, Heading{CycleMetric(c, "severity"), words})
	}
	for _, b := range p.allTriggers() {
		before = append(before, Heading{TriggerMetric(b, "before"), "trigger " + Format(b) + " before"})
		after = append(after, Heading{TriggerMetric(b, "after"), "trigger " + Format(b) + " after"})
	}
	arms := p.kindled()
	summary := []Heading{
		{"total_relapses", "relapses of the cycles"}, {"final_scar", "scarred weights at the end (%)"},
		{"autonomy_accuracy", fmt.Sprintf("accuracy at trigger %s after the cycles (%%)", Format(p.AutonomyBias))}, {"autonomous", "autonomous (% of subjects)"},
	}
	list = append(list, p.withdrawalTables(&p.Clinic, p.tunedControl())...)
	list = append(list,
		Layout{Name: "kindling", Title: "What the cycles of kindling leave", Arms: arms, Metrics: summary},
		Layout{Name: "kindling accuracy", Title: "Accuracy (%) under the trigger of each cycle", Arms: arms, Metrics: accuracy},
		Layout{Name: "kindling relapses", Title: "Subjects that relapse in each cycle (%)", Arms: arms, Metrics: relapse},
		Layout{Name: "kindling scars", Title: "Scarred weights (%) and sparsity (%) after each cycle", Arms: arms, Metrics: scar},
		Layout{Name: "kindling severity", Title: "Severity of an episode in each cycle, computed whether or not there is one", Arms: arms, Metrics: severity},
	)
	fixed := Layout{Name: "fixed triggers", Title: "Accuracy (%) at every trigger before and after the cycles (ours)", Arms: arms, Metrics: append(before, after...)}
	if p.Controls {
		fixed.Arms = append([]Heading{{ArmFull, "full network (ours)"}}, fixed.Arms...)
	}
	return append(list, fixed)
}

// allTriggers are the triggers of the cycles and that of the autonomy test.
func (p *Ch08) allTriggers() []float64 {
	var list []float64
	for c := range p.KindlingCycles {
		list = append(list, p.trigger(c))
	}
	return append(list, p.AutonomyBias)
}

// Contrasts implements Protocol.
func (p *Ch08) Contrasts() []Contrast {
	list := p.treatmentContrasts("biased", "combined", "relapse_drop_same_noise")
	list = append(list, p.withdrawalContrasts(&p.Clinic)...)
	for _, a := range p.kindled() {
		for _, b := range []float64{p.KindlingFirstBias, p.AutonomyBias} {
			list = append(list, Contrast{Question: "At a fixed trigger, what do the cycles do?", Arm: a.Name, Against: a.Name, Metric: TriggerMetric(b, "after"), AgainstMetric: TriggerMetric(b, "before")})
		}
	}
	for _, m := range []string{"total_relapses", "autonomy_accuracy"} {
		list = append(list,
			Contrast{Question: "Kindling: ketamine-like or SSRI-like?", Arm: ArmKetamine, Against: ArmSSRI, Metric: m},
			Contrast{Question: "Kindling: SSRI-like or neurosteroid-like?", Arm: ArmSSRI, Against: ArmNeurosteroid, Metric: m})
		if p.Controls {
			list = append(list,
				Contrast{Question: "Kindling: is the SSRI-like arm held back by its rate?", Arm: ArmSSRIEqualRate, Against: ArmSSRI, Metric: m},
				Contrast{Question: "Kindling: what does further regrowth do?", Arm: ArmKetamine, Against: ArmKetamineNoRegrow, Metric: m},
				Contrast{Question: "Kindling: ketamine-like or tuning alone?", Arm: ArmKetamine, Against: ArmTunedOnly, Metric: m})
		}
	}
	return list
}

// Claims are what the chapter says, each with the arms that decide it.
func (p *Ch08) Claims() []Claim {
	list := p.withdrawalClaims(&p.Clinic)
	first := func(arm string) Contrast {
		return Contrast{Arm: arm, Against: arm, Metric: TriggerMetric(p.KindlingFirstBias, "after"), AgainstMetric: TriggerMetric(p.KindlingFirstBias, "before")}
	}
	list = append(list,
		Claim{"Kindling makes the SSRI-like network more sensitive", Lower, first(ArmSSRI), 1, "the same network before the cycles, at the same trigger"},
		Claim{"Kindling makes the neurosteroid-like network more sensitive", Lower, first(ArmNeurosteroid), 1, "the same network before the cycles, at the same trigger"},
		Claim{"Episodes and regrowth make the ketamine-like network more resilient", Higher, first(ArmKetamine), 1, "the same network before the cycles, at the same trigger"},
		Claim{"The ketamine-like network relapses less often than the SSRI-like one", Lower, Contrast{Arm: ArmKetamine, Against: ArmSSRI, Metric: "total_relapses"}, 0.2, "fifty times the rate between episodes"},
		Claim{"The neurosteroid-like network relapses less often than the SSRI-like one", Lower, Contrast{Arm: ArmNeurosteroid, Against: ArmSSRI, Metric: "total_relapses"}, 0.2, "fifty times the rate between episodes"})
	if p.Controls {
		list = append(list,
			Claim{"It is the treatment, not the training rate, that lets the SSRI-like illness become autonomous", Same, Contrast{Arm: ArmSSRIEqualRate, Against: ArmSSRI, Metric: "autonomy_accuracy"}, 1, "the same network trained at the tuning rate between episodes"},
			Claim{"Regrowth between episodes is what protects the ketamine-like network", Higher, Contrast{Arm: ArmKetamine, Against: ArmKetamineNoRegrow, Metric: "autonomy_accuracy"}, 0.5, "the same network without further regrowth"},
			Claim{"Regrowth is why the ketamine-like network relapses less", Lower, Contrast{Arm: ArmKetamine, Against: ArmTunedOnly, Metric: "total_relapses"}, 0.2, "tuning alone"})
	}
	return list
}

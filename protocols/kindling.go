package protocols

import (
	"fmt"
	"slices"
)

// Kindling is what chapters 8 and 10 share: early scars, the withdrawal of
// chapter 7, and cycles of triggers that weaken, each relapse leaving scars.
type Kindling struct {
	Clinic
	Withdrawal
	EarlyAdversityMax float64 `default:"0.06" range:"[0,1]" unit:"share of all weights" meaning:"largest share lost for good before any treatment; each subject has its own below it"`

	KindlingCycles         int     `default:"6" range:"[0,1000]" unit:"cycles" meaning:"of trigger and, where the subject relapses, scars"`
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

// Arms of the kindling that are ours.
const (
	ArmSSRIEqualRate    = "ssri_at_equal_rate"
	ArmKetamineNoRegrow = "ketamine_without_further_regrowth"

	// These end the name of an arm.
	ArmNoEpisodeScars = "_without_episode_scars" // trained between triggers that leave no scars
	ArmTriggersAlone  = "_triggers_alone"        // triggers and scars alone
	ArmNoEarlyScars   = "_without_early_scars"   // never scarred early in life
)

// Check implements Protocol.
func (p *Kindling) Check() error {
	if p.KindlingSeverityMin > p.KindlingSeverityMax {
		return badInput("KindlingSeverityMin takes at most KindlingSeverityMax, %v, not %v", p.KindlingSeverityMax, p.KindlingSeverityMin)
	}
	if p.KindlingRateMin > p.KindlingRateMax {
		return badInput("KindlingRateMin takes at most KindlingRateMax, %v, not %v", p.KindlingRateMax, p.KindlingRateMin)
	}
	return p.Clinic.Check()
}

// kindled is the nodes of a subject on which a chapter may measure more.
type kindled struct {
	full, pruned, scarred *Node
	treated               map[string]*Node
}

// plant grows the protocol of a subject. What acute lists is treated and tested,
// at equal levels of the stabiliser too, but not kindled.
func (p *Kindling) plant(t *Tree, acute []Treatment) kindled {
	full := p.growKeeping(t, false)
	p.healthy(full)
	pruned := full.Then("prune", p.prune(t.Seed))
	scarred := pruned.Then("early adversity", ScarEarly{p.EarlyAdversityMax})
	p.battery(scarred, ArmUntreated)
	p.relapse(scarred, ArmUntreated, p.RelapseLimit)
	scarred.Measure(ArmUntreated, "", "scar", ScarLoad{})
	treatments := slices.Concat(p.book(), p.tunedControls(), p.own())
	treated := p.acute(scarred, slices.Concat(treatments, acute))
	p.withdraw(&p.Clinic, treated)
	for _, t := range treatments {
		n := treated[t.Arm]
		n.Measure(t.Arm, "", "scar", ScarLoad{})
		p.kindle(n, t.Arm, p.between(t.Arm))
	}
	k := kindled{full, pruned, scarred, treated}
	if p.Controls {
		p.controls(k)
	}
	return k
}

// controls are ours: each takes one thing out of the kindling or puts another
// in its place.
func (p *Kindling) controls(k kindled) {
	p.withdrawHealthy(&p.Clinic, k.full)
	for _, arm := range []string{ArmSSRIEqualRate, ArmKetamineNoRegrow} {
		p.kindle(k.treated[KindledFrom(arm)], arm, p.between(ArmTunedOnly))
	}
	for _, t := range p.book() {
		p.cycles(k.treated[t.Arm], t.Arm+ArmNoEpisodeScars, p.between(t.Arm), false)
		p.kindle(k.treated[t.Arm], t.Arm+ArmTriggersAlone, nil)
	}
	p.kindle(k.scarred, ArmUntreated+ArmTriggersAlone, nil)
	p.kindle(k.full, ArmFull+ArmTriggersAlone, nil)
	p.triggers(k.full, ArmFull, "before")

	// Up to the kindling these are the networks of chapter 7.
	never := func(n *Node, arm string) {
		p.battery(n, arm+ArmNoEarlyScars)
		p.relapse(n, arm+ArmNoEarlyScars, p.RelapseLimit)
	}
	never(k.pruned, ArmUntreated)
	p.kindle(k.pruned, ArmUntreated+ArmTriggersAlone+ArmNoEarlyScars, nil)
	for _, t := range p.book() {
		n := k.pruned.Take(t)
		never(n, t.Arm)
		p.kindle(n, t.Arm+ArmNoEarlyScars, p.between(t.Arm))
	}
}

// KindledFrom is the arm whose state an arm enters the kindling with: two of ours
// start where one of the book's does.
func KindledFrom(arm string) string {
	switch arm {
	case ArmSSRIEqualRate:
		return ArmSSRI
	case ArmKetamineNoRegrow:
		return ArmKetamine
	}
	return arm
}

// between is what an arm does between episodes.
func (p *Kindling) between(arm string) func(n *Node, cycle int) *Node {
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

// Trigger is the bias of a cycle's trigger.
func (p *Kindling) Trigger(cycle int) float64 {
	return Ramp{p.KindlingFirstBias, p.KindlingLastBias}.At(cycle, p.KindlingCycles)
}

// triggers measures a subject under every trigger of the kindling and that of
// the autonomy test: what the cycles do to it shows at a fixed trigger only
// (ours).
func (p *Kindling) triggers(n *Node, arm, when string) {
	for cycle := range p.KindlingCycles {
		n.Measure(arm, "", TriggerMetric(p.Trigger(cycle), when), p.biased(p.Trigger(cycle)))
	}
	n.Measure(arm, "", TriggerMetric(p.AutonomyBias, when), p.biased(p.AutonomyBias))
}

// TriggerMetric names the accuracy at a fixed trigger before or after the
// kindling, "trigger_1_5_before".
func TriggerMetric(bias float64, when string) string {
	return fmt.Sprintf("trigger_%s_%s", metricNumber(bias), when)
}

// kindle takes an arm through the cycles: the treatment's upkeep (none before
// the first, and none at all where between is nil), the trigger, and the scars
// of a relapse. It ends with the autonomy test.
func (p *Kindling) kindle(n *Node, arm string, between func(*Node, int) *Node) {
	p.cycles(n, arm, between, true)
}

// cycles are those of kindle, with the scars of a relapse or without.
func (p *Kindling) cycles(n *Node, arm string, between func(*Node, int) *Node, scars bool) {
	p.triggers(n, arm, "before")
	for cycle := range p.KindlingCycles {
		if cycle > 0 && between != nil {
			n = between(n, cycle)
		}
		trigger := p.biased(p.Trigger(cycle))
		n.Measure(arm, "", CycleMetric(cycle, "biased"), trigger)
		n.Measure(arm, "", CycleMetric(cycle, "activation"), Activity{p.standard()})
		n.Read(Reading{Probe: Dials{}, Arm: arm, Names: []Name{
			{arm, "", CycleMetric(cycle, "gain")}, {arm, "", CycleMetric(cycle, "effective_gain")}, {arm, "", CycleMetric(cycle, "stabiliser_level")}}})
		if scars {
			n = n.Then("episode", ScarEpisode{
				Trigger: trigger, Threshold: p.BiasedRelapseThreshold,
				BaseScar: p.KindlingBaseScar, RateMin: p.KindlingRateMin, RateMax: p.KindlingRateMax, Severity: p.severity(),
			}, cycle)
		}
		n.Measure(arm, "", CycleMetric(cycle, "scar"), ScarLoad{})
		n.Measure(arm, "", CycleMetric(cycle, "sparsity_weights"), Sparsity{})
	}
	p.triggers(n, arm, "after")
	n.Measure(arm, "", "autonomy_accuracy", p.biased(p.AutonomyBias))
}

func (p *Kindling) severity() Severity {
	return Severity{p.KindlingActivationWeight, p.KindlingRestActivation, p.KindlingSeverityMin, p.KindlingSeverityMax}
}

// derive derives what both chapters have.
func (p *Kindling) derive(chapter int, rows []Row) *derivation {
	d := p.Clinic.derive(chapter, rows)
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
	return d
}

// KindledArms are the arms that go through the kindling, as a table's head.
func (p *Kindling) KindledArms() []Heading {
	arms := armHeadings(p.book(), p.tunedControls(), p.own())
	if p.Controls {
		arms = append(arms, ours(ArmSSRIEqualRate, "SSRI-like, trained at the tuning rate"), ours(ArmKetamineNoRegrow, "ketamine-like, no further regrowth"))
	}
	return arms
}

// controlledArms are the arms of ours that the tables of the kindling have apart:
// the book's through other cycles, and without early scars.
func (p *Kindling) controlledArms() []Heading {
	if !p.Controls {
		return nil
	}
	book := armHeadings(p.book())
	var arms []Heading
	for _, h := range book {
		arms = append(arms, h.but(ArmNoEpisodeScars, "episodes leave no scars"))
	}
	for _, h := range append(slices.Clone(book), untreated, fullNetwork) {
		arms = append(arms, h.but(ArmTriggersAlone, "triggers without training"))
	}
	for _, h := range append(book, untreated.but(ArmTriggersAlone, "triggers without training")) {
		arms = append(arms, h.but(ArmNoEarlyScars, "no early scars"))
	}
	return arms
}

// spared are the arms without early scars, before any kindling.
func (p *Kindling) spared() []Heading {
	if !p.Controls {
		return nil
	}
	var arms []Heading
	for _, h := range append([]Heading{untreated}, armHeadings(p.book())...) {
		arms = append(arms, h.but(ArmNoEarlyScars, "no early scars"))
	}
	return arms
}

// tables are the tables of both chapters; acute are the treatments of ours that
// are not kindled.
func (p *Kindling) tables(acute []Treatment) []Layout {
	controls := slices.Concat(p.healthyArm(), p.tunedControls(), acute)
	list := p.acuteTables(controls)
	if spared := p.spared(); spared != nil {
		measures := slices.Concat(list[0].Metrics, p.InternalTests())
		list = append(list, Layout{Name: "early scars", Ours: true, Title: "The treatments of networks that were never scarred early in life", Arms: spared, Metrics: measures})
	}
	list[0].Metrics = append(list[0].Metrics, Heading{Name: "scar", Words: "scarred weights (%)"}, Heading{Name: "combined_drop_points", Words: "combined, lost when taken off (points)"}, Heading{Name: "biased_drop_points", Words: "biased, lost when taken off (points)"})
	var accuracy, relapse, scar, severity, before, after []Heading
	for c := range p.KindlingCycles {
		words := fmt.Sprintf("cycle %d, trigger %s", c, Format(p.Trigger(c)))
		accuracy = append(accuracy, Heading{Name: CycleMetric(c, "biased"), Words: words})
		relapse = append(relapse, Heading{Name: CycleMetric(c, "relapse"), Words: words})
		scar = append(scar, Heading{Name: CycleMetric(c, "scar"), Words: words}, Heading{Name: CycleMetric(c, "sparsity_weights"), Words: words + ": sparsity"})
		severity = append(severity, Heading{Name: CycleMetric(c, "severity"), Words: words})
	}
	for _, b := range p.Triggers() {
		before = append(before, Heading{Name: TriggerMetric(b, "before"), Words: "trigger " + Format(b) + " before"})
		after = append(after, Heading{Name: TriggerMetric(b, "after"), Words: "trigger " + Format(b) + " after"})
	}
	arms := p.KindledArms()
	summary := []Heading{
		{Name: "total_relapses", Words: "relapses of the cycles"}, {Name: "final_scar", Words: "scarred weights at the end (%)"},
		{Name: "autonomy_accuracy", Words: fmt.Sprintf("accuracy at trigger %s after the cycles (%%)", Format(p.AutonomyBias))}, {Name: "autonomous", Words: "autonomous (% of subjects)"},
	}
	list = append(list, p.withdrawalTables(&p.Clinic, controls)...)
	list = append(list,
		Layout{Name: "kindling", Title: "What the cycles of kindling leave", Arms: arms, Metrics: summary},
		Layout{Name: "kindling accuracy", Title: "Accuracy (%) under the trigger of each cycle", Arms: arms, Metrics: accuracy},
		Layout{Name: "kindling relapses", Title: "Subjects that relapse in each cycle (%)", Arms: arms, Metrics: relapse},
		Layout{Name: "kindling scars", Title: "Scarred weights (%) and sparsity (%) after each cycle", Arms: arms, Metrics: scar},
		Layout{Name: "kindling severity", Title: "Severity of an episode in each cycle, computed whether or not there is one", Arms: arms, Metrics: severity},
	)
	if more := p.controlledArms(); more != nil {
		list = append(list, Layout{Name: "kindling controls", Ours: true, Title: "What other cycles leave, and those of networks without early scars", Arms: more, Metrics: slices.Concat(summary, before, after, accuracy)})
	}
	fixed := Layout{Name: "fixed triggers", Ours: true, Title: "Accuracy (%) at every trigger before and after the cycles", Arms: arms, Metrics: append(before, after...)}
	if p.Controls {
		fixed.Arms = append([]Heading{ours(ArmFull, "full network")}, fixed.Arms...)
	}
	return append(list, fixed)
}

// Triggers are the triggers of the cycles and that of the autonomy test.
func (p *Kindling) Triggers() []float64 {
	var list []float64
	for c := range p.KindlingCycles {
		list = append(list, p.Trigger(c))
	}
	return append(list, p.AutonomyBias)
}

// contrasts are the questions of both chapters.
func (p *Kindling) contrasts() []Contrast {
	list := p.treatmentContrasts("biased", "combined", "relapse_drop_same_noise")
	list = slices.Concat(list, p.healthyContrasts("combined"), p.withdrawalContrasts(&p.Clinic))
	for _, a := range p.KindledArms() {
		for _, b := range []float64{p.KindlingFirstBias, p.AutonomyBias} {
			list = append(list, Contrast{Question: "At a fixed trigger, what do the cycles do?", Arm: a.Name, Against: a.Name, Metric: TriggerMetric(b, "after"), AgainstMetric: TriggerMetric(b, "before")})
		}
	}
	kindled := []Contrast{
		{Question: "Kindling: ketamine-like or SSRI-like?", Arm: ArmKetamine, Against: ArmSSRI},
		{Question: "Kindling: SSRI-like or neurosteroid-like?", Arm: ArmSSRI, Against: ArmNeurosteroid},
	}
	if p.Controls {
		kindled = append(kindled,
			Contrast{Question: "Kindling: is the SSRI-like arm held back by its rate?", Arm: ArmSSRIEqualRate, Against: ArmSSRI},
			Contrast{Question: "Kindling: what does further regrowth do?", Arm: ArmKetamine, Against: ArmKetamineNoRegrow},
			Contrast{Question: "Kindling: what does regrowth add to the training of the ketamine-like arm?", Arm: ArmKetamine, Against: p.withoutRegrowth()})
	}
	return slices.Concat(list, asked([]string{"total_relapses", "autonomy_accuracy"}, kindled...), p.controlContrasts())
}

// controlContrasts ask what scars, training and early adversity do, one at a time.
func (p *Kindling) controlContrasts() []Contrast {
	if !p.Controls {
		return nil
	}
	var list []Contrast
	for _, t := range p.book() {
		list = append(list, asked([]string{"total_relapses", "autonomy_accuracy"},
			Contrast{Question: "Kindling: what do the scars do?", Arm: t.Arm, Against: t.Arm + ArmNoEpisodeScars},
			Contrast{Question: "Kindling: what does the training do?", Arm: t.Arm, Against: t.Arm + ArmTriggersAlone})...)
		list = append(list, Contrast{Question: "Kindling: what do scars alone do, at a fixed trigger?", Arm: t.Arm + ArmTriggersAlone, Against: t.Arm + ArmTriggersAlone,
			Metric: TriggerMetric(p.AutonomyBias, "after"), AgainstMetric: TriggerMetric(p.AutonomyBias, "before")})
	}
	for _, arm := range []string{ArmUntreated, ArmKetamine, ArmSSRI, ArmNeurosteroid} {
		for _, m := range []string{"combined", "biased", "total_relapses", "autonomy_accuracy"} {
			if arm != ArmUntreated || m == "combined" || m == "biased" {
				list = append(list, Contrast{Question: "What do early scars do?", Arm: arm, Against: arm + ArmNoEarlyScars, Metric: m})
			}
		}
	}
	return list
}

// kindlingClaims are what chapter 8 says of the cycles, and of scars.
func (p *Kindling) kindlingClaims(prefix string, first int) []Claim {
	kindled := func(arm string) Contrast {
		return change(arm, TriggerMetric(p.KindlingFirstBias, "after"), TriggerMetric(p.KindlingFirstBias, "before"))
	}
	kindling := "Kindling and progressive scarring, p. 183"
	list := []Claim{
		{Where: kindling, Words: "Kindling makes the SSRI-like network more sensitive", Says: Lower, Contrast: kindled(ArmSSRI), Control: "the same network before the cycles, at the same trigger"},
		{Where: kindling, Words: "Kindling makes the neurosteroid-like network more sensitive", Says: Lower, Contrast: kindled(ArmNeurosteroid), Control: "the same network before the cycles, at the same trigger"},
		{Where: "Ketamine-like progression, p. 189", Words: "Episodes and regrowth make the ketamine-like network more resilient", Says: Higher, Contrast: kindled(ArmKetamine), Control: "the same network before the cycles, at the same trigger"},
		{Where: kindling, Words: "The ketamine-like network relapses less often than the SSRI-like one", Says: Lower, Contrast: vs(ArmKetamine, ArmSSRI, "total_relapses"), Control: "fifty times the rate between episodes"},
		{Where: kindling, Words: "The neurosteroid-like network relapses less often than the SSRI-like one", Says: Lower, Contrast: vs(ArmNeurosteroid, ArmSSRI, "total_relapses"), Control: "fifty times the rate between episodes"},
		{Where: kindling, Words: "The SSRI-like illness becomes autonomous, the ketamine-like not", Says: Higher, Contrast: vs(ArmSSRI, ArmKetamine, "autonomous")},
		{Where: kindling, Words: "... nor the neurosteroid-like", Says: Higher, Contrast: vs(ArmSSRI, ArmNeurosteroid, "autonomous")},
		{Where: kindling, Words: "After the cycles the ketamine-like network stands a weak trigger better than the SSRI-like one", Says: Higher, Contrast: vs(ArmKetamine, ArmSSRI, "autonomy_accuracy")},
		{Where: kindling, Words: "The ketamine-like network bears the most scars: more than SSRI-like", Says: Higher, Contrast: vs(ArmKetamine, ArmSSRI, "final_scar"), Control: "shares of all weights: a relapse takes more from a denser network"},
		{Where: kindling, Words: "... and the neurosteroid-like one the fewest", Says: Lower, Contrast: vs(ArmNeurosteroid, ArmSSRI, "final_scar")},
		{Where: kindling, Words: "Episodes are more severe in the SSRI-like network alone: as against neurosteroid-like", Says: Higher, Contrast: vs(ArmSSRI, ArmNeurosteroid, CycleMetric(p.KindlingCycles-1, "severity")), Control: "gain and activation make it; nothing is measured"},
		{Where: kindling, Words: "... and as against ketamine-like", Says: Higher, Contrast: vs(ArmSSRI, ArmKetamine, CycleMetric(p.KindlingCycles-1, "severity")), Control: "both are held at the highest severity"},
		{Where: "Neurosteroid-like progression, p. 188", Words: "The neurosteroid-like network is frail early and stable late", Says: Higher, Contrast: change(ArmNeurosteroid, CycleMetric(p.KindlingCycles-1, "biased"), CycleMetric(0, "biased")), Control: "the trigger weakens threefold on the way"},
	}
	if p.Controls {
		scars := "Kindling, scarring, and mechanism-specific trajectories, p. 187"
		list = append(list,
			Claim{Where: scars, Words: "It is the treatment, not the training rate, that lets the SSRI-like illness become autonomous", Says: Same, Contrast: vs(ArmSSRIEqualRate, ArmSSRI, "autonomy_accuracy"), Family: Mechanisms, Control: "the same network trained at the tuning rate between episodes"},
			Claim{Where: scars, Words: "Regrowth between episodes is what protects the ketamine-like network", Says: Higher, Contrast: vs(ArmKetamine, ArmKetamineNoRegrow, "autonomy_accuracy"), Family: Mechanisms, Control: "the same network without further regrowth"},
			Claim{Where: scars, Words: "Regrowth is why the ketamine-like network relapses less", Says: Lower, Contrast: vs(ArmKetamine, p.withoutRegrowth(), "total_relapses"), Family: Mechanisms, Control: "the same training at the same gain"},
			Claim{Where: scars, Words: "The scars of episodes are what makes the illness autonomous (SSRI-like)", Says: Lower, Contrast: vs(ArmSSRI, ArmSSRI+ArmNoEpisodeScars, "autonomy_accuracy"), Family: Mechanisms, Control: "the same triggers and training, and no scars"},
			Claim{Where: scars, Words: "... and the neurosteroid-like network frail", Says: Lower, Contrast: vs(ArmNeurosteroid, ArmNeurosteroid+ArmNoEpisodeScars, "autonomy_accuracy"), Family: Mechanisms, Control: "the same triggers and training, and no scars"},
			Claim{Where: scars, Words: "Regrowth makes up for scars (ketamine-like)", Says: Same, Contrast: vs(ArmKetamine, ArmKetamine+ArmNoEpisodeScars, "autonomy_accuracy"), Family: Mechanisms, Control: "the same triggers, regrowth and training, and no scars"},
			Claim{Where: scars, Words: "Relapses alone, with nothing trained between them, make the next more likely (SSRI-like)", Says: Lower, Contrast: kindled(ArmSSRI + ArmTriggersAlone), Family: Mechanisms, Control: "the same network before the triggers"},
			Claim{Where: "Baseline training, pruning, and simulated early adversity, p. 175", Words: "Early scars make a pruned network more vulnerable", Says: Lower, Contrast: vs(ArmUntreated, ArmUntreated+ArmNoEarlyScars, "combined"), Family: Mechanisms, Control: "the same network without early scars"},
			Claim{Where: "Baseline training, pruning, and simulated early adversity, p. 175", Words: "... and an SSRI-like treated one more prone to relapses", Says: Higher, Contrast: vs(ArmSSRI, ArmSSRI+ArmNoEarlyScars, "total_relapses"), Family: Mechanisms, Control: "the same network without early scars"})
	}
	for i := range list {
		list[i].ID = prefix + shifted("0", first+i)
	}
	return list
}

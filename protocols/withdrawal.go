package protocols

import (
	"slices"
	"strings"
)

// Withdrawal is what chapters 7 and 8 share: maintenance under drug and mood
// stabiliser, then the drug is taken away, the stabiliser fades at a rate set
// for each arm, and the biased test is taken.
type Withdrawal struct {
	MaintenanceDurations []int   `default:"25,50,100,150,200,300" range:"[0,100000] each once" unit:"epochs" meaning:"lengths of the maintenance, points on one training call"`
	MaintenanceRate      float64 `default:"0.000001" range:"(0,10]" unit:"Adam step size" meaning:"rate of the maintenance"`
	DiscontinuationSteps int     `default:"50" range:"[0,100000]" unit:"steps" meaning:"of the stabiliser's decay after the drug is gone; nothing is trained"`
	KetamineDecay        float64 `default:"0.002" range:"[0,1]" unit:"of the full level, a step" meaning:"decay of the stabiliser in the ketamine-like arm"`
	SSRIDecay            float64 `default:"0.015" range:"[0,1]" unit:"of the full level, a step" meaning:"decay of the stabiliser in the SSRI-like arm"`
	NeurosteroidDecay    float64 `default:"0.008" range:"[0,1]" unit:"of the full level, a step" meaning:"decay of the stabiliser in the neurosteroid-like arm"`
	StabiliserGainCap    float64 `default:"1.05" range:"[0.01,10]" unit:"factor" meaning:"highest gain at the stabiliser's full level"`
	StabiliserBias       float64 `default:"0.3" range:"[0,1]" unit:"share" meaning:"of a noise bias that the full stabiliser takes away"`
	StabiliserDamping    float64 `default:"0.15" range:"[0,10]" unit:"activation" meaning:"taken from every hidden value at the full level"`

	BiasedRelapseThreshold float64   `default:"60" range:"[0,100]" unit:"%" meaning:"biased accuracy below which a subject counts as relapsed"`
	EqualLevels            []float64 `default:"0,0.25,0.6,0.9,1" range:"[0,1] each once" unit:"level" meaning:"of the stabiliser at which all arms are tested alike (ours): withdrawn, without maintenance"`
}

// stabiliser is the mood stabiliser at a level.
func (w *Withdrawal) stabiliser(level float64) Stabilise {
	return Stabilise{Stabiliser{Level: level, GainCap: w.StabiliserGainCap, Bias: w.StabiliserBias, Damping: w.StabiliserDamping}}
}

// decay of the stabiliser in an arm; false where the book sets none.
func (w *Withdrawal) decay(arm string) (float64, bool) {
	switch strings.TrimPrefix(arm, Feedforward) {
	case ArmKetamine:
		return w.KetamineDecay, true
	case ArmSSRI:
		return w.SSRIDecay, true
	case ArmNeurosteroid:
		return w.NeurosteroidDecay, true
	}
	return 0, false
}

// withdraw takes each of the book's treatments through maintenance and
// discontinuation, and all arms, ours too, through the test at equal levels.
func (w *Withdrawal) withdraw(c *Clinic, treated map[string]*Node) {
	for _, arm := range sortedArms(treated) {
		n := treated[arm]
		if rate, ok := w.decay(arm); ok {
			stabilised := n.Then("stabilise", w.stabiliser(1))
			for _, d := range w.MaintenanceDurations {
				after := stabilised.Then("maintain", c.tune(d, w.MaintenanceRate)).
					Then("discontinue", Discontinue{}).
					Then("stabiliser decays", Decay{Rate: rate, Steps: w.DiscontinuationSteps})
				after.Measure(arm, "", WithdrawnMetric(d), c.biased(c.ManiaTestBias))
				if d == w.MaintenanceDurations[0] {
					after.Read(Reading{Probe: Dials{}, Arm: arm, Names: []Name{
						{arm, "withdrawn", "gain"}, {arm, "withdrawn", "effective_gain"}, {arm, "withdrawn", "stabiliser_level"}}})
				}
			}
		}
		w.atEqualLevels(c, n.Then("discontinue", Discontinue{}), arm)
	}
}

// withdrawHealthy takes the network that was never pruned, and has no drug to
// take away, through the test at equal levels.
func (w *Withdrawal) withdrawHealthy(c *Clinic, full *Node) {
	if c.Controls {
		w.atEqualLevels(c, full, ArmFull)
	}
}

// atEqualLevels is the biased test at the levels of the stabiliser that all arms
// are tested at.
func (w *Withdrawal) atEqualLevels(c *Clinic, off *Node, arm string) {
	for _, level := range w.EqualLevels {
		off.Then("stabilise to "+Format(level), w.stabiliser(level)).Measure(arm, "", LevelMetric(level), c.biased(c.ManiaTestBias))
	}
}

// sortedArms lists arms in an order that is always the same.
func sortedArms(m map[string]*Node) []string {
	var arms []string
	for a := range m {
		arms = append(arms, a)
	}
	slices.Sort(arms)
	return arms
}

// WithdrawnMetric names the biased accuracy after a length of maintenance and
// the discontinuation.
func WithdrawnMetric(epochs int) string { return "withdrawn_" + seedText(epochs) + "_biased" }

// LevelMetric names the biased accuracy, withdrawn, at a level of the
// stabiliser.
func LevelMetric(level float64) string { return "biased_at_level_" + metricNumber(level) }

// deriveWithdrawal derives the relapses: of each duration, and as a share of
// them.
func (w *Withdrawal) deriveWithdrawal(d *derivation) {
	w.deriveLevels(d)
	d.each(func(s *subjectRows) {
		rate, ok := w.decay(s.Arm)
		if !ok {
			return
		}
		relapses, lowest := 0, 100.0
		for _, e := range w.MaintenanceDurations {
			v, ok := s.value(WithdrawnMetric(e))
			if !ok {
				return
			}
			s.flag("withdrawn_"+seedText(e)+"_relapse", v < w.BiasedRelapseThreshold)
			if v < w.BiasedRelapseThreshold {
				relapses++
			}
			lowest = min(lowest, v)
		}
		s.add("manic_relapse_probability", 100*float64(relapses)/float64(len(w.MaintenanceDurations)))
		s.add("post_discontinuation_biased", lowest)
		s.add("stabiliser_decay_per_step", rate)
		if v, ok := s.value("biased"); ok {
			s.flag("below_threshold_on_drug", v < w.BiasedRelapseThreshold)
		}
	})
}

// withdrawalTables are the tables of maintenance and discontinuation.
func (w *Withdrawal) withdrawalTables(c *Clinic, controls []Treatment) []Layout {
	var biased, relapse, levels []Heading
	for _, d := range w.MaintenanceDurations {
		biased = append(biased, Heading{WithdrawnMetric(d), "biased, withdrawn after " + seedText(d) + " epochs"})
		relapse = append(relapse, Heading{"withdrawn_" + seedText(d) + "_relapse", "relapsed after " + seedText(d) + " epochs (%)"})
	}
	for _, l := range w.EqualLevels {
		levels = append(levels, Heading{LevelMetric(l), "biased, stabiliser at " + Format(l)})
	}
	summary := []Heading{
		{"manic_relapse_probability", "relapse probability over the durations (%)"}, {"post_discontinuation_biased", "lowest biased accuracy (%)"},
		{"below_threshold_on_drug", "below the threshold already on the drug (%, ours)"}, {"stabiliser_decay_per_step", "decay of the stabiliser, a step"},
	}
	book := armHeadings(c.book())
	return []Layout{
		{Name: "withdrawal", Title: "After maintenance and discontinuation: accuracy (%) and relapses", Arms: book, Metrics: append(biased, summary...)},
		{Name: "relapse by duration", Title: "Subjects that relapse after discontinuation (%)", Arms: book, Metrics: relapse},
		{Name: "equal levels", Title: "Biased accuracy (%) with every arm at the same level of the stabiliser: withdrawn, without maintenance (ours)", Arms: append(book, armHeadings(controls, c.own())...), Metrics: levels},
	}
}

// withdrawalContrasts ask what the decay rates and the training explain.
func (w *Withdrawal) withdrawalContrasts(c *Clinic) []Contrast {
	last := WithdrawnMetric(slices.Max(w.MaintenanceDurations))
	first := WithdrawnMetric(slices.Min(w.MaintenanceDurations))
	list := []Contrast{
		{Question: "After withdrawal, as the book has it: ketamine-like or SSRI-like?", Arm: ArmKetamine, Against: ArmSSRI, Metric: last},
		{Question: "After withdrawal: ketamine-like or neurosteroid-like?", Arm: ArmKetamine, Against: ArmNeurosteroid, Metric: last},
		{Question: "After withdrawal: SSRI-like or neurosteroid-like?", Arm: ArmSSRI, Against: ArmNeurosteroid, Metric: last},
	}
	for _, a := range []string{ArmKetamine, ArmSSRI, ArmNeurosteroid} {
		list = append(list,
			Contrast{Question: "Is withdrawal a change?", Arm: a, Against: a, Metric: first, AgainstMetric: "biased"},
			Contrast{Question: "Does longer maintenance help?", Arm: a, Against: a, Metric: last, AgainstMetric: first})
	}
	for _, l := range w.EqualLevels {
		list = append(list,
			Contrast{Question: "At one level for all: ketamine-like or SSRI-like?", Arm: ArmKetamine, Against: ArmSSRI, Metric: LevelMetric(l)},
			Contrast{Question: "At one level for all: SSRI-like or neurosteroid-like?", Arm: ArmSSRI, Against: ArmNeurosteroid, Metric: LevelMetric(l)})
		if c.Controls {
			list = append(list, Contrast{Question: "At one level for all: what does regrowth add to the training of the ketamine-like arm?", Arm: ArmKetamine, Against: c.withoutRegrowth(), Metric: LevelMetric(l)})
		}
	}
	return list
}

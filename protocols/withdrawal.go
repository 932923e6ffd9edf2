package protocols

import (
	"cmp"
	"maps"
	"math"
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

// Decay of the stabiliser in an arm, until the test; false where the book sets none.
func (w *Withdrawal) Decay(arm string) (d Decay, ok bool) {
	d.Steps = w.DiscontinuationSteps
	switch strings.TrimPrefix(arm, Feedforward) {
	case ArmKetamine:
		d.Rate = w.KetamineDecay
	case ArmSSRI:
		d.Rate = w.SSRIDecay
	case ArmNeurosteroid:
		d.Rate = w.NeurosteroidDecay
	default:
		return d, false
	}
	return d, true
}

// withdraw takes each of the book's treatments through maintenance and
// discontinuation, and all arms, ours too, through the test at equal levels.
func (w *Withdrawal) withdraw(c *Clinic, treated map[string]*Node) {
	for _, arm := range slices.Sorted(maps.Keys(treated)) {
		n := treated[arm]
		if decay, ok := w.Decay(arm); ok {
			stabilised := n.Then("stabilise", w.stabiliser(1))
			for _, d := range w.MaintenanceDurations {
				after := stabilised.Then("maintain", c.tune(d, w.MaintenanceRate)).
					Then("discontinue", Discontinue{}).
					Then("stabiliser decays", decay)
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
		off.Then("stabilise to", w.stabiliser(level), level).Measure(arm, "", LevelMetric(level), c.biased(c.ManiaTestBias))
	}
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
		decay, ok := w.Decay(s.Arm)
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
		s.add("stabiliser_decay_per_step", decay.Rate)
		if v, ok := s.value("biased"); ok {
			s.flag("below_threshold_on_drug", v < w.BiasedRelapseThreshold)
		}
	})
}

// withdrawalTables are the tables of maintenance and discontinuation.
func (w *Withdrawal) withdrawalTables(c *Clinic, controls []Treatment) []Layout {
	var biased, relapse, levels []Heading
	for _, d := range w.MaintenanceDurations {
		biased = append(biased, Heading{Name: WithdrawnMetric(d), Words: "biased, withdrawn after " + seedText(d) + " epochs"})
		relapse = append(relapse, Heading{Name: "withdrawn_" + seedText(d) + "_relapse", Words: "relapsed after " + seedText(d) + " epochs (%)"})
	}
	for _, l := range w.EqualLevels {
		levels = append(levels, Heading{Name: LevelMetric(l), Words: "biased, stabiliser at " + Format(l)})
	}
	summary := []Heading{
		{Name: "manic_relapse_probability", Words: "relapse probability over the durations (%)"}, {Name: "post_discontinuation_biased", Words: "lowest biased accuracy (%)"},
		ours("below_threshold_on_drug", "below the threshold already on the drug (%)"), {Name: "stabiliser_decay_per_step", Words: "decay of the stabiliser, a step"},
	}
	book := armHeadings(c.book())
	return []Layout{
		{Name: "withdrawal", Title: "After maintenance and discontinuation: accuracy (%) and relapses", Arms: book, Metrics: append(biased, summary...)},
		{Name: "relapse by duration", Title: "Subjects that relapse after discontinuation (%)", Arms: book, Metrics: relapse},
		{Name: "equal levels", Ours: true, Title: "Biased accuracy (%) with every arm at the same level of the stabiliser: withdrawn, without maintenance", Arms: append(book, armHeadings(controls, c.own())...), Metrics: levels},
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

// withdrawalSections are where a chapter says them.
type withdrawalSections struct{ relapse, stability string }

// withdrawalClaims are what chapters 7 and 8 say of discontinuation; their IDs
// begin with prefix and are counted from first.
func (w *Withdrawal) withdrawalClaims(c *Clinic, prefix string, first int, section withdrawalSections) []Claim {
	longest, shortest := WithdrawnMetric(slices.Max(w.MaintenanceDurations)), WithdrawnMetric(slices.Min(w.MaintenanceDurations))
	list := []Claim{
		{ID: "0", Where: section.relapse, Words: "Discontinuation takes resistance to the trigger away (SSRI-like)", Says: Lower, Contrast: change(ArmSSRI, shortest, "biased"), Control: "the same network on the drug; who is below the threshold there cannot relapse, and most are"},
		{ID: "1", Where: section.relapse, Words: "Discontinuation takes resistance to the trigger away (neurosteroid-like)", Says: Lower, Contrast: change(ArmNeurosteroid, shortest, "biased"), Control: "the same network on the drug; who is below the threshold there cannot relapse, and most are"},
		{ID: "2", Where: section.relapse, Words: "Discontinuation takes nothing from the ketamine-like network", Says: Same, Contrast: change(ArmKetamine, shortest, "biased"), Control: "the same network on the drug"},
		{ID: "3", Where: section.relapse, Words: "After discontinuation the ketamine-like network relapses less often than the SSRI-like one", Says: Lower, Contrast: vs(ArmKetamine, ArmSSRI, "manic_relapse_probability"), Control: "as the book has it: 90 % of the stabiliser in the one arm and 25 % in the other"},
		{ID: "4", Where: section.relapse, Words: "... and so does the neurosteroid-like one", Says: Lower, Contrast: vs(ArmNeurosteroid, ArmSSRI, "manic_relapse_probability"), Control: "60 % of the stabiliser against 25 %"},
	}
	for _, l := range w.EqualLevels {
		if l == 0 {
			list = append(list,
				Claim{ID: "5", Where: section.relapse, Words: "Without a stabiliser, too, the ketamine-like network stands the trigger better than the SSRI-like one", Says: Higher, Contrast: vs(ArmKetamine, ArmSSRI, LevelMetric(0)), Control: "no stabiliser in either: the book leaves 90 % of it in the one arm and 25 % in the other"},
				Claim{ID: "6", Where: section.relapse, Words: "... and the neurosteroid-like better than the SSRI-like one", Says: Higher, Contrast: vs(ArmNeurosteroid, ArmSSRI, LevelMetric(0)), Control: "no stabiliser in either"},
				Claim{ID: "7", Where: section.stability, Words: "The ketamine-like network needs no stabiliser to stay well", Says: Lower, Contrast: vs(ArmKetamine, ArmSSRI, relapseAtLevel(0)), Control: "no stabiliser in either"})
			if c.Controls {
				list = append(list, Claim{ID: "8", Where: section.stability, Words: "Structural repair is why the ketamine-like network does not relapse", Says: Higher, Contrast: vs(ArmKetamine, c.withoutRegrowth(), LevelMetric(0)), Family: Mechanisms, Control: "the same training at the same gain, no stabiliser in either"})
			}
		}
	}
	if low, high, ok := w.levelsOfDecay(); ok {
		list = append(list, Claim{ID: "9", Where: section.stability, Words: "A stabiliser that fades slowly protects more", Says: Higher, Contrast: change(ArmSSRI, LevelMetric(high), LevelMetric(low)), Family: Mechanisms, Control: "the same network with what slow and fast decay leave of it"})
	}
	if longest != shortest {
		for i, a := range []Heading{{Name: ArmKetamine, Words: "ketamine-like"}, {Name: ArmSSRI, Words: "SSRI-like"}, {Name: ArmNeurosteroid, Words: "neurosteroid-like"}} {
			list = append(list, Claim{ID: []string{"10", "11", "12"}[i], Where: section.relapse, Words: "Longer maintenance adds nothing (" + a.Words + ")", Says: Same, Contrast: change(a.Name, longest, shortest), Control: "the same network after the shortest maintenance"})
		}
	}
	for i := range list {
		list[i].ID = prefix + shifted(list[i].ID, first)
	}
	return list
}

// levelsOfDecay are the levels at which arms are compared that lie nearest to
// what the SSRI-like and the ketamine-like arm's decay leave.
func (w *Withdrawal) levelsOfDecay() (low, high float64, ok bool) {
	left := func(rate float64) float64 { return Decay{Rate: rate, Steps: w.DiscontinuationSteps}.Left() }
	nearest := func(to float64) float64 {
		return slices.MinFunc(w.EqualLevels, func(a, b float64) int {
			return cmp.Compare(math.Abs(a-to), math.Abs(b-to))
		})
	}
	if len(w.EqualLevels) == 0 {
		return 0, 0, false
	}
	low, high = nearest(left(w.SSRIDecay)), nearest(left(w.KetamineDecay))
	return low, high, low < high
}

// relapseAtLevel names whether a subject is below the relapse threshold with the
// stabiliser at a level, withdrawn (ours).
func relapseAtLevel(level float64) string { return "relapse_at_level_" + metricNumber(level) }

// deriveLevels derives those relapses.
func (w *Withdrawal) deriveLevels(d *derivation) {
	d.each(func(s *subjectRows) {
		for _, l := range w.EqualLevels {
			if v, ok := s.value(LevelMetric(l)); ok {
				s.flag(relapseAtLevel(l), v < w.BiasedRelapseThreshold)
			}
		}
	})
}

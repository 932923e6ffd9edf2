package protocols

import (
	"fmt"
	"slices"
	"strconv"
)

// Repair is what chapters 2 to 8 share: a network, what it is cut to, and how
// weights come back.
type Repair struct {
	Subjects
	Task
	Baseline
	Architecture    Architecture `default:"mlp" meaning:"network: mlp is the book's; docs/network.md says how to have another"`
	PruneSparsity   float64      `default:"0.95" range:"[0,1)" unit:"share of each weight matrix" meaning:"weights cut, the smallest first"`
	PruneRule       string       `default:"matrix" choices:"matrix,global,random" meaning:"what is cut: the smallest weights of each matrix, those of the whole network, or any of each matrix"`
	RegrowFraction  float64      `default:"0.5" range:"[0,1]" unit:"share of the cut weights" meaning:"sites given back"`
	RegrowScale     float64      `default:"0.03" range:"[0,10]" unit:"SD" meaning:"of the regrown weights"`
	GradientBatches int          `default:"30" range:"[1,100000]" unit:"batches" meaning:"scored before a gradient-guided regrowth"`
	TieRule         string       `default:"random" choices:"random,first,last" meaning:"which of equal scores are regrown first; after pruning most scores are exactly 0"`
	FinetuneEpochs  int          `default:"15" range:"[0,10000]" unit:"epochs" meaning:"training after regrowth, and of the control without regrowth"`
	FinetuneRate    float64      `default:"0.0005" range:"(0,10]" unit:"Adam step size" meaning:"rate of every training after the first, unless it has its own"`
	RelapseFraction float64      `default:"0.4" range:"[0,1]" unit:"share of the live weights" meaning:"cut in the second pruning, the relapse challenge"`
	Measures
	Controls bool    `default:"true" meaning:"whether our control arms, which the book lacks, are run too"`
	Robust   ClaimID `default:"" meaning:"claim that is asked under other reasonable choices, too, as \"5.25\""`
}

// Measures are the levels of noise that networks are tested under.
type Measures struct {
	InternalSigmas     []float64 `default:"0,0.5,1,1.5,2.5" range:"[0,100] each once" unit:"SD" meaning:"internal noise added to every hidden unit, on the standard test set"`
	CombinedInputSigma float64   `default:"1" range:"[0,100]" unit:"SD" meaning:"input noise of the combined test"`
	CombinedSigma      float64   `default:"0.5" range:"[0,100]" unit:"SD" meaning:"internal noise of the combined test"`
}

// tune is a training call after the first.
func (r *Repair) tune(epochs int, rate float64) Train {
	return Train{Data: r.train(), BatchSize: r.BatchSize, Epochs: epochs, Rate: rate}
}

// regrow is gradient-guided regrowth of a share of what is pruned.
func (r *Repair) regrow(fraction float64) RegrowGradient {
	return RegrowGradient{
		Data: r.train(), BatchSize: r.BatchSize, Batches: r.GradientBatches,
		Fraction: fraction, Scale: r.RegrowScale, Ties: Ties(r.TieRule),
	}
}

// combined is the combined test: the standard set with input noise and internal
// noise (chapter 2). draw says which draw of the noise.
func (r *Repair) combined(draw int) Accuracy {
	return Accuracy{Data: r.standard(), InputSigma: r.CombinedInputSigma, Sigma: r.CombinedSigma, Draw: draw}
}

// internal measures the standard set under each level of internal noise.
func (r *Repair) internal(n *Node, arm, condition string) {
	for _, s := range r.InternalSigmas {
		n.Measure(arm, condition, InternalMetric(s), Accuracy{Data: r.standard(), Sigma: s})
	}
}

// shortBattery is the measures of chapters 3 to 8: clean, standard, the levels
// of internal noise, combined, and the sparsity over weights.
func (r *Repair) shortBattery(n *Node, arm string) {
	n.Measure(arm, "", "clean", Accuracy{Data: r.clean()})
	n.Measure(arm, "", "standard", Accuracy{Data: r.standard()})
	r.internal(n, arm, "")
	n.Measure(arm, "", "combined", r.combined(0))
	n.Measure(arm, "", "sparsity_weights", Sparsity{})
}

// relapse is the second pruning: no training, then the combined test. The book
// takes it under new noise, which sets how much the drop scatters; ours is taken
// again under the noise of the battery, so that what remains is the pruning.
func (r *Repair) relapse(n *Node, arm string, limit float64) {
	n.Then("second pruning", PruneFurther{r.RelapseFraction, limit, r.rule()}).
		Measure(arm, "", "post_relapse_combined", r.combined(1)).
		Measure(arm, "", "post_relapse_same_noise", r.combined(0))
}

// relapseDrops derives the drops of the second pruning, in points: positive is
// a loss, as the author's program has it.
func relapseDrops(s *subjectRows) {
	s.difference("relapse_drop_points", "combined", "post_relapse_combined")
	s.difference("relapse_drop_same_noise", "combined", "post_relapse_same_noise")
}

// InternalMetric names the accuracy under internal noise of an SD,
// "internal_0_5".
func InternalMetric(sigma float64) string { return "internal_" + metricNumber(sigma) }

// InternalTests are the accuracies under each level of internal noise.
func (r *Repair) InternalTests() []Heading {
	var list []Heading
	for _, s := range r.InternalSigmas {
		list = append(list, internalTest(s))
	}
	return list
}

func internalTest(sigma float64) Heading {
	return Heading{Name: InternalMetric(sigma), Words: "internal noise, SD " + Format(sigma)}
}

// Hardest is the accuracy under the strongest internal noise.
func (r *Repair) Hardest() Heading { return internalTest(slices.Max(r.InternalSigmas)) }

// hardest is its metric.
func (r *Repair) hardest() string { return r.Hardest().Name }

// PrunedArm is the name of the pruned arm, "pruned95" at a sparsity of .95.
func (r *Repair) PrunedArm() string {
	return "pruned" + strconv.FormatFloat(100*r.PruneSparsity, 'g', 6, 64)
}

// growKeeping starts a subject; keep keeps the gradient of the last batch.
func (r *Repair) growKeeping(t *Tree, keep bool) *Node {
	baseline := Train{Data: r.train(), BatchSize: r.BatchSize, Epochs: r.BaselineEpochs, Rate: r.BaselineRate, KeepGradient: keep}
	return t.Root.Then("initialise", Initialise{r.network()}).Then("baseline", baseline)
}

// mainArms are those of chapters 2 and 3: full, pruned, regrown by gradient and
// at random; it returns the pruned node.
func (r *Repair) mainArms(full *Node, leftover bool, battery func(*Node, string)) *Node {
	regrow := r.regrow(r.RegrowFraction)
	regrow.Leftover = leftover
	tune := r.tune(r.FinetuneEpochs, r.FinetuneRate)
	pruned := full.Then("prune", Prune{r.PruneSparsity, r.rule()})
	battery(full, ArmFull)
	battery(pruned, r.PrunedArm())
	battery(pruned.Then("regrow by gradient", regrow).Then("fine-tune", tune), ArmRecoveredGradient)
	battery(pruned.Then("regrow at random", RegrowRandom{r.RegrowFraction, r.RegrowScale}).Then("fine-tune", tune), ArmRecoveredRandom)
	return pruned
}

// longBattery is the measures of chapters 2 and 3: clean, standard, input
// noise, internal noise, combined, and the counts of weights.
func (r *Repair) longBattery(n *Node, arm string, inputSigmas []float64) {
	for _, s := range inputSigmas {
		n.Measure(arm, "", InputMetric(s), Accuracy{Data: r.standard(), InputSigma: s})
	}
	r.shortBattery(n, arm)
	n.Read(r.census(arm))
}

// sweep prunes the trained network to each level and measures it as it is.
func (r *Repair) sweep(full *Node, levels []float64) {
	for _, q := range levels {
		level := full
		if q > 0 {
			level = full.Then("prune to", Prune{q, r.rule()}, q)
		}
		level.Measure(ArmSweep, Format(q), "clean", Accuracy{Data: r.clean()})
		level.Measure(ArmSweep, Format(q), "standard", Accuracy{Data: r.standard()})
		r.internal(level, ArmSweep, Format(q))
		level.Measure(ArmSweep, Format(q), "combined", r.combined(0))
	}
}

// deriveMain derives what chapters 2 and 3 share: counts, the contrast of the
// two regrowths under the names that the book gives it, and the cliff of the
// sweep.
func (r *Repair) deriveMain(chapter int, rows []Row, contrast map[string]string, levels []float64) []Row {
	derived := censusRows(chapter, rows)
	kept := map[[2]string]float64{}
	for _, row := range rows {
		if row.Metric == "kept_weights" {
			kept[[2]string{row.Arm, row.Seed}] += row.Value
		}
	}
	d := bySubject(chapter, append(slices.Clone(rows), derived...))
	d.each(func(s *subjectRows) {
		switch s.Arm {
		case ArmRecoveredGradient, ArmRecoveredRandom:
			s.add("regrown_weights", kept[[2]string{s.Arm, s.Seed}]-kept[[2]string{r.PrunedArm(), s.Seed}])
			kind := map[string]string{ArmRecoveredGradient: "gradient_", ArmRecoveredRandom: "random_"}[s.Arm]
			for name, metric := range contrast {
				if v, ok := s.value(metric); ok {
					d.of(ArmContrast, s.Seed).add(kind+name, v)
				}
			}
		}
	})
	cliffs(d, rows, levels)
	return append(derived, d.rows...)
}

// cliffs derives, for each subject, where the combined accuracy of its sweep
// falls most from one level to the next, by how much, and what the book says of
// single levels.
func cliffs(d *derivation, rows []Row, levels []float64) {
	levels = slices.Sorted(slices.Values(levels))
	combined := map[string]map[float64]float64{} // by seed and level
	var seeds []string
	for _, row := range rows {
		if row.Arm != ArmSweep || row.Metric != "combined" {
			continue
		}
		if combined[row.Seed] == nil {
			combined[row.Seed] = map[float64]float64{}
			seeds = append(seeds, row.Seed)
		}
		for _, q := range levels {
			if Format(q) == row.Condition {
				combined[row.Seed][q] = row.Value
			}
		}
	}
	for _, row := range rows {
		if row.Arm == ArmSweep && row.Metric == "standard" && row.Condition == Format(0.9) {
			d.of(ArmCliff, row.Seed).add("standard_at_90", row.Value)
		}
	}
	for _, seed := range seeds {
		at := combined[seed]
		s := d.of(ArmCliff, seed)
		level, fall := Cliff(levels, at)
		s.add("threshold_sparsity", 100*level)
		s.add("drop_points_at_threshold", fall)
		if v, ok := at[0.8]; ok {
			if w, ok := at[0.9]; ok {
				s.add(fallBetween80And90, v-w)
			}
		}
		if v, ok := at[0.9]; ok {
			s.add("combined_at_90", v)
			if w, ok := at[0.93]; ok {
				s.add("collapse_between_90_and_93_points", v-w)
			}
		}
		var beyond []float64
		for _, q := range levels {
			if q > 0.95 {
				beyond = append(beyond, at[q])
			}
		}
		if beyond != nil {
			sum := 0.0
			for _, v := range beyond {
				sum += v
			}
			s.add("combined_beyond_95", sum/float64(len(beyond)))
		}
	}
}

// Cliff is the rule of chapter 2: walking the levels upward, the one that ends
// the largest fall of the combined accuracy, and that fall in points. The walk
// starts from 100.
func Cliff(levels []float64, combined map[float64]float64) (level, fall float64) {
	last := 100.0
	for _, q := range levels {
		if d := last - combined[q]; d > fall {
			level, fall = q, d
		}
		last = combined[q]
	}
	return level, fall
}

// Tests are the accuracies of chapters 2 and 3.
func (r *Repair) Tests(inputSigmas []float64) []Heading {
	list := []Heading{{Name: "clean", Words: "clean"}, {Name: "standard", Words: "standard"}}
	for _, s := range inputSigmas {
		list = append(list, Heading{Name: InputMetric(s), Words: "input noise, SD " + Format(s)})
	}
	return append(append(list, r.InternalTests()...), Heading{Name: "combined", Words: "combined"})
}

// MainArms are those of chapters 2 and 3, and our control.
func (r *Repair) MainArms() []Heading {
	arms := []Heading{
		fullNetwork,
		{Name: r.PrunedArm(), Words: fmt.Sprintf("pruned (%s %%)", strconv.FormatFloat(100*r.PruneSparsity, 'g', 6, 64))},
		{Name: ArmRecoveredGradient, Words: "recovered, by gradient"},
		{Name: ArmRecoveredRandom, Words: "recovered, at random"},
	}
	if r.Controls {
		arms = append(arms, ours(ArmTunedOnly, "tuned without regrowth"))
	}
	return arms
}

// mainTable is Table 1 of chapters 2 and 3.
func (r *Repair) mainTable(name string, inputSigmas []float64) Layout {
	metrics := append(r.Tests(inputSigmas),
		Heading{Name: "sparsity_all_params", Words: "sparsity, all parameters (%)"}, Heading{Name: "active_params", Words: "active parameters"}, Heading{Name: "regrown_weights", Words: "regrown weights"})
	return Layout{Name: name, Title: "Accuracy (%) before pruning, after it, and after each way back", Arms: r.MainArms(), Metrics: metrics}
}

// cliffTable is what the book says of the sweep.
func (r *Repair) cliffTable() Layout {
	return Layout{
		Name:  "cliff",
		Title: "Where the combined accuracy falls most from one level of the sweep to the next",
		Arms:  []Heading{{Name: ArmCliff, Words: "sweep"}},
		Metrics: []Heading{
			{Name: "threshold_sparsity", Words: "sparsity that ends the largest fall (%)"}, {Name: "drop_points_at_threshold", Words: "that fall (points)"},
			{Name: "combined_at_90", Words: "combined at 90 %"}, {Name: "collapse_between_90_and_93_points", Words: "fall from 90 to 93 % (points)"}, {Name: "combined_beyond_95", Words: "combined beyond 95 %, mean"},
		},
	}
}

// mainContrasts are the questions of chapters 2 and 3 to their main arms.
func (r *Repair) mainContrasts(metrics []string) []Contrast {
	list := []Contrast{
		{Question: "What does pruning cost?", Arm: r.PrunedArm(), Against: ArmFull},
		{Question: "Do sites chosen by gradient do better than random ones?", Arm: ArmRecoveredGradient, Against: ArmRecoveredRandom},
	}
	if r.Controls {
		list = append(list,
			Contrast{Question: "What does tuning give without regrowth?", Arm: ArmTunedOnly, Against: r.PrunedArm()},
			Contrast{Question: "What does regrowth add to tuning?", Arm: ArmRecoveredGradient, Against: ArmTunedOnly},
			Contrast{Question: "What does random regrowth add to tuning?", Arm: ArmRecoveredRandom, Against: ArmTunedOnly})
	}
	return asked(metrics, append(list, Contrast{Question: "Is the recovered network as good as the full one?", Arm: ArmRecoveredGradient, Against: ArmFull})...)
}

// CycleMetric names a measure of a cycle, "cycle_3_combined".
func CycleMetric(cycle int, metric string) string { return fmt.Sprintf("cycle_%d_%s", cycle, metric) }

package protocols

import (
	"fmt"
	"slices"
	"strconv"
)

// Ch02 is chapter 2: noise inside the network, regrowth where the loss asks for
// it instead of at random, and a sweep over pruning levels for a cliff.
//
// The book trains a new network for every arm and level. Ours branch from the
// subject's one network, so that arms and levels are paired.
type Ch02 struct {
	Repair
	InputSigmas      []float64 `default:"1,2" range:"(0,100] each once" unit:"SD" meaning:"noise added to the standard test set's inputs"`
	LeftoverGradient bool      `default:"true" meaning:"whether the gradient of the last baseline batch is added to the scores, as the author's program does; it decides ties"`
	SweepSparsities  []float64 `default:"0,0.5,0.7,0.8,0.9,0.93,0.95,0.97,0.99" range:"[0,1) each once" unit:"share of each weight matrix" meaning:"levels of the sparsity sweep, each cut from the subject's trained network"`
}

// Names of the arms of chapters 2 and 3.
const (
	ArmRecoveredGradient = "recovered_gradient"
	ArmContrast          = "regrowth_contrast"
	ArmCliff             = "sparsity_cliff"
)

func (*Ch02) Chapter() int  { return 2 }
func (*Ch02) Title() string { return "Internal noise, regrowth by gradient, and a cliff" }

// Defaults are the chapter's own.
func (*Ch02) Defaults() map[string]string {
	return map[string]string{"InternalSigmas": "0.3,0.5,1,1.5"}
}

// Check implements Protocol.
func (p *Ch02) Check() error { return nil }

// PrunedArm is the name of the pruned arm, "pruned95" at a sparsity of .95.
func (r *Repair) PrunedArm() string {
	return "pruned" + strconv.FormatFloat(100*r.PruneSparsity, 'g', 6, 64)
}

// Plant implements Protocol.
func (p *Ch02) Plant(seed int) *Tree {
	t := NewTree(seed)
	full := p.growKeeping(t, p.LeftoverGradient)
	pruned := p.mainArms(full, p.LeftoverGradient, p.battery)
	if p.Controls {
		p.battery(pruned.Then("fine-tune without regrowth", p.tune(p.FinetuneEpochs, p.FinetuneRate)), ArmTunedOnly)
	}
	p.sweep(full, p.SweepSparsities)
	return t
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

// battery is the chapter's measures of an arm.
func (p *Ch02) battery(n *Node, arm string) { p.longBattery(n, arm, p.InputSigmas) }

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
			level = full.Then("prune to "+Format(q), Prune{q, r.rule()})
		}
		level.Measure(ArmSweep, Format(q), "clean", Accuracy{Data: r.clean()})
		level.Measure(ArmSweep, Format(q), "standard", Accuracy{Data: r.standard()})
		r.internal(level, ArmSweep, Format(q))
		level.Measure(ArmSweep, Format(q), "combined", r.combined(0))
	}
}

// Derive implements Protocol.
func (p *Ch02) Derive(rows []Row) []Row {
	return p.deriveMain(2, rows, map[string]string{"high_noise": InternalMetric(1)}, p.SweepSparsities)
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

// Tables implements Protocol.
func (p *Ch02) Tables() []Layout {
	return []Layout{p.mainTable("table 1", p.InputSigmas), {
		Name:    "contrast",
		Title:   "Regrowth by gradient and at random, as the chapter prints it (one network each there)",
		Arms:    []Heading{{ArmContrast, "accuracy (%)"}},
		Metrics: []Heading{{"gradient_high_noise", "by gradient, internal noise SD 1"}, {"random_high_noise", "at random, internal noise SD 1"}},
	}, p.cliffTable()}
}

// mainTable is Table 1 of chapters 2 and 3.
func (r *Repair) mainTable(name string, inputSigmas []float64) Layout {
	metrics := []Heading{{"clean", "clean"}, {"standard", "standard"}}
	for _, s := range inputSigmas {
		metrics = append(metrics, Heading{InputMetric(s), "input noise, SD " + Format(s)})
	}
	metrics = append(metrics, r.internalHeadings()...)
	metrics = append(metrics, Heading{"combined", "combined"},
		Heading{"sparsity_all_params", "sparsity, all parameters (%)"}, Heading{"active_params", "active parameters"}, Heading{"regrown_weights", "regrown weights"})
	arms := []Heading{
		{ArmFull, "full network"},
		{r.PrunedArm(), fmt.Sprintf("pruned (%s %%)", strconv.FormatFloat(100*r.PruneSparsity, 'g', 6, 64))},
		{ArmRecoveredGradient, "recovered, by gradient"},
		{ArmRecoveredRandom, "recovered, at random"},
	}
	if r.Controls {
		arms = append(arms, Heading{ArmTunedOnly, "tuned without regrowth (ours)"})
	}
	return Layout{Name: name, Title: "Accuracy (%) before pruning, after it, and after each way back", Arms: arms, Metrics: metrics}
}

// cliffTable is what the book says of the sweep.
func (r *Repair) cliffTable() Layout {
	return Layout{
		Name:  "cliff",
		Title: "Where the combined accuracy falls most from one level of the sweep to the next",
		Arms:  []Heading{{ArmCliff, "sweep"}},
		Metrics: []Heading{
			{"threshold_sparsity", "sparsity that ends the largest fall (%)"}, {"drop_points_at_threshold", "that fall (points)"},
			{"combined_at_90", "combined at 90 %"}, {"collapse_between_90_and_93_points", "fall from 90 to 93 % (points)"}, {"combined_beyond_95", "combined beyond 95 %, mean"},
		},
	}
}

// Contrasts implements Protocol.
func (p *Ch02) Contrasts() []Contrast {
	return p.mainContrasts([]string{"combined", InternalMetric(slices.Max(p.InternalSigmas))})
}

// mainContrasts are the questions of chapters 2 and 3 to their main arms.
func (r *Repair) mainContrasts(metrics []string) []Contrast {
	var list []Contrast
	for _, m := range metrics {
		list = append(list,
			Contrast{Question: "What does pruning cost?", Arm: r.PrunedArm(), Against: ArmFull, Metric: m},
			Contrast{Question: "Do sites chosen by gradient do better than random ones?", Arm: ArmRecoveredGradient, Against: ArmRecoveredRandom, Metric: m},
		)
		if r.Controls {
			list = append(list,
				Contrast{Question: "What does tuning give without regrowth?", Arm: ArmTunedOnly, Against: r.PrunedArm(), Metric: m},
				Contrast{Question: "What does regrowth add to tuning?", Arm: ArmRecoveredGradient, Against: ArmTunedOnly, Metric: m},
				Contrast{Question: "What does random regrowth add to tuning?", Arm: ArmRecoveredRandom, Against: ArmTunedOnly, Metric: m},
			)
		}
		list = append(list, Contrast{Question: "Is the recovered network as good as the full one?", Arm: ArmRecoveredGradient, Against: ArmFull, Metric: m})
	}
	return list
}

package protocols

import (
	"fmt"
	"slices"
	"strconv"
)

// Ch01 is chapter 1: cut 95 % of a trained network's weights, give half of the
// lost ones back at random, and tune. The book has three arms of one subject:
// the full, the pruned and the recovered network. Ours adds what tells
// regrowth from tuning, each without the other.
type Ch01 struct {
	Subjects
	Task
	Baseline
	PruneSparsity   float64   `default:"0.95" range:"[0,1)" unit:"share of each weight matrix" meaning:"weights cut, the smallest first"`
	RegrowFraction  float64   `default:"0.5" range:"[0,1]" unit:"share of the cut weights" meaning:"sites given back, chosen at random"`
	RegrowScale     float64   `default:"0.03" range:"[0,10]" unit:"SD" meaning:"of the regrown weights"`
	FinetuneEpochs  int       `default:"15" range:"[0,10000]" unit:"epochs" meaning:"training after regrowth, and in the arm without regrowth"`
	FinetuneRate    float64   `default:"0.0005" range:"(0,10]" unit:"Adam step size" meaning:"rate of that training"`
	InputSigmas     []float64 `default:"1,2" range:"(0,100] each once" unit:"SD" meaning:"noise added to the standard test set's inputs"`
	SweepSparsities []float64 `default:"0,0.5,0.7,0.8,0.9,0.95,0.97,0.99" range:"[0,1) each once" unit:"share of each weight matrix" meaning:"levels of the sparsity sweep, each cut from the subject's trained network"`
}

// Names of the arms; the pruned one's follows its sparsity (Ch01.PrunedArm).
const (
	ArmFull            = "full"
	ArmRecoveredRandom = "recovered_random"
	ArmTunedOnly       = "tuned_without_regrowth"     // ours
	ArmRegrownOnly     = "regrown_without_tuning"     // ours
	ArmCutAtRandom     = "pruned_at_random"           // ours
	ArmTunedAtRandom   = "tuned_after_random_pruning" // ours
	ArmSweep           = "sparsity_sweep"
)

// Grid of the decision regions: fine enough for a smooth border in print, wide
// enough for the data (centres at +-3, SD .8) and what lies beyond.
const (
	RegionsSide   = 141
	RegionsExtent = 7.0
)

// MagnitudeBins is the number of bins of the weight histograms.
const MagnitudeBins = 60

func (*Ch01) Chapter() int  { return 1 }
func (*Ch01) Title() string { return "Prune, regrow at random, tune" }

// PrunedArm is the name of the pruned arm, "pruned95" at a sparsity of .95.
func (p *Ch01) PrunedArm() string {
	return "pruned" + strconv.FormatFloat(100*p.PruneSparsity, 'g', 6, 64)
}

// Plant implements Protocol.
func (p *Ch01) Plant(seed int) *Tree {
	t := NewTree(seed)
	tune := Train{Data: p.train(), BatchSize: p.BatchSize, Epochs: p.FinetuneEpochs, Rate: p.FinetuneRate}

	full := p.Baseline.grow(t, p.train())
	pruned := full.Then("prune", Prune{Sparsity: p.PruneSparsity})
	regrown := pruned.Then("regrow", RegrowRandom{p.RegrowFraction, p.RegrowScale})
	recovered := regrown.Then("fine-tune", tune)
	tuned := pruned.Then("fine-tune without regrowth", tune)
	chance := full.Then("prune at random", PruneRandom{p.PruneSparsity})
	tunedChance := chance.Then("fine-tune without regrowth", tune)

	arms := []struct {
		name string
		node *Node
	}{
		{ArmFull, full}, {p.PrunedArm(), pruned}, {ArmRecoveredRandom, recovered},
		{ArmTunedOnly, tuned}, {ArmRegrownOnly, regrown},
	}
	for _, arm := range arms {
		p.battery(arm.node, arm.name, "")
		arm.node.Read(p.census(arm.name))
	}
	p.battery(chance, ArmCutAtRandom, "")
	chance.Read(p.census(ArmCutAtRandom))
	p.battery(tunedChance, ArmTunedAtRandom, "")
	tunedChance.Read(p.census(ArmTunedAtRandom))
	for _, q := range p.SweepSparsities {
		level := full
		if q > 0 {
			level = full.Then("prune to", Prune{Sparsity: q}, q)
		}
		p.battery(level, ArmSweep, Format(q))
	}

	// Pictures of the network itself are drawn for the first subject alone.
	if seed == p.Seeds[0] {
		for _, arm := range arms {
			arm.node.Trace(arm.name, "regions", Regions{RegionsSide, RegionsExtent})
		}
		for l, q := range p.magnitudes() {
			full.Trace(ArmFull, "magnitudes "+LayerName(l), q)
		}
	}
	full.Trace(ArmFull, "losses", Losses{})
	recovered.Trace(ArmRecoveredRandom, "losses", Losses{})
	tuned.Trace(ArmTunedOnly, "losses", Losses{})
	return t
}

// battery is the chapter's measures of a network: clean, standard, and the
// standard set with input noise.
func (p *Ch01) battery(n *Node, arm, condition string) {
	n.Measure(arm, condition, "clean", Accuracy{Data: p.clean()})
	n.Measure(arm, condition, "standard", Accuracy{Data: p.standard()})
	for _, s := range p.InputSigmas {
		n.Measure(arm, condition, InputMetric(s), Accuracy{Data: p.standard(), InputSigma: s})
	}
}

// InputMetric names the accuracy under input noise of an SD, "input_1_0".
func InputMetric(sigma float64) string { return "input_" + metricNumber(sigma) }

// LayerName names the l-th layer, counted from 0, as PyTorch users do: "fc1".
func LayerName(l int) string { return fmt.Sprintf("fc%d", l+1) }

// magnitudes has a histogram for each layer, out to two and a half times the largest initial
// weight (chapter 1: the initial bound is 1/sqrt(fan in)).
func (p *Ch01) magnitudes() []Magnitudes {
	fanIn := append([]int{Dimensions}, p.Hidden...)
	list := make([]Magnitudes, len(fanIn))
	for l, n := range fanIn {
		list[l] = Magnitudes{Layer: l, Bins: MagnitudeBins, Upper: 2.5 * initialBound(n), Sparsity: p.PruneSparsity}
	}
	return list
}

// Derive implements Protocol: from the census of each subject, the active
// parameters and the sparsities, and what the regrowth gave back.
func (p *Ch01) Derive(rows []Row) []Row {
	type key struct{ arm, layer, seed string }
	kept := map[key]float64{}
	for _, r := range rows {
		if r.Metric == "kept_weights" {
			kept[key{r.Arm, r.Condition, r.Seed}] = r.Value
		}
	}
	derived := censusRows(1, rows)
	for _, r := range rows {
		if r.Metric != "total_weights" {
			continue
		}
		add := func(metric string, value float64) {
			derived = append(derived, Row{1, r.Arm, r.Condition, metric, r.Seed, value})
		}
		k := key{r.Arm, r.Condition, r.Seed}
		add("sparsity_layer", 100*(1-kept[k]/r.Value))
		if r.Arm == ArmRecoveredRandom {
			add("regrown_weights", kept[k]-kept[key{p.PrunedArm(), r.Condition, r.Seed}])
			add("still_pruned_weights", r.Value-kept[k])
		}
	}
	return append(derived, p.deriveClaims(rows)...)
}

// Tables implements Protocol.
func (p *Ch01) Tables() []Layout {
	metrics := []Heading{{Name: "clean", Words: "clean"}, {Name: "standard", Words: "standard"}}
	for _, s := range p.InputSigmas {
		metrics = append(metrics, Heading{Name: InputMetric(s), Words: "input noise, SD " + Format(s)})
	}
	metrics = append(metrics, Heading{Name: "sparsity_all_params", Words: "sparsity, all parameters (%)"}, Heading{Name: "active_params", Words: "active parameters"})
	pruned := Heading{Name: p.PrunedArm(), Words: fmt.Sprintf("pruned (%s %%)", strconv.FormatFloat(100*p.PruneSparsity, 'g', 6, 64))}
	tuned := ours(ArmTunedOnly, "tuned without regrowth")
	return []Layout{{
		Name:  "table 1",
		Title: "Accuracy (%) before pruning, after it, and after each way back",
		Arms: []Heading{
			{Name: ArmFull, Words: "full network"},
			pruned,
			{Name: ArmRecoveredRandom, Words: "recovered"},
			tuned,
			ours(ArmRegrownOnly, "regrown without tuning"),
		},
		Metrics: metrics,
	}, {
		Name: "chance",
		Ours: true, Title: "Accuracy (%) where the smallest weights are cut, and where as many are cut by chance",
		Arms:    []Heading{pruned, ours(ArmCutAtRandom, "pruned at random"), tuned, ours(ArmTunedAtRandom, "pruned at random, then tuned")},
		Metrics: metrics,
	}}
}

// Contrasts implements Protocol: what each step does, and above all what the
// regrowth adds to the tuning, which the chapter does not ask.
func (p *Ch01) Contrasts() []Contrast {
	return asked([]string{"standard", InputMetric(slices.Max(p.InputSigmas))},
		Contrast{Question: "What does pruning cost?", Arm: p.PrunedArm(), Against: ArmFull},
		Contrast{Question: "What does pruning cost beyond what chance would?", Arm: p.PrunedArm(), Against: ArmCutAtRandom},
		Contrast{Question: "Once both are tuned, does it matter which weights were cut?", Arm: ArmTunedOnly, Against: ArmTunedAtRandom},
		Contrast{Question: "What does regrowth give without tuning?", Arm: ArmRegrownOnly, Against: p.PrunedArm()},
		Contrast{Question: "What does tuning give without regrowth?", Arm: ArmTunedOnly, Against: p.PrunedArm()},
		Contrast{Question: "What does regrowth add to tuning?", Arm: ArmRecoveredRandom, Against: ArmTunedOnly},
		Contrast{Question: "Is the recovered network better than the full one?", Arm: ArmRecoveredRandom, Against: ArmFull},
		Contrast{Question: "Is that due to the regrowth?", Arm: ArmTunedOnly, Against: ArmFull},
	)
}

// Claims are what the chapter says.
func (p *Ch01) Claims() []Claim {
	pruned, hardest := p.PrunedArm(), InputMetric(slices.Max(p.InputSigmas))
	return settled([]Claim{
		{ID: "1.1", Where: "Baseline network performance, p. 20", Words: "The dense network loses next to nothing to the noise that it was trained with", Says: Same, Contrast: change(ArmFull, "standard", "clean")},
		{ID: "1.2", Where: "Impact of large-scale pruning, p. 21", Words: "Cutting 95 % of the weights makes it fail on clean points", Says: Lower, Contrast: vs(pruned, ArmFull, "clean"), Control: "four distinct points: the accuracy takes sixteen values"},
		{ID: "1.3", Where: "Impact of large-scale pruning, p. 21", Words: "... and on noisy ones", Says: Lower, Contrast: vs(pruned, ArmFull, "standard")},
		{ID: "1.4", Where: "Abstract, p. 13", Words: "The pruned network is worse with noise than without", Says: Lower, Contrast: change(pruned, "standard", "clean")},
		{ID: "1.5", Where: "Impact of large-scale pruning, p. 21", Words: "Pruning takes tolerance of noise away: more noise costs the pruned network more than the dense one", Says: Higher, Contrast: vs(pruned, ArmFull, noiseDrop), Control: "losses from the standard set to the strongest input noise"},
		{ID: "1.6", Where: "Functional recovery after simulated plasticity, p. 21", Words: "Regrowth of half and brief training restore the accuracy", Says: Same, Contrast: vs(ArmRecoveredRandom, ArmFull, "standard")},
		{ID: "1.7", Where: "Functional recovery after simulated plasticity, p. 21", Words: "... and the tolerance of strong noise", Says: Same, Contrast: vs(ArmRecoveredRandom, ArmFull, hardest)},
		{ID: "1.8", Where: "Interpretation of results, p. 22", Words: "Under noise the recovered network is better than the dense one", Says: Higher, Contrast: vs(ArmRecoveredRandom, ArmFull, hardest)},
		{ID: "1.9", Where: "Interpretation of results, p. 22", Words: "It is the regrown weights that bring the function back", Says: Higher, Contrast: vs(ArmRecoveredRandom, ArmTunedOnly, "standard"), Family: Mechanisms, Control: "the same training without regrowth"},
		{ID: "1.10", Where: "Interpretation of results, p. 22", Words: "... and the tolerance of strong noise", Says: Higher, Contrast: vs(ArmRecoveredRandom, ArmTunedOnly, hardest), Family: Mechanisms, Control: "the same training without regrowth"},
		{ID: "1.11", Where: "Conclusion, p. 28", Words: "Weak random connections help before anything is learnt", Says: Higher, Contrast: vs(ArmRegrownOnly, pruned, "standard"), Family: Mechanisms, Control: "the pruned network as it is"},
		{ID: "1.12", Where: "Interpretation of results, p. 22", Words: "The loss is more than as many cuts by chance would bring", Says: Lower, Contrast: vs(pruned, ArmCutAtRandom, "standard"), Family: Mechanisms, Control: "as many weights cut at random"},
		{ID: "1.13", Where: "Interpretation of results, p. 22", Words: "Pruning leaves a scaffold that training can build on", Says: Higher, Contrast: vs(ArmTunedOnly, ArmTunedAtRandom, hardest), Family: Mechanisms, Control: "what a cut at random leaves, trained alike"},
		{ID: "1.14", Where: "Interpretation of results, p. 22", Words: "The collapse has a threshold between 90 and 95 %", Says: Higher, Contrast: change(ArmSweep, fallTo(0.95), fallTo(0.9)), Control: "the fall from 80 to 90 %"},
		{ID: "1.15", Where: "Interpretation of results, p. 22", Words: "A small and focused regrowth is enough", Says: Same, Family: Mechanisms, Needs: "arms that regrow a tenth and a quarter of the cut weights, beside the half"},
	})
}

// noiseDrop is what the strongest input noise takes from the accuracy on the
// standard set, in points (ours).
const noiseDrop = "noise_drop"

// fallTo is what pruning from one level of the sweep to the next, which is
// sparsity, takes from the accuracy on the standard set, in points (ours).
func fallTo(sparsity float64) string { return "standard_fall_to_" + metricNumber(sparsity) }

// deriveClaims derives what the claims need.
func (p *Ch01) deriveClaims(rows []Row) []Row {
	d := bySubject(1, rows)
	d.each(func(s *subjectRows) { s.difference(noiseDrop, "standard", InputMetric(slices.Max(p.InputSigmas))) })
	levels := slices.Sorted(slices.Values(p.SweepSparsities))
	at := map[string]map[string]float64{} // by seed and level
	for _, r := range rows {
		if r.Arm == ArmSweep && r.Metric == "standard" {
			if at[r.Seed] == nil {
				at[r.Seed] = map[string]float64{}
			}
			at[r.Seed][r.Condition] = r.Value
			for i, q := range levels {
				if before, ok := at[r.Seed][Format(levels[max(0, i-1)])]; i > 0 && ok && Format(q) == r.Condition {
					d.of(ArmSweep, r.Seed).add(fallTo(q), before-r.Value)
				}
			}
		}
	}
	return d.rows
}

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

// Check implements Protocol.
func (p *Ch01) Check() error { return nil }

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
			level = full.Then("prune to "+Format(q), Prune{Sparsity: q})
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
	metrics := []Heading{{"clean", "clean"}, {"standard", "standard"}}
	for _, s := range p.InputSigmas {
		metrics = append(metrics, Heading{InputMetric(s), "input noise, SD " + Format(s)})
	}
	metrics = append(metrics, Heading{"sparsity_all_params", "sparsity, all parameters (%)"}, Heading{"active_params", "active parameters"})
	pruned := Heading{p.PrunedArm(), fmt.Sprintf("pruned (%s %%)", strconv.FormatFloat(100*p.PruneSparsity, 'g', 6, 64))}
	tuned := Heading{ArmTunedOnly, "tuned without regrowth (ours)"}
	return []Layout{{
		Name:  "table 1",
		Title: "Accuracy (%) before pruning, after it, and after each way back",
		Arms: []Heading{
			{ArmFull, "full network"},
			pruned,
			{ArmRecoveredRandom, "recovered"},
			tuned,
			{ArmRegrownOnly, "regrown without tuning (ours)"},
		},
		Metrics: metrics,
	}, {
		Name:    "chance",
		Title:   "Accuracy (%) where the smallest weights are cut, and where as many are cut by chance (ours)",
		Arms:    []Heading{pruned, {ArmCutAtRandom, "pruned at random (ours)"}, tuned, {ArmTunedAtRandom, "pruned at random, then tuned (ours)"}},
		Metrics: metrics,
	}}
}

// Contrasts implements Protocol: what each step does, and above all what the
// regrowth adds to the tuning, which the chapter does not ask.
func (p *Ch01) Contrasts() []Contrast {
	hardest := InputMetric(slices.Max(p.InputSigmas))
	var list []Contrast
	for _, metric := range []string{"standard", hardest} {
		list = append(list,
			Contrast{Question: "What does pruning cost?", Arm: p.PrunedArm(), Against: ArmFull, Metric: metric},
			Contrast{Question: "What does pruning cost beyond what chance would?", Arm: p.PrunedArm(), Against: ArmCutAtRandom, Metric: metric},
			Contrast{Question: "Once both are tuned, does it matter which weights were cut?", Arm: ArmTunedOnly, Against: ArmTunedAtRandom, Metric: metric},
			Contrast{Question: "What does regrowth give without tuning?", Arm: ArmRegrownOnly, Against: p.PrunedArm(), Metric: metric},
			Contrast{Question: "What does tuning give without regrowth?", Arm: ArmTunedOnly, Against: p.PrunedArm(), Metric: metric},
			Contrast{Question: "What does regrowth add to tuning?", Arm: ArmRecoveredRandom, Against: ArmTunedOnly, Metric: metric},
			Contrast{Question: "Is the recovered network better than the full one?", Arm: ArmRecoveredRandom, Against: ArmFull, Metric: metric},
			Contrast{Question: "Is that due to the regrowth?", Arm: ArmTunedOnly, Against: ArmFull, Metric: metric},
		)
	}
	return list
}

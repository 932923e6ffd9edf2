package protocols

import "slices"

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

// battery is the chapter's measures of an arm.
func (p *Ch02) battery(n *Node, arm string) { p.longBattery(n, arm, p.InputSigmas) }

// Derive implements Protocol.
func (p *Ch02) Derive(rows []Row) []Row {
	return p.deriveMain(2, rows, map[string]string{"high_noise": InternalMetric(1)}, p.SweepSparsities)
}

// Tables implements Protocol.
func (p *Ch02) Tables() []Layout {
	return []Layout{p.mainTable("table 1", p.InputSigmas), {
		Name:    "contrast",
		Title:   "Regrowth by gradient and at random, as the chapter prints it (one network each there)",
		Arms:    []Heading{{Name: ArmContrast, Words: "accuracy (%)"}},
		Metrics: []Heading{{Name: "gradient_high_noise", Words: "by gradient, internal noise SD 1"}, {Name: "random_high_noise", Words: "at random, internal noise SD 1"}},
	}, p.cliffTable()}
}

// Contrasts implements Protocol.
func (p *Ch02) Contrasts() []Contrast {
	return p.mainContrasts([]string{"combined", InternalMetric(slices.Max(p.InternalSigmas))})
}

// Claims are what the chapter says.
func (p *Ch02) Claims() []Claim {
	pruned, high, hardest := p.PrunedArm(), InternalMetric(1), p.hardest()
	list := []Claim{
		{ID: "2.1", Where: "Baseline performance, p. 39", Words: "The dense network stands strong internal noise", Says: Same, Contrast: change(ArmFull, high, "standard")},
		{ID: "2.2", Where: "Consequences of 95 percent pruning, p. 39", Words: "Pruning makes the network fail under combined noise", Says: Lower, Contrast: vs(pruned, ArmFull, "combined")},
		{ID: "2.3", Where: "Consequences of 95 percent pruning, p. 39", Words: "Noise within hurts the pruned network more than noise from outside", Says: Lower, Contrast: change(pruned, InternalMetric(0.5), InputMetric(1)), Control: "SD .5 within, SD 1 outside: not on one scale of signal to noise"},
		{ID: "2.4", Where: "Recovery through gradient-guided regrowth, p. 40", Words: "The recovered network stands internal noise as the full one does", Says: Same, Contrast: vs(ArmRecoveredGradient, ArmFull, hardest), Control: "the full network of the same subject"},
		{ID: "2.5", Where: "Recovery through gradient-guided regrowth, p. 40", Words: "... and combined noise", Says: Same, Contrast: vs(ArmRecoveredGradient, ArmFull, "combined")},
		{ID: "2.6", Where: "Recovery through gradient-guided regrowth, p. 40", Words: "... and strong noise from outside", Says: Same, Contrast: vs(ArmRecoveredGradient, ArmFull, InputMetric(2))},
		{ID: "2.7", Where: "Random versus targeted regrowth, p. 41", Words: "Regrowth guided by the gradient does better than random regrowth under strong internal noise", Says: Higher, Contrast: vs(ArmRecoveredGradient, ArmRecoveredRandom, high), Family: Mechanisms, Control: "random sites from the same pruned network, the same values and shuffles"},
		{ID: "2.8", Where: "Random versus targeted regrowth, p. 41", Words: "Without strong noise the two do alike", Says: Same, Contrast: vs(ArmRecoveredGradient, ArmRecoveredRandom, "standard"), Family: Mechanisms, Control: "random sites from the same pruned network"},
		{ID: "2.9", Where: "Random versus targeted regrowth, p. 41", Words: "Where connections return matters more than how many", Says: Higher, Family: Mechanisms, Needs: "an arm that regrows a quarter by the gradient, against half at random"},
		{ID: "2.10", Where: "Sparsity threshold, p. 41", Words: "The steepest fall of combined accuracy is beyond 90 %", Says: Higher, Contrast: change(ArmCliff, "collapse_between_90_and_93_points", fallBetween80And90), Control: "the fall from 80 to 90 %; of the sweep's own steps, which differ in width"},
		{ID: "2.11", Where: "Sparsity threshold, p. 41", Words: "Until 90 % combined accuracy hardly suffers", Says: Same, Contrast: Contrast{Arm: ArmCliff, Against: ArmFull, Metric: "combined_at_90", AgainstMetric: "combined"}, Control: "the same network before any pruning; the author's own sweep has 79 % there"},
		{ID: "2.12", Where: "Interpretation of results, p. 42", Words: "Fragility is latent: at 90 % it shows under combined noise and not without", Says: Higher, Contrast: change(ArmCliff, "standard_at_90", "combined_at_90")},
	}
	if p.Controls {
		list = append(list,
			Claim{ID: "2.13", Where: "Interpretation of results, p. 42", Words: "Regrowth is what restores accuracy under combined noise", Says: Higher, Contrast: vs(ArmRecoveredGradient, ArmTunedOnly, "combined"), Family: Mechanisms, Control: "the same tuning without regrowth"},
			Claim{ID: "2.14", Where: "Interpretation of results, p. 42", Words: "Regrowth is what restores accuracy under strong internal noise", Says: Higher, Contrast: vs(ArmRecoveredGradient, ArmTunedOnly, hardest), Family: Mechanisms, Control: "the same tuning without regrowth"})
	}
	return settled(list)
}

// fallBetween80And90 is the fall of the combined accuracy from 80 to 90 %
// sparsity in the sweep, in points (ours).
const fallBetween80And90 = "fall_between_80_and_90_points"

package protocols

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

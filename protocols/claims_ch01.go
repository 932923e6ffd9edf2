package protocols

import "slices"

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

package protocols

import (
	"fmt"
	"slices"
)

// Claims are what the chapter says.
func (p *Ch03) Claims() []Claim {
	return settled(slices.Concat(p.consolidationClaims(), p.cyclesClaims(), p.sitesClaims()))
}

// sameNoise is the drop of the second pruning under one noise.
const sameNoise = "relapse_drop_same_noise"

// consolidationClaims are those of part A.
func (p *Ch03) consolidationClaims() []Claim {
	hardest := p.hardest()
	lengths := slices.Sorted(slices.Values(p.ConsolidationEpochs))
	list := []Claim{
		{ID: "3.1", Where: "Part A, p. 62", Words: "Pruning makes the network fail under combined noise", Says: Lower, Contrast: vs(p.PrunedArm(), ArmFull, "combined"), Repeats: "2.2"},
		{ID: "3.2", Where: "Part A, p. 62", Words: "The steepest fall of combined accuracy is beyond 90 %", Says: Higher, Contrast: change(ArmCliff, "collapse_between_90_and_93_points", fallBetween80And90), Repeats: "2.10"},
		{ID: "3.3", Where: "Part A, p. 62", Words: "Regrowth guided by the gradient does better than random regrowth", Says: Higher, Contrast: vs(ArmRecoveredGradient, ArmRecoveredRandom, InternalMetric(1)), Control: "random sites from the same pruned network", Repeats: "2.7"},
		{ID: "3.4", Where: "Part A, p. 62", Words: "... in every hard test: under the strongest noise", Says: Higher, Contrast: vs(ArmRecoveredGradient, ArmRecoveredRandom, hardest), Family: Mechanisms, Control: "random sites from the same pruned network"},
		{ID: "3.5", Where: "Part A, p. 62", Words: "... and under combined noise", Says: Higher, Contrast: vs(ArmRecoveredGradient, ArmRecoveredRandom, "combined"), Family: Mechanisms, Control: "random sites from the same pruned network"},
	}
	n := len(lengths)
	if n < 3 {
		return list
	}
	long, late, short, none := ConsolidationArm(lengths[n-1]), ConsolidationArm(lengths[n-2]), ConsolidationArm(lengths[1]), ConsolidationArm(lengths[0])
	return append(list,
		Claim{ID: "3.6", Where: "Part A, p. 62", Words: "Consolidation lifts the accuracy under the strongest noise by tens of points", Says: Higher, Contrast: vs(long, none, hardest), Control: "the regrown network without training"},
		Claim{ID: "3.7", Where: "Part A, p. 62", Words: "Longer consolidation protects against strong internal noise", Says: Higher, Contrast: vs(long, short, hardest), Control: "the same regrown network, tuned for fewer epochs"},
		Claim{ID: "3.8", Where: "Part A, p. 62", Words: "Longer consolidation protects against a second pruning", Says: Lower, Contrast: vs(long, short, sameNoise), Control: "the same; drops under the same noise before and after"},
		Claim{ID: "3.9", Where: "Part A, p. 62", Words: "After the longest a second pruning takes nothing", Says: Same, Contrast: change(long, "post_relapse_same_noise", "combined"), Control: "the same network before it, under the same noise"},
		Claim{ID: "3.10", Where: "Part A, p. 62", Words: "The gain from consolidation ends at 15 to 20 epochs", Says: Same, Contrast: vs(long, late, hardest), Control: "the length before it"},
		Claim{ID: "3.11", Where: "Part A, p. 62", Words: "Regrown and consolidated, the network is as good as the dense one under combined noise", Says: Same, Contrast: vs(long, ArmFull, "combined"), Control: "the full network of the same subject"})
}

// cyclesClaims are those of part B.
func (p *Ch03) cyclesClaims() []Claim {
	hardest := p.hardest()
	cycles := slices.Sorted(slices.Values(p.ChronicCycles))
	few, most := cycles[0], cycles[len(cycles)-1]
	equal := slices.MinFunc(cycles, func(a, b int) int {
		return absolute(a*p.ChronicEpochs-p.AcuteModerateEpochs) - absolute(b*p.ChronicEpochs-p.AcuteModerateEpochs)
	})
	list := []Claim{
		{ID: "3.12", Where: "Part B, p. 66", Words: "Regrowth in cycles beats one burst under strong internal noise", Says: Higher, Contrast: vs(ChronicArm(equal), p.AcuteModerateArm(), hardest), Control: "one burst with about the same number of epochs"},
		{ID: "3.13", Where: "Part B, p. 66", Words: "Regrowth in cycles protects better against a second pruning", Says: Lower, Contrast: vs(ChronicArm(most), p.AcuteModerateArm(), sameNoise), Control: "one burst; drops under the same noise before and after"},
		{ID: "3.14", Where: "Part B, p. 66", Words: "Cycles outdo a burst that restores every weight", Says: Higher, Contrast: vs(ChronicArm(most), p.AcuteFullArm(), hardest), Control: "more epochs in the cycles"},
		{ID: "3.15", Where: "Part B, p. 66", Words: "... and match it in a second pruning", Says: Same, Contrast: vs(ChronicArm(most), p.AcuteFullArm(), sameNoise)},
		{ID: "3.16", Where: "Part B, p. 66", Words: "More weights back make a more resilient network", Says: Higher, Contrast: vs(p.AcuteFullArm(), p.AcuteModerateArm(), hardest), Control: "the moderate burst, with fewer weights and fewer epochs"},
		{ID: "3.17", Where: "Part B, p. 66", Words: "After the most cycles a second pruning makes the network better", Says: Higher, Contrast: change(ChronicArm(most), "post_relapse_same_noise", "combined"), Control: "the same network before it, under the same noise"},
	}
	if len(cycles) > 2 {
		middle := cycles[len(cycles)/2]
		list = append(list,
			Claim{ID: "3.18", Where: "Part B, p. 66", Words: fmt.Sprintf("More cycles protect more: %d over %d", middle, few), Says: Higher, Contrast: vs(ChronicArm(middle), ChronicArm(few), hardest), Control: "the same network on its way"},
			Claim{ID: "3.19", Where: "Part B, p. 66", Words: fmt.Sprintf("... and %d over %d", most, middle), Says: Higher, Contrast: vs(ChronicArm(most), ChronicArm(middle), hardest), Control: "the same network on its way"})
	}
	return list
}

// sitesClaims ask what makes cycles work.
func (p *Ch03) sitesClaims() []Claim {
	if !p.Controls {
		return nil
	}
	var list []Claim
	most := slices.Max(p.ChronicCycles)
	for i, c := range slices.Sorted(slices.Values(p.ChronicCycles)) {
		words := fmt.Sprintf("It is the adaptive choice of sites that makes cycles work (%d cycles)", c)
		list = append(list, Claim{ID: fmt.Sprintf("3.%d", 21+i), Where: "Interpretation of results, p. 69", Words: words, Says: Higher, Contrast: vs(ChronicArm(c), ChronicRandomArm(c), p.hardest()), Family: Mechanisms, Control: "as many cycles with random sites"})
	}
	if most*p.ChronicEpochs > 0 {
		list = append(list, Claim{ID: "3.20", Where: "Interpretation of results, p. 69", Words: "Cycles do more than their training alone", Says: Higher, Contrast: vs(ChronicArm(most), TunedForArm(most*p.ChronicEpochs), p.hardest()), Family: Mechanisms, Control: "as many epochs without regrowth"})
	}
	return list
}

func absolute(n int) int { return max(n, -n) }

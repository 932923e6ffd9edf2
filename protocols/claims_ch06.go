package protocols

// Claims are what the chapter says.
func (p *Ch06) Claims() []Claim {
	hardest := p.hardest()
	last, first := CycleMetric(p.StressCycles, "combined"), CycleMetric(0, "combined")
	list := []Claim{
		{ID: "6.1", Where: "Post-treatment recovery and baseline efficacy, p. 130", Words: "All treatments restore the accuracy on the standard set: the SSRI-like one too", Says: Same, Contrast: vs(ArmSSRI, ArmKetamine, "standard"), Repeats: "4.2"},
		{ID: "6.2", Where: "Post-treatment recovery and baseline efficacy, p. 130", Words: "On the drug the neurosteroid-like network is as good as the ketamine-like one under combined noise", Says: Same, Contrast: vs(ArmNeurosteroid, ArmKetamine, "combined"), Repeats: "4.5"},
		{ID: "6.3", Where: "Resilience to graded internal stress, p. 131", Words: "The ketamine-like network stands internal noise better than the SSRI-like one", Says: Higher, Contrast: vs(ArmKetamine, ArmSSRI, hardest), Repeats: "4.3"},
		{ID: "6.4", Where: "Resilience to graded internal stress, p. 131", Words: "Under the strongest noise SSRI-like and neurosteroid-like are alike", Says: Same, Contrast: vs(ArmSSRI, ArmNeurosteroid, hardest), Control: "not like for like: tanh bounds the signal"},
		{ID: "6.5", Where: "Acute relapse vulnerability, p. 132", Words: "In a second pruning the ketamine-like network loses less than the SSRI-like one", Says: Lower, Contrast: vs(ArmKetamine, ArmSSRI, sameNoise), Repeats: "4.12"},
		{ID: "6.6", Where: "Acute relapse vulnerability, p. 132", Words: "... and the neurosteroid-like one lies between", Says: Lower, Contrast: vs(ArmNeurosteroid, ArmSSRI, sameNoise), Repeats: "4.14"},
		{ID: "6.7", Where: "Neurosteroid state-dependence, p. 132", Words: "Off the drug the neurosteroid-like network fails under combined noise", Says: Lower, Contrast: vs(ArmNeurosteroidOff, ArmNeurosteroid, "combined"), Repeats: "4.9"},
		{ID: "6.8", Where: "Neurosteroid state-dependence, p. 132", Words: "... and stands the strongest noise better", Says: Higher, Contrast: vs(ArmNeurosteroidOff, ArmNeurosteroid, hardest), Control: "the same weights, dials on"},
		{ID: "6.9", Where: "Longitudinal trajectories under chronic stress, p. 132", Words: "The ketamine-like network outlasts the SSRI-like one: it loses less through the cycles", Says: Lower, Contrast: vs(ArmKetamine, ArmSSRI, "total_drop_points"), Control: "drops from before the first cycle, from unequal heights; the cycles cut equal shares, not equal numbers"},
		{ID: "6.10", Where: "Longitudinal trajectories under chronic stress, p. 132", Words: "... and less than the neurosteroid-like one", Says: Lower, Contrast: vs(ArmKetamine, ArmNeurosteroid, "total_drop_points"), Control: "as above"},
		{ID: "6.11", Where: "Longitudinal trajectories under chronic stress, p. 132", Words: "After the last cycle the ketamine-like network is better than the SSRI-like one", Says: Higher, Contrast: vs(ArmKetamine, ArmSSRI, "final_combined"), Control: "it was before the first"},
		{ID: "6.12", Where: "Longitudinal trajectories under chronic stress, p. 132", Words: "The ketamine-like network loses nothing through the cycles", Says: Same, Contrast: change(ArmKetamine, last, first), Control: "the same network before the first cycle; noise of its own in each"},
		{ID: "6.13", Where: "Longitudinal trajectories under chronic stress, p. 132", Words: "The SSRI-like network gets worse as stress goes on", Says: Lower, Contrast: change(ArmSSRI, last, first), Control: "the same network before the first cycle"},
		{ID: "6.14", Where: "Longitudinal trajectories under chronic stress, p. 132", Words: "The neurosteroid-like network declines late", Says: Lower, Contrast: change(ArmNeurosteroid, last, first), Control: "the same network before the first cycle"},
		{ID: "6.15", Where: "Interpretation of results, p. 134", Words: "The neurosteroid-like network is the more durable of the two sparse ones", Says: Lower, Contrast: vs(ArmNeurosteroid, ArmSSRI, "total_drop_points"), Control: "the same density; 25 times the maintenance budget"},
		{ID: "6.16", Where: "Long-term relapse risk, p. 133", Words: "The SSRI-like network relapses and the ketamine-like one does not", Says: Higher, Contrast: vs(ArmSSRI, ArmKetamine, "relapsed"), Control: "a subject below the threshold before the first cycle counts, as in the book"},
		{ID: "6.17", Where: "Long-term relapse risk, p. 133", Words: "... and more often than the neurosteroid-like one", Says: Higher, Contrast: vs(ArmSSRI, ArmNeurosteroid, "relapsed"), Control: "as above"},
		{ID: "6.18", Where: "Long-term relapse risk, p. 133", Words: "Who relapses is decided by where a subject starts", Says: Lower, Needs: "a regression of the relapse on the accuracy before the first cycle, in a cohort with some fifteen relapses"},
	}
	if p.Controls {
		list = append(list,
			Claim{ID: "6.19", Where: "Interpretation of results, p. 134", Words: "Regrowth is why the ketamine-like network lasts", Says: Lower, Contrast: vs(ArmKetamine, p.withoutRegrowth(), "total_drop_points"), Family: Mechanisms, Control: "the same training without regrowth, with the same maintenance; drops from before the first cycle"},
			Claim{ID: "6.20", Where: "Interpretation of results, p. 134", Words: "Maintenance is what carries the ketamine-like network through", Says: Higher, Contrast: vs(ArmKetamine, ArmKetamine+ArmUnmaintained, "final_combined"), Family: Mechanisms, Control: "the same cycles without training"},
			Claim{ID: "6.21", Where: "Interpretation of results, p. 134", Words: "Slow training limits what maintenance can hold", Says: Higher, Contrast: vs(ArmSSRIFastUpkeep, ArmSSRI, "final_combined"), Family: Mechanisms, Control: "the same network, maintained at the tuning rate"},
			Claim{ID: "6.22", Where: "Interpretation of results, p. 134", Words: "The neurosteroid-like network lasts as long as the drug and its upkeep go on", Says: Higher, Contrast: vs(ArmNeurosteroid, ArmNeurosteroid+ArmUnmaintained, "final_combined"), Family: Mechanisms, Control: "the same cycles without training"},
			Claim{ID: "6.23", Where: "Interpretation of results, p. 134", Words: "The ketamine-like network lasts as a healthy one does", Says: Same, Contrast: vs(ArmKetamine, ArmFull, "total_drop_points"), Control: "the network that was never pruned, with the same maintenance"})
	}
	return settled(list)
}

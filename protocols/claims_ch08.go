package protocols

// Claims are what the chapter says. Its subjects are those of chapter 7 with
// early scars, so what that chapter says as well is no second witness.
func (p *Ch08) Claims() []Claim {
	list := p.withdrawalClaims(&p.Clinic, "8.", 1, withdrawalSections{"Long-term relapse after discontinuation, p. 183", "Discontinuation versus durability, p. 187"})
	earlier := p.withdrawalClaims(&p.Clinic, "7.", 14, withdrawalSections{})
	for i := range list {
		list[i].Repeats = earlier[i].ID
	}
	list = append(list,
		Claim{ID: "8.20", Where: "Acute treatment efficacy, p. 181", Words: "All treatments hold under combined noise: neurosteroid-like as ketamine-like", Says: Same, Contrast: vs(ArmNeurosteroid, ArmKetamine, "combined"), Repeats: "5.3"},
		Claim{ID: "8.21", Where: "Acute treatment efficacy, p. 181", Words: "... and the SSRI-like one lags behind", Says: Lower, Contrast: vs(ArmSSRI, ArmNeurosteroid, "combined"), Repeats: "5.4"},
		Claim{ID: "8.22", Where: "Manic conversion risk, p. 182", Words: "The SSRI-like treatment has the highest risk: higher than neurosteroid-like", Says: Lower, Contrast: vs(ArmSSRI, ArmNeurosteroid, "biased"), Repeats: "5.12"},
		Claim{ID: "8.23", Where: "Acute relapse vulnerability, p. 182", Words: "In a second pruning the ketamine-like network loses less than the neurosteroid-like one", Says: Lower, Contrast: vs(ArmKetamine, ArmNeurosteroid, sameNoise), Repeats: "5.8"})
	return settled(append(list, p.kindlingClaims("8.", 24)...))
}

// kindlingClaims are what chapter 8 says of the cycles, and of scars.
func (p *Kindling) kindlingClaims(prefix string, first int) []Claim {
	kindled := func(arm string) Contrast {
		return change(arm, TriggerMetric(p.KindlingFirstBias, "after"), TriggerMetric(p.KindlingFirstBias, "before"))
	}
	kindling := "Kindling and progressive scarring, p. 183"
	list := []Claim{
		{Where: kindling, Words: "Kindling makes the SSRI-like network more sensitive", Says: Lower, Contrast: kindled(ArmSSRI), Control: "the same network before the cycles, at the same trigger"},
		{Where: kindling, Words: "Kindling makes the neurosteroid-like network more sensitive", Says: Lower, Contrast: kindled(ArmNeurosteroid), Control: "the same network before the cycles, at the same trigger"},
		{Where: "Ketamine-like progression, p. 189", Words: "Episodes and regrowth make the ketamine-like network more resilient", Says: Higher, Contrast: kindled(ArmKetamine), Control: "the same network before the cycles, at the same trigger"},
		{Where: kindling, Words: "The ketamine-like network relapses less often than the SSRI-like one", Says: Lower, Contrast: vs(ArmKetamine, ArmSSRI, "total_relapses"), Control: "fifty times the rate between episodes"},
		{Where: kindling, Words: "The neurosteroid-like network relapses less often than the SSRI-like one", Says: Lower, Contrast: vs(ArmNeurosteroid, ArmSSRI, "total_relapses"), Control: "fifty times the rate between episodes"},
		{Where: kindling, Words: "The SSRI-like illness becomes autonomous, the ketamine-like not", Says: Higher, Contrast: vs(ArmSSRI, ArmKetamine, "autonomous")},
		{Where: kindling, Words: "... nor the neurosteroid-like", Says: Higher, Contrast: vs(ArmSSRI, ArmNeurosteroid, "autonomous")},
		{Where: kindling, Words: "After the cycles the ketamine-like network stands a weak trigger better than the SSRI-like one", Says: Higher, Contrast: vs(ArmKetamine, ArmSSRI, "autonomy_accuracy")},
		{Where: kindling, Words: "The ketamine-like network bears the most scars: more than SSRI-like", Says: Higher, Contrast: vs(ArmKetamine, ArmSSRI, "final_scar"), Control: "shares of all weights: a relapse takes more from a denser network"},
		{Where: kindling, Words: "... and the neurosteroid-like one the fewest", Says: Lower, Contrast: vs(ArmNeurosteroid, ArmSSRI, "final_scar")},
		{Where: kindling, Words: "Episodes are more severe in the SSRI-like network alone: as against neurosteroid-like", Says: Higher, Contrast: vs(ArmSSRI, ArmNeurosteroid, CycleMetric(p.KindlingCycles-1, "severity")), Control: "gain and activation make it; nothing is measured"},
		{Where: kindling, Words: "... and as against ketamine-like", Says: Higher, Contrast: vs(ArmSSRI, ArmKetamine, CycleMetric(p.KindlingCycles-1, "severity")), Control: "both are held at the highest severity"},
		{Where: "Neurosteroid-like progression, p. 188", Words: "The neurosteroid-like network is frail early and stable late", Says: Higher, Contrast: change(ArmNeurosteroid, CycleMetric(p.KindlingCycles-1, "biased"), CycleMetric(0, "biased")), Control: "the trigger weakens threefold on the way"},
	}
	if p.Controls {
		scars := "Kindling, scarring, and mechanism-specific trajectories, p. 187"
		list = append(list,
			Claim{Where: scars, Words: "It is the treatment, not the training rate, that lets the SSRI-like illness become autonomous", Says: Same, Contrast: vs(ArmSSRIEqualRate, ArmSSRI, "autonomy_accuracy"), Family: Mechanisms, Control: "the same network trained at the tuning rate between episodes"},
			Claim{Where: scars, Words: "Regrowth between episodes is what protects the ketamine-like network", Says: Higher, Contrast: vs(ArmKetamine, ArmKetamineNoRegrow, "autonomy_accuracy"), Family: Mechanisms, Control: "the same network without further regrowth"},
			Claim{Where: scars, Words: "Regrowth is why the ketamine-like network relapses less", Says: Lower, Contrast: vs(ArmKetamine, p.withoutRegrowth(), "total_relapses"), Family: Mechanisms, Control: "the same training at the same gain"},
			Claim{Where: scars, Words: "The scars of episodes are what makes the illness autonomous (SSRI-like)", Says: Lower, Contrast: vs(ArmSSRI, ArmSSRI+ArmNoEpisodeScars, "autonomy_accuracy"), Family: Mechanisms, Control: "the same triggers and training, and no scars"},
			Claim{Where: scars, Words: "... and the neurosteroid-like network frail", Says: Lower, Contrast: vs(ArmNeurosteroid, ArmNeurosteroid+ArmNoEpisodeScars, "autonomy_accuracy"), Family: Mechanisms, Control: "the same triggers and training, and no scars"},
			Claim{Where: scars, Words: "Regrowth makes up for scars (ketamine-like)", Says: Same, Contrast: vs(ArmKetamine, ArmKetamine+ArmNoEpisodeScars, "autonomy_accuracy"), Family: Mechanisms, Control: "the same triggers, regrowth and training, and no scars"},
			Claim{Where: scars, Words: "Relapses alone, with nothing trained between them, make the next more likely (SSRI-like)", Says: Lower, Contrast: kindled(ArmSSRI + ArmTriggersAlone), Family: Mechanisms, Control: "the same network before the triggers"},
			Claim{Where: "Baseline training, pruning, and simulated early adversity, p. 175", Words: "Early scars make a pruned network more vulnerable", Says: Lower, Contrast: vs(ArmUntreated, ArmUntreated+ArmNoEarlyScars, "combined"), Family: Mechanisms, Control: "the same network without early scars"},
			Claim{Where: "Baseline training, pruning, and simulated early adversity, p. 175", Words: "... and an SSRI-like treated one more prone to relapses", Says: Higher, Contrast: vs(ArmSSRI, ArmSSRI+ArmNoEarlyScars, "total_relapses"), Family: Mechanisms, Control: "the same network without early scars"})
	}
	for i := range list {
		list[i].ID = prefix + shifted("0", first+i)
	}
	return list
}

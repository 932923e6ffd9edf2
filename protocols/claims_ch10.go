package protocols

// Claims are what the chapter says.
func (p *Ch10) Claims() []Claim {
	last := p.KindlingLastBias
	if p.KindlingCycles < 2 {
		last = p.KindlingFirstBias // there is no other
	}
	end := CycleMetric(p.KindlingCycles-1, "severity")
	acute, probes, cycles := "Acute treatment efficacy and structural change, p. 232", "Manic-conversion probes, p. 233", "Progressive sensitisation under kindling, p. 234"
	list := []Claim{
		{ID: "10.1", Where: acute, Words: "Regrowth restores the accuracy and excitation does not (SSRI-like less than ketamine-like)", Says: Lower, Contrast: vs(ArmSSRI, ArmKetamine, "clean"), Control: "fifty times the rate in the ketamine-like arm; four distinct points"},
		{ID: "10.2", Where: acute, Words: "... under combined noise, too", Says: Lower, Contrast: vs(ArmSSRI, ArmKetamine, "combined"), Control: "fifty times the rate in the ketamine-like arm"},
		{ID: "10.3", Where: acute, Words: "The neurosteroid-like network is as good as the ketamine-like one", Says: Same, Contrast: vs(ArmNeurosteroid, ArmKetamine, "combined")},
		{ID: "10.4", Where: probes, Words: "None of the drugs raises the risk of a switch (ketamine-like)", Says: Same, Contrast: vs(ArmKetamine, ArmUntreated, "biased"), Control: "none can: every network, the healthy one too, is at the floor of the test"},
		{ID: "10.5", Where: probes, Words: "... (SSRI-like)", Says: Same, Contrast: vs(ArmSSRI, ArmUntreated, "biased"), Control: "the same floor"},
		{ID: "10.6", Where: probes, Words: "... (neurosteroid-like)", Says: Same, Contrast: vs(ArmNeurosteroid, ArmUntreated, "biased"), Control: "the same floor"},
		{ID: "10.7", Where: probes, Words: "The biased test finds the ill ones", Says: Higher, Contrast: vs(ArmFull, ArmUntreated, "biased"), Control: "a network that was never pruned"},
		{ID: "10.8", Where: "Acute relapse vulnerability, p. 234", Words: "A second pruning takes more from the SSRI-like network than from the ketamine-like one", Says: Higher, Contrast: vs(ArmSSRI, ArmKetamine, sameNoise), Control: "unequal challenges"},
		{ID: "10.9", Where: acute, Words: "Activation is highest in the neurosteroid-like network", Says: Higher, Contrast: vs(ArmNeurosteroid, ArmKetamine, "activation_magnitude"), Control: "tanh lets negative values through"},
		{ID: "10.10", Where: "Dependence on ongoing neurosteroid action, p. 236", Words: "The neurosteroid-like network is insecure off the drug", Says: Lower, Contrast: vs(ArmNeurosteroidOff, ArmNeurosteroid, "combined"), Control: "the same weights, dials on; trained with tanh and run with ReLU"},
		{ID: "10.11", Where: acute, Words: "Combined noise is a hard test of a recurrent network", Says: Lower, Contrast: change(ArmFull, "combined", "combined_held"), Control: "one draw for all steps, as the feed-forward network has it"},
		{ID: "10.12", Where: "Post-discontinuation relapse, p. 234", Words: "All relapse off the drug, however long it was taken: ketamine-like as SSRI-like", Says: Same, Contrast: vs(ArmKetamine, ArmSSRI, "manic_relapse_probability"), Control: "on the drug they are below the threshold already"},
		{ID: "10.13", Where: cycles, Words: "All relapse in every cycle: ketamine-like as SSRI-like", Says: Same, Contrast: vs(ArmKetamine, ArmSSRI, "total_relapses"), Control: "the healthy network is below the threshold, too"},
		{ID: "10.14", Where: cycles, Words: "Scars come to most in the ketamine-like network", Says: Higher, Contrast: vs(ArmKetamine, ArmSSRI, "final_scar"), Control: "shares of all weights: a relapse takes more from a denser network"},
		{ID: "10.15", Where: cycles, Words: "... and to more in the SSRI-like than in the neurosteroid-like one", Says: Higher, Contrast: vs(ArmSSRI, ArmNeurosteroid, "final_scar")},
		{ID: "10.16", Where: cycles, Words: "At a weak trigger the neurosteroid-like network is better than the ketamine-like one", Says: Higher, Contrast: vs(ArmNeurosteroid, ArmKetamine, "autonomy_accuracy")},
		{ID: "10.17", Where: cycles, Words: "Episodes bring the neurosteroid-like network to stability: 25 to 36 % from the first cycle to the last", Says: Higher, Contrast: change(ArmNeurosteroid, TriggerMetric(last, "after"), TriggerMetric(last, "before")), Control: "the same network before the cycles, at the trigger of the last"},
		{ID: "10.18", Where: cycles, Words: "Severity stays flat in the ketamine-like network", Says: Same, Contrast: change(ArmKetamine, end, CycleMetric(0, "severity"))},
		{ID: "10.19", Where: cycles, Words: "... and rises in the SSRI-like one", Says: Higher, Contrast: change(ArmSSRI, end, CycleMetric(0, "severity")), Control: "gain and activation make it; the gain does not change"},
		{ID: "10.20", Where: "Architectural Dependency in Simulated Plasticity Effects, p. 238", Words: "Recurrence carries errors on from step to step", Says: Higher, Needs: "the distance of the states of one sequence with and without a disturbance, step by step, in both networks"},
	}
	if p.Controls {
		list = append(list,
			Claim{ID: "10.21", Where: "Interpretation of Results, p. 236", Words: "Lost connections are what only regrowth brings back", Says: Higher, Contrast: vs(ArmKetamine, p.withoutRegrowth(), "combined"), Family: Mechanisms, Control: "the same training at the same gain without regrowth"},
			Claim{ID: "10.22", Where: "Interpretation of Results, p. 236", Words: "Excitation cannot make up for lost connections", Says: Lower, Contrast: vs(p.withoutRegrowth(), ArmKetamine, "standard"), Family: Mechanisms, Control: "training at 95 % sparsity with the gain, at the tuning rate"})
		if m, ok := p.mild(); ok {
			list = append(list,
				Claim{ID: "10.23", Where: "Interpretation of Results, p. 236", Words: "Tonic inhibition is what steadies the neurosteroid-like network", Says: Lower, Contrast: vs(ArmTanhOnly, ArmNeurosteroid, m), Family: Mechanisms, Control: "tanh without inhibition"},
				Claim{ID: "10.24", Where: "Interpretation of Results, p. 236", Words: "... and not the saturation that comes with it", Says: Same, Contrast: vs(ArmInhibitionOnly, ArmNeurosteroid, m), Family: Mechanisms, Control: "inhibition without tanh"})
		}
	}
	if p.FeedforwardArms {
		list = append(list,
			Claim{ID: "10.25", Where: "Architectural Dependency in Simulated Plasticity Effects, p. 238", Words: "Recurrence turns regrowth against the network: it relapses more often", Says: Higher, Contrast: vs(ArmKetamine, Feedforward+ArmKetamine, "total_relapses"), Family: Mechanisms, Control: "the healthy recurrent network is below the threshold, too: the test, not the treatment"},
			Claim{ID: "10.26", Where: "Architectural Dependency in Simulated Plasticity Effects, p. 238", Words: "... and a relapse scars more of it", Says: Higher, Contrast: vs(ArmKetamine, Feedforward+ArmKetamine, "scar_per_relapse"), Family: Mechanisms, Control: "subjects who relapse in both networks"},
			Claim{ID: "10.27", Where: "Architectural Dependency in Simulated Plasticity Effects, p. 238", Words: "The recurrent network stands combined noise better than the feed-forward one", Says: Higher, Contrast: Contrast{Arm: ArmKetamine, Against: Feedforward + ArmKetamine, Metric: "combined_held", AgainstMetric: "combined"}, Family: Mechanisms, Control: "one draw of the noise in both"})
	}
	return settled(list)
}

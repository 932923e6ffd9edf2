package protocols

// Claims are what the chapter says.
func (p *Ch04) Claims() []Claim {
	hardest := p.hardest()
	list := []Claim{
		{ID: "4.1", Where: "Effects of ketamine-like treatment, p. 87", Words: "All treatments restore the accuracy on the standard set: the ketamine-like one", Says: Same, Contrast: vs(ArmKetamine, ArmNeurosteroid, "standard"), Control: "the neurosteroid-like arm, which is at the ceiling"},
		{ID: "4.2", Where: "Effects of SSRI-like treatment, p. 87", Words: "... and the SSRI-like one", Says: Same, Contrast: vs(ArmSSRI, ArmKetamine, "standard"), Control: "the ketamine-like arm"},
		{ID: "4.3", Where: "Comparative summary, p. 88", Words: "The ketamine-like network stands internal noise best: better than SSRI-like", Says: Higher, Contrast: vs(ArmKetamine, ArmSSRI, hardest), Control: "the same pruned network"},
		{ID: "4.4", Where: "Comparative summary, p. 88", Words: "... and better than neurosteroid-like", Says: Higher, Contrast: vs(ArmKetamine, ArmNeurosteroid, hardest), Control: "not like for like: tanh bounds the signal, and inhibition scales signal and noise"},
		{ID: "4.5", Where: "Effects of neurosteroid-like treatment, p. 88", Words: "On the drug the neurosteroid-like network is as good as the ketamine-like one under combined noise", Says: Same, Contrast: vs(ArmNeurosteroid, ArmKetamine, "combined")},
		{ID: "4.6", Where: "Effects of SSRI-like treatment, p. 87", Words: "The SSRI-like treatment helps under combined noise", Says: Higher, Contrast: vs(ArmSSRI, ArmUntreated, "combined"), Control: "the pruned network as it was"},
		{ID: "4.7", Where: "Effects of SSRI-like treatment, p. 87", Words: "... and less than the ketamine-like one", Says: Lower, Contrast: vs(ArmSSRI, ArmKetamine, "combined")},
		{ID: "4.8", Where: "Effects of SSRI-like treatment, p. 87", Words: "... and it helps under the strongest noise, a little", Says: Higher, Contrast: vs(ArmSSRI, ArmUntreated, hardest), Control: "the pruned network as it was"},
		{ID: "4.9", Where: "Effects of neurosteroid-like treatment, p. 88", Words: "The neurosteroid-like gain collapses when the drug stops, under combined noise", Says: Lower, Contrast: vs(ArmNeurosteroidOff, ArmNeurosteroid, "combined"), Control: "the same weights, dials on"},
		{ID: "4.10", Where: "Interpretation of results, p. 90", Words: "... and under strong internal noise", Says: Lower, Contrast: vs(ArmNeurosteroidOff, ArmNeurosteroid, hardest), Control: "the same weights, dials on; the book's own table has a rise"},
		{ID: "4.11", Where: "Effects of ketamine-like treatment, p. 87", Words: "A second pruning takes nothing from the ketamine-like network", Says: Same, Contrast: change(ArmKetamine, "post_relapse_same_noise", "combined"), Control: "the same network before it, under the same noise"},
		{ID: "4.12", Where: "Comparative summary, p. 88", Words: "The ketamine-like network loses less in a second pruning than the SSRI-like one", Says: Lower, Contrast: vs(ArmKetamine, ArmSSRI, sameNoise), Control: "unequal challenges: the arms lose the same share of very different numbers of weights"},
		{ID: "4.13", Where: "Comparative summary, p. 88", Words: "... and less than the neurosteroid-like one", Says: Lower, Contrast: vs(ArmKetamine, ArmNeurosteroid, sameNoise), Control: "unequal challenges"},
		{ID: "4.14", Where: "Comparative summary, p. 88", Words: "... which loses less than the SSRI-like one", Says: Lower, Contrast: vs(ArmNeurosteroid, ArmSSRI, sameNoise), Control: "equal numbers of weights"},
		{ID: "4.15", Where: "Novelty and translational impact, p. 92", Words: "A neurosteroid-like course before the SSRI-like one is better than that alone", Says: Higher, Needs: "a treatment of both, as Arms=\"neurosteroid then ssri\", against the SSRI-like arm"},
		{ID: "4.16", Where: "Novelty and translational impact, p. 92", Words: "An SSRI-like course after the ketamine-like one keeps its gain", Says: Same, Needs: "a treatment of both, as Arms=\"ketamine then ssri\", against the ketamine-like arm after as long a time"},
	}
	if e, ok := p.sooner(); ok {
		m := OnsetMetric(e, "combined")
		list = append(list,
			Claim{ID: "4.17", Where: "Interpretation of results, p. 90", Words: "The ketamine-like treatment works sooner than the SSRI-like one", Says: Higher, Contrast: vs(ArmKetamine, ArmFastSSRI, m), Control: "as many epochs at the same rate; the book gives the one fifty times the other's rate"},
			Claim{ID: "4.18", Where: "Interpretation of results, p. 90", Words: "... and the neurosteroid-like one sooner than the SSRI-like one", Says: Higher, Contrast: vs(ArmNeurosteroid, ArmFastSSRI, m), Control: "as many epochs at the same rate"})
	}
	if p.Controls {
		without := p.withoutRegrowth()
		list = append(list,
			Claim{ID: "4.19", Where: "Interpretation of results, p. 90", Words: "Structural repair protects against a second pruning", Says: Lower, Contrast: vs(ArmKetamine, without, sameNoise), Family: Mechanisms, Control: "the same training without regrowth; unequal challenges: the arms lose the same share of very different numbers of weights"},
			Claim{ID: "4.20", Where: "Interpretation of results, p. 90", Words: "Structural repair is what restores accuracy under combined noise", Says: Higher, Contrast: vs(ArmKetamine, without, "combined"), Family: Mechanisms, Control: "the same training without regrowth"},
			Claim{ID: "4.21", Where: "Interpretation of results, p. 90", Words: "Structural repair is what gives resistance to strong internal noise", Says: Higher, Contrast: vs(ArmKetamine, without, hardest), Family: Mechanisms, Control: "the same training without regrowth"},
			Claim{ID: "4.22", Where: "Interpretation of results, p. 90", Words: "Quiet training at fixed sparsity is limited in itself", Says: Same, Contrast: vs(ArmFastSSRI, ArmSSRI, "combined"), Family: Mechanisms, Control: "the same fading noise at fifty times the rate"},
			Claim{ID: "4.23", Where: "Interpretation of results, p. 90", Words: "It is the noise in training that makes the SSRI-like network stand noise", Says: Higher, Contrast: vs(ArmSSRI, ArmQuietSSRI, "combined"), Family: Mechanisms, Control: "the same training without noise"},
			Claim{ID: "4.24", Where: "Interpretation of results, p. 90", Words: "The damping, not the saturation, is what calms the neurosteroid-like network", Says: Same, Contrast: vs(ArmNeurosteroid, ArmInhibitionOnly, "combined"), Family: Mechanisms, Control: "the same inhibition with ReLU"},
			Claim{ID: "4.25", Where: "Comparative summary, p. 88", Words: "The ketamine-like treatment brings the network back to health under combined noise", Says: Same, Contrast: vs(ArmKetamine, ArmFull, "combined"), Control: "the network that was never pruned"})
	}
	return settled(list)
}

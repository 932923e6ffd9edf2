package protocols

import "slices"

// Claims are what the chapter says.
func (p *Ch07) Claims() []Claim {
	list := p.efficacyClaims("7.", "5.", efficacySections{
		"Acute antidepressant efficacy, p. 154", "Stress resilience, p. 155", "Acute relapse vulnerability, p. 157", "Neurosteroid medication dependence, p. 157",
	})
	list = append(list,
		Claim{ID: "7.11", Where: "Manic conversion risk, p. 156", Words: "The neurosteroid-like treatment has a lower risk than the SSRI-like one", Says: Higher, Contrast: vs(ArmNeurosteroid, ArmSSRI, "biased"), Repeats: "5.12"},
		Claim{ID: "7.12", Where: "Manic conversion risk, p. 156", Words: "... which has a higher one than the ketamine-like one", Says: Lower, Contrast: vs(ArmSSRI, ArmKetamine, "biased"), Repeats: "5.13"},
		Claim{ID: "7.13", Where: "Stress resilience, p. 155", Words: "Calm has a price: under the strongest noise the neurosteroid-like network is the worst", Says: Lower, Contrast: vs(ArmNeurosteroid, ArmSSRI, p.hardest()), Repeats: "5.6"})
	return settled(append(list, p.withdrawalClaims(&p.Clinic, "7.", 14, withdrawalSections{"Longitudinal manic relapse after discontinuation, p. 157", "Long-term stability after discontinuation, p. 160"})...))
}

// withdrawalSections are where a chapter says them.
type withdrawalSections struct{ relapse, stability string }

// withdrawalClaims are what chapters 7 and 8 say of discontinuation; their IDs
// begin with prefix and are counted from first.
func (w *Withdrawal) withdrawalClaims(c *Clinic, prefix string, first int, section withdrawalSections) []Claim {
	longest, shortest := WithdrawnMetric(slices.Max(w.MaintenanceDurations)), WithdrawnMetric(slices.Min(w.MaintenanceDurations))
	list := []Claim{
		{ID: "0", Where: section.relapse, Words: "Discontinuation takes resistance to the trigger away (SSRI-like)", Says: Lower, Contrast: change(ArmSSRI, shortest, "biased"), Control: "the same network on the drug; who is below the threshold there cannot relapse, and most are"},
		{ID: "1", Where: section.relapse, Words: "Discontinuation takes resistance to the trigger away (neurosteroid-like)", Says: Lower, Contrast: change(ArmNeurosteroid, shortest, "biased"), Control: "the same network on the drug; who is below the threshold there cannot relapse, and most are"},
		{ID: "2", Where: section.relapse, Words: "Discontinuation takes nothing from the ketamine-like network", Says: Same, Contrast: change(ArmKetamine, shortest, "biased"), Control: "the same network on the drug"},
		{ID: "3", Where: section.relapse, Words: "After discontinuation the ketamine-like network relapses less often than the SSRI-like one", Says: Lower, Contrast: vs(ArmKetamine, ArmSSRI, "manic_relapse_probability"), Control: "as the book has it: 90 % of the stabiliser in the one arm and 25 % in the other"},
		{ID: "4", Where: section.relapse, Words: "... and so does the neurosteroid-like one", Says: Lower, Contrast: vs(ArmNeurosteroid, ArmSSRI, "manic_relapse_probability"), Control: "60 % of the stabiliser against 25 %"},
	}
	for _, l := range w.EqualLevels {
		if l == 0 {
			list = append(list,
				Claim{ID: "5", Where: section.relapse, Words: "Without a stabiliser, too, the ketamine-like network stands the trigger better than the SSRI-like one", Says: Higher, Contrast: vs(ArmKetamine, ArmSSRI, LevelMetric(0)), Control: "no stabiliser in either: the book leaves 90 % of it in the one arm and 25 % in the other"},
				Claim{ID: "6", Where: section.relapse, Words: "... and the neurosteroid-like better than the SSRI-like one", Says: Higher, Contrast: vs(ArmNeurosteroid, ArmSSRI, LevelMetric(0)), Control: "no stabiliser in either"},
				Claim{ID: "7", Where: section.stability, Words: "The ketamine-like network needs no stabiliser to stay well", Says: Lower, Contrast: vs(ArmKetamine, ArmSSRI, relapseAtLevel(0)), Control: "no stabiliser in either"})
			if c.Controls {
				list = append(list, Claim{ID: "8", Where: section.stability, Words: "Structural repair is why the ketamine-like network does not relapse", Says: Higher, Contrast: vs(ArmKetamine, c.withoutRegrowth(), LevelMetric(0)), Family: Mechanisms, Control: "the same training at the same gain, no stabiliser in either"})
			}
		}
	}
	if low, high, ok := w.levelsOfDecay(); ok {
		list = append(list, Claim{ID: "9", Where: section.stability, Words: "A stabiliser that fades slowly protects more", Says: Higher, Contrast: change(ArmSSRI, LevelMetric(high), LevelMetric(low)), Family: Mechanisms, Control: "the same network with what slow and fast decay leave of it"})
	}
	if longest != shortest {
		for i, a := range []Heading{{ArmKetamine, "ketamine-like"}, {ArmSSRI, "SSRI-like"}, {ArmNeurosteroid, "neurosteroid-like"}} {
			list = append(list, Claim{ID: []string{"10", "11", "12"}[i], Where: section.relapse, Words: "Longer maintenance adds nothing (" + a.Words + ")", Says: Same, Contrast: change(a.Name, longest, shortest), Control: "the same network after the shortest maintenance"})
		}
	}
	for i := range list {
		list[i].ID = prefix + shifted(list[i].ID, first)
	}
	return list
}

// levelsOfDecay are the levels at which arms are compared that lie nearest to
// what the SSRI-like and the ketamine-like arm's decay leave.
func (w *Withdrawal) levelsOfDecay() (low, high float64, ok bool) {
	left := func(rate float64) float64 { return max(0, 1-rate*float64(w.DiscontinuationSteps)) }
	nearest := func(to float64) float64 {
		return slices.MinFunc(w.EqualLevels, func(a, b float64) int {
			return sign(max(a-to, to-a) - max(b-to, to-b))
		})
	}
	if len(w.EqualLevels) == 0 {
		return 0, 0, false
	}
	low, high = nearest(left(w.SSRIDecay)), nearest(left(w.KetamineDecay))
	return low, high, low < high
}

// relapseAtLevel names whether a subject is below the relapse threshold with the
// stabiliser at a level, withdrawn (ours).
func relapseAtLevel(level float64) string { return "relapse_at_level_" + metricNumber(level) }

// deriveLevels derives those relapses.
func (w *Withdrawal) deriveLevels(d *derivation) {
	d.each(func(s *subjectRows) {
		for _, l := range w.EqualLevels {
			if v, ok := s.value(LevelMetric(l)); ok {
				s.flag(relapseAtLevel(l), v < w.BiasedRelapseThreshold)
			}
		}
	})
}

package protocols

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Claims are what the chapter says.
func (p *Ch05) Claims() []Claim {
	list := append(p.efficacyClaims("5.", "", efficacySections{
		"Antidepressant efficacy, p. 108", "Stress resilience, p. 109", "Relapse vulnerability and medication dependence, p. 111", "Relapse vulnerability and medication dependence, p. 111",
	}), []Claim{
		{ID: "5.11", Where: "Manic conversion risk, p. 110", Words: "The neurosteroid-like treatment stands biased noise best: better than ketamine-like", Says: Higher, Contrast: vs(ArmNeurosteroid, ArmKetamine, "biased"), Control: "the same pruned network"},
		{ID: "5.12", Where: "Manic conversion risk, p. 110", Words: "... and better than SSRI-like", Says: Higher, Contrast: vs(ArmNeurosteroid, ArmSSRI, "biased"), Control: "the same pruned network"},
		{ID: "5.13", Where: "Manic conversion risk, p. 110", Words: "The SSRI-like treatment has a higher risk than the ketamine-like one", Says: Lower, Contrast: vs(ArmSSRI, ArmKetamine, "biased"), Control: "the same pruned network"},
		{ID: "5.14", Where: "Manic conversion risk and clinical parallels, p. 113", Words: "The SSRI-like treatment makes a switch more likely than none", Says: Lower, Contrast: vs(ArmSSRI, ArmUntreated, "biased"), Control: "the untreated network, which is at chance"},
		{ID: "5.15", Where: "Manic conversion risk, p. 110", Words: "Activation tells the risk: higher in the SSRI-like than in the neurosteroid-like network", Says: Higher, Contrast: vs(ArmSSRI, ArmNeurosteroid, "activation_magnitude"), Control: "gain and inhibition scale it by themselves"},
		{ID: "5.16", Where: "Manic conversion risk, p. 110", Words: "... and higher in the SSRI-like than in the ketamine-like one, whose risk is less", Says: Higher, Contrast: vs(ArmSSRI, ArmKetamine, "activation_magnitude"), Control: "the most active network resists best"},
		{ID: "5.17", Where: "Data analysis, p. 108", Words: "The arms have one order in every subject, under biased noise", Says: Same, Contrast: change(ArmKetamine, "biased_order_as_printed", everySubject), Control: "the order of the printed means"},
		{ID: "5.18", Where: "Data analysis, p. 108", Words: "... and under the strongest internal noise", Says: Same, Contrast: change(ArmKetamine, p.hardest()+"_order_as_printed", everySubject), Control: "the order of the printed means"},
		{ID: "5.19", Where: "Manic conversion risk, p. 110", Words: "Subjects scatter more in the SSRI-like than in the neurosteroid-like arm, under biased noise", Says: Higher, Contrast: vs(ArmSSRI, ArmNeurosteroid, biasedDeviation), Control: "distances from the arm's median (Brown and Forsythe 1974)"},
		{ID: "5.20", Where: "Relapse vulnerability and medication dependence, p. 111", Words: "Off the drug the neurosteroid-like network stands biased noise worse", Says: Lower, Contrast: vs(ArmNeurosteroidOff, ArmNeurosteroid, "biased"), Control: "the same weights, dials on"},
		{ID: "5.21", Where: "Manic conversion risk and clinical parallels, p. 113", Words: "Fragility before treatment tells who switches: with none, the network fails the biased test", Says: Lower, Contrast: vs(ArmUntreated, ArmNeurosteroid, "biased"), Control: "all untreated networks are at chance, so no subject stands out"},
	}...)
	if p.Controls {
		without := p.withoutRegrowth()
		list = append(list,
			Claim{ID: "5.22", Where: "Manic conversion risk and clinical parallels, p. 113", Words: "Its gain is what makes the SSRI-like network fail under biased noise", Says: Higher, Contrast: vs(ArmSSRIGainOff, ArmSSRI, "biased"), Family: Mechanisms, Control: "the same weights with the gain set back to 1"},
			Claim{ID: "5.23", Where: "Manic conversion risk and clinical parallels, p. 113", Words: "A gain makes a tuned network fail under biased noise", Says: Lower, Contrast: vs(ArmTunedWithGain, ArmTunedOnly, "biased"), Family: Mechanisms, Control: "the same training without the gain"},
			Claim{ID: "5.24", Where: "Manic conversion risk and clinical parallels, p. 113", Words: "Regrowth is why the ketamine-like network stands biased noise", Says: Higher, Contrast: vs(ArmKetamine, without, "biased"), Family: Mechanisms, Control: "the same training at the same gain"},
			Claim{ID: "5.25", Where: "Interpretation of efficacy and resilience findings, p. 112", Words: "Regrowth is why it stands strong internal noise", Says: Higher, Contrast: vs(ArmKetamine, without, p.hardest()), Family: Mechanisms, Control: "the same training at the same gain"},
			Claim{ID: "5.26", Where: "Interpretation of efficacy and resilience findings, p. 112", Words: "Regrowth is why it loses nothing in a second pruning", Says: Lower, Contrast: vs(ArmKetamine, without, sameNoise), Family: Mechanisms, Control: "the same training at the same gain; unequal challenges"},
			Claim{ID: "5.27", Where: "Manic conversion risk, p. 110", Words: "Its gain puts the ketamine-like network at some risk", Says: Higher, Contrast: vs(ArmKetamineGainOff, ArmKetamine, "biased"), Family: Mechanisms, Control: "the same weights with the gain set back to 1"},
			Claim{ID: "5.28", Where: "Manic conversion risk and clinical parallels, p. 113", Words: "A healthy network stands the biased test, which finds the ill ones", Says: Higher, Contrast: vs(ArmFull, ArmUntreated, "biased"), Control: "the network that was never pruned"})
	}
	return settled(list)
}

// efficacySections are where a chapter says them.
type efficacySections struct{ efficacy, resilience, relapse, offDrug string }

// efficacyClaims are what chapters 5 and 7 say of the treatments before any
// withdrawal; of the second's the first has the same subjects.
func (c *Clinic) efficacyClaims(id, repeats string, section efficacySections) []Claim {
	hardest := c.hardest()
	list := []Claim{
		{ID: "1", Where: section.efficacy, Words: "All treatments restore the accuracy on the standard set: ketamine-like as neurosteroid-like", Says: Same, Contrast: vs(ArmKetamine, ArmNeurosteroid, "standard")},
		{ID: "2", Where: section.efficacy, Words: "... and SSRI-like", Says: Same, Contrast: vs(ArmSSRI, ArmNeurosteroid, "standard")},
		{ID: "3", Where: section.efficacy, Words: "Under combined noise the neurosteroid-like network matches the ketamine-like one", Says: Same, Contrast: vs(ArmNeurosteroid, ArmKetamine, "combined")},
		{ID: "4", Where: section.efficacy, Words: "... and the SSRI-like one lags behind", Says: Lower, Contrast: vs(ArmSSRI, ArmNeurosteroid, "combined")},
		{ID: "5", Where: section.resilience, Words: "The ketamine-like network stands strong internal noise best: better than SSRI-like", Says: Higher, Contrast: vs(ArmKetamine, ArmSSRI, hardest), Control: "the same pruned network"},
		{ID: "6", Where: section.resilience, Words: "... which stands it better than the neurosteroid-like one", Says: Higher, Contrast: vs(ArmSSRI, ArmNeurosteroid, hardest), Control: "not like for like: tanh bounds the signal"},
		{ID: "7", Where: section.resilience, Words: "Under moderate noise ketamine-like and neurosteroid-like are alike", Says: Same, Contrast: vs(ArmKetamine, ArmNeurosteroid, InternalMetric(1))},
		{ID: "8", Where: section.relapse, Words: "In a second pruning the neurosteroid-like network loses more than the ketamine-like one", Says: Higher, Contrast: vs(ArmNeurosteroid, ArmKetamine, sameNoise), Control: "unequal challenges: the arms lose the same share of very different numbers of weights"},
		{ID: "9", Where: section.relapse, Words: "... and the SSRI-like one most", Says: Higher, Contrast: vs(ArmSSRI, ArmNeurosteroid, sameNoise), Control: "equal numbers of weights"},
		{ID: "10", Where: section.offDrug, Words: "Off the drug the neurosteroid-like network fails under combined noise", Says: Lower, Contrast: vs(ArmNeurosteroidOff, ArmNeurosteroid, "combined"), Control: "the same weights, dials on"},
	}
	for i := range list {
		if repeats != "" {
			list[i].Repeats = repeats + list[i].ID
		}
		list[i].ID = id + list[i].ID
	}
	return list
}

// everySubject is 100 in each subject: what a share of subjects is held against
// where the book says that all of them do something.
const everySubject = "every_subject"

// biasedDeviation is how far a subject is from its arm's median under biased
// noise, in points: the paired difference of two arms tells which scatters more
// (ours).
const biasedDeviation = "biased_deviation"

// deriveClaims derives what the claims need.
func (p *Ch05) deriveClaims(rows []Row) []Row {
	d := bySubject(5, rows)
	arms := []string{ArmKetamine, ArmSSRI, ArmNeurosteroid}
	biased := map[string][]float64{}
	d.each(func(s *subjectRows) {
		if v, ok := s.value("biased"); ok {
			biased[s.Arm] = append(biased[s.Arm], v)
		}
	})
	d.each(func(s *subjectRows) {
		if v, ok := s.value("biased"); ok && slices.Contains(arms, s.Arm) {
			s.add(biasedDeviation, math.Abs(v-median(biased[s.Arm])))
		}
		if s.Arm != ArmKetamine {
			return
		}
		s.add(everySubject, 100)
		s.orderAsPrinted("biased", ArmKetamine, ArmNeurosteroid, ArmSSRI)
		s.orderAsPrinted(p.hardest(), ArmKetamine, ArmSSRI, ArmNeurosteroid)
	})
	return d.rows
}

// orderAsPrinted tells whether a subject's arms, the best first, come in that
// order in a metric.
func (s *subjectRows) orderAsPrinted(metric string, arms ...string) {
	last, holds := math.Inf(1), true
	for _, arm := range arms {
		v, ok := s.rest.of(arm, s.Seed).value(metric)
		if !ok {
			return
		}
		holds = holds && v < last
		last = v
	}
	s.flag(metric+"_order_as_printed", holds)
}

// median of x, which has one value at least.
func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	if n := len(x); n%2 == 0 {
		return stat.Mean(x[n/2-1:n/2+1], nil)
	}
	return x[len(x)/2]
}

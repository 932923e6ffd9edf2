package protocols

import (
	"math"
	"slices"

	"github.com/network-fragility/fragility/protocols/stats"
)

// Ch05 is chapter 5: the three treatments with a gain each, and noise with a
// positive mean as the proxy of a manic switch.
type Ch05 struct {
	Clinic
}

func (*Ch05) Chapter() int  { return 5 }
func (*Ch05) Title() string { return "Gain, and a proxy of the manic switch" }

// Plant implements Protocol.
func (p *Ch05) Plant(seed int) *Tree {
	t := NewTree(seed)
	_, pruned := p.begin(t)
	treated := p.acute(pruned, append(p.book(), append(p.controls(), p.own()...)...))
	if p.Controls {
		p.off(treated[ArmKetamine], ArmKetamineGainOff)
		p.off(treated[ArmSSRI], ArmSSRIGainOff)
	}
	return t
}

// controls are ours: the training alone, without and with the ketamine-like
// arm's gain.
func (p *Ch05) controls() []Treatment {
	if !p.Controls {
		return nil
	}
	return []Treatment{p.tunedOnly(), p.tunedWithGain()}
}

// gainOff are the arms whose gain is set back to 1 after the treatment.
func (p *Ch05) gainOff() []Treatment {
	if !p.Controls {
		return nil
	}
	return []Treatment{ours(ArmKetamineGainOff, "ketamine-like, gain set back").as(), ours(ArmSSRIGainOff, "SSRI-like, gain set back").as()}
}

// Derive implements Protocol.
func (p *Ch05) Derive(rows []Row) []Row {
	return append(p.derive(5, rows).rows, p.deriveClaims(rows)...)
}

// Tables implements Protocol.
func (p *Ch05) Tables() []Layout {
	return p.acuteTables(slices.Concat(p.healthyArm(), p.controls(), p.gainOff()))
}

// Contrasts implements Protocol.
func (p *Ch05) Contrasts() []Contrast {
	list := p.treatmentContrasts("biased", "combined", p.hardest(), "relapse_drop_same_noise")
	if p.Controls {
		list = append(list, asked([]string{"biased", p.hardest()},
			Contrast{Question: "Is it the gain that is bad for the SSRI-like arm?", Arm: ArmSSRIGainOff, Against: ArmSSRI},
			Contrast{Question: "Is it the gain that is bad for the ketamine-like arm?", Arm: ArmKetamineGainOff, Against: ArmKetamine},
			Contrast{Question: "What does the gain do to plain tuning?", Arm: ArmTunedWithGain, Against: ArmTunedOnly})...)
	}
	return slices.Concat(list, p.healthyContrasts("biased", "combined"), p.ownContrasts("biased", "combined", p.hardest()))
}

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
			s.add(biasedDeviation, math.Abs(v-stats.Median(biased[s.Arm])))
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

package protocols

import "slices"

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
	full := p.grow(t, p.train())
	p.healthy(full)
	pruned := full.Then("prune", p.prune(seed))
	p.battery(pruned, ArmUntreated)
	p.relapse(pruned, ArmUntreated, p.RelapseLimit)
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
	return []Treatment{{Arm: ArmKetamineGainOff, Words: "ketamine-like, gain set back (ours)"}, {Arm: ArmSSRIGainOff, Words: "SSRI-like, gain set back (ours)"}}
}

// Derive implements Protocol.
func (p *Ch05) Derive(rows []Row) []Row { return append(p.derive(5, rows), p.deriveClaims(rows)...) }

// Tables implements Protocol.
func (p *Ch05) Tables() []Layout {
	return p.acuteTables(slices.Concat(p.healthyArm(), p.controls(), p.gainOff()))
}

// Contrasts implements Protocol.
func (p *Ch05) Contrasts() []Contrast {
	list := p.treatmentContrasts("biased", "combined", p.hardest(), "relapse_drop_same_noise")
	if p.Controls {
		for _, m := range []string{"biased", p.hardest()} {
			list = append(list,
				Contrast{Question: "Is it the gain that is bad for the SSRI-like arm?", Arm: ArmSSRIGainOff, Against: ArmSSRI, Metric: m},
				Contrast{Question: "Is it the gain that is bad for the ketamine-like arm?", Arm: ArmKetamineGainOff, Against: ArmKetamine, Metric: m},
				Contrast{Question: "What does the gain do to plain tuning?", Arm: ArmTunedWithGain, Against: ArmTunedOnly, Metric: m},
			)
		}
	}
	return slices.Concat(list, p.healthyContrasts("biased", "combined"), p.ownContrasts("biased", "combined", p.hardest()))
}

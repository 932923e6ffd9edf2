package protocols

import "slices"

// Ch07 is chapter 7: maintenance under a mood stabiliser, discontinuation, and
// the manic trigger. Up to the treatments it is chapter 5.
type Ch07 struct {
	Clinic
	Withdrawal
}

func (*Ch07) Chapter() int  { return 7 }
func (*Ch07) Title() string { return "Maintenance, discontinuation, and the manic trigger" }

// Plant implements Protocol.
func (p *Ch07) Plant(seed int) *Tree {
	t := NewTree(seed)
	full := p.grow(t, p.train())
	p.healthy(full)
	pruned := full.Then("prune", p.prune(seed))
	p.battery(pruned, ArmUntreated)
	p.relapse(pruned, ArmUntreated, p.RelapseLimit)
	treated := p.acute(pruned, slices.Concat(p.book(), p.tunedControls(), p.own()))
	p.withdraw(&p.Clinic, treated)
	p.withdrawHealthy(&p.Clinic, full)
	return t
}

// controls are ours.
func (p *Ch07) controls() []Treatment { return slices.Concat(p.healthyArm(), p.tunedControls()) }

// Derive implements Protocol.
func (p *Ch07) Derive(rows []Row) []Row {
	d := bySubject(7, rows)
	d.each(relapseDrops)
	offDrops(d)
	p.deriveWithdrawal(d)
	return d.rows
}

// Tables implements Protocol.
func (p *Ch07) Tables() []Layout {
	return append(p.acuteTables(p.controls()), p.withdrawalTables(&p.Clinic, p.controls())...)
}

// Contrasts implements Protocol.
func (p *Ch07) Contrasts() []Contrast {
	return slices.Concat(p.treatmentContrasts("biased"), p.healthyContrasts("biased"), p.withdrawalContrasts(&p.Clinic))
}

// Claims are what the chapter says, each with the arms that decide it.
func (p *Ch07) Claims() []Claim { return p.withdrawalClaims(&p.Clinic) }

// withdrawalClaims are what chapters 7 and 8 say of discontinuation.
func (w *Withdrawal) withdrawalClaims(c *Clinic) []Claim {
	longest, shortest := WithdrawnMetric(slices.Max(w.MaintenanceDurations)), WithdrawnMetric(slices.Min(w.MaintenanceDurations))
	list := []Claim{
		{"Discontinuation takes resistance to the trigger away (SSRI-like)", Lower, Contrast{Arm: ArmSSRI, Against: ArmSSRI, Metric: shortest, AgainstMetric: "biased"}, 1, "the same network on the drug; who is below the threshold there cannot relapse, and most are"},
		{"Discontinuation takes resistance to the trigger away (neurosteroid-like)", Lower, Contrast{Arm: ArmNeurosteroid, Against: ArmNeurosteroid, Metric: shortest, AgainstMetric: "biased"}, 1, "the same network on the drug; who is below the threshold there cannot relapse, and most are"},
	}
	for _, l := range w.EqualLevels {
		if l == 0 {
			list = append(list,
				Claim{"After discontinuation the ketamine-like network stands the trigger better than the SSRI-like one", Higher, Contrast{Arm: ArmKetamine, Against: ArmSSRI, Metric: LevelMetric(0)}, 1, "no stabiliser in either: the book leaves 90 % of it in the one arm and 25 % in the other"},
				Claim{"... and the neurosteroid-like better than the SSRI-like one", Higher, Contrast{Arm: ArmNeurosteroid, Against: ArmSSRI, Metric: LevelMetric(0)}, 1, "no stabiliser in either"})
			if c.Controls {
				list = append(list, Claim{"Structural repair is why the ketamine-like network does not relapse", Higher, Contrast{Arm: ArmKetamine, Against: c.withoutRegrowth(), Metric: LevelMetric(0)}, 1, "the same training at the same gain, no stabiliser in either"})
			}
		}
	}
	if longest != shortest {
		for _, a := range []Heading{{ArmKetamine, "ketamine-like"}, {ArmSSRI, "SSRI-like"}, {ArmNeurosteroid, "neurosteroid-like"}} {
			list = append(list, Claim{"Longer maintenance adds nothing (" + a.Words + ")", Same, Contrast{Arm: a.Name, Against: a.Name, Metric: longest, AgainstMetric: shortest}, 1, "the same network after the shortest maintenance"})
		}
	}
	return list
}

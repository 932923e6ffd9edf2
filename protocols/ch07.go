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

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
	full, pruned := p.begin(t)
	treated := p.acute(pruned, slices.Concat(p.book(), p.tunedControls(), p.own()))
	p.withdraw(&p.Clinic, treated)
	p.withdrawHealthy(&p.Clinic, full)
	return t
}

// controls are ours.
func (p *Ch07) controls() []Treatment { return slices.Concat(p.healthyArm(), p.tunedControls()) }

// Derive implements Protocol.
func (p *Ch07) Derive(rows []Row) []Row {
	d := p.derive(7, rows)
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

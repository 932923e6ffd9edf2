package protocols

// Ch08 is chapter 8: early scars, the withdrawal of chapter 7, and kindling, in
// the feed-forward network.
type Ch08 struct {
	Kindling
}

func (*Ch08) Chapter() int  { return 8 }
func (*Ch08) Title() string { return "Early scars, withdrawal, and kindling" }

// Plant implements Protocol.
func (p *Ch08) Plant(seed int) *Tree {
	t := NewTree(seed)
	p.plant(t, nil)
	return t
}

// Derive implements Protocol.
func (p *Ch08) Derive(rows []Row) []Row { return p.derive(8, rows).rows }

// Tables implements Protocol.
func (p *Ch08) Tables() []Layout { return p.tables(nil) }

// Contrasts implements Protocol.
func (p *Ch08) Contrasts() []Contrast { return p.contrasts() }

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

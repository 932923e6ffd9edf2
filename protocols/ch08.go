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

// Claims are what the chapter says, each with the arms that decide it.
func (p *Ch08) Claims() []Claim {
	list := p.withdrawalClaims(&p.Clinic)
	first := func(arm string) Contrast {
		return Contrast{Arm: arm, Against: arm, Metric: TriggerMetric(p.KindlingFirstBias, "after"), AgainstMetric: TriggerMetric(p.KindlingFirstBias, "before")}
	}
	list = append(list,
		Claim{"Kindling makes the SSRI-like network more sensitive", Lower, first(ArmSSRI), 1, "the same network before the cycles, at the same trigger"},
		Claim{"Kindling makes the neurosteroid-like network more sensitive", Lower, first(ArmNeurosteroid), 1, "the same network before the cycles, at the same trigger"},
		Claim{"Episodes and regrowth make the ketamine-like network more resilient", Higher, first(ArmKetamine), 1, "the same network before the cycles, at the same trigger"},
		Claim{"The ketamine-like network relapses less often than the SSRI-like one", Lower, Contrast{Arm: ArmKetamine, Against: ArmSSRI, Metric: "total_relapses"}, 0.2, "fifty times the rate between episodes"},
		Claim{"The neurosteroid-like network relapses less often than the SSRI-like one", Lower, Contrast{Arm: ArmNeurosteroid, Against: ArmSSRI, Metric: "total_relapses"}, 0.2, "fifty times the rate between episodes"})
	if p.Controls {
		list = append(list,
			Claim{"It is the treatment, not the training rate, that lets the SSRI-like illness become autonomous", Same, Contrast{Arm: ArmSSRIEqualRate, Against: ArmSSRI, Metric: "autonomy_accuracy"}, 1, "the same network trained at the tuning rate between episodes"},
			Claim{"Regrowth between episodes is what protects the ketamine-like network", Higher, Contrast{Arm: ArmKetamine, Against: ArmKetamineNoRegrow, Metric: "autonomy_accuracy"}, 0.5, "the same network without further regrowth"},
			Claim{"Regrowth is why the ketamine-like network relapses less", Lower, Contrast{Arm: ArmKetamine, Against: p.withoutRegrowth(), Metric: "total_relapses"}, 0.2, "the same training at the same gain"},
			Claim{"The scars of episodes are what makes the illness autonomous (SSRI-like)", Lower, Contrast{Arm: ArmSSRI, Against: ArmSSRI + ArmNoEpisodeScars, Metric: "autonomy_accuracy"}, 1, "the same triggers and training, and no scars"},
			Claim{"Early scars make a pruned network more vulnerable", Lower, Contrast{Arm: ArmUntreated, Against: ArmUntreated + ArmNoEarlyScars, Metric: "combined"}, 0.5, "the same network without early scars"})
	}
	return list
}

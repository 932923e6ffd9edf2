package protocols

import (
	"fmt"
	"slices"
)

// Ch04 is chapter 4: three treatments of one pruned network, without any gain,
// and a second pruning after each.
type Ch04 struct {
	Clinic
}

func (*Ch04) Chapter() int  { return 4 }
func (*Ch04) Title() string { return "Three treatments of one pruned network" }

// Defaults are the chapter's own: no treatment changes the gain.
func (*Ch04) Defaults() map[string]string { return withoutGain }

// withoutGain is how chapters 4 and 6 differ from 5, 7 and 8.
var withoutGain = map[string]string{"KetamineGain": "1", "SSRIMaxGain": "1", "NeurosteroidGain": "1"}

// Plant implements Protocol.
func (p *Ch04) Plant(seed int) *Tree {
	t := NewTree(seed)
	full := p.grow(t, p.train())
	p.healthy(full)
	pruned := full.Then("prune", p.prune(seed))
	p.battery(pruned, ArmUntreated)
	p.relapse(pruned, ArmUntreated, p.RelapseLimit) // ours: the book challenges no untreated network
	p.acute(pruned, slices.Concat(p.book(), p.controls(), p.own()))
	for _, treatment := range p.Onset() {
		p.onset(pruned, treatment)
	}
	return t
}

// acute gives each treatment to the subject, measures it, prunes it a second
// time, and takes the neurosteroid off.
func (c *Clinic) acute(from *Node, treatments []Treatment) map[string]*Node {
	treated := map[string]*Node{}
	for _, t := range treatments {
		n := from.Take(t)
		treated[t.Arm] = n
		c.battery(n, t.Arm)
		c.relapse(n, t.Arm, c.RelapseLimit)
		if t.Arm == ArmNeurosteroid {
			c.off(n, ArmNeurosteroidOff)
		}
		if n.Stage != nil && t.Arm == ArmSSRI {
			n.Trace(t.Arm, "losses", Losses{})
		}
	}
	return treated
}

// controls are ours: each takes one thing out of a treatment.
func (p *Ch04) controls() []Treatment {
	if !p.Controls {
		return nil
	}
	noisy := p.tune(p.FinetuneEpochs, p.FinetuneRate).under(Ramp{p.SSRIInitialSigma, 0}, Ramp{1, p.SSRIMaxGain})
	return append(p.tunedControls(), []Treatment{
		{ArmQuietSSRI, "SSRI-like without noise (ours)", p.ssri(p.SSRIEpochs, p.SSRIRate, 0, p.SSRIMaxGain)},
		{ArmFastSSRI, "fading noise at the tuning rate (ours)", []Step{{"train under fading noise", noisy}}},
		p.inhibitionOnly(),
	}...)
}

// Onset is the treatments that are measured on the way: those trained at the
// tuning rate, which can be compared epoch by epoch, and the SSRI-like one at
// its own. Ours; none without controls.
func (p *Ch04) Onset() []Treatment {
	if !p.Controls {
		return nil
	}
	var list []Treatment
	for _, t := range append(p.book(), p.controls()...) {
		if t.Arm != ArmQuietSSRI && t.OnsetEpochs() != nil {
			list = append(list, t)
		}
	}
	return list
}

// inhibitionOnly is the neurosteroid-like treatment with ReLU kept.
func (c *Clinic) inhibitionOnly() Treatment {
	return Treatment{ArmInhibitionOnly, "inhibition without tanh (ours)", []Step{
		{"inhibition " + Format(c.NeurosteroidInhibition), Modulate{Gain: c.NeurosteroidGain, Inhibition: c.NeurosteroidInhibition, InhibitedLayer: c.NeurosteroidLayer}},
		{"train", c.tune(c.NeurosteroidEpochs, c.FinetuneRate)},
	}}
}

// Derive implements Protocol.
func (p *Ch04) Derive(rows []Row) []Row { return p.derive(4, rows) }

// derive derives what all of chapters 4 to 8 have.
func (c *Clinic) derive(chapter int, rows []Row) []Row {
	d := bySubject(chapter, rows)
	d.each(relapseDrops)
	offDrops(d)
	return d.rows
}

// offDrops derives what is lost at once when the neurosteroid is taken off.
func offDrops(d *derivation) {
	d.each(func(s *subjectRows) {
		if s.Arm != ArmNeurosteroidOff {
			return
		}
		on := d.of(ArmNeurosteroid, s.Seed)
		for _, m := range []string{"combined", "biased"} {
			a, ok1 := on.value(m)
			b, ok2 := s.value(m)
			if ok1 && ok2 {
				s.add(m+"_drop_points", a-b)
			}
		}
	})
}

// Tables implements Protocol.
func (p *Ch04) Tables() []Layout {
	list := p.acuteTables(append(p.healthyArm(), p.controls()...))
	if on := p.Onset(); on != nil {
		var metrics []Heading
		for _, measure := range []string{"combined", "standard"} {
			for _, e := range p.onsetPoints() {
				metrics = append(metrics, Heading{OnsetMetric(e, measure), fmt.Sprintf("%s, after %d epochs", measure, e)})
			}
		}
		list = append(list, Layout{Name: "onset", Title: "Accuracy (%) on the way through each training (ours)", Arms: armHeadings(on), Metrics: metrics})
	}
	return list
}

// onsetPoints are all epochs at which some treatment is measured, ascending.
func (p *Ch04) onsetPoints() []int {
	points := []int{0}
	for _, t := range p.Onset() {
		points = append(points, t.OnsetEpochs()...)
	}
	slices.Sort(points)
	return slices.Compact(points)
}

// sooner is the epoch at which onsets are compared: the last that is measured
// within the first half of the shortest training at the tuning rate.
func (p *Ch04) sooner() (epoch int, ok bool) {
	shortest := min(p.KetamineEpochs, p.NeurosteroidEpochs, p.FinetuneEpochs)
	for _, e := range onsetEpochs {
		if 2*e <= shortest {
			epoch = e
		}
	}
	return epoch, p.Controls && epoch > 0
}

// acuteTables are the tables of the treatments that chapters 4 to 8 share; each
// chapter names them as the book does.
func (c *Clinic) acuteTables(controls []Treatment) []Layout {
	arms := c.bookHeadings()
	ours := armHeadings(controls, c.own())
	sigmas := c.internalHeadings()
	top := []Heading{
		{"sparsity_weights", "sparsity, weights (%)"}, {"clean", "clean"}, {"standard", "standard"}, {"combined", "combined"},
		{"biased", "biased"}, {"activation_magnitude", "activation magnitude"}, {"gain", "gain"},
		{"post_relapse_combined", "combined after the second pruning"}, {"relapse_drop_points", "drop (points; positive is a loss)"}, {"relapse_drop_same_noise", "drop under the same noise (ours)"},
	}
	list := []Layout{
		{Name: "treatments", Title: "The treatments: accuracy (%) and what goes with it", Arms: arms, Metrics: top},
		{Name: "internal noise", Title: "Accuracy (%) under internal noise", Arms: arms, Metrics: sigmas},
	}
	if ours != nil {
		list = append(list, Layout{Name: "controls", Title: "Arms that the book lacks", Arms: ours, Metrics: append(top[:len(top):len(top)], sigmas...)})
	}
	return list
}

// bookHeadings are the book's arms as a table's head.
func (c *Clinic) bookHeadings() []Heading {
	arms := append([]Heading{{ArmUntreated, "untreated"}}, armHeadings(c.book())...)
	return append(arms, Heading{ArmNeurosteroidOff, "neurosteroid taken off"})
}

// Contrasts implements Protocol.
func (p *Ch04) Contrasts() []Contrast {
	list := p.treatmentContrasts("combined", p.hardest(), "relapse_drop_same_noise")
	for _, m := range []string{"combined", p.hardest()} {
		if p.Controls {
			list = append(list,
				Contrast{Question: "Is it the noise that holds the SSRI-like arm back?", Arm: ArmQuietSSRI, Against: ArmSSRI, Metric: m},
				Contrast{Question: "Is it the low rate?", Arm: ArmFastSSRI, Against: ArmSSRI, Metric: m},
				Contrast{Question: "What does fading noise add to tuning?", Arm: ArmFastSSRI, Against: ArmTunedOnly, Metric: m},
				Contrast{Question: "What does tanh do beside the inhibition?", Arm: ArmNeurosteroid, Against: ArmInhibitionOnly, Metric: m},
			)
		}
	}
	if e, ok := p.sooner(); ok {
		m := OnsetMetric(e, "combined")
		list = append(list,
			Contrast{Question: "At equal rates, which treatment works sooner?", Arm: ArmKetamine, Against: ArmNeurosteroid, Metric: m},
			Contrast{Question: "At equal rates, which treatment works sooner?", Arm: ArmKetamine, Against: ArmFastSSRI, Metric: m},
			Contrast{Question: "At equal rates, which treatment works sooner?", Arm: ArmNeurosteroid, Against: ArmFastSSRI, Metric: m},
			Contrast{Question: "Does regrowth make training work sooner?", Arm: ArmKetamine, Against: p.withoutRegrowth(), Metric: m})
	}
	return slices.Concat(list, p.healthyContrasts("combined", p.hardest()), p.ownContrasts("combined", p.hardest()))
}

// hardest is the metric of the strongest internal noise.
func (r *Repair) hardest() string {
	most := r.InternalSigmas[0]
	for _, s := range r.InternalSigmas {
		most = max(most, s)
	}
	return InternalMetric(most)
}

// treatmentContrasts are the questions of chapters 4 to 8 to the treatments.
func (c *Clinic) treatmentContrasts(metrics ...string) []Contrast {
	var list []Contrast
	for _, m := range metrics {
		list = append(list,
			Contrast{Question: "Ketamine-like or SSRI-like?", Arm: ArmKetamine, Against: ArmSSRI, Metric: m},
			Contrast{Question: "Ketamine-like or neurosteroid-like?", Arm: ArmKetamine, Against: ArmNeurosteroid, Metric: m},
			Contrast{Question: "SSRI-like or neurosteroid-like?", Arm: ArmSSRI, Against: ArmNeurosteroid, Metric: m},
		)
		if c.Controls {
			list = append(list,
				Contrast{Question: "What does regrowth add to the training of the ketamine-like arm?", Arm: ArmKetamine, Against: c.withoutRegrowth(), Metric: m},
				Contrast{Question: "Does the SSRI-like treatment reach plain tuning?", Arm: ArmSSRI, Against: ArmTunedOnly, Metric: m},
				Contrast{Question: "Does the neurosteroid-like treatment reach plain tuning?", Arm: ArmNeurosteroid, Against: ArmTunedOnly, Metric: m},
			)
		}
	}
	list = append(list,
		Contrast{Question: "What is lost when the neurosteroid is taken off?", Arm: ArmNeurosteroidOff, Against: ArmNeurosteroid, Metric: "combined"},
		Contrast{Question: "What is lost when the neurosteroid is taken off?", Arm: ArmNeurosteroidOff, Against: ArmNeurosteroid, Metric: c.hardest()},
	)
	return list
}

// ownContrasts hold the user's arms against the book's.
func (c *Clinic) ownContrasts(metrics ...string) []Contrast {
	var list []Contrast
	for _, a := range c.Arms {
		for _, m := range metrics {
			list = append(list, Contrast{Question: "What does yours add?", Arm: a.Name, Against: ArmKetamine, Metric: m})
		}
	}
	return list
}

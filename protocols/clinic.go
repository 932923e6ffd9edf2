package protocols

// Clinic is what chapters 4 to 8 share: a pruned network and three treatments,
// the arms that tell their parts from each other, and arms of the user's own.
type Clinic struct {
	Repair
	RelapseLimit float64 `default:"0.99" range:"[0,1]" unit:"share of each weight matrix" meaning:"highest sparsity of the second pruning"`
	PruneSpread  float64 `default:"0" range:"[0,0.5]" unit:"share of each weight matrix" meaning:"half width of the range that each subject's own sparsity is drawn from; 0 cuts all alike, as the book does"`

	KetamineGain   float64 `default:"1.25" range:"[0.01,10]" unit:"factor" meaning:"gain that comes with the ketamine-like treatment; 1 is none"`
	KetamineEpochs int     `default:"15" range:"[0,10000]" unit:"epochs" meaning:"training of the ketamine-like treatment, after its regrowth"`

	SSRIEpochs       int     `default:"100" range:"[0,10000]" unit:"epochs" meaning:"length of the SSRI-like training"`
	SSRIRate         float64 `default:"0.00001" range:"(0,10]" unit:"Adam step size" meaning:"rate of the SSRI-like training"`
	SSRIInitialSigma float64 `default:"0.5" range:"[0,100]" unit:"SD" meaning:"internal noise in the first epoch of the SSRI-like training; it falls to 0 in the last"`
	SSRIMaxGain      float64 `default:"1.6" range:"[0.01,10]" unit:"factor" meaning:"gain at the end of the SSRI-like training, from 1; 1 is none"`

	NeurosteroidInhibition float64 `default:"0.7" range:"[0.01,10]" unit:"factor" meaning:"inhibition of the hidden units by the neurosteroid-like treatment"`
	NeurosteroidGain       float64 `default:"0.85" range:"[0.01,10]" unit:"factor" meaning:"gain that comes with the neurosteroid-like treatment; 1 is none"`
	NeurosteroidEpochs     int     `default:"10" range:"[0,10000]" unit:"epochs" meaning:"training of the neurosteroid-like treatment, under its inhibition"`
	NeurosteroidLayer      int     `default:"0" range:"[0,64]" unit:"hidden layer" meaning:"the one layer that the inhibition acts on; 0 is all, as in the book"`

	ManiaTestBias  float64 `default:"1" range:"[-100,100]" unit:"mean" meaning:"of the internal noise in the biased test, the proxy of a manic trigger"`
	ManiaTestSigma float64 `default:"1" range:"[0,100]" unit:"SD" meaning:"of the internal noise in the biased test"`

	Arms Arms `default:"" meaning:"further treatments, as \"ketamine then ssri(epochs=50)\"; a list with semicolons"`
}

// Names of the arms of chapters 4 to 8.
const (
	ArmUntreated       = "untreated"
	ArmKetamine        = "ketamine"
	ArmSSRI            = "ssri"
	ArmNeurosteroid    = "neurosteroid_on"
	ArmNeurosteroidOff = "neurosteroid_off"

	// Ours.
	ArmQuietSSRI       = "ssri_without_noise"
	ArmFastSSRI        = "ssri_at_tuning_rate"
	ArmInhibitionOnly  = "inhibition_without_tanh"
	ArmTanhOnly        = "tanh_without_inhibition"
	ArmTunedWithGain   = "tuned_with_gain"
	ArmKetamineGainOff = "ketamine_gain_off"
	ArmSSRIGainOff     = "ssri_gain_off"
)

// Two arms as a table's head has them.
var (
	untreated   = Heading{Name: ArmUntreated, Words: "untreated"}
	fullNetwork = Heading{Name: ArmFull, Words: "full network"}
)

// Check implements Protocol.
func (c *Clinic) Check() error {
	if n := len(c.network().Hidden); c.NeurosteroidLayer > n {
		return badInput("NeurosteroidLayer takes a hidden layer from 1 to %d, or 0 for all, not %d", n, c.NeurosteroidLayer)
	}
	if c.PruneSparsity-c.PruneSpread < 0 || c.PruneSparsity+c.PruneSpread >= 1 {
		return badInput("PruneSpread takes what keeps PruneSparsity-PruneSpread at 0 or more and PruneSparsity+PruneSpread below 1, not %v", c.PruneSpread)
	}
	for _, a := range c.Arms {
		if err := a.check(c); err != nil {
			return badInput("Arms: in %q, %v", a.Name, err)
		}
	}
	return nil
}

// begin grows a subject up to the pruned network that the treatments get, and
// measures it untreated; the book challenges none untreated, so that is ours.
func (c *Clinic) begin(t *Tree) (full, pruned *Node) {
	full = c.growKeeping(t, false)
	c.healthy(full)
	pruned = full.Then("prune", c.prune(t.Seed))
	c.battery(pruned, ArmUntreated)
	c.relapse(pruned, ArmUntreated, c.RelapseLimit)
	return full, pruned
}

// prune is the pruning of a subject.
func (c *Clinic) prune(seed int) Prune {
	if c.PruneSpread == 0 {
		return Prune{c.PruneSparsity, c.rule()}
	}
	// A generator of the subject's own, next to those of its three data sets.
	u := newLegacyRNG(uint32(1000*seed + 400)).float64()
	return Prune{c.PruneSparsity + c.PruneSpread*(2*u-1), c.rule()}
}

// healthy measures the network that was never pruned, and prunes it once as the
// treated ones are pruned a second time: the ceiling of every test (ours).
func (c *Clinic) healthy(full *Node) {
	if c.Controls {
		c.battery(full, ArmFull)
		c.relapse(full, ArmFull, c.RelapseLimit)
	}
}

// battery is the measures of an arm: those of chapter 3, the biased test, the
// activation and the gain (chapter 5).
func (c *Clinic) battery(n *Node, arm string) {
	c.shortBattery(n, arm)
	n.Measure(arm, "", "biased", c.biased(c.ManiaTestBias))
	n.Measure(arm, "", "activation_magnitude", Activity{c.standard()})
	n.Read(Reading{Probe: Dials{}, Arm: arm, Names: []Name{{arm, "", "gain"}, {arm, "", "effective_gain"}, {arm, "", "stabiliser_level"}}})
}

// biased is the proxy of a manic trigger: internal noise with a positive mean,
// no input noise (chapter 5). A recurrent network meets it in its state (chapter
// 10).
func (c *Clinic) biased(bias float64) Accuracy {
	return Accuracy{Data: c.standard(), Sigma: c.ManiaTestSigma, Bias: bias, InState: c.recurrent != nil}
}

// off takes the drug away at once and measures again, nothing retrained.
func (c *Clinic) off(n *Node, arm string) *Node {
	off := n.Then("discontinue", Discontinue{})
	c.battery(off, arm)
	return off
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

// derive derives what all of chapters 4 to 8 have.
func (c *Clinic) derive(chapter int, rows []Row) *derivation {
	d := bySubject(chapter, rows)
	d.each(relapseDrops)
	offDrops(d)
	return d
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

// acuteTables are the tables of the treatments that chapters 4 to 8 share; each
// chapter names them as the book does.
func (c *Clinic) acuteTables(controls []Treatment) []Layout {
	arms := c.BookArms()
	added := armHeadings(controls, c.own())
	sigmas := c.InternalTests()
	top := []Heading{
		{Name: "sparsity_weights", Words: "sparsity, weights (%)"}, {Name: "clean", Words: "clean"}, {Name: "standard", Words: "standard"}, {Name: "combined", Words: "combined"},
		{Name: "biased", Words: "biased"}, {Name: "activation_magnitude", Words: "activation magnitude"}, {Name: "gain", Words: "gain"},
		{Name: "post_relapse_combined", Words: "combined after the second pruning"}, {Name: "relapse_drop_points", Words: "drop (points; positive is a loss)"}, ours("relapse_drop_same_noise", "drop under the same noise"),
	}
	list := []Layout{
		{Name: "treatments", Title: "The treatments: accuracy (%) and what goes with it", Arms: arms, Metrics: top},
		{Name: "internal noise", Title: "Accuracy (%) under internal noise", Arms: arms, Metrics: sigmas},
	}
	if added != nil {
		list = append(list, Layout{Name: "controls", Title: "Arms that the book lacks", Arms: added, Metrics: append(top[:len(top):len(top)], sigmas...)})
	}
	return list
}

// BookArms are the arms of the book as a table's head, untreated first.
func (c *Clinic) BookArms() []Heading {
	arms := append([]Heading{untreated}, armHeadings(c.book())...)
	return append(arms, Heading{Name: ArmNeurosteroidOff, Words: "neurosteroid taken off"})
}

// AcuteArms are those of the book with the control of all three treatments, tuning
// alone.
func (c *Clinic) AcuteArms() []Heading {
	if !c.Controls {
		return c.BookArms()
	}
	return append(c.BookArms(), armHeadings([]Treatment{c.tunedOnly()})...)
}

// TreatedArms are the book's treatments.
func (c *Clinic) TreatedArms() []Heading { return armHeadings(c.book()) }

// OwnArms are those of the user.
func (c *Clinic) OwnArms() []Heading { return armHeadings(c.own()) }

// treatmentContrasts are the questions of chapters 4 to 8 to the treatments.
func (c *Clinic) treatmentContrasts(metrics ...string) []Contrast {
	list := []Contrast{
		{Question: "Ketamine-like or SSRI-like?", Arm: ArmKetamine, Against: ArmSSRI},
		{Question: "Ketamine-like or neurosteroid-like?", Arm: ArmKetamine, Against: ArmNeurosteroid},
		{Question: "SSRI-like or neurosteroid-like?", Arm: ArmSSRI, Against: ArmNeurosteroid},
	}
	if c.Controls {
		list = append(list,
			Contrast{Question: "What does regrowth add to the training of the ketamine-like arm?", Arm: ArmKetamine, Against: c.withoutRegrowth()},
			Contrast{Question: "Does the SSRI-like treatment reach plain tuning?", Arm: ArmSSRI, Against: ArmTunedOnly},
			Contrast{Question: "Does the neurosteroid-like treatment reach plain tuning?", Arm: ArmNeurosteroid, Against: ArmTunedOnly})
	}
	off := Contrast{Question: "What is lost when the neurosteroid is taken off?", Arm: ArmNeurosteroidOff, Against: ArmNeurosteroid}
	return append(asked(metrics, list...), asked([]string{"combined", c.hardest()}, off)...)
}

// ownContrasts hold the user's arms against the book's.
func (c *Clinic) ownContrasts(metrics ...string) []Contrast {
	var list []Contrast
	for _, a := range c.Arms {
		list = append(list, asked(metrics, Contrast{Question: "What does yours add?", Arm: a.Name, Against: ArmKetamine})...)
	}
	return list
}

// healthyContrasts ask how far the treated networks are from it.
func (c *Clinic) healthyContrasts(metrics ...string) []Contrast {
	if !c.Controls {
		return nil
	}
	const question = "Is the treated network as good as one that was never pruned?"
	return asked(metrics, Contrast{Question: question, Arm: ArmKetamine, Against: ArmFull}, Contrast{Question: question, Arm: ArmSSRI, Against: ArmFull},
		Contrast{Question: question, Arm: ArmNeurosteroid, Against: ArmFull})
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

package protocols

import "fmt"

// A Treatment is a named list of stages that a subject goes through.
type Treatment struct {
	Arm   string // its name in the long table, as "ketamine"
	Words string // its name for a reader
	Steps []Step
}

// Step is a stage and what it is called in a protocol.
type Step struct {
	Label string
	Stage Stage
}

// Take adds a treatment's stages after n and returns the last node.
func (n *Node) Take(t Treatment) *Node {
	for _, s := range t.Steps {
		n = n.Then(s.Label, s.Stage)
	}
	return n
}

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

// prune is the pruning of a subject.
func (c *Clinic) prune(seed int) Prune {
	if c.PruneSpread == 0 {
		return Prune{c.PruneSparsity, c.rule()}
	}
	// A generator of the subject's own, next to those of its three data sets.
	u := newLegacyRNG(uint32(1000*seed + 400)).float64()
	return Prune{c.PruneSparsity + c.PruneSpread*(2*u-1), c.rule()}
}

// ketamine raises the gain, gives weights back where the gradient asks for them
// and trains (chapters 4 and 5). The gain stays.
func (c *Clinic) ketamine(gain, fraction float64, epochs int, rate float64) []Step {
	return []Step{
		{"gain " + Format(gain), Modulate{Gain: gain}},
		{"regrow", c.regrow(fraction)},
		{"train", c.tune(epochs, rate)},
	}
}

// ssri trains long and slowly under noise that fades while the gain rises
// (chapters 4 and 5). The gain stays.
func (c *Clinic) ssri(epochs int, rate, sigma, gain float64) []Step {
	return []Step{{"train under fading noise", c.tune(epochs, rate).under(Ramp{sigma, 0}, Ramp{1, gain})}}
}

// neurosteroid damps the hidden units, saturates them, and trains briefly under
// both (chapters 4 and 5).
func (c *Clinic) neurosteroid(inhibition, gain float64, epochs int, rate float64, layer int) []Step {
	return []Step{
		{"inhibition " + Format(inhibition), Modulate{Activation: Tanh, Gain: gain, Inhibition: inhibition, InhibitedLayer: layer}},
		{"train", c.tune(epochs, rate)},
	}
}

// book is the three treatments of the book.
func (c *Clinic) book() []Treatment {
	return []Treatment{
		{ArmKetamine, "ketamine-like", c.ketamine(c.KetamineGain, c.RegrowFraction, c.KetamineEpochs, c.FinetuneRate)},
		{ArmSSRI, "SSRI-like", c.ssri(c.SSRIEpochs, c.SSRIRate, c.SSRIInitialSigma, c.SSRIMaxGain)},
		{ArmNeurosteroid, "neurosteroid-like", c.neurosteroid(c.NeurosteroidInhibition, c.NeurosteroidGain, c.NeurosteroidEpochs, c.FinetuneRate, c.NeurosteroidLayer)},
	}
}

// tunedOnly is the control of all three: the training of the ketamine arm and
// nothing else.
func (c *Clinic) tunedOnly() Treatment {
	return Treatment{ArmTunedOnly, "tuned without regrowth (ours)", []Step{{"train", c.tune(c.FinetuneEpochs, c.FinetuneRate)}}}
}

// tunedWithGain is the training of the ketamine arm at its gain, with no weights
// given back.
func (c *Clinic) tunedWithGain() Treatment {
	return Treatment{ArmTunedWithGain, "tuned with the gain, without regrowth (ours)", []Step{
		{"gain " + Format(c.KetamineGain), Modulate{Gain: c.KetamineGain}},
		{"train", c.tune(c.KetamineEpochs, c.FinetuneRate)},
	}}
}

// tunedControls are the training alone: without any gain and, where the
// ketamine-like treatment has one, with it.
func (c *Clinic) tunedControls() []Treatment {
	switch {
	case !c.Controls:
		return nil
	case c.KetamineGain == 1:
		return []Treatment{c.tunedOnly()}
	}
	return []Treatment{c.tunedOnly(), c.tunedWithGain()}
}

// withoutRegrowth is the arm that differs from the ketamine-like one in the
// regrowth alone: what regrowth does is asked against it.
func (c *Clinic) withoutRegrowth() string {
	if c.KetamineGain == 1 {
		return ArmTunedOnly
	}
	return ArmTunedWithGain
}

// healthy measures the network that was never pruned, and prunes it once as the
// treated ones are pruned a second time: the ceiling of every test (ours).
func (c *Clinic) healthy(full *Node) {
	if c.Controls {
		c.battery(full, ArmFull)
		c.relapse(full, ArmFull, c.RelapseLimit)
	}
}

// healthyArm is that network in a table's head.
func (c *Clinic) healthyArm() []Treatment {
	if !c.Controls {
		return nil
	}
	return []Treatment{{Arm: ArmFull, Words: "full network (ours)"}}
}

// healthyContrasts ask how far the treated networks are from it.
func (c *Clinic) healthyContrasts(metrics ...string) []Contrast {
	var list []Contrast
	for _, m := range metrics {
		for _, arm := range []string{ArmKetamine, ArmSSRI, ArmNeurosteroid} {
			if c.Controls {
				list = append(list, Contrast{Question: "Is the treated network as good as one that was never pruned?", Arm: arm, Against: ArmFull, Metric: m})
			}
		}
	}
	return list
}

// own is the arms of the user.
func (c *Clinic) own() []Treatment {
	var list []Treatment
	for _, a := range c.Arms {
		list = append(list, a.treatment(c))
	}
	return list
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

// accuracies are the headings of the measures of an arm.
func (c *Clinic) accuracies() []Heading {
	list := []Heading{{"clean", "clean"}, {"standard", "standard"}, {"combined", "combined"}}
	return append(list, c.internalHeadings()...)
}

// internalHeadings are the headings of the levels of internal noise.
func (r *Repair) internalHeadings() []Heading {
	var list []Heading
	for _, s := range r.InternalSigmas {
		list = append(list, Heading{InternalMetric(s), fmt.Sprintf("internal noise, SD %s", Format(s))})
	}
	return list
}

// armHeadings are the arms of treatments as a table's head.
func armHeadings(lists ...[]Treatment) []Heading {
	var h []Heading
	for _, list := range lists {
		for _, t := range list {
			h = append(h, Heading{t.Arm, t.Words})
		}
	}
	return h
}

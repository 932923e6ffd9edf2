package protocols

// A Treatment is a named list of stages that a subject goes through.
type Treatment struct {
	Arm   string // its name in the long table, as "ketamine"
	Words string // its name for a reader
	Ours  bool   // as in Heading
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
		n = n.Then(s.Label, s.Stage, s.number()...)
	}
	return n
}

// ketamine raises the gain, gives weights back where the gradient asks for them
// and trains (chapters 4 and 5). The gain stays.
func (c *Clinic) ketamine(gain, fraction float64, epochs int, rate float64) []Step {
	return []Step{
		{"gain", Modulate{Gain: gain}},
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
		{"inhibition", Modulate{Activation: Tanh, Gain: gain, Inhibition: inhibition, InhibitedLayer: layer}},
		{"train", c.tune(epochs, rate)},
	}
}

// book is the three treatments of the book.
func (c *Clinic) book() []Treatment {
	return []Treatment{
		{Arm: ArmKetamine, Words: "ketamine-like", Steps: c.ketamine(c.KetamineGain, c.RegrowFraction, c.KetamineEpochs, c.FinetuneRate)},
		{Arm: ArmSSRI, Words: "SSRI-like", Steps: c.ssri(c.SSRIEpochs, c.SSRIRate, c.SSRIInitialSigma, c.SSRIMaxGain)},
		{Arm: ArmNeurosteroid, Words: "neurosteroid-like", Steps: c.neurosteroid(c.NeurosteroidInhibition, c.NeurosteroidGain, c.NeurosteroidEpochs, c.FinetuneRate, c.NeurosteroidLayer)},
	}
}

// tunedOnly is the control of all three: the training of the ketamine arm and
// nothing else.
func (c *Clinic) tunedOnly() Treatment {
	return ours(ArmTunedOnly, "tuned without regrowth").as(Step{"train", c.tune(c.FinetuneEpochs, c.FinetuneRate)})
}

// tunedWithGain is the training of the ketamine arm at its gain, with no weights
// given back.
func (c *Clinic) tunedWithGain() Treatment {
	return ours(ArmTunedWithGain, "tuned with the gain, without regrowth").as(
		Step{"gain", Modulate{Gain: c.KetamineGain}},
		Step{"train", c.tune(c.KetamineEpochs, c.FinetuneRate)})
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

// healthyArm is that network in a table's head.
func (c *Clinic) healthyArm() []Treatment {
	if !c.Controls {
		return nil
	}
	return []Treatment{ours(ArmFull, "full network").as()}
}

// own is the arms of the user.
func (c *Clinic) own() []Treatment {
	var list []Treatment
	for _, a := range c.Arms {
		list = append(list, a.treatment(c))
	}
	return list
}

// number is the value of the dial that a step is called after.
func (s Step) number() []any {
	m, ok := s.Stage.(Modulate)
	switch {
	case ok && s.Label == "gain":
		return []any{m.Gain}
	case ok && s.Label == "inhibition":
		return []any{m.Inhibition}
	}
	return nil
}

// Heading is the treatment as a table's head.
func (t Treatment) Heading() Heading { return Heading{t.Arm, t.Words, t.Ours} }

// armHeadings are the arms of treatments as a table's head.
func armHeadings(lists ...[]Treatment) []Heading {
	var h []Heading
	for _, list := range lists {
		for _, t := range list {
			h = append(h, t.Heading())
		}
	}
	return h
}

// inhibitionOnly is the neurosteroid-like treatment with ReLU kept.
func (c *Clinic) inhibitionOnly() Treatment {
	return ours(ArmInhibitionOnly, "inhibition without tanh").as(
		Step{"inhibition", Modulate{Gain: c.NeurosteroidGain, Inhibition: c.NeurosteroidInhibition, InhibitedLayer: c.NeurosteroidLayer}},
		Step{"train", c.tune(c.NeurosteroidEpochs, c.FinetuneRate)})
}

package protocols

import (
	"cmp"
	"fmt"
)

// Activation names the non-linearity of the hidden units.
type Activation string

// The two activations of the book: ReLU, and the saturating tanh that the
// neurosteroid-like treatment switches on (chapter 4).
const (
	ReLU Activation = "relu"
	Tanh Activation = "tanh"
)

// Modulation holds the run-time dials of a forward pass. They are inputs of a
// compiled program, never constants in it, so one program serves every arm and
// every sweep; only the activation, and whether there is noise at all, select
// another program.
//
// The order within a hidden block is that of chapter 8 (section 2.2 of the
// book's program): linear, activation, plus Sigma*N(0,1) and Bias, times
// Inhibition and effective gain, minus the stabiliser's shift.
type Modulation struct {
	Activation     Activation `choices:"relu,tanh"` // of every hidden layer
	Gain           float64    // factor on every hidden activation; 1 is none
	Inhibition     float64    // factor on the hidden activations; 1 is none
	InhibitedLayer int        // the one hidden layer, counted from 1, that Inhibition acts on; 0 is all
	Sigma          float64    // SD of the internal noise of every hidden unit
	Bias           float64    // mean of the internal noise of every hidden unit
	InputSigma     float64    // SD of the noise added to the inputs
	Stabiliser     Stabiliser

	// A recurrent network meets its internal noise at the input of its cell, or
	// in its state where InState is set (chapter 10, section 2.3); in a
	// feed-forward network the hidden values are the only place.
	InState bool `json:",omitempty"`
	// Held keeps one draw of each noise for all steps of a recurrent network;
	// else every step has its own, as in the book. A feed-forward pass has one
	// step.
	Held bool `json:",omitempty"`
}

// Stabiliser is the mood stabiliser (chapters 7 and 8): at full level it caps
// the gain, takes a share of a noise bias away and shifts each block down.
type Stabiliser struct {
	Level   float64 `range:"[0,1]"`   // 0 is none
	GainCap float64 `range:"[0,Inf)"` // the gain at full level; the book has 1.05
	Bias    float64 `range:"[0,1]"`   // share of a noise bias that is gone at full level; .3
	Damping float64 `range:"[0,Inf)"` // taken from every hidden value at full level; .15
}

// Rest is the modulation of an untreated network in quiet: every dial off.
func Rest() Modulation {
	return Modulation{Activation: ReLU, Gain: 1, Inhibition: 1}
}

// EffectiveGain is the gain that the stabiliser leaves: Gain itself while it is
// off, else at most GainCap at full level and in proportion between.
func (m Modulation) EffectiveGain() float64 {
	s := m.Stabiliser
	if s.Level == 0 {
		return m.Gain
	}
	return min(m.Gain, max(s.GainCap, s.GainCap+(1-s.Level)*(m.Gain-s.GainCap)))
}

// EffectiveBias is the noise bias that the stabiliser leaves.
func (m Modulation) EffectiveBias() float64 {
	return m.Bias * (1 - m.Stabiliser.Bias*m.Stabiliser.Level)
}

// Shift is what the stabiliser takes from every hidden value, after the gain.
func (m Modulation) Shift() float64 { return m.Stabiliser.Damping * m.Stabiliser.Level }

// InhibitionOf is the inhibition that acts on a hidden layer, counted from 1.
func (m Modulation) InhibitionOf(layer int) float64 {
	if m.InhibitedLayer != 0 && m.InhibitedLayer != layer {
		return 1
	}
	return m.Inhibition
}

// Noisy reports whether a pass under m draws internal noise.
func (m Modulation) Noisy() bool { return m.Sigma != 0 || m.Bias != 0 }

// Modulate sets dials of the modulation. A dial whose field is zero stays as it
// is, so that treatments can be combined. Gradients, training and probes that
// come after see the dials until they are set otherwise.
type Modulate struct {
	Activation     Activation `json:",omitempty"`
	Gain           float64    `json:",omitempty" range:"[0,Inf)"`
	Inhibition     float64    `json:",omitempty" range:"[0,Inf)"`
	InhibitedLayer int        `json:",omitempty" range:"[0,Inf)"` // goes with Inhibition; 0 is all layers
}

func (Modulate) Kind() string        { return "modulate/1" }
func (Modulate) Purposes() []Purpose { return nil }

// Settings implements Described: the dials that are set.
func (m Modulate) Settings() []Setting {
	var list []Setting
	if m.Activation != "" {
		list = append(list, Setting{Name: string(m.Activation)})
	}
	if m.Gain != 0 {
		list = append(list, named("gain", m.Gain))
	}
	if m.Inhibition != 0 {
		inhibition := named("inhibition", m.Inhibition)
		if m.InhibitedLayer != 0 {
			inhibition.Unit = fmt.Sprintf("in layer %d", m.InhibitedLayer)
		}
		list = append(list, inhibition)
	}
	return list
}

// GainAfter implements Geared.
func (m Modulate) GainAfter(gain float64) float64 { return cmp.Or(m.Gain, gain) }

// Discontinue takes the drug away at once: activation, gain and inhibition go
// back to rest. Weights, masks and the stabiliser stay (chapters 4 to 8).
type Discontinue struct{}

func (Discontinue) Kind() string        { return "discontinue/1" }
func (Discontinue) Purposes() []Purpose { return nil }

// GainAfter implements Geared.
func (Discontinue) GainAfter(float64) float64 { return 1 }

// Stabilise sets the mood stabiliser (chapter 7).
type Stabilise struct {
	Stabiliser Stabiliser
}

func (Stabilise) Kind() string        { return "stabilise/1" }
func (Stabilise) Purposes() []Purpose { return nil }

// Settings implements Described.
func (s Stabilise) Settings() []Setting { return []Setting{named("level", s.Stabiliser.Level)} }

// Decay lowers the level of the mood stabiliser by Rate, Steps times, down to
// 0 at the lowest. Nothing is trained meanwhile (chapter 7).
type Decay struct {
	Rate  float64 `range:"[0,1]"` // of the full level, a step
	Steps int     `range:"[0,Inf)"`
}

func (Decay) Kind() string        { return "decay/1" }
func (Decay) Purposes() []Purpose { return nil }

// Settings implements Described.
func (d Decay) Settings() []Setting {
	return []Setting{setting(d.Rate, "a step"), setting(float64(d.Steps), "steps")}
}

// Left is what it leaves of the full level, but for the rounding of its steps.
func (d Decay) Left() float64 { return max(0, 1-d.Rate*float64(d.Steps)) }

package protocols

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
	Activation Activation // of every hidden layer
	Gain       float64    // factor on every hidden activation; 1 is none
	Inhibition float64    // factor on every hidden activation; 1 is none
	Sigma      float64    // SD of the internal noise of every hidden unit
	Bias       float64    // mean of the internal noise of every hidden unit
	InputSigma float64    // SD of the noise added to the inputs
	Stabiliser float64    // level of the mood stabiliser, 0 to 1 (chapter 7)
}

// Rest is the modulation of an untreated network in quiet: every dial off.
func Rest() Modulation {
	return Modulation{Activation: ReLU, Gain: 1, Inhibition: 1}
}

// Constants of the mood stabiliser (chapters 7 and 8): at full level it caps
// the gain, takes three tenths of a noise bias away and shifts each block down.
const (
	stabiliserGainCap = 1.05
	stabiliserBias    = 0.3
	stabiliserDamping = 0.15
)

// EffectiveGain is the gain that the stabiliser leaves: Gain itself while it is
// off, else at most stabiliserGainCap at full level and in proportion between.
func (m Modulation) EffectiveGain() float64 {
	if m.Stabiliser == 0 {
		return m.Gain
	}
	limit := max(stabiliserGainCap, stabiliserGainCap+(1-m.Stabiliser)*(m.Gain-stabiliserGainCap))
	return min(m.Gain, limit)
}

// EffectiveBias is the noise bias that the stabiliser leaves.
func (m Modulation) EffectiveBias() float64 { return m.Bias * (1 - stabiliserBias*m.Stabiliser) }

// Shift is what the stabiliser takes from every hidden value, after the gain.
func (m Modulation) Shift() float64 { return stabiliserDamping * m.Stabiliser }

// Noisy reports whether a pass under m draws internal noise.
func (m Modulation) Noisy() bool { return m.Sigma != 0 || m.Bias != 0 }

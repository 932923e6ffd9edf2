package protocols

// Modulate sets dials of the modulation. A dial whose field is zero stays as it
// is, so that treatments can be combined. Gradients, training and probes that
// come after see the dials until they are set otherwise.
type Modulate struct {
	Activation     Activation `json:",omitempty"`
	Gain           float64    `json:",omitempty"`
	Inhibition     float64    `json:",omitempty"`
	InhibitedLayer int        `json:",omitempty"` // goes with Inhibition; 0 is all layers
}

func (Modulate) Kind() string        { return "modulate/1" }
func (Modulate) Purposes() []Purpose { return nil }

// Discontinue takes the drug away at once: activation, gain and inhibition go
// back to rest. Weights, masks and the stabiliser stay (chapters 4 to 8).
type Discontinue struct{}

func (Discontinue) Kind() string        { return "discontinue/1" }
func (Discontinue) Purposes() []Purpose { return nil }

// Stabilise sets the mood stabiliser (chapter 7).
type Stabilise struct {
	Stabiliser Stabiliser
}

func (Stabilise) Kind() string        { return "stabilise/1" }
func (Stabilise) Purposes() []Purpose { return nil }

// Decay lowers the level of the mood stabiliser by Rate, Steps times, down to
// 0 at the lowest. Nothing is trained meanwhile (chapter 7).
type Decay struct {
	Rate  float64 // of the full level, a step
	Steps int
}

func (Decay) Kind() string        { return "decay/1" }
func (Decay) Purposes() []Purpose { return nil }

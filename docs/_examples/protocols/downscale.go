package protocols

// Downscale multiplies every weight by Factor and leaves the biases alone, as
// sleep may do to synapses (Tononi and Cirelli, 2006).
type Downscale struct {
	Factor float64 `range:"[0,1]"`
}

func (Downscale) Kind() string        { return "downscale/1" }
func (Downscale) Purposes() []Purpose { return nil } // draws no random number

func init() {
	armWords["downscale"] = armWord{
		[]armOption{{"factor", optionShare, func(*Clinic) float64 { return 0.9 }}},
		func(_ *Clinic, o map[string]float64) []Step {
			return []Step{{"downscale", Downscale{o["factor"]}}}
		},
	}
}

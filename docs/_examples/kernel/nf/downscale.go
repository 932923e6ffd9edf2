package nf

// Downscale multiplies every weight by a factor, 0.9 unless it is set.
func Downscale() Step { return Step{word: "downscale"} }

// Factor sets what a step multiplies by.
func (s Step) Factor(values ...float64) Step { return option(s, "factor", values) }

package chart

import "gonum.org/v1/plot/vg"

// Dash is how a line is broken, so that lines differ in black and white too.
type Dash string

// The dashes; Solid is the default.
const (
	Solid   Dash = ""
	Dashed  Dash = "dashed"
	Dotted  Dash = "dotted"
	DashDot Dash = "dashdot"
)

func (d Dash) pattern() []vg.Length {
	switch d {
	case Dashed:
		return []vg.Length{4, 2}
	case Dotted:
		return []vg.Length{1, 1.5}
	case DashDot:
		return []vg.Length{5, 1.5, 1, 1.5}
	}
	return nil
}

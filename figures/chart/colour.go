package chart

import (
	"cmp"
	"fmt"
	"image/color"
)

// Colour is an opaque colour, "#RRGGBB". Colours are never translucent: what
// overlaps must look the same on a screen, in print and in a PDF.
type Colour string

// The palette of Okabe and Ito (2008), which people with any of the usual
// kinds of colour blindness can tell apart, and greys for what stands back.
const (
	Black      Colour = "#000000"
	Orange     Colour = "#E69F00"
	SkyBlue    Colour = "#56B4E9"
	Green      Colour = "#009E73"
	Yellow     Colour = "#F0E442"
	Blue       Colour = "#0072B2"
	Vermillion Colour = "#D55E00"
	Purple     Colour = "#CC79A7"

	Ink   Colour = "#222222" // words and axes
	Grey  Colour = "#767676" // the lightest grey that still reads well as text on white
	Light Colour = "#C4C4C4"
)

// Tint mixes the colour with white: 1 is the colour itself, 0 is white.
func (c Colour) Tint(share float64) Colour {
	k := c.rgb()
	mix := func(v uint8) uint8 { return uint8(255 - share*(255-float64(v)) + 0.5) }
	return Colour(fmt.Sprintf("#%02X%02X%02X", mix(k.R), mix(k.G), mix(k.B)))
}

// over is the colour of one ink printed over another.
func (c Colour) over(other Colour) Colour {
	a, b := c.rgb(), other.rgb()
	mix := func(v, w uint8) int { return (int(v)*int(w) + 127) / 255 }
	return Colour(fmt.Sprintf("#%02X%02X%02X", mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B)))
}

// forWords is the colour as words on white have it: as dark as they need to be
// read, with the hue that joins them to their marks (contrast 4.5 after WCAG 2).
func (c Colour) forWords() Colour {
	lab := c.oklab()
	for c.contrast() < 4.5 {
		lab[0] -= 0.01
		c = lab.colour()
	}
	return c
}

// contrast is that of the colour with white, 1 to 21 (WCAG 2).
func (c Colour) contrast() float64 { return 1.05 / (c.light() + 0.05) }

// light is the relative luminance of the colour, 0 to 1.
func (c Colour) light() float64 {
	r, g, b := c.linear()
	return 0.2126*r + 0.7152*g + 0.0722*b
}

// rgb is the colour's components; what is no colour is black.
func (c Colour) rgb() color.RGBA {
	k := color.RGBA{A: 255}
	if _, err := fmt.Sscanf(string(c), "#%02X%02X%02X", &k.R, &k.G, &k.B); err != nil {
		return color.RGBA{A: 255}
	}
	return k
}

// or gives a default for a colour that was not set.
func (c Colour) or(other Colour) Colour { return cmp.Or(c, other) }

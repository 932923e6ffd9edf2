package chart

import (
	"fmt"
	"math"
)

// rampStops are what the ramp of a heat map runs through, from low to high. It
// goes from blue to yellow, which every kind of colour blindness leaves apart,
// and gets lighter all the way, so that it holds in grey print too.
var rampStops = []oklab{Colour("#08304F").oklab(), Blue.oklab(), Green.Tint(0.75).oklab(), Yellow.oklab()}

// ramp is the colour of a share from 0 to 1. Equal steps look equal: shares
// are lengths of the way through the stops, in a space made for that.
func ramp(share float64) Colour {
	var total float64
	for i := range len(rampStops) - 1 {
		total += rampStops[i].distance(rampStops[i+1])
	}
	rest := min(max(share, 0), 1) * total
	i := 0
	for ; i < len(rampStops)-2 && rest > rampStops[i].distance(rampStops[i+1]); i++ {
		rest -= rampStops[i].distance(rampStops[i+1])
	}
	return rampStops[i].towards(rampStops[i+1], rest/rampStops[i].distance(rampStops[i+1])).colour()
}

// oklab is a colour by lightness and two opponent axes, in which distances are
// about as large as they look (Ottosson 2020, "A perceptual color space for
// image processing").
type oklab [3]float64

func (a oklab) distance(b oklab) float64 {
	return math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2])
}

func (a oklab) towards(b oklab, share float64) oklab {
	for i := range a {
		a[i] += share * (b[i] - a[i])
	}
	return a
}

func (c Colour) oklab() oklab {
	r, g, b := c.linear()
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	return oklab{
		0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
		1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
		0.0259040371*l + 0.7827717662*m - 0.8086757660*s,
	}
}

func (a oklab) colour() Colour {
	cube := func(v float64) float64 { return v * v * v }
	l := cube(a[0] + 0.3963377774*a[1] + 0.2158037573*a[2])
	m := cube(a[0] - 0.1055613458*a[1] - 0.0638541728*a[2])
	s := cube(a[0] - 0.0894841775*a[1] - 1.2914855480*a[2])
	return fromLinear(
		4.0767416621*l-3.3077115913*m+0.2309699292*s,
		-1.2684380046*l+2.6097574011*m-0.3413193965*s,
		-0.0041960863*l-0.7034186147*m+1.7076147010*s)
}

// linear is the light of the colour's components, 0 to 1 (sRGB).
func (c Colour) linear() (r, g, b float64) {
	k := c.rgb()
	light := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return light(k.R), light(k.G), light(k.B)
}

func fromLinear(r, g, b float64) Colour {
	code := func(x float64) uint8 {
		x = min(max(x, 0), 1)
		if x <= 0.0031308 {
			x *= 12.92
		} else {
			x = 1.055*math.Pow(x, 1/2.4) - 0.055
		}
		return uint8(math.Round(255 * x))
	}
	return Colour(fmt.Sprintf("#%02X%02X%02X", code(r), code(g), code(b)))
}

// on is the colour of words on c: black or white, whichever is the easier to
// read (contrast after WCAG 2).
func (c Colour) on() Colour {
	if (c.light()+0.05)/0.05 >= c.contrast() {
		return Black
	}
	return "#FFFFFF"
}

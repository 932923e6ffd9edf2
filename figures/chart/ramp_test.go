package chart

import (
	"math"
	"testing"
)

func TestRamp(t *testing.T) {
	const steps = 20
	var colours []oklab
	for i := range steps + 1 {
		colours = append(colours, ramp(float64(i)/steps).oklab())
	}
	least, most := math.Inf(1), 0.0
	for i := range steps {
		d := colours[i].distance(colours[i+1])
		least, most = min(least, d), max(most, d)
		if colours[i+1][0] <= colours[i][0] {
			t.Errorf("step %d does not get lighter", i)
		}
	}
	// A step that turns a corner of the way is shorter.
	if most > 1.25*least {
		t.Errorf("steps differ from %g to %g", least, most)
	}
	if ramp(-1) != ramp(0) || ramp(2) != ramp(1) {
		t.Error("values beyond the ends have other colours than the ends")
	}
}

// The ramp ascends in lightness for every kind of colour blindness, too: with
// the matrices of Machado, Oliveira and Fernandes (2009) for full severity.
func TestRampForTheColourBlind(t *testing.T) {
	for name, m := range map[string][3][3]float64{
		"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
		"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
		"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
	} {
		before := -1.0
		for i := range 11 {
			r, g, b := ramp(float64(i) / 10).linear()
			var seen [3]float64
			for k, row := range m {
				seen[k] = row[0]*r + row[1]*g + row[2]*b
			}
			light := fromLinear(seen[0], seen[1], seen[2]).oklab()[0]
			if light < before+0.02 {
				t.Errorf("%s: colour %d is hardly lighter than the one before", name, i)
			}
			before = light
		}
	}
}

func TestWordsOnColours(t *testing.T) {
	for i := range 101 {
		c := ramp(float64(i) / 100)
		light := func(c Colour) float64 {
			r, g, b := c.linear()
			return 0.2126*r + 0.7152*g + 0.0722*b + 0.05
		}
		contrast := light(c) / light(c.on())
		if contrast = max(contrast, 1/contrast); contrast < 4.5 {
			t.Errorf("%s on %s has a contrast of %.1f", c.on(), c, contrast)
		}
	}
	for _, c := range []Colour{Black, Orange, SkyBlue, Green, Yellow, Blue} {
		if back := c.oklab().colour(); back != c {
			t.Errorf("%s comes back as %s", c, back)
		}
	}
}

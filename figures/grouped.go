package figures

import (
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/network-fragility/fragility/protocols/stats"
)

// Bar is what one arm, or whatever else has a colour, shows in every category.
type Bar struct {
	Label  string
	Colour Colour
	Values [][]float64 // by category, a number a subject; none where there is no bar
}

// Grouped makes bars on a categorical axis, those of a category side by side:
// each as high as its mean, with a whisker of one SD to both sides and a dot a
// subject. The i-th category is at x = i and names the panel's ticks there.
func Grouped(categories []string, bars []Bar) []Layer {
	const share = 0.8 // of a category that its bars take
	width := share / float64(len(bars))
	layers := []Layer{categoryNames(categories)}
	var whiskers []Layer
	for i := range categories {
		for k, bar := range bars {
			if i >= len(bar.Values) || len(bar.Values[i]) == 0 {
				continue
			}
			values := bar.Values[i]
			left := float64(i) - share/2 + float64(k)*width
			gap := 0.04 * width
			mean, sd := stat.Mean(values, nil), stats.SD(values)
			layers = append(layers, Bars{
				Edges: []float64{left + gap, left + width - gap}, Heights: []float64{mean},
				Colour: bar.Colour.or(Grey).Tint(0.4), Label: bar.Label,
			})
			middle := left + width/2
			if len(values) > 1 {
				whiskers = append(whiskers, whisker(middle, mean-sd, mean+sd, 0.12*width)...)
			}
			layers = append(layers, Points{
				X: slices.Repeat([]float64{middle}, len(values)), Y: values,
				Colour: bar.Colour.or(Grey), Size: 2.2, JitterX: 0.36 * width,
			})
		}
	}
	// The key shows the dots once, in no arm's colour.
	return append(append(layers, whiskers...), Points{Colour: Grey, Size: 2.5, Label: "one subject"})
}

// whisker is an upright line with a short stroke at both ends.
func whisker(x, low, high, half float64) []Layer {
	bar := func(x0, y0, x1, y1 float64) Layer {
		return Line{X: []float64{x0, x1}, Y: []float64{y0, y1}, Colour: Black, Width: 0.9}
	}
	return []Layer{bar(x, low, x, high), bar(x-half, low, x+half, low), bar(x-half, high, x+half, high)}
}

// categoryNames is a layer that names the places along x and draws nothing.
type categoryNames []string

func (c categoryNames) extend(x, _ *span)    { x.pin(-0.5, float64(len(c))-0.5) }
func (c categoryNames) check() error         { return nil }
func (c categoryNames) draw(*frame)          {}
func (c categoryNames) vega(*vegaView) []any { return nil }

// categories implements categorical.
func (c categoryNames) categories() (x, y []Tick) {
	for i, name := range c {
		x = append(x, Tick{float64(i), name})
	}
	return x, nil
}

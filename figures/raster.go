package figures

import (
	"math"
	"strconv"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
)

// Colours of a raster: what is below the threshold must be told from what is not in
// grey print too.
var (
	relapsedColour  = chart.Vermillion.Tint(0.55)
	withstoodColour = chart.Blue.Tint(0.12)
	missingColour   = chart.Colour("#FFFFFF")
)

// raster shows where each subject of an arm's course is below a threshold: a row a
// subject, a column a place, with the numbers where they are to be there and few.
// Where they are, the first place stands apart from the others.
func raster(p protocols.Protocol, c course, threshold float64, names []string, numbered bool) chart.Panel {
	seeds, n := p.Cohort(), len(names)
	high := float64(len(seeds))
	cells := chart.Cells{
		Columns: n, Rows: len(seeds), X: [2]float64{-0.5, float64(n) - 0.5}, Y: [2]float64{0.5 - high, 0.5},
		Colours: []chart.Colour{withstoodColour, relapsedColour, missingColour},
	}
	var text []chart.Layer
	for row := range seeds {
		s := len(seeds) - 1 - row // cells fill from below, subjects from above
		for k := range names {
			v := c.values[k][s]
			class := 0
			switch {
			case math.IsNaN(v):
				class = 2
			case v < threshold:
				class = 1
			}
			cells.Class = append(cells.Class, class)
			if numbered && n <= 8 && class < 2 {
				text = append(text, chart.Text{X: float64(k), Y: -float64(s), Place: chart.Middle, Words: words.Number(v, 0)})
			}
		}
	}
	panel := chart.Panel{
		Title:  c.arm.Words,
		X:      chart.Axis{Ticks: someTicks(numbers(places(n)), max(1, float64(n)/8), func(x float64) string { return names[int(x)] })},
		Y:      chart.Axis{Label: "subject"},
		Layers: append([]chart.Layer{cells}, seams(n, len(seeds))...),
	}
	if numbered {
		panel.Layers = append(append(panel.Layers, seam(1, len(seeds), 4)), text...)
	}
	for _, t := range someTicks(numbers(places(len(seeds))), max(1, high/20), func(x float64) string { return strconv.Itoa(seeds[int(x)]) }) {
		panel.Y.Ticks = append(panel.Y.Ticks, chart.Tick{At: -t.At, Label: t.Label})
	}
	return panel
}

// rasterKey names what a raster parts.
func rasterKey(below, above string) []chart.Layer {
	return []chart.Layer{
		chart.Points{Colour: relapsedColour, Marker: chart.Square, Size: 7, Label: below},
		chart.Points{Colour: withstoodColour, Marker: chart.Square, Size: 7, Label: above},
	}
}

// seams are white lines between the cells of a raster.
func seams(columns, rows int) []chart.Layer {
	var list []chart.Layer
	for k := 1; k < columns; k++ {
		list = append(list, seam(k, rows, 1))
	}
	for k := 1; k < rows; k++ {
		y := 0.5 - float64(k)
		list = append(list, chart.Line{X: []float64{-0.5, float64(columns) - 0.5}, Y: []float64{y, y}, Colour: "#FFFFFF", Width: 1})
	}
	return list
}

// seam parts the first columns of a raster from the others.
func seam(columns, rows int, width float64) chart.Layer {
	x := float64(columns) - 0.5
	return chart.Line{X: []float64{x, x}, Y: []float64{0.5, 0.5 - float64(rows)}, Colour: "#FFFFFF", Width: width}
}

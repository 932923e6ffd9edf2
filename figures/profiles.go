package figures

import (
	"fmt"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/stats"
)

// profilesPlot shows whole distributions over subjects, where means hide that an
// arm works in some and not in others: the share of subjects above each accuracy
// (performance profiles, Agarwal et al. 2021).
func profilesPlot(c *protocols.Clinic, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	levels := make([]float64, 0, 201)
	for v := 0.0; v <= 100; v += 0.5 {
		levels = append(levels, v)
	}
	arms := c.AcuteArms()
	looks := looksOf(arms)
	plot := &chart.Plot{
		Title:  fmt.Sprintf("How many subjects are above an accuracy (%s)", subjects(p)),
		Aspect: 0.9,
		ShareX: true,
		ShareY: true,
		Caption: "Share of the subjects whose accuracy is above a value: an arm is better where its line lies further right, and alike in all subjects where it falls steeply " +
			"(performance profiles, Agarwal et al. 2021).",
	}
	for _, test := range threeTests(c) {
		panel := chart.Panel{
			Title: test.Words,
			X:     chart.Axis{Label: "accuracy (%)", Min: 0, Max: 103, Ticks: percentTicks},
			Y:     chart.Axis{Label: "subjects above it (%)", Min: -2, Max: 105, Ticks: percentTicks},
		}
		for _, arm := range arms {
			values := r.Values(arm.Name, "", test.Name)
			if values == nil {
				continue
			}
			shares := stats.Profile(values, levels)
			for i := range shares {
				shares[i] *= 100
			}
			look := looks[arm.Name]
			panel.Layers = append(panel.Layers, chart.Line{X: levels, Y: shares, Colour: look.Colour, Dash: look.Dash, Width: 1.3, Label: arm.Words})
		}
		plot.Panels = append(plot.Panels, panel)
	}
	return plot, nil
}

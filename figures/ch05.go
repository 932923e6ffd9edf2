package figures

import (
	"fmt"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
)

func init() { register(5, nil, ch05Plots) }

// ch05Plots are the pictures of chapter 5, in the order of the protocol.
var ch05Plots = []maker[*chart.Plot]{
	{"protocol", protocolPlot},
	{"internal noise", of(internalNoisePlot)},
	{"biased", of(biasedPlot)},
	{"profiles", of(profilesPlot)},
	{"activation", of(activationPlot)},
	{"off", of(offPlot)},
	{"second pruning", of(secondPruningPlot)},
	{"gain", chapter(gainPlot)},
	{"grid", of(gridPlot)},
	{"own arms", of(ownPlot)},
	{"depth", of(depthPlot)},
}

// gainPlot shows what the gain does: the same networks with their gain and with
// the gain set back to 1, and tuning with and without it; a row of panels a
// test.
func gainPlot(p *protocols.Ch05, r *protocols.Result) (*chart.Plot, error) {
	if !p.Controls {
		return nil, protocols.BadInput{Sentence: "the run has no arms whose gain is set back: Controls is false"}
	}
	with := func(gain float64) string { return "gain " + plain(gain) }
	columns := []struct {
		pair
		title string
	}{
		{pair{protocols.ArmKetamine, protocols.ArmKetamineGainOff, with(p.KetamineGain), "gain 1"}, "ketamine-like"},
		{pair{protocols.ArmSSRI, protocols.ArmSSRIGainOff, with(p.SSRIMaxGain), "gain 1"}, "SSRI-like"},
		{pair{protocols.ArmTunedWithGain, protocols.ArmTunedOnly, with(p.KetamineGain), "gain 1"}, "tuned (ours)"},
	}
	plot := &chart.Plot{
		Title:   fmt.Sprintf("What the gain does (%s)", subjects(p)),
		Width:   14.5,
		Aspect:  0.85,
		Columns: len(columns),
		ShareY:  true,
	}
	hard := p.Hardest()
	gist := ""
	for _, test := range []protocols.Heading{{Name: "biased", Words: "biased noise"}, hard} {
		gist += fmt.Sprintf(" %s:", words.Capital(test.Words))
		for _, k := range columns {
			panel, text := pairPanel(p, r, k.pair, test.Name, armColour(k.from))
			if panel.Layers == nil {
				return nil, fmt.Errorf("the run has no accuracies under %s with the gain on and set back", test.Words)
			}
			panel.Title = k.title + ",\n" + test.Words
			panel.Y.Label = "accuracy (%)"
			plot.Panels = append(plot.Panels, panel)
			gist += fmt.Sprintf(" %s %s;", k.title, text)
		}
		gist = gist[:len(gist)-1] + "."
	}
	plot.Caption = pairNote(p) + " The treated networks keep their weights when the gain is set back; the tuned ones were trained apart, with the gain and without." + gist
	return plot, nil
}

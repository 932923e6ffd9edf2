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
	{"protocol", protocolPlot, ""},
	{"internal noise", of(internalNoisePlot), "accuracies under internal noise"},
	{"biased", of(biasedPlot), "accuracies under biased noise"},
	{"profiles", of(profilesPlot), "accuracies"},
	{"activation", of(activationPlot), "activation magnitudes"},
	{"off", of(offPlot), "accuracies with the neurosteroid on and off"},
	{"second pruning", of(secondPruningPlot), "second pruning"},
	{"gain", chapter(gainPlot), "accuracies with the gain on and set back"},
	{"grid", of(gridPlot), ""},
	{"own arms", of(ownPlot), "accuracies of your arms"},
	{"depth", of(depthPlot), "combined accuracies"},
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
			panel, text := pairPanel(p, r, k.pair, test.Name, ArmColour(k.from))
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

package figures

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
)

func init() { register(4, nil, ch04Plots) }

// ch04Plots are the pictures of chapter 4, in the order of the protocol.
var ch04Plots = []maker[*chart.Plot]{
	{"protocol", protocolPlot, ""},
	{"internal noise", of(internalNoisePlot), "accuracies under internal noise"},
	{"second pruning", of(secondPruningPlot), "second pruning"},
	{"ssri course", of(ssriCoursePlot), "losses of the SSRI-like training"},
	{"controls", chapter(controlsPlot), "accuracies of the controls"},
	{"onset", chapter(onsetPlot), "accuracies on the way through the trainings"},
	{"off", of(offPlot), "accuracies with the neurosteroid on and off"},
	{"biased", of(biasedPlot), "accuracies under biased noise"},
	{"activation", of(activationPlot), "activation magnitudes"},
	{"grid", of(gridPlot), ""},
	{"own arms", of(ownPlot), "accuracies of your arms"},
	{"depth", of(depthPlot), "combined accuracies"},
}

// ssriCoursePlot shows the loss of the SSRI-like training epoch by epoch, and
// below it the dials that its schedule moves.
func ssriCoursePlot(c *protocols.Clinic, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	loss, gist := ssriLosses(p, r)
	dial := func(from, to float64) chart.Layer {
		var epochs, values []float64
		for e := range c.SSRIEpochs {
			epochs, values = append(epochs, float64(e+1)), append(values, protocols.Ramp{From: from, To: to}.At(e, c.SSRIEpochs))
		}
		return lineOrPoint(epochs, values, ArmColour(protocols.ArmSSRI))
	}
	x := chart.Axis{Label: "epoch", Whole: true}
	loss.X = x
	loss.Y.Log = wide(loss.Layers)
	plot := &chart.Plot{
		Title:  fmt.Sprintf("The SSRI-like training: slow, and under noise that fades (%s)", subjects(p)),
		Width:  12,
		Aspect: 0.32,
		Panels: []chart.Panel{loss, {
			Title:  "internal noise of the training",
			X:      x,
			Y:      chart.Axis{Label: "SD"},
			Layers: []chart.Layer{chart.HLine{At: 0, Colour: chart.Light}, dial(c.SSRIInitialSigma, 0)},
		}},
		Columns: 1,
		ShareX:  true,
	}
	if c.SSRIMaxGain != 1 {
		plot.Panels = append(plot.Panels, chart.Panel{
			Title:  "gain",
			X:      x,
			Y:      chart.Axis{Label: "factor"},
			Layers: []chart.Layer{dial(1, c.SSRIMaxGain)},
		})
	}
	plot.Caption = fmt.Sprintf("Mean cross-entropy of each of %d epochs at a rate of %s; thin lines are subjects, the thick one their median. %s", c.SSRIEpochs, protocols.Format(c.SSRIRate), gist)
	return plot, nil
}

// lineOrPoint is a line, or a point where a single epoch makes none.
func lineOrPoint(x, y []float64, c chart.Colour) chart.Layer {
	if len(x) == 1 {
		return chart.Points{X: x, Y: y, Colour: c, Size: 4}
	}
	return chart.Line{X: x, Y: y, Colour: c, Width: 1.4}
}

// ssriLosses draws the losses of the subjects and their median, and says where
// that begins and ends.
func ssriLosses(p protocols.Protocol, r *protocols.Result) (chart.Panel, string) {
	panel := chart.Panel{Title: "loss", Y: chart.Axis{Label: "training loss (nats)"}}
	colour := ArmColour(protocols.ArmSSRI)
	all, epochs, middle := lossesOf(p, r, protocols.ArmSSRI)
	if all == nil {
		return panel, ""
	}
	for _, t := range all {
		if len(all) > 1 {
			panel.Layers = append(panel.Layers, chart.Line{X: epochs, Y: t, Colour: colour.Tint(0.4), Width: 0.5})
		}
	}
	panel.Layers = append(panel.Layers, lineOrPoint(epochs, middle, colour))
	return panel, fmt.Sprintf("The median is %.2g after the first epoch and %.2g after the last.", middle[0], middle[len(middle)-1])
}

// wide reports whether lines span so much that a logarithmic axis shows them
// best; on a narrow range it has hardly a tick.
func wide(lines []chart.Layer) bool {
	_, y := chart.Panel{Y: chart.Axis{Log: true}, Layers: lines}.Ranges()
	return y.High > 30*y.Low
}

// controlsPlot puts each control under the treatment that it takes a part of.
func controlsPlot(p *protocols.Ch04, r *protocols.Result) (*chart.Plot, error) {
	if !p.Controls {
		return nil, protocols.BadInput{Sentence: "the run has no control arms: Controls is false"}
	}
	arms := protocols.ArmsNamed(p, protocols.ArmUntreated, protocols.ArmKetamine, protocols.ArmTunedOnly, protocols.ArmSSRI, protocols.ArmQuietSSRI, protocols.ArmFastSSRI,
		protocols.ArmNeurosteroid, protocols.ArmInhibitionOnly)
	tests := threeTests(&p.Clinic)[:2]
	panels := accuracyDots(p, r, arms, tests)
	plot := &chart.Plot{
		Title:  fmt.Sprintf("What each part of a treatment does (%s)", subjects(p)),
		Aspect: dotAspect(arms, len(panels), chart.DoubleColumn),
		ShareY: true,
		Panels: panels,
	}
	for _, test := range tests {
		plot.Caption = words.Join(plot.Caption, fmt.Sprintf("Mean accuracy (%%) under %s:%s.", test.Words, meansOf(r, arms, test.Name, 1)))
	}
	return plot, nil
}

// onsetPlot shows the combined accuracy on the way through each training: the
// speed that the chapter speaks of, where rates are equal.
func onsetPlot(p *protocols.Ch04, r *protocols.Result) (*chart.Plot, error) {
	if !p.Controls {
		return nil, protocols.BadInput{Sentence: "the run has no accuracies on the way through the trainings: Controls is false"}
	}
	rate := protocols.Format(p.FinetuneRate)
	panel := chart.Panel{
		X:      chart.Axis{Label: "epochs of training", Whole: true},
		Y:      chart.Axis{Label: "combined accuracy (%)", Min: 0, Max: 105, Ticks: percentTicks},
		Layers: []chart.Layer{guessing()},
	}
	if full := r.Values(protocols.ArmFull, "", "combined"); len(full) > 0 {
		panel.Layers = append(panel.Layers, chart.HLine{At: stat.Mean(full, nil), Dash: chart.DashDot, Label: "full network"})
	}
	var arms []protocols.Heading
	for _, t := range p.Onset() {
		arms = append(arms, t.Heading())
	}
	looks, gist := looksOf(arms), ""
	for _, t := range p.Onset() {
		epochs := append([]int{0}, t.OnsetEpochs()...)
		if t.Arm == protocols.ArmSSRI { // the others are long over at its end
			epochs = slices.DeleteFunc(epochs, func(e int) bool { return e > max(p.FinetuneEpochs, p.KetamineEpochs) })
		}
		c := courseOf(p, r, protocols.Heading{Name: t.Arm}, eachMetric(epochs, func(e int) string { return protocols.OnsetMetric(e, "combined") }))
		if c.empty() {
			continue
		}
		look, mean, at := looks[t.Arm], c.means(), numbers(epochs)
		text := t.Words
		if t.Arm == protocols.ArmSSRI {
			text += ", at its own rate"
		}
		panel.Layers = append(panel.Layers, c.trend(at, look, 1.3, 3, armLabel(text)))
		last := len(epochs) - 1
		gist += fmt.Sprintf(" %s: %s to %s %% after %d epochs;", words.Capital(text), decimal(mean[0]), decimal(mean[last]), epochs[last])
	}
	return &chart.Plot{
		Title:  fmt.Sprintf("How soon each training works (%s)", subjects(p)),
		Width:  14.5,
		Aspect: 0.7,
		Panels: []chart.Panel{panel},
		Caption: bandNote(p) + fmt.Sprintf(" At 0 epochs the weights are back and the dials are set, and nothing is trained. All are trained at a rate of %s but for the SSRI-like network, whose own is %s. Means before the training and after it:",
			rate, protocols.Format(p.SSRIRate)) + strings.TrimSuffix(gist, ";") + ".",
	}, nil
}

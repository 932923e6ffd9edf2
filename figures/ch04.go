package figures

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/network-fragility/fragility/protocols"
)

// ch04Plots are the pictures of chapter 4, in the order of the protocol.
var ch04Plots = []named[*Plot]{
	{"protocol", protocolPlot},
	{"internal noise", clinic(internalNoisePlot)},
	{"second pruning", clinic(secondPruningPlot)},
	{"ssri course", clinic(ssriCoursePlot)},
	{"controls", ch04(controlsPlot)},
	{"onset", ch04(onsetPlot)},
	{"off", clinic(offPlot)},
	{"biased", clinic(biasedPlot)},
	{"activation", clinic(activationPlot)},
	{"grid", clinic(gridPlot)},
	{"own arms", clinic(ownPlot)},
	{"depth", clinic(depthPlot)},
}

// ch04 lets a function of chapter 4 stand in a list for any chapter.
func ch04(f func(*protocols.Ch04, *protocols.Result) (*Plot, error)) func(protocols.Protocol, *protocols.Result) (*Plot, error) {
	return func(p protocols.Protocol, r *protocols.Result) (*Plot, error) { return f(p.(*protocols.Ch04), r) }
}

// ssriCoursePlot shows the loss of the SSRI-like training epoch by epoch, and
// below it the dials that its schedule moves.
func ssriCoursePlot(c *protocols.Clinic, p protocols.Protocol, r *protocols.Result) (*Plot, error) {
	loss, gist := ssriLosses(p, r)
	if loss.Layers == nil {
		return nil, fmt.Errorf("the run has no losses of the SSRI-like training")
	}
	dial := func(from, to float64) Layer {
		var epochs, values []float64
		for e := range c.SSRIEpochs {
			epochs, values = append(epochs, float64(e+1)), append(values, protocols.Ramp{From: from, To: to}.At(e, c.SSRIEpochs))
		}
		return lineOrPoint(epochs, values, armColour(protocols.ArmSSRI))
	}
	x := Axis{Label: "epoch", Whole: true}
	loss.X = x
	loss.Y.Log = wide(loss.Layers)
	plot := &Plot{
		Title:  fmt.Sprintf("The SSRI-like training: slow, and under noise that fades (%s)", subjects(p)),
		Width:  12,
		Aspect: 0.32,
		Panels: []Panel{loss, {
			Title:  "internal noise of the training",
			X:      x,
			Y:      Axis{Label: "SD"},
			Layers: []Layer{HLine{At: 0, Colour: Light}, dial(c.SSRIInitialSigma, 0)},
		}},
		Columns: 1,
		ShareX:  true,
	}
	if c.SSRIMaxGain != 1 {
		plot.Panels = append(plot.Panels, Panel{
			Title:  "gain",
			X:      x,
			Y:      Axis{Label: "factor"},
			Layers: []Layer{dial(1, c.SSRIMaxGain)},
		})
	}
	plot.Caption = fmt.Sprintf("Mean cross-entropy of each of %d epochs at a rate of %s; thin lines are subjects, the thick one their median. %s", c.SSRIEpochs, protocols.Format(c.SSRIRate), gist)
	return plot, nil
}

// lineOrPoint is a line, or a point where a single epoch makes none.
func lineOrPoint(x, y []float64, c Colour) Layer {
	if len(x) == 1 {
		return Points{X: x, Y: y, Colour: c, Size: 4}
	}
	return Line{X: x, Y: y, Colour: c, Width: 1.4}
}

// ssriLosses draws the losses of the subjects and their median, and says where
// that begins and ends.
func ssriLosses(p protocols.Protocol, r *protocols.Result) (Panel, string) {
	panel := Panel{Title: "loss", Y: Axis{Label: "training loss (nats)"}}
	colour := armColour(protocols.ArmSSRI)
	var all [][]float64
	for _, seed := range p.Cohort() {
		if t := r.Trace(protocols.ArmSSRI, "losses", seed); len(t) > 0 {
			all = append(all, t)
		}
	}
	if all == nil {
		return panel, ""
	}
	var epochs, middle []float64
	for e := range all[0] {
		var here []float64
		for _, t := range all {
			here = append(here, t[e])
		}
		epochs, middle = append(epochs, float64(e+1)), append(middle, median(here))
	}
	for _, t := range all {
		if len(all) > 1 {
			panel.Layers = append(panel.Layers, Line{X: epochs, Y: t, Colour: colour.Tint(0.4), Width: 0.5})
		}
	}
	panel.Layers = append(panel.Layers, lineOrPoint(epochs, middle, colour))
	return panel, fmt.Sprintf("The median is %.2g after the first epoch and %.2g after the last.", middle[0], middle[len(middle)-1])
}

// wide reports whether lines span so much that a logarithmic axis shows them
// best; on a narrow range it has hardly a tick.
func wide(lines []Layer) bool {
	y := newSpan(true)
	for _, l := range lines {
		l.extend(&span{}, &y)
	}
	return y.high > 30*y.low
}

// controlsPlot puts each control under the treatment that it takes a part of.
func controlsPlot(p *protocols.Ch04, r *protocols.Result) (*Plot, error) {
	if !p.Controls {
		return nil, protocols.BadInput{Sentence: "the run has no control arms: Controls is false"}
	}
	all := slices.Concat(bookArms(p), tableOf(p, "controls").Arms)
	arms := pick(all, protocols.ArmUntreated, protocols.ArmKetamine, protocols.ArmTunedOnly, protocols.ArmSSRI, protocols.ArmQuietSSRI, protocols.ArmFastSSRI,
		protocols.ArmNeurosteroid, protocols.ArmInhibitionOnly)
	tests := threeTests(&p.Clinic)[:2]
	panels, err := accuracyDots(p, r, arms, tests)
	if err != nil {
		return nil, err
	}
	plot := &Plot{
		Title:  fmt.Sprintf("What each part of a treatment does (%s)", subjects(p)),
		Aspect: dotAspect(arms, len(panels), DoubleColumn),
		ShareY: true,
		Panels: panels,
	}
	for _, test := range tests {
		plot.Caption = joinWords(plot.Caption, fmt.Sprintf("Mean accuracy (%%) under %s:%s.", test.Words, meansOf(r, arms, test.Name, 1)))
	}
	return plot, nil
}

// onsetPlot shows the combined accuracy on the way through each training: the
// speed that the chapter speaks of, where rates are equal.
func onsetPlot(p *protocols.Ch04, r *protocols.Result) (*Plot, error) {
	if !p.Controls {
		return nil, protocols.BadInput{Sentence: "the run has no accuracies on the way through the trainings: Controls is false"}
	}
	rate := protocols.Format(p.FinetuneRate)
	panel := Panel{
		X:      Axis{Label: "epochs of training", Whole: true},
		Y:      Axis{Label: "combined accuracy (%)", Min: 0, Max: 105, Ticks: percentTicks},
		Layers: []Layer{HLine{At: chance, Dash: Dotted, Label: "chance"}},
	}
	if full := r.Values(protocols.ArmFull, "", "combined"); len(full) > 0 {
		panel.Layers = append(panel.Layers, HLine{At: stat.Mean(full, nil), Dash: DashDot, Label: "full network"})
	}
	arms := tableOf(p, "onset").Arms
	looks, gist := looksOf(arms), ""
	var bands Bands
	var lines []Layer
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
		words := t.Words
		if t.Arm == protocols.ArmSSRI {
			words += ", at its own rate"
		}
		bands = append(bands, c.bands(at, look.Colour)...)
		lines = append(lines,
			Line{X: at, Y: mean, Colour: look.Colour, Dash: look.Dash, Width: 1.3, Label: armLabel(words)},
			Points{X: at, Y: mean, Colour: look.Colour, Size: 3})
		last := len(epochs) - 1
		gist += fmt.Sprintf(" %s: %s to %s %% after %d epochs;", capital(words), decimal(mean[0]), decimal(mean[last]), epochs[last])
	}
	if lines == nil {
		return nil, fmt.Errorf("the run has no accuracies on the way through the trainings")
	}
	panel.Layers = slices.Concat([]Layer{bands}, panel.Layers, lines)
	return &Plot{
		Title:  fmt.Sprintf("How soon each training works (%s)", subjects(p)),
		Width:  14.5,
		Aspect: 0.7,
		Panels: []Panel{panel},
		Caption: bandNote(p) + fmt.Sprintf(" At 0 epochs the weights are back and the dials are set, and nothing is trained. All are trained at a rate of %s but for the SSRI-like network, whose own is %s. Means before the training and after it:",
			rate, protocols.Format(p.SSRIRate)) + strings.TrimSuffix(gist, ";") + ".",
	}, nil
}

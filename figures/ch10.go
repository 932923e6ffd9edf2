package figures

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
)

func init() { register(10, nil, ch10Plots) }

// ch10Plots are the pictures of chapter 10: those of chapter 8, and what only
// two networks side by side can show.
var ch10Plots = slices.Concat([]maker[*chart.Plot]{{"protocol", chapter(recurrentProtocolPlot), ""}}, ch08Plots[1:], []maker[*chart.Plot]{
	{"saturation", chapter(saturationPlot), "map of noise in the state"},
	{"topologies", chapter(topologiesPlot), "accuracies in both networks"},
	{"bookkeeping", chapter(bookkeepingPlot), "kindling"},
	{"noise held", chapter(noiseHeldPlot), "accuracies with one draw of the noise"},
})

// recurrentProtocolPlot draws the recurrent network's part; the other network
// goes the way of chapter 8.
func recurrentProtocolPlot(p *protocols.Ch10, r *protocols.Result) (*chart.Plot, error) {
	q := *p
	q.FeedforwardArms = false
	plot, err := protocolPlot(&q, r)
	if err == nil && p.FeedforwardArms {
		plot.Caption = strings.TrimSpace(plot.Caption + " The feed-forward network of chapter 8 goes through the book’s arms beside it.")
	}
	return plot, err
}

// saturationPlot is a map of the accuracy under noise in the state, a panel a
// network: where all panels are alike, the test tells nobody from anybody.
func saturationPlot(p *protocols.Ch10, r *protocols.Result) (*chart.Plot, error) {
	sigmas, biases := ascending(p.MapSigmas), ascending(p.MapBiases)
	plot := &chart.Plot{
		Title:   fmt.Sprintf("Noise in the state: where the test tells networks apart (%s)", subjects(p)),
		Aspect:  0.62,
		Columns: 3,
		ShareX:  true,
		ShareY:  true,
	}
	gist := ""
	arms := protocols.ArmsNamed(p, protocols.ArmFull, protocols.ArmUntreated, protocols.ArmKetamine, protocols.ArmSSRI, protocols.ArmNeurosteroid, protocols.ArmTunedOnly)
	for _, arm := range arms {
		m := chart.HeatMap{Rows: eachMetric(sigmas, plain), Columns: eachMetric(biases, plain), Min: 25, Max: 100, Label: "mean accuracy (%)"}
		found := false
		for _, s := range sigmas {
			var row []float64
			for _, b := range biases {
				v := stat.Mean(r.Values(arm.Name, "", protocols.MapMetric(s, b)), nil)
				found = found || !math.IsNaN(v)
				row = append(row, v)
			}
			m.Values = append(m.Values, row)
		}
		if !found {
			continue
		}
		plot.Panels = append(plot.Panels, chart.Panel{Title: arm.Words, X: chart.Axis{Label: "bias of the noise"}, Y: chart.Axis{Label: "SD of the noise"}, Layers: []chart.Layer{m}})
		gist += fmt.Sprintf(" %s: %s %%.", words.Capital(arm.Words), decimal(m.Values[len(sigmas)-1][len(biases)-1]))
	}
	plot.Caption = fmt.Sprintf("Noise is added to every unit of the state at every step; the book’s biased test has SD %s and bias %s. 25 %% is guessing. Where the full network, never pruned, is at that floor, no treatment can be seen to help or to harm. At SD %s and bias %s:",
		plain(p.ManiaTestSigma), plain(p.ManiaTestBias), plain(sigmas[len(sigmas)-1]), plain(biases[len(biases)-1])) + gist
	return plot, nil
}

// topologiesPlot sets the recurrent network beside the feed-forward one, arm by
// arm; a line joins a subject.
func topologiesPlot(p *protocols.Ch10, r *protocols.Result) (*chart.Plot, error) {
	if !p.FeedforwardArms {
		return nil, protocols.BadInput{Sentence: "FeedforwardArms is false, so that the run has no second network; set it to true"}
	}
	plot := &chart.Plot{
		Title:   fmt.Sprintf("The same treatments in two networks (%s)", subjects(p)),
		Aspect:  0.9,
		Columns: 3,
		ShareX:  true,
	}
	gist := ""
	for _, m := range []protocols.Heading{{Name: "combined", Words: "combined"}, {Name: "biased", Words: "biased"}, {Name: "autonomy_accuracy", Words: "autonomy test"}} {
		for _, arm := range p.TreatedArms() {
			panel, text := pairPanel(p, r, pair{protocols.Feedforward + arm.Name, arm.Name, "feed-\nforward", "recurrent"}, m.Name, ArmColour(arm.Name))
			panel.Title, panel.Y.Label = arm.Words+", "+m.Words, "accuracy (%)"
			plot.Panels = append(plot.Panels, panel)
			gist += fmt.Sprintf(" %s, %s: %s.", words.Capital(arm.Words), m.Words, text)
		}
	}
	plot.Caption = pairNote(p) + " The tests are not the same: in the recurrent network combined noise meets the input alone and is drawn anew at each step, and biased noise meets the state at each step. Feed-forward to recurrent:" + gist
	return plot, nil
}

// bookkeepingPlot shows the scars of the cycles, and what follows from the
// shares of live and scarred weights and the severities without any network.
func bookkeepingPlot(p *protocols.Ch10, r *protocols.Result) (*chart.Plot, error) {
	cycles := numbers(places(p.KindlingCycles))
	plot := &chart.Plot{
		Title:  fmt.Sprintf("Scars of the cycles, measured and by bookkeeping (%s)", subjects(p)),
		Aspect: 0.75,
		ShareY: true,
	}
	gist := ""
	networks := []struct{ title, prefix string }{{"recurrent", ""}, {"feed-forward", protocols.Feedforward}}
	if !p.FeedforwardArms {
		networks = networks[:1]
	}
	for _, network := range networks {
		panel := chart.Panel{Title: network.title, X: cycleAxis(&p.Kindling, 6), Y: chart.Axis{Label: "scarred weights (%)"}}
		for _, arm := range p.TreatedArms() {
			name := network.prefix + arm.Name
			measured := courseOf(p, r, protocols.Heading{Name: name}, cycleMetrics(&p.Kindling, "scar"))
			predicted := courseOf(p, r, protocols.Heading{Name: name}, cycleMetrics(&p.Kindling, "scar_by_bookkeeping"))
			if measured.empty() || predicted.empty() {
				continue
			}
			colour := ArmColour(arm.Name)
			panel.Layers = append(panel.Layers,
				chart.Line{X: cycles, Y: predicted.means(), Colour: colour, Width: 1.1},
				chart.Points{X: cycles, Y: measured.means(), Colour: colour, Size: 4, Label: arm.Words})
			apart := 0.0
			for k, v := range measured.means() {
				apart = max(apart, math.Abs(v-predicted.means()[k]))
			}
			gist += fmt.Sprintf(" %s, %s: %s points.", words.Capital(arm.Words), network.title, words.Number(apart, 2))
		}
		if panel.Layers != nil {
			panel.Key = []chart.Layer{chart.Line{Colour: chart.Ink, Width: 1.1, Label: "by bookkeeping"}}
			plot.Panels = append(plot.Panels, panel)
		}
	}
	plot.Caption = meansNote(p) + " Each relapse scars a share of the live weights, and nothing else goes in but who relapsed and how severely. Furthest apart, of the means:" + gist
	return plot, nil
}

// noiseHeldPlot shows the combined test with noise of each step's own, as in
// the book, and with one draw for all steps.
func noiseHeldPlot(p *protocols.Ch10, r *protocols.Result) (*chart.Plot, error) {
	arms := protocols.ArmsWith(p, "combined_held")
	panels := accuracyDots(p, r, arms, []protocols.Heading{{Name: "combined", Words: "new noise at each step (as in the book)"}, {Name: "combined_held", Words: "one draw for all steps (ours)"}})
	return &chart.Plot{
		Title:   fmt.Sprintf("Combined noise: what averages out over %d steps (%s)", p.SequenceLength, subjects(p)),
		Aspect:  dotAspect(arms, len(panels), chart.DoubleColumn),
		ShareX:  true,
		ShareY:  true,
		Panels:  panels,
		Caption: "The same SD in both. Of independent noise a recurrent network sees the mean; a network without steps sees one draw. Means, one draw for all steps:" + meansOf(r, arms, "combined_held", 1) + ".",
	}, nil
}

package figures

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/network-fragility/fragility/protocols"
)

// ch10Plots are the pictures of chapter 10: those of chapter 8, and what only
// two networks side by side can show.
var ch10Plots = slices.Concat([]named[*Plot]{{"protocol", ch10(recurrentProtocolPlot)}}, ch08Plots[1:], []named[*Plot]{
	{"saturation", ch10(saturationPlot)},
	{"topologies", ch10(topologiesPlot)},
	{"bookkeeping", ch10(bookkeepingPlot)},
	{"noise held", ch10(noiseHeldPlot)},
})

// ch10 lets a function of chapter 10 stand in a list for any chapter.
func ch10(f func(*protocols.Ch10, *protocols.Result) (*Plot, error)) func(protocols.Protocol, *protocols.Result) (*Plot, error) {
	return func(p protocols.Protocol, r *protocols.Result) (*Plot, error) {
		c, ok := p.(*protocols.Ch10)
		if !ok {
			return nil, fmt.Errorf("chapter %d has no recurrent network", p.Chapter())
		}
		return f(c, r)
	}
}

// recurrentProtocolPlot draws the recurrent network's part; the other network
// goes the way of chapter 8.
func recurrentProtocolPlot(p *protocols.Ch10, r *protocols.Result) (*Plot, error) {
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
func saturationPlot(p *protocols.Ch10, r *protocols.Result) (*Plot, error) {
	sigmas, biases := ascending(p.MapSigmas), ascending(p.MapBiases)
	plot := &Plot{
		Title:   fmt.Sprintf("Noise in the state: where the test tells networks apart (%s)", subjects(p)),
		Aspect:  0.62,
		Columns: 3,
		ShareX:  true,
		ShareY:  true,
	}
	gist := ""
	arms := tableOf(p, "saturation").Arms
	arms = pick(arms, protocols.ArmFull, protocols.ArmUntreated, protocols.ArmKetamine, protocols.ArmSSRI, protocols.ArmNeurosteroid, protocols.ArmTunedOnly)
	for _, arm := range arms {
		m := HeatMap{Decimals: 0, Min: 25, Max: 100, Label: "mean accuracy (%)"}
		found := false
		for _, s := range sigmas {
			m.Rows = append(m.Rows, plain(s))
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
		for _, b := range biases {
			m.Columns = append(m.Columns, plain(b))
		}
		plot.Panels = append(plot.Panels, Panel{Title: arm.Words, X: Axis{Label: "bias of the noise"}, Y: Axis{Label: "SD of the noise"}, Layers: []Layer{m}})
		gist += fmt.Sprintf(" %s: %s %%.", capital(arm.Words), decimal(m.Values[len(sigmas)-1][len(biases)-1]))
	}
	if plot.Panels == nil {
		return nil, fmt.Errorf("the run has no map of noise in the state")
	}
	plot.Caption = fmt.Sprintf("Noise is added to every unit of the state at every step; the book’s biased test has SD %s and bias %s. 25 %% is guessing. Where the full network, never pruned, is at that floor, no treatment can be seen to help or to harm. At SD %s and bias %s:",
		plain(p.ManiaTestSigma), plain(p.ManiaTestBias), plain(sigmas[len(sigmas)-1]), plain(biases[len(biases)-1])) + gist
	return plot, nil
}

// topologiesPlot sets the recurrent network beside the feed-forward one, arm by
// arm; a line joins a subject.
func topologiesPlot(p *protocols.Ch10, r *protocols.Result) (*Plot, error) {
	if !p.FeedforwardArms {
		return nil, protocols.BadInput{Sentence: "FeedforwardArms is false, so that the run has no second network; set it to true"}
	}
	plot := &Plot{
		Title:   fmt.Sprintf("The same treatments in two networks (%s)", subjects(p)),
		Aspect:  0.9,
		Columns: 3,
		ShareX:  true,
	}
	gist := ""
	for _, m := range []protocols.Heading{{Name: "combined", Words: "combined"}, {Name: "biased", Words: "biased"}, {Name: "autonomy_accuracy", Words: "autonomy test"}} {
		for _, arm := range tableOf(p, "withdrawal").Arms {
			panel, words := pairPanel(p, r, pair{protocols.Feedforward + arm.Name, arm.Name, "feed-\nforward", "recurrent"}, m.Name, armColour(arm.Name))
			if panel.Layers == nil {
				return nil, fmt.Errorf("the run has no %s in both networks", m.Words)
			}
			panel.Title, panel.Y.Label = arm.Words+", "+m.Words, "accuracy (%)"
			plot.Panels = append(plot.Panels, panel)
			gist += fmt.Sprintf(" %s, %s: %s.", capital(arm.Words), m.Words, words)
		}
	}
	plot.Caption = pairNote(p) + " The tests are not the same: in the recurrent network combined noise meets the input alone and is drawn anew at each step, and biased noise meets the state at each step. Feed-forward to recurrent:" + gist
	return plot, nil
}

// bookkeepingPlot shows the scars of the cycles, and what follows from the
// shares of live and scarred weights and the severities without any network.
func bookkeepingPlot(p *protocols.Ch10, r *protocols.Result) (*Plot, error) {
	cycles := numbers(places(p.KindlingCycles))
	plot := &Plot{
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
		panel := Panel{Title: network.title, X: cycleAxis(&p.Kindling, 6), Y: Axis{Label: "scarred weights (%)"}}
		for _, arm := range tableOf(p, "bookkeeping").Arms {
			name := network.prefix + arm.Name
			measured := courseOf(p, r, protocols.Heading{Name: name}, cycleMetrics(&p.Kindling, "scar"))
			predicted := courseOf(p, r, protocols.Heading{Name: name}, cycleMetrics(&p.Kindling, "scar_by_bookkeeping"))
			if measured.empty() || predicted.empty() {
				continue
			}
			colour := armColour(arm.Name)
			panel.Layers = append(panel.Layers,
				Line{X: cycles, Y: predicted.means(), Colour: colour, Width: 1.1},
				Points{X: cycles, Y: measured.means(), Colour: colour, Size: 4, Label: arm.Words})
			apart := 0.0
			for k, v := range measured.means() {
				apart = max(apart, math.Abs(v-predicted.means()[k]))
			}
			gist += fmt.Sprintf(" %s, %s: %s points.", capital(arm.Words), network.title, number(apart, 2))
		}
		if panel.Layers != nil {
			panel.Layers = append(panel.Layers, Line{Colour: Ink, Width: 1.1, Label: "by bookkeeping"})
			plot.Panels = append(plot.Panels, panel)
		}
	}
	if len(plot.Panels) == 0 {
		return nil, fmt.Errorf("the run has no kindling")
	}
	plot.Caption = meansNote(p) + " Each relapse scars a share of the live weights, and nothing else goes in but who relapsed and how severely. Furthest apart, of the means:" + gist
	return plot, nil
}

// noiseHeldPlot shows the combined test with noise of each step's own, as in
// the book, and with one draw for all steps.
func noiseHeldPlot(p *protocols.Ch10, r *protocols.Result) (*Plot, error) {
	arms := slices.Clone(tableOf(p, "noise held").Arms)
	panels, err := accuracyDots(p, r, arms, []protocols.Heading{{Name: "combined", Words: "new noise at each step (as in the book)"}, {Name: "combined_held", Words: "one draw for all steps (ours)"}})
	if err != nil {
		return nil, err
	}
	return &Plot{
		Title:   fmt.Sprintf("Combined noise: what averages out over %d steps (%s)", p.SequenceLength, subjects(p)),
		Aspect:  dotAspect(arms, len(panels), DoubleColumn),
		ShareX:  true,
		ShareY:  true,
		Panels:  panels,
		Caption: "The same SD in both. Of independent noise a recurrent network sees the mean; a network without steps sees one draw. Means, one draw for all steps:" + meansOf(r, arms, "combined_held", 1) + ".",
	}, nil
}

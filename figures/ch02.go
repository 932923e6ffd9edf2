package figures

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
)

func init() { register(2, nil, ch02Plots) }

// ch02Plots are the pictures of chapter 2, in the order of the protocol.
var ch02Plots = []maker[*chart.Plot]{
	{"protocol", protocolPlot, ""},
	{"battery", chapter(batteryPlot), "accuracies"},
	{"contrast", chapter(contrastPlot), "accuracies under internal noise to take differences of"},
	{"sweep", cliffPlot, "sparsity sweep"},
}

// batteryPlot shows the accuracy of every subject in every arm and test, with
// the mean and the published figure.
func batteryPlot(p *protocols.Ch02, r *protocols.Result) (*chart.Plot, error) {
	arms := p.MainArms()
	panels := accuracyDots(p, r, arms, p.Tests(p.InputSigmas))
	columns := min(3, len(panels))
	return &chart.Plot{
		Title:   fmt.Sprintf("Accuracy before pruning, after it, and after each way back (%s)", subjects(p)),
		Aspect:  dotAspect(arms, columns, chart.DoubleColumn),
		Columns: columns,
		ShareX:  true,
		ShareY:  true,
		Panels:  panels,
		Caption: "Mean accuracy (%) under combined noise:" + meansOf(r, arms, "combined", 1) + ".",
	}, nil
}

// contrastPlot shows what regrowth by gradient gains over regrowth at random,
// and over tuning alone, subject by subject under each internal noise.
func contrastPlot(p *protocols.Ch02, r *protocols.Result) (*chart.Plot, error) {
	sigmas := ascending(p.InternalSigmas)
	against := []protocols.Heading{{Name: protocols.ArmRecoveredRandom, Words: "by gradient − at random"}}
	if p.Controls {
		against = append(against, protocols.Heading{Name: protocols.ArmTunedOnly, Words: "by gradient − tuned without regrowth (ours)"})
	}
	plot := &chart.Plot{
		Title:  fmt.Sprintf("What regrowth by gradient adds, subject by subject (%s)", subjects(p)),
		Width:  8.5 * float64(len(against)),
		Aspect: 0.85,
	}
	gist := ""
	for _, other := range against {
		panel, text := differencePanel(p, r, other, sigmas)
		plot.Panels = append(plot.Panels, panel)
		gist += fmt.Sprintf(" %s:%s.", words.Capital(other.Words), strings.TrimSuffix(text, ";"))
	}
	plot.Caption = "Differences of accuracy in percentage points between arms of the same subject, under the same noise; above zero regrowth by gradient is better. " +
		"Intervals of the mean are the wider of Student’s and the bootstrap-t’s. Panels have scales of their own." + gist
	return plot, nil
}

// differencePanel has a column for each internal noise: the differences
// between regrowth by gradient and another arm. The words give the means.
func differencePanel(p protocols.Protocol, r *protocols.Result, other protocols.Heading, sigmas []float64) (panel chart.Panel, words string) {
	colour := ArmColour(other.Name)
	metrics := eachMetric(sigmas, protocols.InternalMetric)
	of := courseOf(p, r, protocols.Heading{Name: protocols.ArmRecoveredGradient}, metrics)
	less := courseOf(p, r, other, metrics)
	dots := chart.Points{Colour: colour.Tint(0.5), Size: 2.8, JitterX: 0.22}
	mean := chart.Points{Colour: colour, Marker: chart.Square, Size: 4}
	var names []string
	for k, s := range sigmas {
		names = append(names, plain(s))
		for i, v := range of.values[k] {
			if d := v - less.values[k][i]; !math.IsNaN(d) {
				dots.X, dots.Y = append(dots.X, float64(k)), append(dots.Y, d)
			}
		}
		d := r.Paired(protocols.Contrast{Arm: protocols.ArmRecoveredGradient, Against: other.Name, Metric: metrics[k]})
		if d.N == 0 {
			continue
		}
		if d.N > 1 {
			mean.X, mean.Y = append(mean.X, float64(k)+0.36), append(mean.Y, d.Mean)
			mean.Low, mean.High = append(mean.Low, d.Low), append(mean.High, d.High)
		}
		words += fmt.Sprintf(" %s at SD %s;", differenceWords(d), plain(s))
	}
	panel = chart.Panel{
		Title: other.Words,
		X:     chart.Axis{Label: "internal noise (SD)"},
		Y:     chart.Axis{Label: "difference (points)"},
		Layers: []chart.Layer{
			chart.Categories(names), chart.HLine{At: 0, Colour: chart.Grey}, dots, mean,
		},
		Key: []chart.Layer{chart.Points{Colour: chart.Grey, Size: 2.8, Label: "one subject"}},
	}
	if mean.X != nil {
		panel.Key = append(panel.Key, chart.Points{Colour: chart.Grey, Marker: chart.Square, Size: 4, Label: meanLabel(mean.Low)})
	}
	// The book has the one contrast of one network, and prints both its sides.
	a, ok1 := publishedFigure(p, protocols.ArmContrast, "gradient_high_noise")
	b, ok2 := publishedFigure(p, protocols.ArmContrast, "random_high_noise")
	if k := slices.Index(sigmas, 1); ok1 && ok2 && k >= 0 && other.Name == protocols.ArmRecoveredRandom {
		panel.Layers = append(panel.Layers, bookPoint(a, float64(k)-0.36, a.Mean-b.Mean, chart.Ink))
	}
	return panel, words
}

// meanLabel is what the key calls means with the lower ends of their intervals.
func meanLabel(low []float64) string {
	if len(present(low)) == 0 {
		return "mean"
	}
	return "mean, with its 95 % interval"
}

// cliffPlot shows accuracy against sparsity in chapters 2 and 3, and where each
// subject falls most.
func cliffPlot(p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	levels := sweepLevels(r)
	at, x := sparsityAxis(levels)
	plot := &chart.Plot{
		Title:   fmt.Sprintf("Accuracy after pruning to each sparsity (%s)", subjects(p)),
		Aspect:  0.58,
		Columns: 2,
		ShareX:  true,
		ShareY:  true,
	}
	gist := ""
	for i, test := range sweepTests(p) {
		c := courseAt(p, r, protocols.ArmSweep, test.Name, eachMetric(levels, func(q float64) string { return protocols.Format(q) }))
		mean := c.means()
		panel := chart.Panel{Title: test.Words, X: x, Y: accuracyAxis}
		level := chart.HLine{At: chance, Dash: chart.Dashed}
		if i%plot.Columns == plot.Columns-1 { // where the row ends
			level.Label = "chance"
		}
		panel.Layers = slices.Concat([]chart.Layer{level}, c.thin(at, chart.Blue), []chart.Layer{chart.Trend{X: at, Y: mean, Colour: chart.Blue, Width: 1.3, Size: 3.5}})
		if test.Name == "combined" {
			marks, words := cliffMarks(p, r, levels, at)
			panel.Layers = append(panel.Layers, marks...)
			for k, q := range levels {
				gist += fmt.Sprintf(" %g %%: %s %%;", 100*q, decimal(mean[k]))
			}
			gist = strings.TrimSuffix(gist, ";") + "." + words
		}
		plot.Panels = append(plot.Panels, panel)
	}
	plot.Caption = "Each subject’s trained network, cut to each sparsity without any tuning. Thin lines are subjects, points and thick lines means. " +
		"Mean accuracy under combined noise by sparsity:" + gist
	return plot, nil
}

// sparsityAxis places the levels of a sweep. They crowd towards 100 %, so that
// each gets the same room; many of them lie dense enough to speak for
// themselves.
func sparsityAxis(levels []float64) (at []float64, x chart.Axis) {
	x = chart.Axis{Label: "sparsity (%)"}
	for i, q := range levels {
		if len(levels) > 10 {
			at = append(at, 100*q)
			continue
		}
		at = append(at, float64(i))
		x.Ticks = append(x.Ticks, chart.Tick{At: at[i], Label: strconv.FormatFloat(100*q, 'g', 4, 64)})
	}
	return at, x
}

// sweepTests are the tests of the sweep that are shown: of the internal noises
// that with an SD of 1, at which the book compares, or else the strongest.
func sweepTests(p protocols.Protocol) []protocols.Heading {
	var internal protocols.Heading
	for _, t := range protocols.Part[protocols.Repair](p).InternalTests() {
		if internal.Name != protocols.InternalMetric(1) {
			internal = t
		}
	}
	return []protocols.Heading{{Name: "clean", Words: "clean"}, {Name: "standard", Words: "standard"}, internal, {Name: "combined", Words: "combined noise"}}
}

// courseAt gathers what an arm's subjects do in a metric along its conditions.
func courseAt(p protocols.Protocol, r *protocols.Result, arm, metric string, conditions []string) course {
	var c course
	for _, condition := range conditions {
		values := make([]float64, 0, len(p.Cohort()))
		for _, seed := range p.Cohort() {
			values = append(values, value(r, arm, condition, metric, seed))
		}
		c.values = append(c.values, values)
	}
	return c
}

// cliffMarks marks at the foot of a sweep's panel the level that ends each
// subject's largest fall, and the one that the book names. The words are for
// the caption.
func cliffMarks(p protocols.Protocol, r *protocols.Result, levels, at []float64) (marks []chart.Layer, words string) {
	const foot = 5.0 // accuracy that no network has
	place := func(percent float64) (float64, bool) {
		for k, q := range levels {
			if math.Abs(100*q-percent) < 1e-6 {
				return at[k], true
			}
		}
		return 0, false
	}
	ours := chart.Points{Colour: chart.Blue.Tint(0.5), Marker: chart.Triangle, Size: 3.2, JitterX: 0.3, Label: "end of a subject’s largest fall"}
	for _, v := range r.Values(protocols.ArmCliff, "", "threshold_sparsity") {
		if x, ok := place(v); ok {
			ours.X, ours.Y = append(ours.X, x), append(ours.Y, foot)
		}
	}
	if ours.X == nil {
		return nil, ""
	}
	if len(levels) > 10 {
		ours.JitterX = 0
	}
	marks = append(marks, ours)
	falls := r.Values(protocols.ArmCliff, "", "drop_points_at_threshold")
	words = fmt.Sprintf(" From one level to the next it falls most up to %s; by %s points on average.", ends(r.Values(protocols.ArmCliff, "", "threshold_sparsity")), decimal(stat.Mean(falls, nil)))
	f, ok := publishedFigure(p, protocols.ArmCliff, "threshold_sparsity")
	if !ok {
		return marks, words
	}
	if x, ok := place(f.Mean); ok {
		book := bookPoint(f, x, foot, chart.Ink)
		book.Label = "as published (one subject)"
		marks = append(marks, book)
	}
	words += fmt.Sprintf(" The book has %s %%", plain(f.Mean))
	if f, ok := publishedFigure(p, protocols.ArmCliff, "drop_points_at_threshold"); ok {
		words += fmt.Sprintf(" and %s points", plain(f.Mean))
	}
	return marks, words + "."
}

// ends counts levels: "90 % (9 subjects) and 93 % (1)".
func ends(levels []float64) string {
	var parts []string
	for _, level := range ascending(levels) {
		n := 0
		for _, v := range levels {
			if v == level {
				n++
			}
		}
		count := fmt.Sprintf("(%d)", n)
		if parts == nil {
			count = fmt.Sprintf("(%d of %d subjects)", n, len(levels))
		}
		parts = append(parts, plain(level)+" % "+count)
	}
	return strings.Join(parts, ", ")
}

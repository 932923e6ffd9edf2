package figures

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
)

// threeTests are the tests in which the treatments differ most.
func threeTests(c *protocols.Clinic) []protocols.Heading {
	return []protocols.Heading{{Name: "combined", Words: "combined noise"}, c.Hardest(), {Name: "biased", Words: "biased noise"}}
}

// internalNoisePlot shows accuracy against the internal noise, a line an arm.
func internalNoisePlot(c *protocols.Clinic, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	sigmas := ascending(c.InternalSigmas)
	longest := sigmas[len(sigmas)-1] - sigmas[0]
	panel := chart.Panel{
		X: chart.Axis{Label: "internal noise in every hidden unit (SD)", Ticks: someTicks(sigmas, 0.07*longest, plain)},
		Y: accuracyAxis,
	}
	arms := c.AcuteArms()
	var lines, book []chart.Layer
	gist := ""
	for _, c := range coursesOf(p, r, arms, eachMetric(sigmas, protocols.InternalMetric)) {
		trend := c.trend(sigmas, c.look, 1.3, 3, armLabel(c.arm.Words))
		lines = append(lines, trend)
		for _, s := range sigmas {
			if f, ok := publishedFigure(p, c.arm.Name, protocols.InternalMetric(s)); ok {
				book = append(book, bookPoint(f, s, f.Mean, c.look.Colour))
			}
		}
		gist += fmt.Sprintf(" %s: %s;", words.Capital(c.arm.Words), decimal(trend.Y[len(trend.Y)-1]))
	}
	panel.Layers = slices.Concat([]chart.Layer{guessing()}, lines, book)
	panel.Key = bookKey(book)
	note := bandNote(p)
	if c.Controls {
		note += " Dashed: what the book lacks."
	}
	return &chart.Plot{
		Title:   fmt.Sprintf("Accuracy under internal noise (%s)", subjects(p)),
		Width:   14.5,
		Aspect:  0.7,
		Panels:  []chart.Panel{panel},
		Caption: note + fmt.Sprintf(" Mean accuracy (%%) at SD %s:", plain(sigmas[len(sigmas)-1])) + strings.TrimSuffix(gist, ";") + ".",
	}, nil
}

// bookKey is an entry of the key for published figures in the colours of their
// arms: it has none, and stands before them.
func bookKey(book []chart.Layer) []chart.Layer {
	if book == nil {
		return nil
	}
	key := book[0].(chart.Points)
	key.X, key.Y, key.Colour = nil, nil, chart.Grey
	return []chart.Layer{key}
}

// biasedPlot shows the accuracy under biased noise against the gain; where all
// arms have the same gain, arm by arm.
func biasedPlot(c *protocols.Clinic, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	arms := slices.Concat(c.AcuteArms(), protocols.ArmsNamed(p, protocols.ArmTunedWithGain))
	caption := fmt.Sprintf("Internal noise of mean %s and SD %s in every hidden unit, the proxy of a manic trigger. Mean accuracy (%%) by arm:",
		plain(c.ManiaTestBias), plain(c.ManiaTestSigma)) + meansOf(r, arms, "biased", 1) + "."
	gains := map[string]float64{}
	var levels []float64
	for _, arm := range arms {
		if v := r.Values(arm.Name, "", "gain"); len(v) > 0 && len(r.Values(arm.Name, "", "biased")) > 0 {
			gains[arm.Name] = v[0] // a dial, which all subjects have alike
			levels = append(levels, gains[arm.Name])
		}
	}
	title := fmt.Sprintf("Accuracy under biased noise (%s)", subjects(p))
	levels = ascending(levels)
	if len(levels) < 2 {
		panels := accuracyDots(p, r, arms, []protocols.Heading{{Name: "biased", Words: ""}})
		panels[0].X.Label = "biased accuracy (%)"
		return &chart.Plot{Title: title, Width: 12, Aspect: dotAspect(arms, 1, 12), Panels: panels, Caption: caption + " The gain is the same in all arms."}, nil
	}
	if len(p.Cohort()) > 1 {
		caption += " Large marks are means."
	}
	return &chart.Plot{
		Title: title, Width: 14.5, Aspect: 0.7,
		Panels:  []chart.Panel{gainPanel(p, r, arms, gains, levels)},
		Caption: caption + " Arms of the same gain stand beside each other.",
	}, nil
}

// gainPanel puts what every subject reaches under biased noise at the gain of
// its arm.
func gainPanel(p protocols.Protocol, r *protocols.Result, arms []protocols.Heading, gains map[string]float64, levels []float64) chart.Panel {
	span := levels[len(levels)-1] - levels[0]
	apart := 0.055 * span // of arms with the same gain
	panel := chart.Panel{
		X:      chart.Axis{Label: "gain", Ticks: someTicks(levels, 0.04*span, plain)},
		Y:      chart.Axis{Label: "biased accuracy (%)", Min: 0, Max: 105, Ticks: percentTicks},
		Layers: []chart.Layer{guessing()},
	}
	left, right := levels[0], levels[len(levels)-1]
	looks := looksOf(arms)
	for _, arm := range arms { // the key, in their order
		if _, ok := gains[arm.Name]; ok {
			panel.Key = append(panel.Key, meanPoint(nil, nil, looks[arm.Name], arm.Words))
		}
	}
	several := len(p.Cohort()) > 1
	if several {
		panel.Key = append(panel.Key, chart.Points{Colour: chart.Grey, Size: 2.8, Label: "one subject"})
	}
	var dots, means, book []chart.Layer
	for _, gain := range levels {
		var here []protocols.Heading
		for _, arm := range arms {
			if g, ok := gains[arm.Name]; ok && g == gain {
				here = append(here, arm)
			}
		}
		for i, arm := range here {
			x := gain + apart*(float64(i)-float64(len(here)-1)/2)
			left, right = min(left, x), max(right, x)
			values := r.Values(arm.Name, "", "biased")
			look := looks[arm.Name]
			if several {
				dots = append(dots, chart.Points{X: slices.Repeat([]float64{x}, len(values)), Y: values, Colour: look.Colour.Tint(0.5), Size: 2.8, JitterX: 0.25 * apart})
			}
			means = append(means, meanPoint([]float64{x}, []float64{stat.Mean(values, nil)}, look, ""))
			if f, ok := publishedFigure(p, arm.Name, "biased"); ok {
				book = append(book, bookPoint(f, x+0.4*apart, f.Mean, chart.Ink))
			}
		}
	}
	panel.X.Min, panel.X.Max = left-apart, right+apart
	panel.Layers = slices.Concat(panel.Layers, dots, means, book)
	return panel
}

// meanPoint marks the mean of an arm.
func meanPoint(x, y []float64, l look, label string) chart.Points {
	return chart.Points{X: x, Y: y, Colour: l.Colour, Marker: armShape(l), Hollow: l.Dash != chart.Solid, Size: 6.5, Label: label}
}

// armShape tells the arms of the book from ours beside the colour.
func armShape(l look) chart.Marker {
	switch l.Dash {
	case chart.Dashed:
		return chart.Square
	case chart.Dotted:
		return chart.Triangle
	}
	return chart.Circle
}

// activationPlot shows how active the hidden units are, arm by arm.
func activationPlot(c *protocols.Clinic, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	arms := c.AcuteArms()
	panel := dotPanel("", chart.Axis{Label: "mean |activation| of the hidden units"}, arms, func(arm string) dotRow {
		return rowOf(p, r, arm, "activation_magnitude")
	}, chart.VLine{At: 0, Colour: chart.Light})
	return &chart.Plot{
		Title:  fmt.Sprintf("Activation of the hidden units (%s)", subjects(p)),
		Width:  12,
		Aspect: dotAspect(arms, 1, 12),
		Panels: []chart.Panel{panel},
		Caption: "On the standard test set, without noise, after gain and inhibition; the mean over units and points, then over the hidden layers. Means:" +
			meansOf(r, arms, "activation_magnitude", 2) + ".",
	}, nil
}

// offPlot shows what is lost when the neurosteroid is taken off: a line a
// subject between on and off.
func offPlot(c *protocols.Clinic, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	plot := &chart.Plot{
		Title:  fmt.Sprintf("The neurosteroid taken off at once, nothing retrained (%s)", subjects(p)),
		Width:  14.5,
		Aspect: 1.05,
		ShareY: true,
	}
	gist := ""
	for _, test := range threeTests(c) {
		panel, text := pairPanel(p, r, pair{protocols.ArmNeurosteroid, protocols.ArmNeurosteroidOff, "on", "off"}, test.Name, chart.Green)
		panel.Title, panel.Y.Label = test.Words, "accuracy (%)"
		plot.Panels = append(plot.Panels, panel)
		gist += fmt.Sprintf(" %s: %s.", words.Capital(test.Words), text)
	}
	plot.Caption = pairNote(p) + gist
	return plot, nil
}

// pair is two arms whose subjects are the same, and what they are called on the
// axis.
type pair struct{ from, to, fromWords, toWords string }

// pairPanel joins what each subject reaches in two arms. The words give the
// means and the paired difference. Without a subject that has both, it has no
// layers.
func pairPanel(p protocols.Protocol, r *protocols.Result, k pair, metric string, colour chart.Colour) (chart.Panel, string) {
	from := courseOf(p, r, protocols.Heading{Name: k.from}, []string{metric}).values[0]
	to := courseOf(p, r, protocols.Heading{Name: k.to}, []string{metric}).values[0]
	panel := chart.Panel{
		X: chart.Axis{Min: -0.35, Max: 1.35, Ticks: []chart.Tick{{At: 0, Label: k.fromWords}, {At: 1, Label: k.toWords}}},
		Y: chart.Axis{Min: 0, Max: 105, Ticks: percentTicks},
	}
	var thin []chart.Layer
	var both [2][]float64
	x := []float64{0, 1}
	for i := range from {
		if math.IsNaN(from[i]) || math.IsNaN(to[i]) {
			continue
		}
		both[0], both[1] = append(both[0], from[i]), append(both[1], to[i])
		thin = append(thin, chart.Line{X: x, Y: []float64{from[i], to[i]}, Colour: colour.Tint(0.5), Width: 0.5})
	}
	if thin == nil {
		return panel, ""
	}
	mean := []float64{stat.Mean(both[0], nil), stat.Mean(both[1], nil)}
	panel.Layers = append([]chart.Layer{chart.HLine{At: chance, Dash: chart.Dotted}}, thin...)
	panel.Layers = append(panel.Layers, chart.Line{X: x, Y: mean, Colour: colour, Width: 1.6}, chart.Points{X: x, Y: mean, Colour: colour, Size: 5})
	for i, arm := range []string{k.from, k.to} {
		if f, ok := publishedFigure(p, arm, metric); ok {
			panel.Layers = append(panel.Layers, bookPoint(f, x[i]+0.16*(2*x[i]-1), f.Mean, chart.Ink))
		}
	}
	d := r.Paired(protocols.Contrast{Arm: k.to, Against: k.from, Metric: metric})
	return panel, fmt.Sprintf("%s to %s %%, a change of %s", decimal(mean[0]), decimal(mean[1]), differenceWords(d))
}

// differenceWords prints a paired difference in points, with its interval where
// there is one.
func differenceWords(d protocols.PairedDifference) string {
	if math.IsNaN(d.Low) {
		return table.Difference(d.Mean, 1).String() + " points"
	}
	places := table.Apart(d.Low, d.High, 1)
	return fmt.Sprintf("%s points (95 %% interval %s)", table.Difference(d.Mean, places), table.Range(d.Low, d.High, places))
}

// pairNote says what the lines of pairs are.
func pairNote(p protocols.Protocol) string {
	if len(p.Cohort()) == 1 {
		return "One subject; dotted: chance."
	}
	return "Thin lines are subjects, thick ones means; dotted: chance. Intervals of the mean change are the wider of Student’s and the bootstrap-t’s."
}

// secondPrunings are the two ways to measure what a second pruning takes away.
var secondPrunings = []secondPruning{
	{"the same noise before and after (ours)", "relapse_drop_same_noise", "post_relapse_same_noise"},
	{"new noise after it (as in the book)", "relapse_drop_points", "post_relapse_combined"},
}

type secondPruning struct{ title, drop, after string }

// row is what an arm loses.
func (s secondPruning) row(p protocols.Protocol, r *protocols.Result, arm string) (dotRow, protocols.PairedDifference) {
	row := rowOf(p, r, arm, s.drop)
	d := r.Paired(protocols.Contrast{Arm: arm, Against: arm, Metric: "combined", AgainstMetric: s.after})
	row.low, row.high = d.Low, d.High
	return row, d
}

var dropAxis = chart.Axis{Label: "drop of the combined accuracy (points)"}

const dropNote = "A positive drop is a loss. Both take the combined test before and after; the book’s figures come with new noise after the pruning, which adds the scatter of the noise. " +
	"Intervals of the mean are the wider of Student’s and the bootstrap-t’s. "

// secondPruningPlot shows what each arm loses in the second pruning: under the
// noise that it had before, which is ours, and under new noise, as in the book.
func secondPruningPlot(c *protocols.Clinic, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	arms := slices.DeleteFunc(c.AcuteArms(), func(a protocols.Heading) bool { return a.Name == protocols.ArmNeurosteroidOff })
	plot := &chart.Plot{
		Title:  fmt.Sprintf("Second pruning: what cutting %s %% of the live weights takes away (%s)", plain(100*c.RelapseFraction), subjects(p)),
		Aspect: dotAspect(arms, 2, chart.DoubleColumn),
		ShareX: true,
		ShareY: true,
	}
	gist := ""
	for _, noise := range secondPrunings {
		panel := dotPanel("under "+noise.title, dropAxis, arms, func(arm string) dotRow {
			row, d := noise.row(p, r, arm)
			if noise.drop == "relapse_drop_same_noise" && d.N > 0 {
				gist += fmt.Sprintf(" %s: %s.", words.Capital(wordsFor(headings(p).arms, arm)), differenceWords(d))
			}
			return row
		}, chart.VLine{At: 0, Colour: chart.Light})
		plot.Panels = append(plot.Panels, panel)
	}
	plot.Caption = dropNote + "Equal shares are unequal numbers: a denser network loses more weights. Under the same noise:" + gist
	return plot, nil
}

// ownPlot shows the arms of the user beside those of the book.
func ownPlot(c *protocols.Clinic, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	const most = 30 // on a page
	own := c.OwnArms()
	if len(own) == 0 {
		return nil, protocols.BadInput{Sentence: `the run has no arms of yours; Arms makes some, as in Arms="ketamine then ssri(epochs=50); tune(epochs=30)"`}
	}
	fit, note := shown(own, most)
	book := slices.DeleteFunc(c.AcuteArms(), func(a protocols.Heading) bool { return a.Name == protocols.ArmNeurosteroidOff })
	arms := slices.Concat(book, fit)
	panels := accuracyDots(p, r, arms, threeTests(c))
	gist := ""
	for _, arm := range fit {
		d := r.Paired(protocols.Contrast{Arm: arm.Name, Against: protocols.ArmKetamine, Metric: "combined"})
		gist += fmt.Sprintf(" %s: %s.", arm.Words, differenceWords(d))
	}
	return &chart.Plot{
		Title:   fmt.Sprintf("Your arms beside the book’s (%s)", subjects(p)),
		Aspect:  dotAspect(arms, len(panels), chart.DoubleColumn),
		ShareY:  true,
		Panels:  panels,
		Caption: "Yours less the ketamine-like arm, subject by subject, in combined accuracy:" + gist + note,
	}, nil
}

// depthPlot shows the combined accuracy against the depth to which each subject
// was pruned, where that differs.
func depthPlot(c *protocols.Clinic, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	if c.PruneSpread == 0 {
		return nil, protocols.BadInput{Sentence: "PruneSpread is 0, so that all subjects are pruned alike; set it, as to 0.04, and each has a depth of its own"}
	}
	arms := slices.DeleteFunc(c.AcuteArms(), func(a protocols.Heading) bool { return a.Name == protocols.ArmNeurosteroidOff })
	looks := looksOf(arms)
	depth := courseOf(p, r, protocols.Heading{Name: protocols.ArmUntreated}, []string{"sparsity_weights"}).values[0]
	panel := chart.Panel{
		X:      chart.Axis{Label: "sparsity that the subject was pruned to (% of all weights)"},
		Y:      chart.Axis{Label: "combined accuracy (%)", Min: 0, Max: 105, Ticks: percentTicks},
		Layers: []chart.Layer{guessing()},
	}
	gist := ""
	for _, arm := range arms {
		look := looks[arm.Name]
		points := chart.Points{Colour: look.Colour, Marker: armShape(look), Hollow: look.Dash != chart.Solid, Size: 4, Label: arm.Words}
		for i, v := range courseOf(p, r, arm, []string{"combined"}).values[0] {
			if !math.IsNaN(v) && !math.IsNaN(depth[i]) {
				points.X, points.Y = append(points.X, depth[i]), append(points.Y, v)
			}
		}
		if points.X == nil {
			continue
		}
		panel.Layers = append(panel.Layers, points)
		if tau := stat.Kendall(points.X, points.Y, nil); len(points.X) > 2 && !math.IsNaN(tau) {
			gist += fmt.Sprintf(" %s: %s;", words.Capital(arm.Words), words.Number(tau, 2))
		}
	}
	caption := fmt.Sprintf("A point a subject. Depths are drawn evenly from %s to %s %% of each weight matrix.", plain(100*(c.PruneSparsity-c.PruneSpread)), plain(100*(c.PruneSparsity+c.PruneSpread)))
	if gist != "" {
		caption += " Kendall’s rank correlation of accuracy and sparsity:" + strings.TrimSuffix(gist, ";") + "."
	}
	return &chart.Plot{
		Title:   fmt.Sprintf("Combined accuracy by depth of pruning (%s)", subjects(p)),
		Width:   13,
		Aspect:  0.7,
		Panels:  []chart.Panel{panel},
		Caption: caption,
	}, nil
}

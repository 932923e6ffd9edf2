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
	"github.com/network-fragility/fragility/protocols/stats"
)

// withdrawalPlot shows the biased accuracy after the drug is taken away,
// against the maintenance before, and beside it that on the drug.
func withdrawalPlot(w *protocols.Withdrawal, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	durations := ascending(w.MaintenanceDurations)
	at := numbers(durations)
	longest := max(at[len(at)-1], 1)
	// On the drug is no duration: it stands apart from the first.
	before := at[0] - 0.11*longest
	panel := chart.Panel{
		X: chart.Axis{Label: "maintenance before the drug is taken away (epochs)"},
		Y: chart.Axis{Label: "biased accuracy (%)", Min: 0, Max: 105, Ticks: percentTicks},
	}
	panel.X.Min, panel.X.Max = before-0.05*longest, at[len(at)-1]+0.03*longest
	panel.X.Ticks = append([]chart.Tick{{At: before, Label: "on the\ndrug"}}, someTicks(at, 0.07*longest, plain)...)

	var thin, thick, marks []chart.Layer
	gist := ""
	arms := protocols.Part[protocols.Clinic](p).TreatedArms()
	for i, arm := range arms {
		after := courseOf(p, r, arm, eachMetric(durations, protocols.WithdrawnMetric))
		if after.empty() {
			continue
		}
		colour := ArmColour(arm.Name)
		mean := after.means()
		thin = append(thin, after.thin(at, colour)...)
		thick = append(thick, after.trend(at, look{Colour: colour}, 1.4, 3.5, arm.Words))
		on := courseOf(p, r, arm, []string{"biased"})
		place := before + 0.022*longest*(float64(i)-float64(len(arms)-1)/2)
		marks = append(marks, onDrug(on.values[0], place, colour)...)
		if f, ok := publishedFigure(p, arm.Name, "biased"); ok {
			marks = append(marks, publishedPoint(place+0.011*longest, f.Mean))
		}
		gist += fmt.Sprintf(" %s: %s %% on the drug, %s %% withdrawn after %d epochs, %s %% after %d.", words.Capital(arm.Words),
			decimal(stat.Mean(present(on.values[0]), nil)), decimal(mean[0]), durations[0], decimal(mean[len(mean)-1]), durations[len(durations)-1])
	}
	panel.Key = []chart.Layer{chart.Points{Colour: chart.Grey, Hollow: true, Size: 5, Label: "on the drug"}} // in no arm's colour
	panel.Layers = slices.Concat(thin, []chart.Layer{guessing(), relapseLine(w)}, thick, marks)
	return &chart.Plot{
		Title:   fmt.Sprintf("Withdrawal: biased accuracy after maintenance and discontinuation (%s)", subjects(p)),
		Aspect:  0.5,
		Panels:  []chart.Panel{panel},
		Caption: spreadNote(p) + fmt.Sprintf(" The drug is gone and the stabiliser has decayed for %d steps, at a rate set for each arm.", w.DiscontinuationSteps) + gist,
	}, nil
}

// onDrug marks what an arm's subjects reach on the drug: the mean as an open
// point, with one SD to both sides.
func onDrug(values []float64, x float64, colour chart.Colour) []chart.Layer {
	values = present(values)
	if len(values) == 0 {
		return nil
	}
	mean, sd := stat.Mean(values, nil), stats.SD(values)
	point := chart.Points{X: []float64{x}, Y: []float64{mean}, Colour: colour, Hollow: true, Size: 5}
	if len(values) == 1 {
		return []chart.Layer{point}
	}
	spread := chart.Line{X: []float64{x, x}, Y: []float64{mean - sd, mean + sd}, Colour: colour, Width: 0.75}
	return []chart.Layer{spread, point}
}

// relapseLine is the accuracy below which a subject counts as relapsed.
func relapseLine(w *protocols.Withdrawal) chart.Layer {
	return chart.HLine{At: w.BiasedRelapseThreshold, Dash: chart.Dashed, Label: "relapse\nbelow " + plain(w.BiasedRelapseThreshold) + " %"}
}

// guessing is the accuracy of who guesses.
func guessing() chart.Layer { return chart.HLine{At: chance, Dash: chart.Dotted, Label: "chance"} }

// onDrugFirst puts the place of the test on the drug before the durations.
func onDrugFirst(durations []int) []string {
	names := []string{"on the\ndrug"}
	for _, d := range durations {
		names = append(names, strconv.Itoa(d))
	}
	return names
}

// relapseByDuration shows the share of subjects that are below the threshold
// after each length of maintenance, and already on the drug.
func relapseByDuration(w *protocols.Withdrawal, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	durations := ascending(w.MaintenanceDurations)
	relapse := eachMetric(durations, func(d int) string {
		return strings.TrimSuffix(protocols.WithdrawnMetric(d), "_biased") + "_relapse"
	})
	arms := protocols.Part[protocols.Clinic](p).TreatedArms()
	rates, gist := armRates(p, r, arms, append([]string{"below_threshold_on_drug"}, relapse...))
	names := append(onDrugFirst(durations), "all of them")
	all := float64(len(names) - 1) // the place of all durations together
	panel := ratePanel(names, "subjects below the threshold (%)")
	panel.X.Label = "maintenance before the drug is taken away (epochs)"
	panel.X.Ticks = someTicks(numbers(places(len(names))), max(1, all/15), func(x float64) string { return names[int(x)] })
	panel.Layers = append(panel.Layers, chart.VLine{At: 0.5, Colour: chart.Light}, chart.VLine{At: all - 0.5, Colour: chart.Light})
	panel.Layers = append(panel.Layers, rates...)
	for i, arm := range arms {
		x := all + dodged(i, len(arms))
		if values := r.Values(arm.Name, "", "manic_relapse_probability"); len(values) > 0 {
			panel.Layers = append(panel.Layers, chart.Points{X: []float64{x}, Y: []float64{stat.Mean(values, nil)}, Colour: ArmColour(arm.Name), Marker: rateMarker(i), Size: 5})
		}
		if f, ok := publishedFigure(p, arm.Name, "manic_relapse_probability"); ok {
			panel.Layers = append(panel.Layers, publishedPoint(x+0.06, f.Mean))
		}
	}
	return &chart.Plot{
		Title:  fmt.Sprintf("Relapse after discontinuation, and before it (%s)", subjects(p)),
		Aspect: 0.4,
		Panels: []chart.Panel{panel},
		Caption: fmt.Sprintf("Share of subjects whose biased accuracy is below %s %%, with exact 95 %% intervals (Clopper and Pearson 1934): on the drug before any maintenance, and after withdrawal, where it counts as a relapse whether or not it was so before; at the right the mean over all durations. "+
			"The durations of a subject share its state, so that they are no further subjects. On the drug, then by duration:", plain(w.BiasedRelapseThreshold)) + gist,
	}, nil
}

// relapseRaster shows which subject relapses after which maintenance, and who
// was below the threshold before: a row a subject, a panel an arm.
func relapseRaster(w *protocols.Withdrawal, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	durations := ascending(w.MaintenanceDurations)
	plot := &chart.Plot{
		Title:   fmt.Sprintf("Who relapses after which maintenance (%s)", subjects(p)),
		Columns: 3,
		ShareX:  true,
		ShareY:  true,
	}
	gist := ""
	for _, arm := range protocols.Part[protocols.Clinic](p).TreatedArms() {
		if courseOf(p, r, arm, eachMetric(durations, protocols.WithdrawnMetric)).empty() {
			continue
		}
		c := courseOf(p, r, arm, append([]string{"biased"}, eachMetric(durations, protocols.WithdrawnMetric)...))
		panel := raster(p, c, w.BiasedRelapseThreshold, onDrugFirst(durations), true)
		panel.X.Label = "maintenance (epochs)"
		panel.Key = rasterKey("below the threshold of "+plain(w.BiasedRelapseThreshold)+" %", "at it or above")
		plot.Panels = append(plot.Panels, panel)
		before, ever, always := relapsed(w, c)
		gist += fmt.Sprintf(" %s: %d of %d subjects are below the threshold on the drug; %d relapse after some duration, %d after every one.",
			words.Capital(arm.Words), before, len(p.Cohort()), ever, always)
	}
	// A cell is about as high as a line of words.
	plot.Aspect = max(0.3, 0.085*float64(len(p.Cohort())))
	plot.Caption = "Numbers are biased accuracies (%), on the drug before any maintenance and after withdrawal." + gist
	return plot, nil
}

// relapsed counts the subjects that are below the threshold on the drug, and
// those that are after some length of maintenance and after every one. The
// first place of the course is the test on the drug.
func relapsed(w *protocols.Withdrawal, c course) (before, ever, always int) {
	for s := range c.values[0] {
		times := 0
		for k, v := range c.values {
			switch {
			case !(v[s] < w.BiasedRelapseThreshold): // NaN too
			case k == 0:
				before++
			default:
				times++
			}
		}
		if times > 0 {
			ever++
		}
		if times == len(c.values)-1 {
			always++
		}
	}
	return before, ever, always
}

// stabiliserPlot shows how the stabiliser fades in each arm until the test.
func stabiliserPlot(w *protocols.Withdrawal, p protocols.Protocol, _ *protocols.Result) (*chart.Plot, error) {
	steps := w.DiscontinuationSteps
	panel := chart.Panel{
		X: chart.Axis{Label: "step of the decay, the drug gone", Whole: true},
		Y: chart.Axis{Label: "level of the stabiliser", Min: -0.03, Max: 1.03, Ticks: []chart.Tick{{At: 0, Label: "0"}, {At: 0.25, Label: "0.25"}, {At: 0.5, Label: "0.5"}, {At: 0.75, Label: "0.75"}, {At: 1, Label: "1"}}},
	}
	gist := ""
	for _, arm := range protocols.Part[protocols.Clinic](p).TreatedArms() {
		decay, ok := w.Decay(arm.Name)
		if !ok {
			continue
		}
		line := chart.Line{Colour: ArmColour(arm.Name), Width: 1.4}
		for _, s := range bends(decay.Rate, steps) {
			line.X, line.Y = append(line.X, float64(s)), append(line.Y, protocols.Decay{Rate: decay.Rate, Steps: s}.Left())
		}
		left := decay.Left()
		line.Label = arm.Words + ": " + plain(left)
		panel.Layers = append(panel.Layers, line, chart.Points{X: []float64{float64(steps)}, Y: []float64{left}, Colour: line.Colour, Size: 4.5})
		gist += fmt.Sprintf(" %s: %s a step, %s at the test.", words.Capital(arm.Words), plain(decay.Rate), plain(left))
	}
	panel.Key = []chart.Layer{chart.Points{Colour: chart.Grey, Size: 4.5, Label: "level at the biased test"}} // in no arm's colour
	return &chart.Plot{
		Title:  "The mood stabiliser fades at a rate set for each arm",
		Width:  13,
		Aspect: 0.6,
		Panels: []chart.Panel{panel},
		Caption: fmt.Sprintf("From the parameters: the level falls by its rate in each of %d steps, not below 0, and the biased test is taken after the last. "+
			"At a level of 1 the stabiliser takes %s %% of the noise's bias away, and %s from every hidden value.",
			steps, plain(100*w.StabiliserBias), plain(w.StabiliserDamping)) + gist,
	}, nil
}

// bends are the steps between which the level falls in a straight line: the
// step that reaches 0 and the one before it are among them.
func bends(rate float64, steps int) []int {
	list := []int{0, steps}
	if rate > 0 {
		if zero := math.Ceil(1/rate - 1e-9); zero < float64(steps) {
			list = append(list, int(zero)-1, int(zero))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// equalLevels shows the biased accuracy of every arm at the same levels of the
// stabiliser: what the arms owe to their treatment, and what to their decay.
func equalLevels(w *protocols.Withdrawal, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	levels := ascending(w.EqualLevels)
	if len(levels) == 0 {
		return nil, fmt.Errorf("the run has no equal levels of the stabiliser: EqualLevels is empty")
	}
	arms, note := shown(protocols.ArmsWith(p, protocols.LevelMetric(levels[0])), maxLines)
	panel := chart.Panel{
		X: chart.Axis{Label: "level of the stabiliser, the same for all arms", Ticks: someTicks(levels, 0.07*(levels[len(levels)-1]-levels[0]), plain)},
		Y: chart.Axis{Label: "biased accuracy (%)", Min: 0, Max: 105, Ticks: percentTicks},
	}
	var thick []chart.Layer
	gist := ""
	for _, c := range coursesOf(p, r, arms, eachMetric(levels, protocols.LevelMetric)) {
		arm, look, mean := c.arm, c.look, c.means()
		thick = append(thick, c.trend(levels, look, 1.4, 3, armLabel(arm.Words)))
		if decay, ok := w.Decay(arm.Name); ok {
			left := decay.Left()
			thick = append(thick, chart.Points{X: []float64{left}, Y: []float64{between(levels, mean, left)}, Colour: look.Colour, Hollow: true, Size: 8})
		}
		gist += fmt.Sprintf(" %s: %s to %s %%.", words.Capital(arm.Words), decimal(mean[0]), decimal(mean[len(mean)-1]))
	}
	panel.Layers = append([]chart.Layer{guessing(), relapseLine(w)}, thick...)
	panel.Key = []chart.Layer{chart.Points{Colour: chart.Grey, Hollow: true, Size: 8, Label: "level that is left to the arm in the test after withdrawal"}}
	return &chart.Plot{
		Title:   fmt.Sprintf("Every arm at the same level of the stabiliser (%s)", subjects(p)),
		Width:   14.5,
		Aspect:  0.7,
		Panels:  []chart.Panel{panel},
		Caption: "Withdrawn, without maintenance. " + bandNote(p) + fmt.Sprintf(" Biased accuracy from level %s to level %s:", plain(levels[0]), plain(levels[len(levels)-1])) + gist + note,
	}, nil
}

// between is the height of a line at x, NaN beyond its ends.
func between(x, y []float64, at float64) float64 {
	for k := range x {
		switch {
		case x[k] == at:
			return y[k]
		case k > 0 && x[k-1] < at && at < x[k]:
			return y[k-1] + (y[k]-y[k-1])*(at-x[k-1])/(x[k]-x[k-1])
		}
	}
	return math.NaN()
}

package figures

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/stats"
)

func init() { register(8, nil, ch08Plots) }

// ch08Plots are the pictures of chapter 8, in the order of the protocol.
var ch08Plots = []maker[*chart.Plot]{
	{"protocol", protocolPlot, ""},
	{"scars", of(scarsPlot), ""},
	{"internal noise", of(internalNoisePlot), "accuracies under internal noise"},
	{"biased", of(biasedPlot), "accuracies under biased noise"},
	{"activation", of(activationPlot), "activation magnitudes"},
	{"withdrawal", of(withdrawalPlot), "accuracies after discontinuation"},
	{"relapse by duration", of(relapseByDuration), "relapses after discontinuation"},
	{"stabiliser", of(stabiliserPlot), ""},
	{"equal levels", of(equalLevels), "accuracies at equal levels of the stabiliser"},
	{"kindling", of(kindlingPlot), "kindling"},
	{"kindling relapses", of(kindlingRelapses), "kindling"},
	{"kindling scars", of(kindlingScars), "kindling"},
	{"severity", of(severityPlot), "kindling"},
	{"fixed triggers", of(fixedTriggers), "triggers before and after the kindling"},
	{"autonomy", of(autonomyPlot), "autonomy test"},
	{"off", of(offPlot), "accuracies with the neurosteroid on and off"},
	{"second pruning", of(secondPruningPlot), "second pruning"},
	{"grid", of(gridPlot), ""},
	{"own arms", of(ownPlot), "accuracies of your arms"},
	{"depth", of(depthPlot), "combined accuracies"},
}

// scarsPlot shows the share of its weights that each subject loses early in
// life.
func scarsPlot(q *protocols.Kindling, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	seeds := p.Cohort()
	values := courseOf(p, r, protocols.Heading{Name: protocols.ArmUntreated}, []string{"scar"}).values[0]
	found := present(values)
	if len(found) == 0 {
		return nil, fmt.Errorf("the run has no early scars")
	}
	most := 100 * q.EarlyAdversityMax
	mean, sd := stat.Mean(found, nil), stats.SD(found)
	var names []string
	for _, seed := range seeds {
		names = append(names, strconv.Itoa(seed))
	}
	// After the subjects stands the mean, ours and that of the book side by side.
	last := float64(len(seeds))
	apart := max(0.3, 0.04*last)
	panel := chart.Panel{
		X: chart.Axis{Label: "subject", Min: -0.7, Max: last + apart + 0.5},
		Y: chart.Axis{Label: "weights lost early (%)"},
		Layers: []chart.Layer{
			chart.HLine{At: most, Dash: chart.Dashed, Label: "upper limit"},
			chart.HLine{At: most / 2, Dash: chart.Dotted, Label: "expected mean"},
		},
	}
	for i, v := range values {
		panel.Layers = append(panel.Layers, chart.Bars{Edges: []float64{float64(i) - 0.36, float64(i) + 0.36}, Heights: []float64{max(v, 0)}, Colour: chart.Grey.Tint(0.75)})
	}
	panel.X.Ticks = append(someTicks(numbers(places(len(seeds))), max(1, last/20), func(x float64) string { return names[int(x)] }), chart.Tick{At: last + apart/2, Label: "mean"})
	if len(found) > 1 {
		panel.Layers = append(panel.Layers, chart.Points{X: []float64{last}, Y: []float64{mean}, Low: []float64{mean - sd}, High: []float64{mean + sd}, Colour: chart.Black, Size: 4.5, Label: "mean ± SD (n − 1)"})
	}
	if f, ok := publishedFigure(p, protocols.ArmUntreated, "scar"); ok {
		panel.Layers = append(panel.Layers,
			chart.Line{X: []float64{last + apart, last + apart}, Y: []float64{f.Mean - f.SD, f.Mean + f.SD}, Colour: chart.Ink, Width: 0.75},
			publishedPoint(last+apart, f.Mean))
	}
	gist := fmt.Sprintf("Lowest %s %%, highest %s %%, mean %s ± %s %%.", words.Number(floats.Min(found), 2), words.Number(floats.Max(found), 2), words.Number(mean, 2), words.Number(sd, 2))
	if len(found) == 1 {
		gist = fmt.Sprintf("Here %s %%.", words.Number(mean, 2))
	}
	return &chart.Plot{
		Title:   fmt.Sprintf("Early scars: weights lost for good before any treatment (%s)", subjects(p)),
		Width:   13,
		Aspect:  0.5,
		Panels:  []chart.Panel{panel},
		Caption: fmt.Sprintf("Each subject draws its own share, uniform between 0 and %s %%; the weights are chosen at random, live or pruned. ", plain(most)) + gist,
	}, nil
}

// cycleMetrics names a measure of each cycle.
func cycleMetrics(q *protocols.Kindling, metric string) []string {
	return eachMetric(places(q.KindlingCycles), func(c int) string { return protocols.CycleMetric(c, metric) })
}

// cycleAxis names the cycles and their triggers, as many as fit into so many
// places.
func cycleAxis(q *protocols.Kindling, most int) chart.Axis {
	cycles := numbers(places(q.KindlingCycles))
	return chart.Axis{
		Label: "cycle (bias of its trigger)",
		Ticks: someTicks(cycles, max(1, float64(len(cycles))/float64(most)), func(x float64) string { return cycleName(q, int(x)) }),
	}
}

// cycleName is a cycle with its trigger.
func cycleName(q *protocols.Kindling, cycle int) string {
	return fmt.Sprintf("%d\n(%s)", cycle, words.Minus(strconv.FormatFloat(q.Trigger(cycle), 'g', 3, 64)))
}

// kindledArms are the first arms that go through the kindling, as many as fit:
// those of the book and our controls before those of the user.
func kindledArms(q *protocols.Kindling, p protocols.Protocol, most int) ([]protocols.Heading, string) {
	own := q.OwnArms()
	arms := slices.DeleteFunc(q.KindledArms(), func(a protocols.Heading) bool { return slices.Contains(own, a) })
	return shown(slices.Concat(arms, own), most)
}

// publishedKindling is what the book prints of an arm's cycles; nothing where
// their number or their triggers are not the book's, whose fifth cycle is then
// another.
func publishedKindling(q *protocols.Kindling, p protocols.Protocol, arm, metric string) (protocols.Published, bool) {
	if q.KindlingCycles != 6 || q.KindlingFirstBias != 1.5 || q.KindlingLastBias != 0.5 {
		return protocols.Published{}, false
	}
	return publishedFigure(p, arm, metric)
}

// kindlingPlot shows the accuracy under the trigger of each cycle, a panel an
// arm.
func kindlingPlot(q *protocols.Kindling, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	cycles := numbers(places(q.KindlingCycles))
	arms, note := kindledArms(q, p, maxPanels)
	plot := &chart.Plot{
		Title:   fmt.Sprintf("Kindling: accuracy under the trigger of each cycle, which weakens from cycle to cycle (%s)", subjects(p)),
		Aspect:  0.8,
		Columns: 3,
		ShareX:  true,
		ShareY:  true,
	}
	gist := ""
	for _, c := range coursesOf(p, r, arms, cycleMetrics(q, "biased")) {
		arm, colour, mean := c.arm, c.look.Colour, c.means()
		panel := chart.Panel{
			Title: arm.Words,
			X:     cycleAxis(q, 6),
			Y:     accuracyAxis,
		}
		panel.Layers = append(c.thin(cycles, colour),
			chart.HLine{At: q.BiasedRelapseThreshold, Dash: chart.Dashed, Label: "threshold of relapse"}, c.trend(cycles, look{Colour: colour}, 1.4, 3.5, ""))
		panel.Key = kindlingKey(p)
		for k := range cycles {
			if f, ok := publishedKindling(q, p, arm.Name, protocols.CycleMetric(k, "biased")); ok {
				panel.Layers = append(panel.Layers, publishedPoint(cycles[k], f.Mean))
			}
		}
		plot.Panels = append(plot.Panels, panel)
		gist += fmt.Sprintf(" %s: %s %% in the first cycle, %s %% in the last; %s relapses a subject.", words.Capital(arm.Words), decimal(mean[0]), decimal(mean[len(mean)-1]),
			decimal(stat.Mean(r.Values(arm.Name, "", "total_relapses"), nil)))
	}
	plot.Caption = spreadNote(p) + fmt.Sprintf(" A subject below %s %% relapses and is scarred. Trigger and training change together from cycle to cycle: what the cycles do shows at a fixed trigger alone.",
		plain(q.BiasedRelapseThreshold)) + gist + note
	return plot, nil
}

// kindlingKey is what stands in the key, in no arm's colour.
func kindlingKey(p protocols.Protocol) []chart.Layer {
	mean := chart.Line{Colour: chart.Ink, Width: 1.4, Label: "mean"}
	if len(p.Cohort()) == 1 {
		mean.Label = subjects(p)
		return []chart.Layer{mean}
	}
	return []chart.Layer{mean, chart.Line{Colour: chart.Grey, Width: 0.4, Label: "one subject"}}
}

// kindlingRelapses shows the share of subjects that relapse in each cycle.
func kindlingRelapses(q *protocols.Kindling, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	arms, note := kindledArms(q, p, maxLines)
	rates, gist := armRates(p, r, arms, cycleMetrics(q, "relapse"))
	panel := ratePanel(eachMetric(places(q.KindlingCycles), func(c int) string { return cycleName(q, c) }), "subjects relapsed (%)")
	panel.X = cycleAxis(q, 20)
	panel.Layers = append(panel.Layers, rates...)
	for i, arm := range arms {
		for k := range q.KindlingCycles {
			if f, ok := publishedKindling(q, p, arm.Name, protocols.CycleMetric(k, "relapse_rate")); ok {
				panel.Layers = append(panel.Layers, publishedPoint(float64(k)+dodged(i, len(arms))+0.045, f.Mean))
			}
		}
	}
	return &chart.Plot{
		Title:  fmt.Sprintf("Kindling: relapses in each cycle (%s)", subjects(p)),
		Aspect: 0.4,
		Panels: []chart.Panel{panel},
		Caption: fmt.Sprintf("Share of subjects with an accuracy below %s %% under the cycle's trigger, with exact 95 %% intervals (Clopper and Pearson 1934). Relapsed, cycle by cycle:",
			plain(q.BiasedRelapseThreshold)) + gist + note,
	}, nil
}

// kindlingScars shows what the cycles leave: scars and sparsity.
func kindlingScars(q *protocols.Kindling, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	// Before the first cycle stands one place to the left of it.
	at := append([]float64{-1}, numbers(places(q.KindlingCycles))...)
	x := cycleAxis(q, 6)
	x.Ticks = append([]chart.Tick{{At: -1, Label: "before"}}, x.Ticks...)
	scars := chart.Panel{Title: "scarred weights", X: x, Y: chart.Axis{Label: "share of all weights (%)"}}
	sparsity := chart.Panel{Title: "sparsity: pruned or scarred", X: x, Y: chart.Axis{Label: "share of all weights (%)", Min: 0, Max: 105, Ticks: percentTicks}}
	arms, note := kindledArms(q, p, maxLines)
	gist := ""
	var book []chart.Layer
	for metric, panel := range map[string]*chart.Panel{"scar": &scars, "sparsity_weights": &sparsity} {
		for _, c := range coursesOf(p, r, arms, append([]string{metric}, cycleMetrics(q, metric)...)) {
			c.values[0] = subjectValues(p, r, protocols.KindledFrom(c.arm.Name), metric)
			mean := c.means()
			panel.Layers = append(panel.Layers, c.marked(at, mean, 1.2))
			if metric != "scar" {
				continue
			}
			gist += fmt.Sprintf(" %s: %s to %s %%.", words.Capital(c.arm.Words), decimal(mean[0]), decimal(mean[len(mean)-1]))
			if f, ok := publishedKindling(q, p, c.arm.Name, "final_scar"); ok {
				book = append(book, chart.Points{X: []float64{at[len(at)-1] + 0.25}, Y: []float64{f.Mean}, Colour: c.look.Colour, Marker: chart.Diamond, Hollow: true, Size: 5})
			}
		}
	}
	if book != nil { // the key shows them in no arm's colour
		scars.Layers = append(scars.Layers, book...)
		scars.Key = []chart.Layer{chart.Points{Colour: chart.Ink, Marker: chart.Diamond, Hollow: true, Size: 4.5, Label: "published"}}
	}
	return &chart.Plot{
		Title:   fmt.Sprintf("Kindling: scars and sparsity after each cycle (%s)", subjects(p)),
		Aspect:  0.75,
		Panels:  []chart.Panel{scars, sparsity},
		Caption: meansNote(p) + " An episode scars a share of the live weights, so that dense networks lose more of all weights; regrowth makes the ketamine-like network denser in each cycle, relapse or not. Scarred weights before and at the end:" + gist + note,
	}, nil
}

// severityPlot shows how severe an episode of each cycle is, as the chapter
// uses it and before its bounds cut it.
func severityPlot(q *protocols.Kindling, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	cycles := numbers(places(q.KindlingCycles))
	used := chart.Panel{Title: "as used", X: cycleAxis(q, 6), Y: chart.Axis{Label: "severity of an episode"}}
	free := chart.Panel{Title: "before the bounds", X: cycleAxis(q, 6), Y: chart.Axis{Label: "severity of an episode"}}
	for _, panel := range []*chart.Panel{&used, &free} {
		panel.Layers = []chart.Layer{chart.HLine{At: q.KindlingSeverityMax, Dash: chart.Dashed, Label: "bounds"}, chart.HLine{At: q.KindlingSeverityMin, Dash: chart.Dashed}}
	}
	arms, note := kindledArms(q, p, maxLines)
	gist := ""
	for _, c := range coursesOf(p, r, arms, cycleMetrics(q, "severity")) {
		// Arms at the same bound lie upon each other: their points stand apart.
		at := slices.Clone(cycles)
		floats.AddConst(0.45*dodged(c.place, len(arms)), at)
		trend := c.marked(at, c.means(), 1)
		used.Layers = append(used.Layers, trend)
		trend.Y = freeSeverity(q, p, r, c.arm).means()
		free.Layers = append(free.Layers, trend)
		gist += fmt.Sprintf(" %s: %s as used, %s before the bounds.", words.Capital(c.arm.Words), words.Number(c.means()[0], 2), words.Number(trend.Y[0], 2))
	}
	return &chart.Plot{
		Title:  fmt.Sprintf("Kindling: severity of an episode (%s)", subjects(p)),
		Aspect: 0.75,
		ShareY: true,
		Panels: []chart.Panel{used, free},
		Caption: meansNote(p) + fmt.Sprintf(" Severity is computed in every cycle, relapse or not, from gain and activation. Dashed: the bounds of severity, %s and %s. In the first cycle:",
			plain(q.KindlingSeverityMin), plain(q.KindlingSeverityMax)) + gist + note,
	}, nil
}

// freeSeverity is the severity without its bounds.
func freeSeverity(q *protocols.Kindling, p protocols.Protocol, r *protocols.Result, arm protocols.Heading) course {
	free := protocols.Severity{ActivationWeight: q.KindlingActivationWeight, RestActivation: q.KindlingRestActivation, Min: -1e9, Max: 1e9}
	gain := courseOf(p, r, arm, cycleMetrics(q, "gain"))
	c := courseOf(p, r, arm, cycleMetrics(q, "activation"))
	for k := range c.values {
		for s, a := range c.values[k] {
			c.values[k][s] = free.Of(gain.values[k][s], a)
		}
	}
	return c
}

// fixedTriggers shows the accuracy at every trigger before and after the
// cycles, a panel an arm: what kindling does to a network, apart from the
// trigger that weakens.
func fixedTriggers(q *protocols.Kindling, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	biases := ascending(q.Triggers())
	metrics := func(when string) []string {
		return eachMetric(biases, func(b float64) string { return protocols.TriggerMetric(b, when) })
	}
	dense := courseOf(p, r, protocols.Heading{Name: protocols.ArmFull}, metrics("before"))
	arms, note := kindledArms(q, p, maxPanels)
	plot := &chart.Plot{
		Title:   fmt.Sprintf("Every trigger before and after the cycles of kindling (%s)", subjects(p)),
		Aspect:  0.8,
		Columns: 3,
		ShareX:  true,
		ShareY:  true,
	}
	// The key shows the lines in no arm's colour.
	key := []chart.Layer{
		chart.Line{Colour: chart.Ink, Dash: chart.Dashed, Width: 1.2, Label: "before the cycles"},
		chart.Line{Colour: chart.Ink, Width: 1.4, Label: "after them"},
	}
	strongest, gist := biases[len(biases)-1], ""
	for _, after := range coursesOf(p, r, arms, metrics("after")) {
		arm, colour := after.arm, after.look.Colour
		before := courseOf(p, r, arm, metrics("before"))
		panel := chart.Panel{
			Title: arm.Words,
			X:     chart.Axis{Label: "bias of the trigger", Ticks: someTicks(biases, 0.1*(strongest-biases[0]), plain)},
			Y:     accuracyAxis,
		}
		panel.Key = key
		panel.Layers = append(panel.Layers, chart.HLine{At: q.BiasedRelapseThreshold, Dash: chart.Dotted, Label: "threshold of relapse"})
		if !dense.empty() {
			panel.Layers = append(panel.Layers, chart.Line{X: biases, Y: dense.means(), Colour: chart.Grey, Dash: chart.DashDot, Width: 0.9, Label: "full network"})
		}
		panel.Layers = append(panel.Layers,
			chart.Trend{X: biases, Y: before.means(), Colour: colour, Dash: chart.Dashed, Width: 1.2, Hollow: true, Size: 3.5},
			after.trend(biases, look{Colour: colour}, 1.4, 3.5, ""))
		plot.Panels = append(plot.Panels, panel)
		first, last := before.means(), after.means()
		change := r.Paired(protocols.Contrast{Arm: arm.Name, Against: arm.Name, Metric: protocols.TriggerMetric(strongest, "after"), AgainstMetric: protocols.TriggerMetric(strongest, "before")})
		gist += fmt.Sprintf(" %s: %s to %s %%, a change of %s.", words.Capital(arm.Words), decimal(first[len(first)-1]), decimal(last[len(last)-1]), differenceWords(change))
	}
	plot.Caption = meansNote(p)
	if len(p.Cohort()) > 1 {
		plot.Caption += " The band is one SD to both sides, after the cycles."
	}
	plot.Caption += fmt.Sprintf(" A relapse is an accuracy below %s %%. Kindling that sensitises would lower the line. At the strongest trigger, %s, before and after, with the 95 %% interval of the mean change:",
		plain(q.BiasedRelapseThreshold), plain(strongest)) + gist + note
	return plot, nil
}

// autonomyPlot shows the accuracy at the weak trigger of the autonomy test
// after the cycles, and its mean before them: what is below the threshold from
// the start has not become autonomous.
func autonomyPlot(q *protocols.Kindling, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	arms, note := kindledArms(q, p, maxLines)
	// One layer a kind of mark, so that the key has one entry each.
	mean := chart.Points{Colour: chart.Ink, Marker: chart.Stroke, Size: 13, Label: "mean"}
	start := chart.Points{Colour: chart.Grey, Marker: chart.Triangle, Hollow: true, Size: 5, Label: "mean before the cycles"}
	var ticks []chart.Tick
	var dots, book []chart.Layer
	looks, lowest, gist := looksOf(arms), q.AutonomyThreshold, ""
	for i, arm := range arms {
		values := r.Values(arm.Name, "", "autonomy_accuracy")
		if len(values) == 0 {
			continue
		}
		level, autonomous := -float64(i), below(values, q.AutonomyThreshold)
		lowest = min(lowest, floats.Min(values))
		label := fmt.Sprintf("%d of %d autonomous", autonomous, len(values))
		gist += fmt.Sprintf(" %s: %s %%, %d of %d", words.Capital(arm.Words), decimal(stat.Mean(values, nil)), autonomous, len(values))
		if before := r.Values(arm.Name, "", protocols.TriggerMetric(q.AutonomyBias, "before")); len(before) > 0 {
			start.X, start.Y = append(start.X, stat.Mean(before, nil)), append(start.Y, level)
			lowest = min(lowest, stat.Mean(before, nil))
			label += fmt.Sprintf(", %d before", below(before, q.AutonomyThreshold))
			gist += fmt.Sprintf(", before the cycles %s %%, %d", decimal(stat.Mean(before, nil)), below(before, q.AutonomyThreshold))
		}
		gist += "."
		dots = append(dots, chart.Points{X: values, Y: slices.Repeat([]float64{level}, len(values)), Colour: looks[arm.Name].Colour, Size: 3.5, JitterY: 0.2})
		if len(values) > 1 {
			mean.X, mean.Y = append(mean.X, stat.Mean(values, nil)), append(mean.Y, level)
		}
		if f, ok := publishedKindling(q, p, arm.Name, "autonomy_accuracy"); ok {
			book = append(book, publishedPoint(f.Mean, level))
		}
		ticks = append(ticks, chart.Tick{At: level, Label: arm.Words + ":\n" + label})
	}
	// What no subject reaches needs no room.
	lowest = max(0, 10*math.Floor((lowest-3)/10))
	var tens []chart.Tick
	for v := lowest; v <= 100; v += 10 {
		tens = append(tens, chart.Tick{At: v, Label: plain(v)})
	}
	layers := append([]chart.Layer{chart.VLine{At: q.AutonomyThreshold, Dash: chart.Dashed, Label: "autonomous below " + plain(q.AutonomyThreshold) + " %"}}, dots...)
	if start.X != nil {
		layers = append(layers, start)
	}
	if mean.X != nil {
		layers = append(layers, mean)
	}
	return &chart.Plot{
		Title:  fmt.Sprintf("Autonomy: accuracy at the trigger %s after the cycles (%s)", plain(q.AutonomyBias), subjects(p)),
		Width:  14,
		Aspect: 0.105 * float64(max(3, len(ticks))),
		Panels: []chart.Panel{{
			X:      chart.Axis{Label: "accuracy (%)", Min: lowest, Max: 102, Ticks: tens},
			Y:      chart.Axis{Min: -float64(len(arms)) + 0.4, Max: 0.75, Ticks: ticks},
			Layers: append(layers, book...),
			Key:    []chart.Layer{chart.Points{Colour: chart.Grey, Size: 3.5, Label: "one subject"}},
		}},
		Caption: fmt.Sprintf("Mean accuracy after the cycles, and how many are below %s %% and count as autonomous; beside it the same network at the same trigger before the cycles:", plain(q.AutonomyThreshold)) + gist + note,
	}, nil
}

// below counts the values below a threshold.
func below(values []float64, threshold float64) int {
	n := 0
	for _, v := range values {
		if v < threshold {
			n++
		}
	}
	return n
}

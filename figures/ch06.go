package figures

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
)

func init() { register(6, nil, ch06Plots) }

// ch06Plots are the pictures of chapter 6, in the order of the protocol.
var ch06Plots = []maker[*chart.Plot]{
	{"protocol", protocolPlot, ""},
	{"internal noise", of(internalNoisePlot), "accuracies under internal noise"},
	{"second pruning", of(secondPruningPlot), "second pruning"},
	{"cycles", chapter(cyclesPlot), "cycles of stress"},
	{"weights", chapter(liveWeightsPlot), "cycles of stress"},
	{"sparsity", chapter(staircasePlot), "cycles of stress"},
	{"relapse raster", chapter(stressRaster), "cycles of stress"},
	{"off", of(offPlot), "accuracies with the neurosteroid on and off"},
	{"grid", of(gridPlot), ""},
	{"own arms", of(ownPlot), "accuracies of your arms"},
	{"depth", of(depthPlot), "combined accuracies"},
}

// A regime is the arms that go through the cycles with maintenance, or without.
type regime struct {
	title   string
	courses []drawn
	note    string // on those that do not fit
}

// stressed is a measure of every arm through the cycles, by regime.
func stressed(p *protocols.Ch06, r *protocols.Result, metric string) []regime {
	metrics := eachMetric(places(p.StressCycles+1), func(cycle int) string { return protocols.CycleMetric(cycle, metric) })
	maintained, never := regime{title: "maintained"}, regime{title: "never maintained (ours)"}
	var bases []protocols.Heading // an arm looks alike in both
	for _, c := range coursesOf(p, r, p.StressedArms(), metrics) {
		base, unmaintained := strings.CutSuffix(c.arm.Name, protocols.ArmUnmaintained)
		bases = append(bases, protocols.Heading{Name: base})
		c.look = looksOf(bases)[base]
		if !unmaintained {
			maintained.add(c)
			continue
		}
		for _, a := range protocols.ArmsNamed(p, base) { // the title of the panel says the rest
			c.arm.Words = a.Words
		}
		never.add(c)
	}
	return slices.DeleteFunc([]regime{maintained, never}, func(k regime) bool { return k.courses == nil })
}

// add puts an arm into the regime, as long as a panel has room for its line.
func (k *regime) add(c drawn) {
	if len(k.courses) == maxLines {
		k.note = " Further arms are in the table alone."
		return
	}
	k.courses = append(k.courses, c)
}

// cyclesPlot shows the combined accuracy through the cycles, with and without
// maintenance.
func cyclesPlot(p *protocols.Ch06, r *protocols.Result) (*chart.Plot, error) {
	plot := &chart.Plot{
		Title:  fmt.Sprintf("Combined accuracy through %d cycles of stress (%s)", p.StressCycles, subjects(p)),
		Aspect: 0.8,
	}
	at := numbers(places(p.StressCycles + 1))
	gist := ""
	for _, k := range stressed(p, r, "combined") {
		var lines, book []chart.Layer
		gist += " " + words.Capital(k.title) + ":"
		for _, c := range k.courses {
			look, mean := c.look, c.means()
			lines = append(lines, c.trend(at, look, 1.3, 2.5, c.arm.Words))
			for cycle, x := range at {
				if f, ok := publishedFigure(p, c.arm.Name, protocols.CycleMetric(cycle, "combined")); ok {
					book = append(book, bookPoint(f, x, f.Mean, look.Colour))
				}
			}
			gist += fmt.Sprintf(" %s from %s to %s %%;", c.arm.Words, decimal(mean[0]), decimal(mean[len(mean)-1]))
		}
		gist = strings.TrimSuffix(gist, ";") + "." + k.note
		plot.Panels = append(plot.Panels, chart.Panel{
			Title:  k.title,
			X:      chart.Axis{Label: "cycle of stress; 0 is before", Whole: true},
			Layers: slices.Concat([]chart.Layer{combinedThreshold(p)}, lines, book),
			Key:    bookKey(book),
		})
	}
	note := fitAccuracies(plot)
	plot.Caption = bandNote(p) + note + fmt.Sprintf(" Each cycle cuts %s %% of the live weights, then trains where the arm is maintained. Means before the first cycle and after the last.",
		plain(100*p.StressPruning)) + gist
	return plot, nil
}

// combinedThreshold is the accuracy below which a subject counts as relapsed.
func combinedThreshold(p *protocols.Ch06) chart.Layer {
	return chart.HLine{At: p.CombinedRelapseThreshold, Dash: chart.Dashed, Label: "relapse below " + plain(p.CombinedRelapseThreshold) + " %"}
}

// fitAccuracies gives panels of combined accuracies their axes: from 0 on with
// the level of chance, or the part that a panel needs where all lies far above.
// A single panel has a narrower page. The words say for the caption that axes
// differ.
func fitAccuracies(plot *chart.Plot) (note string) {
	const far = 60
	ranges := map[float64]bool{}
	for i := range plot.Panels {
		panel := &plot.Panels[i]
		_, y := panel.Ranges()
		panel.Y = chart.Axis{Label: "combined accuracy (%)", Min: 0, Max: 105, Ticks: percentTicks}
		if y.Low > far {
			panel.Y.Min, panel.Y.Ticks = 5*math.Floor((y.Low-1)/5), nil
			panel.Y.Max = min(105, y.High+0.05*(y.High-panel.Y.Min))
		} else {
			panel.Layers = append([]chart.Layer{guessing()}, panel.Layers...)
		}
		ranges[panel.Y.Min] = true
	}
	if len(plot.Panels) == 1 {
		plot.Width, plot.Aspect = 14.5, 0.7
	}
	if len(ranges) > 1 {
		return " The accuracy axes differ."
	}
	return ""
}

// fewTicks are 1, 2 and 5 times the powers of ten on a logarithmic axis; nil,
// for the powers alone, where these are too many.
func fewTicks(r chart.Range) []chart.Tick {
	const most = 7
	var ticks []chart.Tick
	for power := 1.0; power <= r.High; power *= 10 {
		for _, m := range []float64{1, 2, 5} {
			if v := m * power; r.Low <= v && v <= r.High {
				ticks = append(ticks, chart.Tick{At: v, Label: words.Number(v, 0)})
			}
		}
	}
	if len(ticks) < 2 || len(ticks) > most {
		return nil
	}
	return ticks
}

// liveOf turns a course of sparsities, in percent, into one of live weights.
func liveOf(p *protocols.Ch06, sparsity course) course {
	live := course{arm: sparsity.arm}
	for _, values := range sparsity.values {
		here := make([]float64, len(values))
		for i, v := range values {
			here[i] = float64(p.Weights()) * (1 - v/100)
		}
		live.values = append(live.values, here)
	}
	return live
}

// liveWeightsPlot shows the combined accuracy against the live weights that the
// cycles leave: what the arms owe to their density.
func liveWeightsPlot(p *protocols.Ch06, r *protocols.Result) (*chart.Plot, error) {
	accuracy, sparsity := stressed(p, r, "combined"), stressed(p, r, "sparsity_weights")
	plot := &chart.Plot{
		Title:  fmt.Sprintf("Combined accuracy by the weights that are left (%s)", subjects(p)),
		Aspect: 0.8,
		ShareX: true,
	}
	gist := ""
	for h, k := range accuracy {
		panel := chart.Panel{
			Title:  k.title,
			X:      chart.Axis{Label: "live weights", Log: true},
			Layers: []chart.Layer{combinedThreshold(p)},
			Key: []chart.Layer{
				chart.Points{Colour: chart.Grey, Hollow: true, Size: 6, Label: "before the first cycle"}, chart.Points{Colour: chart.Grey, Size: 3, Label: "after a cycle"},
			},
		}
		for i, c := range k.courses {
			look := c.look
			live, mean := liveOf(p, sparsity[h].courses[i].course).means(), c.means()
			panel.Layers = append(panel.Layers,
				chart.Line{X: live, Y: mean, Colour: look.Colour, Dash: look.Dash, Width: 1.2, Label: c.arm.Words},
				chart.Points{X: live[1:], Y: mean[1:], Colour: look.Colour, Size: 3},
				chart.Points{X: live[:1], Y: mean[:1], Colour: look.Colour, Hollow: true, Size: 6})
			if h == 0 {
				gist += fmt.Sprintf(" %s from %s to %s;", c.arm.Words, words.Number(live[0], 0), words.Number(live[len(live)-1], 0))
			}
		}
		plot.Panels = append(plot.Panels, panel)
	}
	for i := range plot.Panels {
		x, _ := plot.Panels[i].Ranges()
		plot.Panels[i].X.Ticks = fewTicks(x)
	}
	note := fitAccuracies(plot)
	plot.Caption = fmt.Sprintf("Means over the subjects; time runs to the left."+note+" Live weights of %s, before and after the cycles:", words.Number(float64(p.Weights()), 0)) +
		strings.TrimSuffix(gist, ";") + "."
	return plot, nil
}

// staircasePlot shows the sparsity through the cycles, and how many weights each
// of them cuts: equal shares are unequal numbers.
func staircasePlot(p *protocols.Ch06, r *protocols.Result) (*chart.Plot, error) {
	var courses []drawn
	for _, k := range stressed(p, r, "sparsity_weights") {
		courses = append(courses, k.courses...)
	}
	sparsity := chart.Panel{
		Title: "sparsity",
		X:     chart.Axis{Label: "cycle of stress; 0 is before", Whole: true},
		Y:     chart.Axis{Label: "sparsity (% of all weights)", Min: 0, Max: 105, Ticks: percentTicks},
	}
	cut := chart.Panel{
		Title: "what a cycle cuts",
		X:     chart.Axis{Label: "cycle of stress", Whole: true},
		Y:     chart.Axis{Label: "weights cut", Log: true},
	}
	gist := ""
	groups := coinciding(courses)
	for _, g := range groups {
		mean, live := g.courses[0].means(), liveOf(p, g.courses[0].course).means()
		steps := chart.Line{Colour: g.colour(), Width: 1.3}
		lost := chart.Trend{Colour: g.colour(), Width: 1.3, Size: 3, Label: g.label(len(groups) == 1)}
		for k, v := range mean {
			steps.X, steps.Y = append(steps.X, float64(k)-0.5, float64(k)+0.5), append(steps.Y, v, v)
			if k > 0 {
				lost.X, lost.Y = append(lost.X, float64(k)), append(lost.Y, live[k-1]-live[k])
			}
		}
		sparsity.Layers = append(sparsity.Layers, steps)
		cut.Layers = append(cut.Layers, lost)
		for _, c := range g.courses {
			if f, ok := publishedFigure(p, c.arm.Name, "final_sparsity_weights"); ok {
				sparsity.Layers = append(sparsity.Layers, bookPoint(f, float64(len(mean)-1), f.Mean, chart.Ink))
			}
		}
		gist += fmt.Sprintf(" %s: from %s to %s %%, %s weights in the first cycle and %s in the last.", words.Capital(strings.Join(g.words, ", ")),
			decimal(mean[0]), decimal(mean[len(mean)-1]), words.Number(lost.Y[0], 0), words.Number(lost.Y[len(lost.Y)-1], 0))
	}
	_, cuts := cut.Ranges()
	cut.Y.Ticks = fewTicks(cuts)
	return &chart.Plot{
		Title:  fmt.Sprintf("Stress cuts equal shares, not equal numbers (%s)", subjects(p)),
		Aspect: 0.8,
		Panels: []chart.Panel{sparsity, cut},
		Caption: fmt.Sprintf("Each cycle cuts %s %% of the live weights of every matrix; maintenance trains and gives none back, so that arms which begin alike stay alike.",
			plain(100*p.StressPruning)) + gist,
	}, nil
}

// alike is courses that lie upon each other.
type alike struct {
	courses []drawn
	words   []string // of their arms, each once
}

// label names the arms in the picture; the caption lists them.
func (a alike) label(only bool) string {
	const most = 3
	switch {
	case only && len(a.words) > 1:
		return "all arms"
	case len(a.words) > most:
		return "the other\narms"
	}
	return strings.Join(a.words, ",\n")
}

// colour is that of the arm where it is one; several have one that no arm beside them has.
func (a alike) colour() chart.Colour {
	if len(a.words) > 1 {
		return chart.Grey
	}
	return lookOf(a.courses[0].arm.Name, 0).Colour
}

// coinciding gathers courses whose means differ nowhere by what a picture of
// percentages can show.
func coinciding(list []drawn) []alike {
	const visible = 0.1
	var groups []alike
next:
	for _, c := range list {
		for i, g := range groups {
			if slices.EqualFunc(g.courses[0].means(), c.means(), func(a, b float64) bool { return math.Abs(a-b) < visible }) {
				groups[i].courses = append(g.courses, c)
				if !slices.Contains(g.words, c.arm.Words) {
					groups[i].words = append(g.words, c.arm.Words)
				}
				continue next
			}
		}
		groups = append(groups, alike{[]drawn{c}, []string{c.arm.Words}})
	}
	return groups
}

// stressRaster shows which subject is below the threshold in which cycle: a row
// a subject, a panel an arm.
func stressRaster(p *protocols.Ch06, r *protocols.Result) (*chart.Plot, error) {
	seeds, n := p.Cohort(), p.StressCycles+1
	metrics := eachMetric(places(n), func(cycle int) string { return protocols.CycleMetric(cycle, "combined") })
	arms, note := shown(p.StressedArms(), maxPanels)
	plot := &chart.Plot{
		Title:  fmt.Sprintf("Who is below %s %% in which cycle of stress", plain(p.CombinedRelapseThreshold)),
		ShareX: true,
		ShareY: true,
	}
	gist := ""
	for _, c := range coursesOf(p, r, arms, metrics) {
		arm := c.arm
		panel := raster(p, c.course, p.CombinedRelapseThreshold, eachMetric(places(n), strconv.Itoa), false)
		panel.X.Label, panel.Key = "cycle", rasterKey("below", "not below")
		plot.Panels = append(plot.Panels, panel)
		if !strings.HasSuffix(arm.Name, protocols.ArmUnmaintained) && plot.Columns < 6 {
			plot.Columns++ // so that an arm stands above itself without maintenance
		}
		gist += fmt.Sprintf(" %s: %d in some cycle, %d in the last.", words.Capital(arm.Words), everBelow(c.course, p.CombinedRelapseThreshold), below(c.values[n-1], p.CombinedRelapseThreshold))
	}
	const row, gap = 0.36, 0.8 // in cm
	plot.Aspect = min(3, row*float64(max(4, len(seeds)))/(chart.DoubleColumn/float64(plot.Columns)-gap))
	plot.Caption = fmt.Sprintf("Below is a combined accuracy under %s %%. Of %d subjects are below:", plain(p.CombinedRelapseThreshold), len(seeds)) + gist + note
	return plot, nil
}

// everBelow counts the subjects that are below a threshold at some place.
func everBelow(c course, threshold float64) (n int) {
	for s := range c.values[0] {
		if slices.ContainsFunc(c.values, func(v []float64) bool { return v[s] < threshold }) {
			n++
		}
	}
	return n
}

package figures

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/stats"
)

func init() { register(1, ch01Tables, ch01Plots) }

// ch01Plots are the pictures of chapter 1, in the order of the protocol.
var ch01Plots = []maker[*chart.Plot]{
	{"protocol", protocolPlot, ""},
	{"task", chapter(taskPlot), ""},
	{"regions", chapter(regionsPlot), "decision regions"},
	{"weights", chapter(weightsPlot), ""},
	{"losses", chapter(lossesPlot), "training losses"},
	{"recovery", chapter(recoveryPlot), "accuracies"},
	{"sweep", chapter(sweepPlot), "sparsity sweep"},
}

// ch01Tables are the tables of chapter 1 beside those of its layouts.
var ch01Tables = []maker[*table.Table]{
	{"weights", chapter(weightsTable), ""},
	{"sweep", chapter(sweepTable), ""},
}

// The classes of the task: colour and shape, which tell them apart twice.
var (
	classColours = []chart.Colour{chart.Blue, chart.Orange, chart.Green, chart.Purple}
	classMarkers = []chart.Marker{chart.Circle, chart.Triangle, chart.Square, chart.Diamond}
)

// Ticks of the axes that many pictures have.
var (
	planeTicks   = []chart.Tick{{At: -6, Label: "−6"}, {At: -3, Label: "−3"}, {At: 0, Label: "0"}, {At: 3, Label: "3"}, {At: 6, Label: "6"}}
	percentTicks = []chart.Tick{{At: 0, Label: "0"}, {At: 25, Label: "25"}, {At: 50, Label: "50"}, {At: 75, Label: "75"}, {At: 100, Label: "100"}}
)

// taskPlot shows what the network has to learn: a sample of the training data
// of the first subject, and the centres of the classes.
func taskPlot(p *protocols.Ch01, _ *protocols.Result) (*chart.Plot, error) {
	const shown = 600
	seed := p.Cohort()[0]
	panel := chart.Panel{
		X: chart.Axis{Label: "input 1", Min: -6.8, Max: 6.8, Ticks: planeTicks},
		Y: chart.Axis{Label: "input 2", Min: -6.8, Max: 6.8, Ticks: planeTicks},
	}
	panel.Layers = classPoints(protocols.Data{Set: protocols.TrainSet, Samples: min(shown, p.TrainSamples), Sigma: p.DataSigma}, seed, 2.2, 1)
	x, y, classes := centres(p, seed)
	panel.Layers = append(panel.Layers, chart.Points{X: x, Y: y, Marker: chart.Plus, Size: 6, Colour: chart.Black, Label: "class centre"})
	for i, k := range classes {
		panel.Layers = append(panel.Layers, chart.Text{
			X: x[i], Y: y[i] + math.Copysign(3, y[i]), Place: chart.Middle,
			Words: fmt.Sprintf("class %d", k), Strong: true,
		})
	}
	return &chart.Plot{
		Title:  "The task: four classes in the plane",
		Width:  chart.SingleColumn,
		Aspect: 1,
		Panels: []chart.Panel{panel},
		Caption: fmt.Sprintf("Points: %s of the %s training points of subject %d, each its class's centre plus noise of SD %g on each coordinate.",
			words.Number(float64(min(shown, p.TrainSamples)), 0), words.Number(float64(p.TrainSamples), 0), seed, p.DataSigma),
	}, nil
}

// classPoints draws a data set, a layer a class.
func classPoints(d protocols.Data, seed int, size, strength float64) []chart.Layer {
	points, labels := d.Draw(seed)
	layers := make([]chart.Points, protocols.Classes)
	for k := range layers {
		layers[k] = chart.Points{Colour: classColours[k].Tint(strength), Marker: classMarkers[k], Size: size}
	}
	for i, k := range labels {
		layers[k].X = append(layers[k].X, float64(points[2*i]))
		layers[k].Y = append(layers[k].Y, float64(points[2*i+1]))
	}
	var list []chart.Layer
	for _, l := range layers {
		list = append(list, l)
	}
	return list
}

// centres are the class centres that a subject's clean test set shows.
func centres(p *protocols.Ch01, seed int) (x, y []float64, classes []int) {
	points, labels := protocols.Data{Set: protocols.CleanSet, Samples: p.CleanSamples}.Draw(seed)
	for i, k := range labels {
		if !slices.Contains(classes, int(k)) {
			x, y = append(x, float64(points[2*i])), append(y, float64(points[2*i+1]))
			classes = append(classes, int(k))
		}
	}
	return x, y, classes
}

// regionsPlot shows which class the first subject's network chooses where, in
// each arm, with points of the standard test set.
func regionsPlot(p *protocols.Ch01, r *protocols.Result) (*chart.Plot, error) {
	const shown = 240
	seed := p.Cohort()[0]
	test := protocols.Data{Set: protocols.StandardSet, Samples: min(shown, p.TestSamples), Sigma: p.DataSigma}
	x, y, classes := centres(p, seed)
	var tints []chart.Colour
	for _, c := range classColours {
		tints = append(tints, c.Tint(0.35))
	}
	plot := &chart.Plot{
		Title:   fmt.Sprintf("What the network of subject %d decides where", seed),
		Aspect:  1,
		Columns: 3,
		ShareX:  true,
		ShareY:  true,
	}
	for _, arm := range p.Tables()[0].Arms {
		trace := r.Trace(arm.Name, "regions", seed)
		if trace == nil {
			continue
		}
		probe, ok := probeOf[protocols.Regions](p, seed, arm.Name, "regions")
		if !ok || len(trace) != probe.Side*probe.Side {
			return nil, fmt.Errorf("the decision regions of arm %q are not those of the protocol", arm.Name)
		}
		// The grid's points are the middles of the cells.
		half := probe.Extent / float64(probe.Side-1)
		border := [2]float64{-probe.Extent - half, probe.Extent + half}
		cells := chart.Cells{Columns: probe.Side, Rows: probe.Side, X: border, Y: border, Colours: tints}
		for _, k := range trace {
			cells.Class = append(cells.Class, int(k))
		}
		right := value(r, arm.Name, "", "standard", seed)
		panel := chart.Panel{
			Title:  fmt.Sprintf("%s:\n%s %% right", arm.Words, words.Number(right, 1)),
			X:      chart.Axis{Label: "input 1", Ticks: planeTicks},
			Y:      chart.Axis{Label: "input 2", Ticks: planeTicks},
			Layers: append([]chart.Layer{cells}, classPoints(test, seed, 2, 1)...),
		}
		for i, k := range classes {
			panel.Layers = append(panel.Layers, chart.Text{
				X: x[i], Y: y[i] + math.Copysign(3.3, y[i]), Place: chart.Middle,
				Words: fmt.Sprintf("class %d", k), Strong: true,
			})
		}
		plot.Panels = append(plot.Panels, panel)
	}
	plot.Caption = "Areas: the class that the network chooses. Points: test points, in the colour and shape of the class that they belong to. " +
		"Above each panel: accuracy on the whole standard test set."
	return plot, nil
}

// weightsPlot shows the weights that pruning cuts: the magnitudes of each
// layer of the first subject's trained network, and the threshold.
func weightsPlot(p *protocols.Ch01, r *protocols.Result) (*chart.Plot, error) {
	seed := p.Cohort()[0]
	plot := &chart.Plot{
		Title:   fmt.Sprintf("Pruning cuts the smallest %g %% of the weights of each layer (subject %d)", 100*p.PruneSparsity, seed),
		Aspect:  0.9,
		Columns: min(4, len(p.Hidden)+1),
	}
	gist := ""
	for l := range len(p.Hidden) + 1 {
		layer := protocols.LayerName(l)
		label := "magnitudes " + layer
		trace := r.Trace(protocols.ArmFull, label, seed)
		if trace == nil {
			return nil, fmt.Errorf("the run has no weight magnitudes of layer %s of subject %d", layer, seed)
		}
		probe, ok := probeOf[protocols.Magnitudes](p, seed, protocols.ArmFull, label)
		if !ok || len(trace) != probe.Bins+1 {
			return nil, fmt.Errorf("the weight magnitudes of layer %s are not those of the protocol", layer)
		}
		threshold, counts := trace[0], trace[1:]
		cut, kept, top := split(counts, probe.Upper/float64(probe.Bins), threshold)
		panel := chart.Panel{
			Title: layer,
			X:     chart.Axis{Label: "weight magnitude", Min: 0, Max: probe.Upper},
			Y:     chart.Axis{Min: 0, Max: 1.3 * top},
			Layers: []chart.Layer{
				chart.Bars{Edges: cut.edges, Heights: cut.heights, Colour: chart.Light, Label: "cut"},
				chart.Bars{Edges: kept.edges, Heights: kept.heights, Colour: chart.Blue, Label: "kept"},
				chart.VLine{At: threshold, Colour: chart.Ink, Label: "threshold " + significant(threshold, 2)},
			},
		}
		if l%plot.Columns == 0 {
			panel.Y.Label = "share of weights (%)"
		}
		keeps, total := value(r, p.PrunedArm(), layer, "kept_weights", seed), value(r, p.PrunedArm(), layer, "total_weights", seed)
		panel.Layers = append(panel.Layers, chart.Text{
			X: probe.Upper, Y: 0.5 * top, Place: chart.End, Colour: chart.Blue,
			Words: fmt.Sprintf("kept %s\nof %s", words.Number(keeps, 0), words.Number(total, 0)),
		})
		gist += fmt.Sprintf(" %s keeps %s of %s weights, those of magnitude %.3g and more.", layer, words.Number(keeps, 0), words.Number(total, 0), threshold)
		plot.Panels = append(plot.Panels, panel)
	}
	plot.Caption = "Histograms of weight magnitudes after the baseline training; what lies beyond the axis is counted in the last bin." + gist
	return plot, nil
}

// histogram is edges and heights of bars.
type histogram struct{ edges, heights []float64 }

// split makes a histogram of counts in bins from 0 upwards into percentages,
// in two at a threshold: its bin is parted between both, at its height.
func split(counts []float64, width, threshold float64) (below, above histogram, top float64) {
	var total float64
	for _, c := range counts {
		total += c
	}
	below.edges = []float64{0}
	for i, c := range counts {
		share := 100 * c / max(total, 1)
		top = max(top, share)
		from, to := float64(i)*width, float64(i+1)*width
		if from < threshold {
			below.edges = append(below.edges, min(to, threshold))
			below.heights = append(below.heights, share)
		}
		if to > threshold {
			if above.edges == nil {
				above.edges = []float64{max(from, threshold)}
			}
			above.edges = append(above.edges, to)
			above.heights = append(above.heights, share)
		}
	}
	return below, above, top
}

// lossesPlot shows the training loss epoch by epoch: in the baseline, and in
// the fine-tuning with and without regrowth before it.
func lossesPlot(p *protocols.Ch01, r *protocols.Result) (*chart.Plot, error) {
	plot := &chart.Plot{
		Title:  fmt.Sprintf("Training loss (%s)", subjects(p)),
		Width:  13,
		ShareY: true,
	}
	panel := func(title string) chart.Panel {
		return chart.Panel{Title: title, X: chart.Axis{Label: "epoch", Whole: true}, Y: chart.Axis{Label: "training loss (nats)", Log: true}}
	}
	baseline, tuning := panel("baseline"), panel("fine-tuning after pruning")
	gist := ""
	for _, c := range []struct {
		panel      *chart.Panel
		arm, label string
		colour     chart.Colour
		dash       chart.Dash
	}{
		{&baseline, protocols.ArmFull, "", chart.Black, chart.Solid},
		{&tuning, protocols.ArmRecoveredRandom, "with regrowth", chart.Blue, chart.Solid},
		{&tuning, protocols.ArmTunedOnly, "without", chart.Vermillion, chart.Dashed},
	} {
		all, epochs, middle := lossesOf(p, r, c.arm)
		if all == nil {
			continue // a call of no epochs has no losses
		}
		if len(all) > 1 {
			for _, t := range all {
				c.panel.Layers = append(c.panel.Layers, chart.Line{X: epochs, Y: t, Colour: c.colour.Tint(0.25), Width: 0.5})
			}
		}
		c.panel.Layers = append(c.panel.Layers, chart.Line{X: epochs, Y: middle, Colour: c.colour, Dash: c.dash, Width: 1.3, Label: c.label})
		gist += fmt.Sprintf(" %s: %.2g after the first epoch, %.2g after the last.", words.Capital(words.Join(c.panel.Title, c.label)), middle[0], middle[len(middle)-1])
	}
	for _, q := range []*chart.Panel{&baseline, &tuning} {
		if q.Layers != nil {
			plot.Panels = append(plot.Panels, *q)
		}
	}
	plot.Caption = "Mean cross-entropy of each epoch; thin lines are subjects, thick ones their median." + gist
	return plot, nil
}

// lossesOf are the training losses of an arm's subjects, the epochs, and the median
// in each; nil where there are none.
func lossesOf(p protocols.Protocol, r *protocols.Result, arm string) (all [][]float64, epochs, middle []float64) {
	for _, seed := range p.Cohort() {
		if t := r.Trace(arm, "losses", seed); len(t) > 0 {
			all = append(all, t)
		}
	}
	for e := 0; all != nil && e < len(all[0]); e++ {
		var here []float64
		for _, t := range all {
			here = append(here, t[e])
		}
		epochs, middle = append(epochs, float64(e+1)), append(middle, stats.Median(here))
	}
	return all, epochs, middle
}

// recoveryPlot shows the accuracy of every subject in every arm, with the mean
// and the published figure: Table 1 as a picture.
func recoveryPlot(p *protocols.Ch01, r *protocols.Result) (*chart.Plot, error) {
	layout := p.Tables()[0]
	published := map[[2]string]float64{}
	for _, f := range protocols.PublishedFigures(1) {
		if names := protocols.Unlike(p, f.Arm, f.Metric); names != nil {
			noteLeftOut(p, names)
			continue
		}
		published[[2]string{f.Arm, f.Metric}] = f.Mean
	}
	var ticks []chart.Tick
	for i, arm := range layout.Arms {
		ticks = append(ticks, chart.Tick{At: -float64(i), Label: armLabel(arm.Words)})
	}
	plot := &chart.Plot{
		Title:   fmt.Sprintf("Accuracy before pruning, after it, and after each way back (%s)", subjects(p)),
		Aspect:  1.1,
		Columns: min(4, len(accuracies(p))),
		ShareY:  true,
	}
	gist := ""
	for _, metric := range accuracies(p) {
		// One layer a kind of mark, so that the key has one entry each.
		ours := chart.Points{Colour: chart.Blue.Tint(0.55), Size: 3, JitterY: 0.22, Label: "one subject"}
		mean := chart.Points{Colour: chart.Blue, Marker: chart.Stroke, Size: 13, Label: "mean"}
		book := chart.Points{Colour: chart.Vermillion, Marker: chart.Diamond, Hollow: true, Size: 4.5, Label: "published (one subject)"}
		var layers []chart.Layer
		for i, arm := range layout.Arms {
			values := r.Values(arm.Name, "", metric.Name)
			if len(values) == 0 {
				continue
			}
			level := -float64(i)
			strip := ours
			strip.X = values
			strip.Y = slices.Repeat([]float64{level}, len(values))
			layers = append(layers, strip)
			if len(values) > 1 {
				mean.X, mean.Y = append(mean.X, stat.Mean(values, nil)), append(mean.Y, level)
			}
			if v, ok := published[[2]string{arm.Name, metric.Name}]; ok {
				book.X, book.Y = append(book.X, v), append(book.Y, level)
			}
			if metric.Name == "standard" {
				gist += fmt.Sprintf(" %s: %s %%.", words.Capital(arm.Words), words.Number(stat.Mean(values, nil), 1))
			}
		}
		guessing := chart.VLine{At: chance, Dash: chart.Dashed}
		if plot.Panels == nil {
			guessing.Label = "chance"
		}
		layers = append([]chart.Layer{guessing}, layers...)
		if mean.X != nil {
			layers = append(layers, mean)
		}
		if book.X != nil {
			layers = append(layers, book)
		}
		plot.Panels = append(plot.Panels, chart.Panel{
			Title:  metric.Words,
			X:      accuracyAxis,
			Y:      chart.Axis{Min: -float64(len(layout.Arms)) + 0.5, Max: 0.6, Ticks: ticks},
			Layers: layers,
		})
	}
	plot.Caption = "Mean accuracy on the standard test set:" + gist
	return plot, nil
}

// chance is the accuracy, in percent, of who guesses.
const chance = 100.0 / protocols.Classes

// sweepPlot shows accuracy against sparsity, a panel a test.
func sweepPlot(p *protocols.Ch01, r *protocols.Result) (*chart.Plot, error) {
	levels := sweepLevels(r)
	at, x := sparsityAxis(levels)
	plot := &chart.Plot{
		Title:   fmt.Sprintf("Accuracy after pruning to each sparsity (%s)", subjects(p)),
		Columns: min(4, len(accuracies(p))),
		ShareY:  true,
	}
	gist := ""
	for i, metric := range accuracies(p) {
		panel := chart.Panel{Title: metric.Words, X: x, Y: accuracyAxis}
		level := chart.HLine{At: chance, Dash: chart.Dashed}
		if i == plot.Columns-1 { // where the row ends
			level.Label = "chance"
		}
		panel.Layers = append(panel.Layers, level)
		c := courseAt(p, r, protocols.ArmSweep, metric.Name, eachMetric(levels, func(q float64) string { return protocols.Format(q) }))
		mean := chart.Trend{X: at, Y: c.means(), Colour: chart.Blue, Width: 1.3, Size: 3.5}
		for _, line := range c.thin(at, chart.Blue) {
			line := line.(chart.Line)
			line.Colour, line.Width = chart.Blue.Tint(0.3), 0.5
			panel.Layers = append(panel.Layers, line)
		}
		panel.Layers = append(panel.Layers, mean)
		plot.Panels = append(plot.Panels, panel)
		if metric.Name == "standard" {
			for k, q := range levels {
				gist += fmt.Sprintf(" %g %%: %s %%;", 100*q, words.Number(mean.Y[k], 1))
			}
		}
	}
	plot.Caption = "Each subject's trained network, cut to each sparsity without any tuning. Thin lines are subjects, points and thick lines means. " +
		"Mean accuracy on the standard test set by sparsity:" + strings.TrimSuffix(gist, ";") + "."
	return plot, nil
}

// sweepTable has the means behind the sweep's picture.
func sweepTable(p *protocols.Ch01, r *protocols.Result) (*table.Table, error) {
	levels := sweepLevels(r)
	if levels == nil {
		return nil, fmt.Errorf("the run has no sparsity sweep")
	}
	t := &table.Table{
		Title:   "Accuracy (%) after pruning to each sparsity, without tuning",
		Columns: []table.Column{{Head: "sparsity of each layer (%)", Align: table.Right}},
		Caption: subjectsNote(r) + " The chapter describes the sweep and prints no result of it.",
	}
	for _, m := range accuracies(p) {
		t.Columns = append(t.Columns, table.Column{Head: m.Words, Align: table.Right})
	}
	for _, q := range levels {
		row := []table.Cell{table.Words(strconv.FormatFloat(100*q, 'g', 6, 64))}
		for _, m := range accuracies(p) {
			row = append(row, summary(r.Values(protocols.ArmSweep, protocols.Format(q), m.Name), 1))
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// sweepLevels are the sparsities of the sweep in ascending order.
func sweepLevels(r *protocols.Result) []float64 {
	var levels []float64
	for _, c := range r.Conditions(protocols.ArmSweep, "standard") {
		if q, err := strconv.ParseFloat(c, 64); err == nil {
			levels = append(levels, q)
		}
	}
	slices.Sort(levels)
	return levels
}

// authorsCounts are what the author's program printed at the book's sizes: for
// each layer its weights, those that pruning kept, those that regrowth gave
// back, and those that stayed pruned.
var authorsCounts = []struct{ total, kept, regrown, pruned float64 }{
	{1024, 52, 486, 486},
	{262144, 13108, 124518, 124518},
	{131072, 6554, 62259, 62259},
	{1024, 52, 486, 486},
}

// weightsTable counts each layer's weights through pruning and regrowth,
// beside the author's counts where the sizes are his.
func weightsTable(p *protocols.Ch01, r *protocols.Result) (*table.Table, error) {
	seed := p.Cohort()[0]
	t := &table.Table{
		Title: "Weights of each layer through pruning and regrowth",
		Columns: []table.Column{
			{Head: "layer"}, {Head: "weights", Align: table.Right},
			{Group: "kept by pruning", Head: "ours", Align: table.Right}, {Group: "kept by pruning", Head: "author’s", Align: table.Right},
			{Group: "regrown", Head: "ours", Align: table.Right}, {Group: "regrown", Head: "author’s", Align: table.Right},
			{Group: "still pruned", Head: "ours", Align: table.Right}, {Group: "still pruned", Head: "author’s", Align: table.Right},
		},
		Caption: fmt.Sprintf("Ours: subject %d. The author’s: as the author’s program printed them.", seed),
	}
	same := p.PruneSparsity == 0.95 && p.RegrowFraction == 0.5 && len(p.Hidden)+1 == len(authorsCounts)
	var sum [7]float64
	for l := range len(p.Hidden) + 1 {
		layer := protocols.LayerName(l)
		counts := [7]float64{
			value(r, p.PrunedArm(), layer, "total_weights", seed),
			value(r, p.PrunedArm(), layer, "kept_weights", seed), math.NaN(),
			value(r, protocols.ArmRecoveredRandom, layer, "regrown_weights", seed), math.NaN(),
			value(r, protocols.ArmRecoveredRandom, layer, "still_pruned_weights", seed), math.NaN(),
		}
		if same && authorsCounts[l].total == counts[0] {
			counts[2], counts[4], counts[6] = authorsCounts[l].kept, authorsCounts[l].regrown, authorsCounts[l].pruned
		}
		row := []table.Cell{table.Words(layer)}
		for i, c := range counts {
			row = append(row, table.Number(c, 0))
			sum[i] += c
		}
		t.Rows = append(t.Rows, row)
	}
	row := []table.Cell{table.Words("all")}
	for _, c := range sum {
		row = append(row, table.Number(c, 0))
	}
	t.Rows = append(t.Rows, row)
	return t, nil
}

// accuracies are the metrics of the chapter's table that are accuracies.
func accuracies(p *protocols.Ch01) []protocols.Heading {
	return p.Tables()[0].Metrics[:2+len(p.InputSigmas)]
}

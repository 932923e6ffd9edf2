package figures

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/stats"
)

// A dotRow is what an arm shows in a panel of dots.
type dotRow struct {
	values    []float64 // a number a subject
	low, high float64   // an interval of the mean; NaN where there is none
	book      *protocols.Published
}

// meanInterval is the 95 % interval of a mean, as wideNote says; the values
// have a stream by that name.
func meanInterval(values []float64, stream string) (low, high float64) {
	return stats.NewSample(values, stream).Interval(0.95)
}

const wideNote = "95 %, the wider of Student’s and the bootstrap-t’s on either side"

// rowOf is an arm's row of a metric, without an interval.
func rowOf(p protocols.Protocol, r *protocols.Result, arm, metric string) dotRow {
	row := dotRow{values: r.Values(arm, "", metric), low: math.NaN(), high: math.NaN()}
	if f, ok := publishedFigure(p, arm, metric); ok {
		row.book = &f
	}
	return row
}

// dotPanel draws arms as rows, from above: every subject, the mean with its
// interval, and what the book prints. What lies behind them comes last.
func dotPanel(title string, x chart.Axis, arms []protocols.Heading, row func(arm string) dotRow, behind ...chart.Layer) chart.Panel {
	panel := chart.Panel{Title: title, X: x, Y: chart.Axis{Min: -float64(len(arms)) + 0.4, Max: 0.6}, Layers: behind}
	// The key shows each kind of mark once, in no arm's colour.
	panel.Key = []chart.Layer{chart.Points{Colour: chart.Grey, Size: 2.8, Label: "one subject"}}
	var book chart.Points
	mark := ""
	for i, arm := range arms {
		level := -float64(i)
		panel.Y.Ticks = append(panel.Y.Ticks, chart.Tick{At: level, Label: rowLabel(arm.Words)})
		k := row(arm.Name)
		colour := ArmColour(arm.Name)
		panel.Layers = append(panel.Layers, chart.Points{
			X: k.values, Y: slices.Repeat([]float64{level}, len(k.values)),
			Colour: colour.Tint(0.5), Size: 2.8, JitterY: 0.22,
		})
		if len(k.values) > 1 {
			mark = cmp.Or(mark, "mean")
			if !math.IsNaN(k.low) {
				panel.Layers = append(panel.Layers, chart.Line{X: []float64{k.low, k.high}, Y: []float64{level, level}, Colour: colour, Width: 1.4})
				mark = "mean, with its 95 % interval"
			}
			panel.Layers = append(panel.Layers, chart.Points{X: []float64{stat.Mean(k.values, nil)}, Y: []float64{level}, Colour: colour, Marker: chart.Stroke, Size: 12})
		}
		if k.book != nil {
			point := bookPoint(*k.book, k.book.Mean, level, chart.Ink)
			point.X, point.Y = append(book.X, point.X...), append(book.Y, point.Y...)
			book = point
		}
	}
	if mark != "" {
		panel.Key = append(panel.Key, chart.Points{Colour: chart.Grey, Marker: chart.Stroke, Size: 12, Label: mark})
	}
	if book.X != nil {
		panel.Layers = append(panel.Layers, book)
	}
	return panel
}

// bookPoint marks a published figure.
func bookPoint(f protocols.Published, x, y float64, c chart.Colour) chart.Points {
	point := chart.Points{X: []float64{x}, Y: []float64{y}, Colour: c, Marker: chart.Diamond, Hollow: true, Size: 4.5, Label: "published"}
	if f.N == 1 {
		point.Label = "published (one subject)"
	}
	return point
}

// accuracyDots are panels of accuracies in percent, one a metric.
func accuracyDots(p protocols.Protocol, r *protocols.Result, arms, metrics []protocols.Heading) (panels []chart.Panel) {
	for _, m := range metrics {
		guessing := chart.VLine{At: chance, Dash: chart.Dashed}
		if panels == nil {
			guessing.Label = "chance"
		}
		panels = append(panels, dotPanel(m.Words, accuracyAxis, arms, func(arm string) dotRow { return rowOf(p, r, arm, m.Name) }, guessing))
	}
	return panels
}

// accuracyAxis is the axis of accuracies.
var accuracyAxis = chart.Axis{Label: "accuracy (%)", Min: 0, Max: 105, Ticks: percentTicks}

// dotAspect is the aspect of panels of dots side by side on a page of the given
// width, with which a row has room for its words.
func dotAspect(arms []protocols.Heading, panels int, width float64) float64 {
	const (
		line   = 0.32 // of words, in cm
		letter = 0.135
		gap    = 0.6 // between panels
	)
	lines, letters := 1, 0
	for _, a := range arms {
		rows := strings.Split(rowLabel(a.Words), "\n")
		lines = max(lines, len(rows))
		for _, r := range rows {
			letters = max(letters, len(r))
		}
	}
	row := float64(lines)*line + 0.12
	wide := (width-letter*float64(letters))/float64(panels) - gap
	return row * float64(len(arms)) / max(wide, 1)
}

// rowLabel breaks the words of a row into lines: those of the book's arms in
// two, the treatments of a user where an option ends.
func rowLabel(words string) string {
	const long = 30
	if len(words) <= long {
		return armLabel(words)
	}
	var lines []string
	line := ""
	for _, part := range strings.SplitAfter(strings.ReplaceAll(words, ",", ",\x00"), " ") {
		for piece := range strings.SplitSeq(part, "\x00") {
			if line != "" && len(line)+len(strings.TrimSpace(piece)) > long {
				lines, line = append(lines, strings.TrimSpace(line)), ""
			}
			line += piece
		}
	}
	return strings.Join(append(lines, strings.TrimSpace(line)), "\n")
}

// meansOf lists an arm's means, for a caption.
func meansOf(r *protocols.Result, arms []protocols.Heading, metric string, decimals int) string {
	gist := ""
	for _, arm := range arms {
		if values := r.Values(arm.Name, "", metric); len(values) > 0 {
			gist += fmt.Sprintf(" %s: %s;", words.Capital(arm.Words), words.Number(stat.Mean(values, nil), decimals))
		}
	}
	return strings.TrimSuffix(gist, ";")
}

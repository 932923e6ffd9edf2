package figures

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
)

// ranked are a curve's estimates with the smallest difference first.
func ranked(c *protocols.Curve) []protocols.Estimate {
	return slices.SortedStableFunc(slices.Values(c.Estimates), func(a, b protocols.Estimate) int {
		return cmp.Compare(a.Difference.Mean, b.Difference.Mean)
	})
}

// robustPlot is the specification curve of the claim that a run asks for: above,
// the differences in order; below, what was chosen.
func robustPlot(p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	c, err := r.Curve(p)
	if err != nil {
		return nil, err
	}
	list := ranked(c)
	x := chart.Axis{Min: 0.3, Max: float64(len(list)) + 0.7, Label: "specification, the smallest difference first"}
	between, measure := headings(p).contrast(c.Claim.Contrast)
	return &chart.Plot{
		Title:   fmt.Sprintf("Claim %s under %d specifications (%s)", c.Claim.ID, len(list), subjects(p)),
		Caption: curveWords(p, c),
		Aspect:  0.5,
		Columns: 1,
		ShareX:  true,
		Panels: []chart.Panel{
			{Title: measure + ": " + between, X: x, Y: chart.Axis{Label: differenceLabel(c.Claim.Contrast)}, Layers: effectLayers(c, list)},
			choicePanel(c, list, x),
		},
	}, nil
}

// differenceLabel is an axis of differences, with their unit.
func differenceLabel(c protocols.Contrast) string {
	if protocols.Points(c.Metric) {
		return "mean difference (points)"
	}
	return "mean difference"
}

// verdictLooks are how verdicts are told apart.
var verdictLooks = []struct {
	verdict protocols.Verdict
	colour  chart.Colour
	hollow  bool
}{
	{protocols.Supported, chart.Blue, false}, {protocols.Equivalent, chart.Orange, false}, {protocols.Opposite, chart.Vermillion, false}, {protocols.Undecided, chart.Grey, true},
}

// effectLayers are the differences with their intervals, the margins, and where
// the run's own is.
func effectLayers(c *protocols.Curve, list []protocols.Estimate) []chart.Layer {
	own := slices.IndexFunc(list, func(e protocols.Estimate) bool { return slices.Equal(e.Specification, c.Estimates[0].Specification) })
	layers := []chart.Layer{chart.HLine{At: 0}, chart.VLine{At: float64(own + 1), Dash: chart.Dotted, Label: "the run’s own"}}
	if m := c.Claim.Margin; m > 0 {
		layers = append(layers, chart.HLine{At: m, Dash: chart.Dotted}, chart.HLine{At: -m, Dash: chart.Dotted})
	}
	for _, look := range verdictLooks {
		points := chart.Points{Colour: look.colour, Hollow: look.hollow, Size: 4.5, Label: string(look.verdict)}
		for i, e := range list {
			d := e.Difference
			if e.Verdict != look.verdict || math.IsNaN(d.Mean) {
				continue
			}
			points.X, points.Y = append(points.X, float64(i+1)), append(points.Y, d.Mean)
			low, high := d.Low, d.High
			if math.IsNaN(low) {
				low, high = d.Mean, d.Mean
			}
			points.Low, points.High = append(points.Low, low), append(points.High, high)
		}
		if points.X != nil {
			layers = append(layers, points)
		}
	}
	return layers
}

// choicePanel is a row for each value of each choice, with a mark for each
// specification that has it; large where it is the run's own.
func choicePanel(c *protocols.Curve, list []protocols.Estimate, x chart.Axis) chart.Panel {
	panel := chart.Panel{Title: "the choices of each specification", X: x}
	level := 0.0
	for k, choice := range c.Choices {
		for v, value := range choice.Values {
			panel.Y.Ticks = append(panel.Y.Ticks, chart.Tick{At: level, Label: choice.Parameter + " " + value})
			points := chart.Points{Colour: chart.Ink, Size: 4}
			if v == 0 {
				points.Colour = chart.Grey
			}
			for i, e := range list {
				if e.Specification[k] == value {
					points.X, points.Y = append(points.X, float64(i+1)), append(points.Y, level)
				}
			}
			panel.Layers = append(panel.Layers, points)
			level--
		}
		level -= 0.6
	}
	panel.Y.Min, panel.Y.Max = level+1, 0.8
	return panel
}

// curveWords say what a curve comes to.
func curveWords(p protocols.Protocol, c *protocols.Curve) string {
	text := fmt.Sprintf("%s: %s of %d specifications, each held against its margin (%v) alone, with a 95 %% interval. ",
		strings.TrimLeft(c.Claim.Words, ". "), c.Tally(), len(c.Estimates), c.Claim.Margin)
	if w := c.Weakest(); w != nil {
		text += fmt.Sprintf("It is supported least often with %s = %s: in %d of %d, where the two sides come to %s and %s. ",
			w.Parameter, w.Value, w.Supported, w.Of, words.Number(w.Arm, 1), words.Number(w.Against, 1))
	}
	text += fmt.Sprintf("The median difference is %s", words.Number(c.Median, 2))
	if !math.IsNaN(c.PMedian) {
		text += fmt.Sprintf("; were there none in any, a median as far from 0 would come up with p %s, and as many specifications beyond 0 on one side with p %s "+
			"(signs flipped by subject, in all specifications at once; Simonsohn, Simmons and Nelson 2020)", pWords(c.PMedian), pWords(c.PShare))
	}
	return text + ". Grey marks below are the run's own choices, black ones others; all that change one choice are there, and more are drawn. " +
		"The same subjects go through all; what specifications share is computed once."
}

func pWords(p float64) string {
	if p < 0.001 {
		return "below 0.001"
	}
	return "= " + words.Number(p, 3)
}

// robustTable is the curve in numbers.
func robustTable(p protocols.Protocol, r *protocols.Result) (*table.Table, error) {
	c, err := r.Curve(p)
	if err != nil {
		return nil, err
	}
	t := &table.Table{Title: fmt.Sprintf("Claim %s under %d specifications", c.Claim.ID, len(c.Estimates)), Caption: subjectsNote(r) + " " + curveWords(p, c)}
	for _, choice := range c.Choices {
		t.Columns = append(t.Columns, table.Column{Head: choice.Parameter})
	}
	t.Columns = append(append(t.Columns, differenceColumns...), table.Column{Head: "verdict"})
	for _, e := range ranked(c) {
		var row []table.Cell
		for k, value := range e.Specification {
			cell := table.Words(value)
			if value != c.Choices[k].Values[0] {
				cell = cell.Bold()
			}
			row = append(row, cell)
		}
		t.Rows = append(t.Rows, append(append(row, differenceCells(e.Difference)...), table.Words(string(e.Verdict))))
	}
	return t, nil
}

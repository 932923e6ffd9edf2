package figures

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/protocols"
)

// An armGrid is what a grid of the user's arms varies.
type armGrid struct {
	text string
	arms protocols.Arms
	axes []gridAxis // one to three: down, across, and before them what has rows of panels
}

// gridAxis is an option that varies, with its values in order.
type gridAxis struct {
	name   string // "ketamine gain"
	values []float64
}

// words name the option of an axis, with the step that it belongs to where the
// grid varies options of several.
func (g armGrid) words(a gridAxis) string {
	step, option, _ := strings.Cut(a.name, " ")
	for _, b := range g.axes {
		if other, _, _ := strings.Cut(b.name, " "); other != step {
			return fmt.Sprintf("%s (%s)", option, strings.ReplaceAll(step, "_", " "))
		}
	}
	return option
}

func (a gridAxis) labels() []string { return eachMetric(a.values, plain) }

// gridPlot shows the grids of the user's arms as maps, a panel a test and a row
// of panels a grid, or more where a third option varies.
func gridPlot(c *protocols.Clinic, p protocols.Protocol, r *protocols.Result) (*chart.Plot, error) {
	const most = 5 // rows of panels on a page
	grids, err := gridsOf(c)
	if err != nil {
		return nil, err
	}
	tests := threeTests(c)
	plot := &chart.Plot{Title: fmt.Sprintf("A grid of your arms: mean accuracy in three tests (%s)", subjects(p)), Columns: len(tests)}
	gist, left := "", 0
	for _, g := range grids {
		for _, facet := range g.facets() {
			if len(plot.Panels) == most*len(tests) {
				left++
				continue
			}
			for _, test := range tests {
				plot.Panels = append(plot.Panels, g.panel(r, test, facet))
			}
		}
		gist += fmt.Sprintf(" Best in %s:", g.text)
		for _, test := range tests {
			arm, value := g.best(r, test.Name)
			if arm == "" {
				return nil, fmt.Errorf("the run has no accuracies of the grid under %s", test.Words)
			}
			gist += fmt.Sprintf(" %s under %s (%s %%; the book’s ketamine-like arm: %s %%);", arm, test.Words, decimal(value),
				decimal(stat.Mean(r.Values(protocols.ArmKetamine, "", test.Name), nil)))
		}
		gist = strings.TrimSuffix(gist, ";") + "."
	}
	// Maps of one grid have the same sides, and each side its words once.
	plot.ShareX, plot.ShareY = len(grids) == 1, len(grids) == 1
	plot.Aspect = gridAspect(grids, len(tests))
	plot.Caption = "Means over the subjects; the colours of a grid’s test run from its lowest mean to its highest. The best of several arms is the luckiest too, so that its mean is a little high." + gist
	if left > 0 {
		plot.Caption += fmt.Sprintf(" %d further rows of panels are in the table of the controls alone.", left)
	}
	return plot, nil
}

// gridAspect is the aspect of maps with which their rows, and the words beside
// them, have room.
func gridAspect(grids []armGrid, columns int) float64 {
	const row, letter, margin = 0.55, 0.15, 1.4 // in cm
	high := 0.0
	for _, g := range grids {
		down, _ := g.sides()
		high = max(high, row*float64(len(down.values)), letter*float64(len(g.words(down))))
	}
	return high / (chart.DoubleColumn/float64(columns) - margin)
}

// gridsOf are the grids of the user's arms. What a map cannot show is bad input.
func gridsOf(c *protocols.Clinic) ([]armGrid, error) {
	var list []armGrid
	for _, a := range c.Arms {
		i := slices.IndexFunc(list, func(g armGrid) bool { return g.text == a.Grid })
		switch {
		case a.Grid == "":
			continue
		case i < 0:
			list, i = append(list, armGrid{text: a.Grid}), len(list)
		}
		list[i].arms = append(list[i].arms, a)
	}
	if list == nil {
		return nil, protocols.BadInput{Sentence: `the run has no grid of arms; values with bars between them make one, as in Arms="ketamine(gain=1|1.25|1.5, fraction=0.25|0.5)"`}
	}
	for i := range list {
		g := &list[i]
		names, values := c.Arms.Axes(g.text)
		cells := 1
		for _, name := range names {
			g.axes = append(g.axes, gridAxis{name, values[name]})
			cells *= len(values[name])
		}
		if len(g.axes) > 3 || cells != len(g.arms) {
			return nil, protocols.BadInput{Sentence: fmt.Sprintf(`Arms: a map shows up to three options, each of another step or name, and "%s" varies more; its arms are in the table "controls"`, g.text)}
		}
		// The longest axis goes across, where there is most room; the shortest of
		// three has rows of panels.
		slices.SortStableFunc(g.axes, func(a, b gridAxis) int { return len(a.values) - len(b.values) })
	}
	return list, nil
}

// facets are the settings that each have a row of panels: of the third option,
// or one of nothing.
func (g armGrid) facets() []map[string]float64 {
	if len(g.axes) < 3 {
		return []map[string]float64{nil}
	}
	var list []map[string]float64
	for _, v := range g.axes[0].values {
		list = append(list, map[string]float64{g.axes[0].name: v})
	}
	return list
}

// sides are the options down and across; a grid of one option has one row.
func (g armGrid) sides() (down, across gridAxis) {
	if len(g.axes) == 1 {
		return gridAxis{values: []float64{math.NaN()}}, g.axes[0]
	}
	return g.axes[len(g.axes)-2], g.axes[len(g.axes)-1]
}

// panel is the map of a test.
func (g armGrid) panel(r *protocols.Result, test protocols.Heading, facet map[string]float64) chart.Panel {
	down, across := g.sides()
	m := chart.HeatMap{Rows: down.labels(), Columns: across.labels(), Decimals: 1, Label: "mean accuracy (%), low to high"}
	m.Min, m.Max = g.ends(r, test.Name)
	for _, y := range down.values {
		var row []float64
		for _, x := range across.values {
			row = append(row, g.mean(r, test.Name, facet, map[string]float64{down.name: y, across.name: x}))
		}
		m.Values = append(m.Values, row)
	}
	panel := chart.Panel{Title: test.Words, X: chart.Axis{Label: g.words(across)}, Layers: []chart.Layer{m}}
	if down.name == "" {
		m.Rows[0] = "mean" // nothing varies down
	} else {
		panel.Y.Label = g.words(down)
	}
	if facet != nil {
		panel.Title += fmt.Sprintf(";\n%s %s", g.words(g.axes[0]), plain(facet[g.axes[0].name]))
	}
	return panel
}

// mean is that of the arm with these settings; NaN where it has no values.
func (g armGrid) mean(r *protocols.Result, metric string, settings ...map[string]float64) float64 {
	for _, a := range g.arms {
		set, fits := a.Settings(), true
		for _, s := range settings {
			for name, v := range s {
				fits = fits && (name == "" || set[name] == v)
			}
		}
		if fits {
			return stat.Mean(r.Values(a.Name, "", metric), nil)
		}
	}
	return math.NaN()
}

// ends are the lowest and the highest mean of a test.
func (g armGrid) ends(r *protocols.Result, metric string) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, a := range g.arms {
		if v := stat.Mean(r.Values(a.Name, "", metric), nil); !math.IsNaN(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	return low, high
}

// best is the arm with the highest mean of a test, "" where there is none.
func (g armGrid) best(r *protocols.Result, metric string) (arm string, value float64) {
	value = math.Inf(-1)
	for _, a := range g.arms {
		if v := stat.Mean(r.Values(a.Name, "", metric), nil); v > value {
			arm, value = a.Name, v
		}
	}
	return arm, value
}

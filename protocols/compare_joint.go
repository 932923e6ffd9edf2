package protocols

import (
	"cmp"
	"fmt"

	"github.com/network-fragility/fragility/protocols/stats"
)

// together gives the figures of each arm the p value of all its means at once:
// of those that vary over subjects and have the same number behind them. Many
// metrics of one arm share the luck of its subjects, so that one unusual cohort
// misses in all of them; this counts it once. Rounding is not allowed for.
func together(r *Result, list []Comparison) {
	type group struct {
		arm string
		n   int
	}
	groups := map[group][]int{}
	var order []group
	for i, c := range list {
		if c.Statistic != Mean || c.Bound != Exactly || c.N < 2 || c.Test != WelchTest && c.Test != Prediction {
			continue
		}
		g := group{c.Arm, c.N}
		if groups[g] == nil {
			order = append(order, g)
		}
		groups[g] = append(groups[g], i)
	}
	for _, g := range order {
		var means []float64
		var ours []map[string]float64
		seen := map[[2]string]bool{}
		for _, i := range groups[g] {
			c := list[i]
			if k := [2]string{c.Measure, c.Condition}; !seen[k] {
				seen[k] = true
				means, ours = append(means, c.Published.Mean), append(ours, r.of(c.Arm, c.Condition, c.Measure))
			}
		}
		p := stats.Joint(complete(ours, r), means, g.n, fmt.Sprint(cmp.Or(g.arm, "all"), r.Chapter))
		for _, i := range groups[g] {
			list[i].JointP = p
		}
	}
}

// of is a measure of an arm by subject.
func (r *Result) of(arm, condition, metric string) map[string]float64 {
	values := map[string]float64{}
	for _, row := range r.Rows {
		if row.Arm == arm && row.Condition == condition && row.Metric == metric && row.Seed != "all" {
			values[row.Seed] = row.Value
		}
	}
	return values
}

// complete are the subjects that have all metrics, a row each, in the order of the
// result.
func complete(metrics []map[string]float64, r *Result) [][]float64 {
	var rows [][]float64
	seen := map[string]bool{}
	for _, row := range r.Rows {
		if seen[row.Seed] {
			continue
		}
		seen[row.Seed] = true
		var values []float64
		for _, m := range metrics {
			if v, ok := m[row.Seed]; ok {
				values = append(values, v)
			}
		}
		if len(values) == len(metrics) {
			rows = append(rows, values)
		}
	}
	return rows
}

package figures

import (
	"fmt"
	"math"
	"strconv"

	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
)

// value is one row's value; NaN where there is none.
func value(r *protocols.Result, arm, condition, metric string, seed int) float64 {
	for _, row := range r.Rows {
		if row.Arm == arm && row.Condition == condition && row.Metric == metric && row.Seed == strconv.Itoa(seed) {
			return row.Value
		}
	}
	return math.NaN()
}

// probeOf finds the probe behind a series in the protocol's tree: it knows
// what the numbers stand for.
func probeOf[T protocols.Probe](p protocols.Protocol, seed int, arm, label string) (probe T, ok bool) {
	p.Plant(seed).Walk(func(n *protocols.Node) {
		for _, r := range n.Readings {
			if q, is := r.Probe.(T); is && r.Arm == arm && r.Label == label {
				probe, ok = q, true
			}
		}
	})
	return probe, ok
}

// significant prints v with so many significant digits, zeros at the end among
// them.
func significant(v float64, digits int) string {
	if v == 0 {
		return "0"
	}
	return words.Number(v, max(0, digits-1-int(math.Floor(math.Log10(math.Abs(v))))))
}

// subjects says how many there are: "10 subjects", "subject 42".
func subjects(p protocols.Protocol) string {
	if c := p.Cohort(); len(c) == 1 {
		return fmt.Sprintf("subject %d", c[0])
	}
	return fmt.Sprintf("%d subjects", len(p.Cohort()))
}

// armLabel breaks an arm's words in two lines where they are long.
func armLabel(words string) string {
	const long = 14
	if len(words) <= long {
		return words
	}
	best := -1
	for i, c := range words {
		if c == ' ' && (best < 0 || abs(2*i-len(words)) < abs(2*best-len(words))) {
			best = i
		}
	}
	if best < 0 {
		return words
	}
	return words[:best] + "\n" + words[best+1:]
}

func abs(n int) int { return max(n, -n) }

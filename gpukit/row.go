package gpukit

import (
	"cmp"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"github.com/network-fragility/fragility/protocols/stats"
)

// row is a line of the table, in the columns of run.sh.
func row(name, result string, seconds, cpu float64, remark string) string {
	faster := "-"
	if result == "pass" || result == "FAIL" {
		faster = fmt.Sprintf("%.2f", cpu/seconds)
	}
	return fmt.Sprintf("%-12s %-6s %8.1f %8.1f %8s  %s\n", name, result, seconds, cpu, faster, remark)
}

// hold compares what a check came to with its reference. The remark names the
// series that is farthest off, as a share of what is allowed.
func (c check) hold(got, want []Series) (result, remark string) {
	if len(got) != len(want) || len(got) == 0 {
		return "FAIL", fmt.Sprintf("%d series of numbers, and %d in the reference", len(got), len(want))
	}
	worst := -1.0
	for i, s := range got {
		if s.Name != want[i].Name || len(s.Values) != len(want[i].Values) {
			return "FAIL", fmt.Sprintf("%d numbers of %s, and %d of %s in the reference", len(s.Values), s.Name, len(want[i].Values), want[i].Name)
		}
		off, allowed := c.judge(s.Values, want[i].Values)
		share := off / allowed
		if math.IsNaN(share) {
			share = math.Inf(1)
		}
		if share > worst {
			worst, remark = share, fmt.Sprintf("off by %.2g where %.2g is allowed, in %s", off, allowed, s.Name)
		}
	}
	if worst > 1 {
		return "FAIL", remark
	}
	return "pass", remark
}

// tolerance is how far two devices may lie apart after some steps, as a share.
// Another order of sums makes 3e-7 of it in the networks of the book.
const tolerance = 1e-4

// distance is that of two vectors, as a share of the second's length.
func distance(got, want []float64) (off, allowed float64) {
	return floats.Distance(got, want, 2) / cmp.Or(floats.Norm(want, 2), 1), tolerance
}

// paired compares measures of the same subjects, in percent. After epochs of
// training a subject may lie anywhere where a network is chaotic (pruned and not
// tuned), but not the mean of many: so many points are allowed, and six standard
// errors of the mean difference.
func paired(points float64) func(got, want []float64) (off, allowed float64) {
	return func(got, want []float64) (off, allowed float64) {
		s := stats.Summarise(floats.SubTo(make([]float64, len(got)), got, want))
		allowed = points
		if s.N > 1 {
			allowed += 6 * s.SD / math.Sqrt(float64(s.N))
		}
		return math.Abs(s.Mean), allowed
	}
}

package gpukit

import (
	"fmt"
	"math"
	"strings"

	"github.com/network-fragility/fragility/protocols/stats"
)

// row is a line of the table.
type row struct {
	passed  bool
	name    string
	verdict string
	seconds float64
	cpu     float64 // seconds, too
	remark  string
}

// String is the line; run.sh has the same columns.
func (r row) String() string {
	return fmt.Sprintf("%-12s %-6s %8.1f %8.1f %8.2f  %s", r.name, r.verdict, r.seconds, r.cpu, r.cpu/r.seconds, r.remark)
}

// hold compares what a check came to with its reference. The row names the series
// that lies farthest off, by what is allowed.
func (c check) hold(r Reference, got []Series, seconds float64, fault error) row {
	out := row{name: c.name, seconds: seconds, cpu: r.Seconds, verdict: "FAIL"}
	switch {
	case fault != nil:
		sentence, _, _ := strings.Cut(fault.Error(), "\n")
		out.verdict, out.remark = "FAULT", sentence
		return out
	case len(got) != len(r.Series) || len(got) == 0:
		out.remark = fmt.Sprintf("%d series of numbers, and %d in the reference", len(got), len(r.Series))
		return out
	}
	out.passed = true
	worst := -1.0
	for i, s := range got {
		want := r.Series[i]
		if s.Name != want.Name || len(s.Values) != len(want.Values) {
			return row{name: c.name, seconds: seconds, cpu: r.Seconds, verdict: "FAIL", remark: fmt.Sprintf("%q is not %q", s.Name, want.Name)}
		}
		off, allowed := c.judge(s.Values, want.Values)
		if !(off <= allowed) { // not a number is off, too
			out.passed = false
		}
		if share := off / allowed; share > worst || math.IsNaN(share) && !math.IsNaN(worst) {
			worst = share
			out.remark = fmt.Sprintf("off by %.2g where %.2g is allowed, in %s", off, allowed, s.Name)
		}
	}
	if out.passed {
		out.verdict = "pass"
	}
	return out
}

// tolerance is the distance of two devices after some steps, as a share: the order
// of sums and the functions of another library are a hundredth of it.
const tolerance = 1e-3

// distance is that of two vectors, as a share of the second.
func distance(got, want []float64) (off, allowed float64) {
	var d, all float64
	for i, v := range want {
		d += (got[i] - v) * (got[i] - v)
		all += v * v
	}
	if all == 0 {
		all = 1
	}
	return math.Sqrt(d / all), tolerance
}

// paired compares measures of the same subjects, in percent. After epochs of
// training a subject may lie anywhere where a network is chaotic (pruned and not
// tuned), but not the mean of many: so many points are allowed, and six standard
// errors of the differences.
func paired(points float64) func(got, want []float64) (off, allowed float64) {
	return func(got, want []float64) (off, allowed float64) {
		var differences []float64
		for i, v := range want {
			differences = append(differences, got[i]-v)
		}
		s := stats.Summarise(differences)
		allowed = points
		if s.N > 1 {
			allowed += 6 * s.SD / math.Sqrt(float64(s.N))
		}
		return math.Abs(s.Mean), allowed
	}
}

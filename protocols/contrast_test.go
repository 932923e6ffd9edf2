package protocols

import (
	"math"
	"testing"
)

// Differences are taken within subjects, whatever the order of the rows, and a
// subject that lacks an arm is left out.
func TestPaired(t *testing.T) {
	r := &Result{Rows: []Row{
		{1, "a", "", "m", "0", 5}, {1, "a", "", "m", "1", 9}, {1, "a", "", "m", "2", 1}, {1, "a", "", "m", "3", 100},
		{1, "b", "", "m", "2", 0}, {1, "b", "", "m", "0", 3}, {1, "b", "", "m", "1", 6}, {1, "b", "x", "m", "3", 1},
	}}
	p := r.Paired(Contrast{"", "a", "b", "m"})
	// Differences 2, 3, 1: mean 2, SD 1, t(.975; 2) = 4.302653, half width 2.484138.
	if p.N != 3 || p.Mean != 2 || p.SD != 1 || math.Abs(p.High-4.484138) > 1e-5 || math.Abs(p.Low+0.484138) > 1e-5 {
		t.Errorf("%+v", p)
	}
	if p := r.Paired(Contrast{"", "a", "none", "m"}); p.N != 0 || !math.IsNaN(p.Mean) {
		t.Errorf("no pair: %+v", p)
	}
}

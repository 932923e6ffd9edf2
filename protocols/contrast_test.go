package protocols

import (
	"math"
	"testing"
)

// near reports whether two numbers agree, NaN with NaN.
func near(a, b, within float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= within
}

// pairs makes a result with the differences d between arms a and b.
func pairs(d ...float64) *Result {
	r := &Result{Chapter: 1}
	for i, v := range d {
		r.Rows = append(r.Rows, Row{1, "a", "", "m", seedText(i), 50 + v}, Row{1, "b", "", "m", seedText(i), 50})
	}
	return r
}

var ab = Contrast{Arm: "a", Against: "b", Metric: "m"}

// Differences are taken within subjects, whatever the order of the rows; a
// subject that lacks an arm is left out, and so are figures of the cohort.
func TestPaired(t *testing.T) {
	r := &Result{Rows: []Row{
		{1, "a", "", "m", "0", 5}, {1, "a", "", "m", "1", 9}, {1, "a", "", "m", "2", 1}, {1, "a", "", "m", "3", 100}, {1, "a", "", "m", "all", 100},
		{1, "b", "", "m", "2", 0}, {1, "b", "", "m", "0", 3}, {1, "b", "", "m", "1", 6}, {1, "b", "x", "m", "3", 1}, {1, "b", "", "m", "all", 1},
		{1, "a", "", "later", "0", 1}, {1, "a", "", "later", "2", 2},
	}}
	// Differences 2, 3, 1: mean 2, SD 1. Of the eight ways to choose their signs one
	// gives a sum as high, one as low. Student's interval is 2 +- 4.3027/sqrt(3).
	p := r.Paired(ab)
	if p.N != 3 || p.Mean != 2 || p.SD != 1 || p.Effect != 2 || p.P != 0.25 || p.Holm != p.P || p.Level != 0.95 {
		t.Errorf("%+v", p)
	}
	if !near(p.Low, -0.484138, 1e-6) || !near(p.High, 4.484138, 1e-6) {
		t.Errorf("interval %v to %v of 2, 3, 1", p.Low, p.High)
	}
	// The middle half of three is all of them; of nine pairs 5, 9, 1 over 3, 6, 0 six
	// are above.
	if p.Middle != 2 || !near(p.Improvement, 6.0/9, 1e-12) {
		t.Errorf("middle %v, improvement %v", p.Middle, p.Improvement)
	}
	if p := r.Paired(Contrast{Arm: "a", Against: "none", Metric: "m"}); p.N != 0 || !math.IsNaN(p.Mean) || !math.IsNaN(p.P) {
		t.Errorf("no pair: %+v", p)
	}
	// Two metrics of one arm: 1 - 5 and 2 - 1.
	if p := r.Paired(Contrast{Arm: "a", Against: "a", Metric: "later", AgainstMetric: "m"}); p.N != 2 || p.Mean != -1.5 {
		t.Errorf("later less before: %+v", p)
	}
}

// What can be said of few subjects, and of equal differences.
func TestPairedOfLittle(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name                            string
		d                               []float64
		mean, sd, effect, low, high, pv float64
	}{
		{"one", []float64{4}, 4, nan, nan, nan, nan, nan},
		{"two", []float64{1, 3}, 2, math.Sqrt2, math.Sqrt2, -10.706205, 14.706205, 0.5}, // 2 +- 12.706205
		{"no difference", []float64{0, 0, 0, 0}, 0, 0, nan, 0, 0, 1},
		{"the same difference", []float64{2, 2, 2, 2}, 2, 0, nan, 2, 2, 0.125},
	} {
		p := pairs(c.d...).Paired(ab)
		if !near(p.Mean, c.mean, 0) || !near(p.SD, c.sd, 1e-12) || !near(p.Effect, c.effect, 1e-12) ||
			!near(p.Low, c.low, 1e-6) || !near(p.High, c.high, 1e-6) || !near(p.P, c.pv, 1e-7) {
			t.Errorf("%s: %+v", c.name, p)
		}
	}
	// Equal but for the last bits of a subtraction.
	if p := pairs(0.1, 0.1, 0.1).Paired(Contrast{Arm: "a", Against: "b", Metric: "m"}); p.SD != 0 || p.P != 0.25 {
		t.Errorf("equal differences: %+v", p)
	}
}

// Contrasts that are asked together have adjusted p values and the intervals that
// belong to them.
func TestPairedAll(t *testing.T) {
	r := pairs(1, 2, 4, 3)
	list := r.PairedAll([]Contrast{ab, {Arm: "b", Against: "a", Metric: "m"}, {Arm: "a", Against: "none", Metric: "m"}})
	if len(list) != 3 || list[0].Holm != 2*list[0].P || list[1].Holm != 2*list[1].P || !math.IsNaN(list[2].Holm) {
		t.Errorf("two tests and none: %+v", list)
	}
	if alone := r.Paired(ab); list[0].Level != 0.975 || list[0].Low >= alone.Low || list[0].High <= alone.High {
		t.Errorf("the interval of one of two %+v, alone %+v", list[0], alone)
	}
}

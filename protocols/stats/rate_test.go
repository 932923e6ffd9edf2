package stats

import (
	"math"
	"testing"
)

// Clopper and Pearson's intervals, as in any table.
func TestRateInterval(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{
		{0, 10, 0, 0.3084971}, // 1 - .025^(1/10)
		{2, 10, 0.0252107, 0.5560955},
		{4, 10, 0.1215523, 0.7376219},
		{10, 10, 0.6915029, 1},
	} {
		low, high := RateInterval(c.k, c.n, 0.95)
		if !near(low, c.low, 1e-6) || !near(high, c.high, 1e-6) {
			t.Errorf("%d of %d: %v to %v, want %v to %v", c.k, c.n, low, high, c.low, c.high)
		}
	}
}

// By hand: with Beta(3/2, 3/2), as 1 of 2 gives, none, one and two of two have
// 5/16, 6/16 and 5/16.
func TestBetaBinomial(t *testing.T) {
	for j, want := range []float64{0.3125, 0.375, 0.3125} {
		if got := betaBinomial(j, 2, 1.5, 1.5); !near(got, want, 1e-12) {
			t.Errorf("%d of 2: %v, want %v", j, got, want)
		}
	}
	for _, m := range []int{1, 10, 300} {
		sum := 0.0
		for j := range m + 1 {
			sum += betaBinomial(j, m, 2.5, 8.5)
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("the probabilities of %d sum to %v", m, sum)
		}
	}
}

// The first by hand: each end has 5/16, so half of 70 % fits outside and half
// of 60 % does not. The others are scipy's (stats.betabinom, 99 %).
func TestPredictCount(t *testing.T) {
	for _, c := range []struct {
		k, n, m     int
		probability float64
		low, high   int
	}{
		{1, 2, 2, 0.3, 1, 1},
		{1, 2, 2, 0.4, 0, 2},
		{0, 10, 10, 0.99, 0, 4},
		{2, 10, 10, 0.99, 0, 8},
		{4, 10, 10, 0.99, 0, 9},
		{10, 10, 10, 0.99, 6, 10},
		{11, 30, 10, 0.99, 0, 8},
	} {
		low, high := PredictCount(c.k, c.n, c.m, c.probability)
		if low != c.low || high != c.high {
			t.Errorf("%d of %d, %d more, %v: %d to %d, want %d to %d", c.k, c.n, c.m, c.probability, low, high, c.low, c.high)
		}
	}
}

// 0, 4 and 10 of 10 where 2 of 10 have it: twice the tails of SciPy's betabinom.
func TestCountP(t *testing.T) {
	for j, want := range map[int]float64{0: 0.31853969280536354, 4: 0.4557430560772231, 10: 0.0003070831298819243} {
		if got := CountP(j, 10, 2, 10); !near(got, want, 1e-9) {
			t.Errorf("%d of 10: %v, want %v", j, got, want)
		}
	}
}

package stats

import (
	"math"
	"testing"
)

// scipy.stats.permutation_test (permutation_type="samples", all permutations) of
// the sum of the differences from a value.
func TestSignFlipIsSciPys(t *testing.T) {
	for value, want := range map[float64]float64{0: 0.025390625, 1: 0.2548828125, -0.5: 0.0029296875} {
		check(t, "above", SignFlip(ten, value, ""), want, 1e-12)
	}
	check(t, "two-sided", SignFlips(ten, ""), 0.05078125, 1e-12)
	check(t, "ten equal ones", SignFlips([]float64{2, 2, 2, 2, 2, 2, 2, 2, 2, 2}, ""), math.Pow(2, -9), 0)
	check(t, "zeros", SignFlips(make([]float64, 5), ""), 1, 0)
}

// Beyond 14 the ways are drawn: of sixteen, all 65,536 are what SciPy tries;
// of the hundred, NumPy drew a million.
func TestSignFlipOfMany(t *testing.T) {
	x := append(append([]float64{}, ten...), -1.4, -0.3, -2.2, 0.7, -1.9, -0.8)
	got := SignFlip(x, 0, "a contrast")
	check(t, "sixteen", got, 0.163604736328125, 3*math.Sqrt(0.1636*0.8364/Resamples))
	if got != SignFlip(x, 0, "a contrast") {
		t.Error("the same contrast gives another p value the second time")
	}
	if got == SignFlip(x, 0, "another") {
		t.Error("another stream gives the same p value")
	}
	// More than a word of signs.
	many := make([]float64, 100)
	for i := range many {
		many[i] = float64(i%7) - 2.5
	}
	check(t, "a hundred", SignFlip(many, 0.5, ""), 0.6157, 3*math.Sqrt(0.6157*0.3843/Resamples))
}

// A million resamples in NumPy give 0.31 to 4.88; with ten thousand the bounds
// scatter with an SD of about .02 and .06. Below, Student's -0.15 is farther out.
func TestBootstrapT(t *testing.T) {
	s := NewSample(ten, "a stream")
	low, high := s.Interval(0.95)
	check(t, "low", low, -0.1494066371932159, 1e-10)
	check(t, "high", high, 4.8807, 0.25)
	left := make([]float64, len(ten))
	for i, v := range ten {
		left[i] = -v
	}
	low, high = NewSample(left, "a stream").Interval(0.95)
	check(t, "low of the mirror image", low, -4.8807, 0.25)
	check(t, "high of it", high, 0.1494066371932159, 1e-10)
	// The tests are the interval turned about: on its bounds p is the tail, unless
	// the flips say more.
	for _, tail := range []float64{0.3, 0.1, 0.025} {
		low, high := s.Interval(1 - 2*tail)
		check(t, "p above the lower bound", s.Above(low), math.Max(tail, SignFlip(ten, low, "a stream")), 2e-4)
		check(t, "p below the upper bound", s.Below(high), math.Max(tail, SignFlip(left, -high, "a stream")), 2e-4)
	}
}

// Fewer than six have Student's interval, and no verdict at .05; equal ones that
// of the flips.
func TestSampleOfLittle(t *testing.T) {
	s := NewSample([]float64{1, 2, 3}, "")
	low, _ := s.Interval(0.95)
	check(t, "three", low, 2-4.302652729749462/math.Sqrt(3), 1e-9)
	check(t, "p of three", s.Above(0), 0.125, 0)
	equal := NewSample([]float64{0, 0, 0, 0, 0, 0, 0, 0}, "")
	low, high := equal.Interval(0.95)
	check(t, "low of equal ones", low, 0, 0)
	check(t, "high of equal ones", high, 0, 0)
	check(t, "equal ones above -1", equal.Above(-1), math.Pow(2, -8), 0)
	check(t, "one", NewSample([]float64{1}, "").Above(0), math.NaN(), 0)
	// One of ten differs: a third of the resamples have no spread.
	low, high = NewSample([]float64{0, 0, 0, 0, 0, 0, 0, 0, 0, 100}, "").Interval(0.95)
	if math.IsInf(low, 0) || math.IsInf(high, 0) || !(low < 10 && 10 < high) {
		t.Errorf("one of ten: %v to %v", low, high)
	}
}

// Holm's example of four (as in the documentation of statsmodels and R): 0.005
// times 4, 0.01 times 3, 0.03 times 2, and 0.04 no lower than that.
func TestHolm(t *testing.T) {
	p := []float64{0.01, nan, 0.04, 0.03, 0.005}
	adjusted, levels := Holm(p), HolmLevels(p, 0.05)
	for i, want := range []float64{0.03, nan, 0.06, 0.06, 0.02} {
		check(t, "adjusted", adjusted[i], want, 1e-12)
	}
	// .03 is not below .05/2, so .04 is tested at that level too.
	for i, want := range []float64{0.05 / 3, nan, 0.025, 0.025, 0.0125} {
		check(t, "level", levels[i], want, 1e-12)
	}
	for i := range p {
		if (p[i] < levels[i]) != (adjusted[i] < 0.05) {
			t.Errorf("p %v: level %v and adjusted %v disagree", p[i], levels[i], adjusted[i])
		}
	}
	if got := Holm([]float64{0.6, 0.7}); got[0] != 1 || got[1] != 1 {
		t.Errorf("above 1: %v", got)
	}
}

// scipy.stats.trim_mean(x, .25) and mannwhitneyu over the number of pairs.
func TestRobustSummaries(t *testing.T) {
	check(t, "interquartile mean of ten", InterquartileMean(ten), 1.0666666666666667, 1e-12)
	check(t, "of eight", InterquartileMean(eight), 0.925, 1e-12)
	check(t, "of none", InterquartileMean(nil), nan, 0)
	check(t, "improvement", Improvement(ten, eight), 0.50625, 1e-12)
	check(t, "the other way", Improvement(eight, ten), 1-0.50625, 1e-12)
	got := Profile(ten, []float64{-1, 0, 1.1, 8})
	for i, want := range []float64{1, 0.7, 0.4, 0} {
		check(t, "profile", got[i], want, 1e-12)
	}
}

// sqrt(.97 * .03 / 4000), in percent.
func TestBinomialError(t *testing.T) {
	check(t, "of 97 %", BinomialError(97, 4000), 0.26972207918522356, 1e-12)
	check(t, "of 100 %", BinomialError(100, 4000), 0, 0)
}

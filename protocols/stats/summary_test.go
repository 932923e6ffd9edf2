package stats

import (
	"math"
	"testing"
)

// near reports whether two numbers agree, NaN with NaN.
func near(a, b, within float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= within
}

// Two skewed samples. The numbers that SciPy 1.17.1 gives for them stand in the
// tests below, with the name of its function.
var (
	ten   = []float64{0.2, 1.1, -0.4, 3.9, 0.7, 0, 7.5, 1.8, -0.9, 2.6}
	eight = []float64{1.4, 0.3, 2.2, -0.7, 1.9, 0.8, 1.1, 0.4}
)

func check(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !near(got, want, within) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// scipy.stats.ttest_1samp, two-sided and one-sided, and its confidence_interval.
func TestStudent(t *testing.T) {
	s := Summarise(ten)
	low, high := s.Interval(0.95)
	check(t, "p", s.T(), 0.06788635965929285, 1e-10)
	check(t, "low", low, -0.1494066371932159, 1e-10)
	check(t, "high", high, 3.4494066371932157, 1e-10)
	low, high = s.Interval(0.99)
	check(t, "low, 99 %", low, -0.9350439304110054, 1e-10)
	check(t, "high, 99 %", high, 4.235043930411005, 1e-10)
	check(t, "above .5", s.Above(0.5), 0.09107782218163081, 1e-10)
	check(t, "below 4", s.Below(4), 0.008053395882565309, 1e-10)
}

// What can be said of few values, and of equal ones.
func TestStudentOfLittle(t *testing.T) {
	one := Summarise([]float64{4})
	check(t, "p of one", one.T(), math.NaN(), 0)
	low, _ := one.Interval(0.95)
	check(t, "interval of one", low, math.NaN(), 0)
	four := Summarise([]float64{0.1 + 0.2, 0.3, 0.3, 0.3})
	check(t, "SD of four that differ in the last bit", four.SD, 0, 0)
	check(t, "p of four equal ones", four.T(), 0.125, 0)
	check(t, "p of four zeros", Summarise(make([]float64, 4)).T(), 1, 0)
	check(t, "mean of none", Summarise(nil).Mean, math.NaN(), 0)
}

// scipy.stats.ttest_ind with equal_var=False, and ttest_ind_from_stats of the
// SSRI-like biased accuracy of chapter 5: 36.3 +- 7.3 beside 47.6 +- 12.8, SDs
// with division by n, ten subjects each.
func TestWelch(t *testing.T) {
	statistic, degrees, p := Welch(Summarise(ten), Summarise(eight))
	check(t, "t", statistic, 0.8413000277034832, 1e-10)
	check(t, "degrees", degrees, 11.935319592103868, 1e-9)
	check(t, "p", p, 0.41671759099148104, 1e-9)
	statistic, _, p = Welch(Printed(36.3, 7.3, 10), Printed(47.6, 12.8, 10))
	check(t, "t of printed figures", statistic, -2.3005929363723574, 1e-10)
	check(t, "p of printed figures", p, 0.036959664851182523, 1e-9)
	_, _, p = Welch(Printed(1, 0, 10), Printed(1, 0, 10))
	check(t, "no spread at all", p, math.NaN(), 0)
}

// scipy.stats.f with degrees n-1, and with those of a kurtosis of 5;
// scipy.stats.kurtosis with fisher=False.
func TestSpread(t *testing.T) {
	a, b := Summarise(ten), Summarise(eight)
	check(t, "normal values", Spread(a, b, 3), 0.016409998023132363, 1e-9)
	check(t, "heavy tails", Spread(a, b, 5), 0.09114160725083575, 1e-9)
	check(t, "turned about", Spread(b, a, 3), Spread(a, b, 3), 1e-12)
	check(t, "kurtosis", Kurtosis(ten), 3.9173914494548927, 1e-10)
	check(t, "kurtosis of light tails", Kurtosis([]float64{0, 0, 1, 1}), 3, 0)
	check(t, "no spread", Spread(a, Printed(1, 0, 10), 3), math.NaN(), 0)
}

// mean +- t(.995; 9) s sqrt(1/10 + 1/10) from the SD that NumPy gives,
// 2.5153970307333635 with division by n-1.
func TestPredictionReach(t *testing.T) {
	half := 3.249835541592126 * 2.5153970307333635 * math.Sqrt(0.2)
	reach, p := PredictionReach(Summarise(ten), 1.65+half, 10, 0.99)
	check(t, "reach", reach, half, 1e-9)
	check(t, "p of what lies as far", p, 0.01, 1e-9)
	reach, _ = PredictionReach(Summarise(ten[:1]), 0, 10, 0.99)
	check(t, "of one", reach, math.NaN(), 0)
}

func TestSD(t *testing.T) {
	check(t, "of 1 and 3", SD([]float64{1, 3}), math.Sqrt2, 1e-15)
	check(t, "of one", SD([]float64{1}), 0, 0)
	check(t, "of none", SD(nil), math.NaN(), 0)
	check(t, "from the author's", Printed(0, SD(ten)*math.Sqrt(0.9), 10).SD, SD(ten), 1e-12)
}

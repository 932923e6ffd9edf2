package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Summary is what is known of a group of subjects where single values are not:
// the mean, the sample SD (division by n-1) and the number.
type Summary struct {
	Mean, SD float64
	N        int
}

// Summarise is the summary of values. The SD of one is NaN; where all are equal
// it is 0, whatever the last bits of a subtraction say.
func Summarise(x []float64) Summary {
	switch {
	case len(x) == 0:
		return Summary{nan, nan, 0}
	case len(x) == 1:
		return Summary{x[0], nan, 1}
	case AllEqual(x):
		return Summary{x[0], 0, len(x)}
	}
	mean, sd := stat.MeanStdDev(x, nil)
	return Summary{mean, sd, len(x)}
}

// Printed is the summary of a published mean with its population SD.
func Printed(mean, populationSD float64, n int) Summary {
	if n < 2 {
		return Summary{mean, nan, n}
	}
	return Summary{mean, populationSD * math.Sqrt(float64(n)/float64(n-1)), n}
}

// errorOfMean is the standard error of the mean.
func (s Summary) errorOfMean() float64 { return s.SD / math.Sqrt(float64(s.N)) }

// WithFloor is the summary with an SD of at least floor: what chance alone makes
// of values that are shares of a finite test set (see BinomialError).
func (s Summary) WithFloor(floor float64) Summary {
	if s.SD < floor {
		s.SD = floor
	}
	return s
}

// Interval is Student's interval of the mean: mean +- t s / sqrt(n). NaN below
// two values; the value itself where the SD is 0.
func (s Summary) Interval(probability float64) (low, high float64) {
	if s.N < 2 {
		return nan, nan
	}
	half := 0.0
	if s.SD > 0 {
		half = studentsT(float64(s.N-1)).Quantile((1+probability)/2) * s.errorOfMean()
	}
	return s.Mean - half, s.Mean + half
}

// Above is the one-sided p value of the t test of a mean of value or less.
// Where the SD is 0 it is that of the test that flips signs: n equal differences
// are one of 2^n outcomes that are as likely without an effect. A p of 0 would
// have two subjects that both gain one test point prove a gain.
func (s Summary) Above(value float64) float64 {
	switch {
	case s.N < 2:
		return nan
	case s.SD == 0 && s.Mean > value:
		return math.Pow(2, -float64(s.N))
	case s.SD == 0:
		return 1
	}
	return studentsT(float64(s.N - 1)).CDF(-(s.Mean - value) / s.errorOfMean())
}

// Below is the one-sided p value of a mean of value or more.
func (s Summary) Below(value float64) float64 {
	s.Mean = -s.Mean
	return s.Above(-value)
}

// T is the two-sided p value of the t test of a mean of 0 (Student 1908): of
// differences, the paired one.
func (s Summary) T() float64 {
	return min(1, 2*min(s.Above(0), s.Below(0)))
}

// Welch is the t test of two means with an SD each (Welch 1947): t, its degrees
// of freedom (Satterthwaite) and the two-sided p value. All NaN where a group
// has fewer than two subjects or none has a spread.
func Welch(a, b Summary) (t, degrees, p float64) {
	if a.N < 2 || b.N < 2 {
		return nan, nan, nan
	}
	va, vb := a.SD*a.SD/float64(a.N), b.SD*b.SD/float64(b.N)
	if !(va+vb > 0) {
		return nan, nan, nan
	}
	t = (a.Mean - b.Mean) / math.Sqrt(va+vb)
	degrees = (va + vb) * (va + vb) / (va*va/float64(a.N-1) + vb*vb/float64(b.N-1))
	return t, degrees, 2 * studentsT(degrees).CDF(-math.Abs(t))
}

// Spread is the two-sided p value of the ratio of two variances, an F test whose
// degrees of freedom are those that values of the given kurtosis carry
// (Shoemaker 2003, his F1): with 3, that of normal values, they are n-1 and it
// is Fisher's. Of a published group no single values are known, so the kurtosis
// is that of ours. NaN where a group has fewer than two subjects or no spread.
func Spread(a, b Summary, kurtosis float64) float64 {
	if a.N < 2 || b.N < 2 || !(a.SD > 0) || !(b.SD > 0) {
		return nan
	}
	degrees := func(n float64) float64 { return 2 * n / (kurtosis - (n-3)/(n-1)) }
	f := distuv.F{D1: degrees(float64(a.N)), D2: degrees(float64(b.N))}
	below := f.CDF(a.SD * a.SD / (b.SD * b.SD))
	return min(1, 2*min(below, 1-below))
}

// Kurtosis is the fourth central moment of x over the square of its variance
// (both with division by n), and 3 at least: a few values show tails that are
// heavier than the normal ones, and cannot show lighter ones. 3 where x has no
// spread.
func Kurtosis(x []float64) float64 {
	if len(x) == 0 || AllEqual(x) {
		return 3
	}
	mean := stat.Mean(x, nil)
	var squares, fourths float64
	for _, v := range x {
		d := (v - mean) * (v - mean)
		squares += d
		fourths += d * d
	}
	return max(3, float64(len(x))*fourths/(squares*squares))
}

// WelchReach is how far from our mean another may lie before Welch's test tells
// the two apart at the given confidence, and the p value of the one that there
// is. NaN as Welch's.
func WelchReach(ours, theirs Summary, confidence float64) (reach, p float64) {
	_, degrees, p := Welch(ours, theirs)
	if math.IsNaN(degrees) {
		return nan, nan
	}
	return studentsT(degrees).Quantile((1+confidence)/2) * math.Hypot(ours.errorOfMean(), theirs.errorOfMean()), p
}

// PredictionReach is how far from our mean that of m further subjects of the same
// normal population lies at most, with the given confidence: t s sqrt(1/n + 1/m);
// and the two-sided p value of the mean that there is. NaN below two subjects.
func PredictionReach(ours Summary, mean float64, m int, confidence float64) (reach, p float64) {
	if ours.N < 2 || m < 1 {
		return nan, nan
	}
	t := studentsT(float64(ours.N - 1))
	scale := ours.SD * math.Sqrt(1/float64(ours.N)+1/float64(m))
	return t.Quantile((1+confidence)/2) * scale, 2 * t.CDF(-math.Abs(mean-ours.Mean)/scale)
}

// Median of x, which has one value at least and keeps its order.
func Median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}

package stats

import (
	"cmp"
	"math"
	"slices"
)

// InterquartileMean is the mean of the middle half of x: a quarter of the values
// is left out at each end, rounded down, as the trimmed mean of SciPy and of
// Agarwal et al. (2021) does. One bad subject in eight does not move it. NaN
// where there is nothing.
func InterquartileMean(x []float64) float64 {
	if len(x) == 0 {
		return nan
	}
	sorted := slices.Sorted(slices.Values(x))
	cut := len(x) / 4
	sum := 0.0
	for _, v := range sorted[cut : len(x)-cut] {
		sum += v
	}
	return sum / float64(len(x)-2*cut)
}

// Improvement is the probability that a subject of x is above one of y, each
// drawn by itself, equal ones counted half (Agarwal et al. 2021; Mann and
// Whitney's U over the number of pairs). NaN where one is empty.
func Improvement(x, y []float64) float64 {
	if len(x) == 0 || len(y) == 0 {
		return nan
	}
	above := 0.0
	for _, a := range x {
		for _, b := range y {
			switch cmp.Compare(a, b) {
			case 1:
				above++
			case 0:
				above += 0.5
			}
		}
	}
	return above / float64(len(x)*len(y))
}

// Profile is the performance profile of x (Agarwal et al. 2021; Dolan and More
// 2002): the share of the subjects above each of the levels.
func Profile(x, levels []float64) []float64 {
	shares := make([]float64, len(levels))
	for i, level := range levels {
		for _, v := range x {
			if v > level {
				shares[i] += 1 / float64(len(x))
			}
		}
	}
	return shares
}

// BinomialError is the standard error, in percent, of an accuracy that was
// counted on so many test points: sqrt(p (1-p) / points).
func BinomialError(percent float64, points int) float64 {
	p := percent / 100
	return 100 * math.Sqrt(math.Max(0, p*(1-p))/float64(points))
}

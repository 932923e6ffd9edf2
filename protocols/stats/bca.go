package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// BCa is the bias-corrected and accelerated bootstrap interval of the mean of x
// (Efron 1987): percentiles of the means of resamples, moved by how far these
// lie to one side of the mean (z0) and by the skewness of x (a). It is NaN for
// fewer than three values, and the value itself where all are equal.
//
// The resamples come from a stream of the given name, so the interval of the
// same values is always the same.
//
// Like every bootstrap of a few values it is short: of intervals for 95 %, some
// 90 % hold the mean of a normal population at ten values, and some 93 % at
// thirty. So it shows how skewed values scatter, and decides nothing.
func BCa(x []float64, probability float64, stream string) (low, high float64) {
	n := len(x)
	if n < 3 {
		return nan, nan
	}
	if AllEqual(x) {
		return x[0], x[0]
	}
	mean := stat.Mean(x, nil)
	random := generator(stream)
	means := make([]float64, Resamples)
	for i := range means {
		sum := 0.0
		for range n {
			sum += x[index(random, n)]
		}
		means[i] = sum / float64(n)
	}
	slices.Sort(means)

	// Means that equal ours count half to each side; a sum in another order may
	// differ in its last bits.
	hair := 1e-12 * max(math.Abs(floats.Max(x)), math.Abs(floats.Min(x)))
	below, _ := slices.BinarySearch(means, mean-hair)
	upTo, _ := slices.BinarySearch(means, mean+hair)
	z0 := distuv.UnitNormal.Quantile(float64(below+upTo) / 2 / Resamples)

	// The acceleration is a sixth of the skewness of the jackknife's means, each
	// of which leaves one value out.
	var squares, cubes float64
	for _, v := range x {
		d := v - mean
		squares += d * d
		cubes += d * d * d
	}
	a := cubes / (6 * math.Pow(squares, 1.5))

	bound := func(p float64) float64 {
		z := z0 + distuv.UnitNormal.Quantile(p)
		return stat.Quantile(distuv.UnitNormal.CDF(z0+z/(1-a*z)), stat.Empirical, means, nil)
	}
	tail := (1 - probability) / 2
	return bound(tail), bound(1 - tail)
}

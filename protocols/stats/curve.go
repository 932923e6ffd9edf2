package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Curve tests a specification curve (Simonsohn, Simmons and Nelson 2020): d has a
// row for each specification and a column for each subject. The p values,
// two-sided, are those of a median mean as far from 0, and of as many
// specifications with a t test below .05 in one direction, were there no
// difference in any: a subject's sign is turned in all specifications at once,
// since its differences go together. All 2^n ways are tried for up to 14
// subjects, else Resamples from the stream, with the one found. NaN for fewer
// than two subjects, or where specifications have not the same subjects.
func Curve(d [][]float64, stream string) (pMedian, pShare float64) {
	if len(d) == 0 || len(d[0]) < 2 {
		return nan, nan
	}
	n := len(d[0])
	for _, row := range d {
		if len(row) != n {
			return nan, nan
		}
	}
	critical := studentsT(float64(n - 1)).Quantile(0.975)
	medianFound, countFound := extremes(d, make([]uint64, (n+63)/64), critical)
	least := medianFound * (1 - 1e-9) // ways that give the same may differ in their last bits
	reachMedian, reachCount, ways := 0, 0, 1<<min(n, exactFlips)
	random := generator(stream)
	if n > exactFlips {
		reachMedian, reachCount, ways = 1, 1, Resamples+1
	}
	for way := range ways {
		signs := []uint64{uint64(way)}
		if n > exactFlips {
			if way == 0 {
				continue
			}
			signs = signs[:0]
			for range (n + 63) / 64 {
				signs = append(signs, random.Uint64())
			}
		}
		median, count := extremes(d, signs, critical)
		if median >= least {
			reachMedian++
		}
		if count >= countFound {
			reachCount++
		}
	}
	return float64(reachMedian) / float64(ways), float64(reachCount) / float64(ways)
}

// extremes are the size of the median mean, and the larger of the numbers of
// specifications that are beyond the critical t on either side, with the signs of
// some subjects turned.
func extremes(d [][]float64, signs []uint64, critical float64) (median float64, count int) {
	means := make([]float64, len(d))
	above, below := 0, 0
	x := make([]float64, len(d[0]))
	for s, row := range d {
		for i, v := range row {
			if signs[i/64]>>(i%64)&1 == 1 {
				v = -v
			}
			x[i] = v
		}
		mean, sd := stat.MeanStdDev(x, nil)
		means[s] = mean
		switch error := critical * sd / math.Sqrt(float64(len(x))); {
		case mean > error:
			above++
		case -mean > error:
			below++
		}
	}
	slices.Sort(means)
	k := len(means)
	return math.Abs(means[(k-1)/2]+means[k/2]) / 2, max(above, below)
}

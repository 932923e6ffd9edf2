package stats

import (
	"math"
	"strconv"

	"gonum.org/v1/gonum/stat"
)

// Joint is the p value that the means of m further subjects are those of
// subjects like ours in several metrics at once. ours has a row for each subject
// and a column for each metric; means has one for each metric. The statistic is
// the sum of squared t values. What it may be by chance is found by drawing two
// groups of whole subjects from ours, with their returning, so that the metrics
// of a subject stay together: only summaries of the author's subjects are known,
// and no permutation of them. NaN below six subjects, or where a metric does not
// vary.
func Joint(ours [][]float64, means []float64, m int, stream string) float64 {
	n := len(ours)
	if n < fewest || len(means) == 0 || m < 1 {
		return nan
	}
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	found := distance(ours, all, means, m)
	if math.IsNaN(found) {
		return nan
	}
	random := generator(stream + "\x00" + strconv.Itoa(m))
	further, again := make([]int, m), make([]int, n)
	drawn := make([]float64, len(means))
	reach := 1
	for range Resamples {
		for i := range further {
			further[i] = index(random, n)
		}
		for i := range again {
			again[i] = index(random, n)
		}
		for k := range drawn {
			drawn[k] = 0
			for _, i := range further {
				drawn[k] += ours[i][k] / float64(m)
			}
		}
		// A group in which a metric does not vary says that anything may be.
		if d := distance(ours, again, drawn, m); d >= found || math.IsNaN(d) {
			reach++
		}
	}
	return float64(reach) / float64(Resamples+1)
}

// distance is the sum over metrics of the squared t value of the means of m
// further subjects beside those of the given subjects of ours.
func distance(ours [][]float64, group []int, means []float64, m int) float64 {
	sum := 0.0
	x := make([]float64, len(group))
	for k, mean := range means {
		for i, subject := range group {
			x[i] = ours[subject][k]
		}
		centre, variance := stat.MeanVariance(x, nil)
		if variance == 0 {
			return nan
		}
		sum += (mean - centre) * (mean - centre) / (variance * (1/float64(len(group)) + 1/float64(m)))
	}
	return sum
}

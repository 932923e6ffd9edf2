package protocols

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

var nan = math.NaN()

// SD is the standard deviation over subjects, with division by n - 1; 0 for one
// subject. It is the only one here. The author's divides by n.
func SD(x []float64) float64 {
	switch len(x) {
	case 0:
		return nan
	case 1:
		return 0
	}
	return stat.StdDev(x, nil)
}

// PredictionInterval returns the interval that holds, with the given
// probability, the mean of m further subjects of the normal population that x
// was drawn from: mean +- t s sqrt(1/n + 1/m), s the sample SD. It needs two
// values at least; its bounds are NaN otherwise.
func PredictionInterval(x []float64, m int, probability float64) (low, high float64) {
	n := len(x)
	if n < 2 || m < 1 {
		return nan, nan
	}
	mean, sd := stat.MeanStdDev(x, nil)
	t := studentsT(n - 1).Quantile((1 + probability) / 2)
	half := t * sd * math.Sqrt(1/float64(n)+1/float64(m))
	return mean - half, mean + half
}

// studentsT is Student's t distribution.
func studentsT(degrees int) distuv.StudentsT {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(degrees)}
}

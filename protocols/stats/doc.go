// Package stats has the statistics by which results are judged: differences
// between arms of the same subjects, our subjects beside published means and
// SDs, rates, and what to do about asking many questions. All are pure functions
// of numbers; a bootstrap or a permutation draws from a stream that the caller
// names, so the same numbers under the same name always give the same answer.
//
// An estimator that cannot say anything of its values, as an SD of one, returns
// NaN. None panics on data.
package stats

import (
	"hash/fnv"
	"math"
	"math/bits"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

var nan = math.NaN()

// Resamples of a bootstrap, and of a permutation test that is not exact.
const Resamples = 10_000

// studentsT is Student's t distribution.
func studentsT(degrees float64) distuv.StudentsT {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: degrees}
}

// generator is the stream of a name.
func generator(stream string) *rand.PCG {
	h := fnv.New64a()
	h.Write([]byte(stream))
	return rand.NewPCG(h.Sum64(), 0)
}

// index draws one of n. By multiplication, so that it follows from PCG's
// definition alone and not from how a library draws integers.
func index(random *rand.PCG, n int) int {
	k, _ := bits.Mul64(random.Uint64(), uint64(n))
	return int(k)
}

// AllEqual reports whether values differ by no more than the last bits that a
// subtraction leaves.
func AllEqual(x []float64) bool {
	lowest, highest := floats.Min(x), floats.Max(x)
	return highest-lowest <= 1e-12*max(1, math.Abs(lowest), math.Abs(highest))
}

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

package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// correlated draws n subjects with three metrics that share most of their luck.
func correlated(random *rand.Rand, n int) [][]float64 {
	rows := make([][]float64, n)
	for i := range rows {
		luck := random.NormFloat64()
		rows[i] = []float64{luck + 0.3*random.NormFloat64(), 5 + 2*luck + random.NormFloat64(), random.NormFloat64()}
	}
	return rows
}

func meansOf(rows [][]float64) []float64 {
	means := make([]float64, len(rows[0]))
	for _, r := range rows {
		for k, v := range r {
			means[k] += v / float64(len(rows))
		}
	}
	return means
}

// Of ten subjects beside thirty of the same population, one in twenty has a p
// below .05, in spite of the correlation; a shift in one metric is found.
func TestJoint(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	const trials = 120
	below, found := 0, 0
	for range trials {
		ours, theirs := correlated(random, 30), meansOf(correlated(random, 10))
		if Joint(ours, theirs, 10, "a") < 0.05 {
			below++
		}
		theirs[2] += 2
		if Joint(ours, theirs, 10, "a") < 0.05 {
			found++
		}
	}
	if most := 0.05 + 3*math.Sqrt(0.05*0.95/trials); float64(below)/trials > most {
		t.Errorf("%d of %d below .05 by chance", below, trials)
	}
	if found < trials*8/10 {
		t.Errorf("a shift of two SDs is found in %d of %d", found, trials)
	}
}

func TestJointOfLittle(t *testing.T) {
	ours := correlated(rand.New(rand.NewPCG(1, 1)), 6)
	if p := Joint(ours[:5], meansOf(ours), 10, ""); !math.IsNaN(p) {
		t.Errorf("five subjects: %v", p)
	}
	if p := Joint([][]float64{{1}, {1}, {1}, {1}, {1}, {1}}, []float64{2}, 10, ""); !math.IsNaN(p) {
		t.Errorf("no spread: %v", p)
	}
}

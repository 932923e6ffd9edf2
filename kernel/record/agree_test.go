package record

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// drawn is a result of n subjects with measures that are normal around a mean.
func drawn(r *rand.Rand, n, measures int, mean float64) *protocols.Result {
	res := &protocols.Result{Chapter: 1}
	for seed := range n {
		for m := range measures {
			res.Rows = append(res.Rows, protocols.Row{Chapter: 1, Arm: "a", Metric: fmt.Sprint("m", m), Seed: fmt.Sprint(seed), Value: mean + r.NormFloat64()})
		}
	}
	return res
}

// What differs is doubted, what does not is doubted in few of many records, and
// where there are too few subjects to doubt anything the smallest p says so.
func TestDoubts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	there := drawn(r, 60, 20, 50)
	if d, _ := Doubts(drawn(r, 10, 20, 53), there); len(d) < 18 {
		t.Errorf("of 20 measures that are 3 SD off, %d are doubted", len(d))
	}
	wrong := 0
	for range 10 {
		if d, _ := Doubts(drawn(r, 5, 10, 50), drawn(r, 30, 10, 50)); len(d) > 0 {
			wrong++
		}
	}
	if wrong > 1 {
		t.Errorf("%d of 10 sound records are doubted at the level %v", wrong, Level)
	}
	if d, smallest := Doubts(drawn(r, 1, 20, 90), there); len(d) > 0 || smallest < Level {
		t.Errorf("with one subject %v are doubted, and the smallest p is said to be %v", d, smallest)
	}
	if _, smallest := Doubts(drawn(r, 10, 20, 50), there); smallest > Level {
		t.Errorf("with ten subjects the smallest p is said to be %v", smallest)
	}
}

// The p values of SciPy's mannwhitneyu(method="exact") for samples without ties, and
// of all 10 divisions counted by hand for one with.
func TestRankSum(t *testing.T) {
	for _, c := range []struct {
		a, b []float64
		want float64
	}{
		{[]float64{1.1, 2.2, 3.3}, []float64{4.4, 5.5, 6.6, 7.7}, 0.05714286},
		{[]float64{0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46}, []float64{1.15, 0.88, 0.90, 0.74, 1.21}, 0.2544122},
		{[]float64{1, 2}, []float64{2, 2, 3}, 0.6},
	} {
		if got := rankSum(c.a, c.b, t.Name()); math.Abs(got-c.want) > 0.005 {
			t.Errorf("%v against %v: p %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

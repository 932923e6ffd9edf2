package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// scipy.stats.bootstrap (1.17.1, BCa, a million resamples) gives 0.53 to 3.71
// for these values; with ten thousand the bounds scatter with an SD of 0.013
// and 0.045. Percentiles would be 0.35 to 3.27, and without the acceleration
// 0.41 to 3.39.
func TestBCaIsSciPys(t *testing.T) {
	x := []float64{0.2, 1.1, -0.4, 3.9, 0.7, 0, 7.5, 1.8, -0.9, 2.6}
	low, high := BCa(x, 0.95, "a stream")
	if math.Abs(low-0.53) > 0.05 || math.Abs(high-3.71) > 0.15 {
		t.Errorf("%v to %v, want 0.53 to 3.71", low, high)
	}
	// Ties: two of ten.
	low, high = BCa([]float64{0, 0, 0, 100, 0, 0, 100, 0, 0, 0}, 0.95, "a stream")
	if low != 0 || high != 50 {
		t.Errorf("%v to %v, want 0 to 50", low, high)
	}
}

// The same values under the same name give the same bits; another name moves
// the interval a little, which shows that the name is used.
func TestBCaRepeats(t *testing.T) {
	x := []float64{0.21, 1.17, -0.43, 3.91, 0.77, 0.05, 7.53, 1.89}
	low, high := BCa(x, 0.95, "one")
	if l, h := BCa(x, 0.95, "one"); l != low || h != high {
		t.Errorf("%v to %v, then %v to %v", low, high, l, h)
	}
	if l, h := BCa(x, 0.95, "two"); l == low && h == high {
		t.Error("another stream gives the same interval")
	}
	// As first computed: a change of the stream or of the sums would show.
	if wantLow, wantHigh := 0.63, 4.42; !near(low, wantLow, 1e-12) || !near(high, wantHigh, 1e-12) {
		t.Errorf("%v to %v, want %v to %v", low, high, wantLow, wantHigh)
	}
}

func TestBCaOfLittle(t *testing.T) {
	if low, high := BCa([]float64{1, 2}, 0.95, ""); !math.IsNaN(low) || !math.IsNaN(high) {
		t.Errorf("two values: %v to %v", low, high)
	}
	if low, high := BCa([]float64{3, 3, 3}, 0.95, ""); low != 3 || high != 3 {
		t.Errorf("equal values: %v to %v", low, high)
	}
	if low, high := BCa([]float64{3, 3, 4}, 0.95, ""); low != 3 || !(high > low && high <= 4) {
		t.Errorf("three values: %v to %v", low, high)
	}
}

// On skewed samples the interval holds the mean about as often, and misses it
// on the sides, as an independent simulation in NumPy found: of 8,000 samples
// of 20 exponential values 91.8 % held it, 2.7 % lay above and 5.6 % below.
func TestBCaCovers(t *testing.T) {
	const samples = 500
	random := rand.New(rand.NewPCG(1, 2))
	held, above := 0, 0
	for range samples {
		x := make([]float64, 20)
		for i := range x {
			x[i] = random.ExpFloat64()
		}
		low, high := BCa(x, 0.95, "coverage")
		switch {
		case low > 1:
			above++
		case high >= 1:
			held++
		}
	}
	// Three standard errors are 3.7 and 2.2 points.
	if h := 100 * float64(held) / samples; math.Abs(h-91.8) > 3.7 {
		t.Errorf("%v %% of the intervals hold the mean, want 91.8", h)
	}
	if a := 100 * float64(above) / samples; math.Abs(a-2.7) > 2.2 {
		t.Errorf("%v %% lie above it, want 2.7", a)
	}
}

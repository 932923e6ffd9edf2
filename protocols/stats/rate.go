package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/combin"
	"gonum.org/v1/gonum/stat/distuv"
)

// RateInterval is the exact interval of a rate, in shares of 1, where k of n
// subjects have what is counted (Clopper and Pearson 1934).
func RateInterval(k, n int, probability float64) (low, high float64) {
	tail := (1 - probability) / 2
	low, high = 0, 1
	if k > 0 {
		low = distuv.Beta{Alpha: float64(k), Beta: float64(n - k + 1)}.Quantile(tail)
	}
	if k < n {
		high = distuv.Beta{Alpha: float64(k + 1), Beta: float64(n - k)}.Quantile(1 - tail)
	}
	return low, high
}

// PredictCount returns the interval that holds, with the given probability at
// least, how many of m further subjects have what k of n have. Given k of n and
// Jeffreys' prior Beta(1/2, 1/2) the rate is Beta(k + 1/2, n - k + 1/2), and the
// further count beta-binomial; each bound leaves at most half of what remains
// outside.
func PredictCount(k, n, m int, probability float64) (low, high int) {
	tail := (1 - probability) / 2
	a, b := float64(k)+0.5, float64(n-k)+0.5
	below := betaBinomial(0, m, a, b)
	for low = 0; low < m && below <= tail; low++ {
		below += betaBinomial(low+1, m, a, b)
	}
	above := betaBinomial(m, m, a, b)
	for high = m; high > 0 && above <= tail; high-- {
		above += betaBinomial(high-1, m, a, b)
	}
	return low, high
}

// betaBinomial is the probability of j in m where the rate is Beta(a, b).
func betaBinomial(j, m int, a, b float64) float64 {
	choose := combin.LogGeneralizedBinomial(float64(m), float64(j))
	return math.Exp(choose + mathext.Lbeta(float64(j)+a, float64(m-j)+b) - mathext.Lbeta(a, b))
}

// CountP is the two-sided p value that j of m further subjects have what k of n
// have, with the rate that PredictCount gives: twice the smaller of the
// probabilities of as few and of as many, 1 at most.
func CountP(j, m, k, n int) float64 {
	a, b := float64(k)+0.5, float64(n-k)+0.5
	below, above := 0.0, 0.0
	for i := range m + 1 {
		p := betaBinomial(i, m, a, b)
		if i <= j {
			below += p
		}
		if i >= j {
			above += p
		}
	}
	return min(1, 2*min(below, above))
}

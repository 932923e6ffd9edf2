package stats

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// exactFlips is the largest number of differences whose signs are flipped in all
// 2^n ways; beyond it a random part of them is.
const exactFlips = 14

// SignFlip is the one-sided p value of the test that flips the signs of
// differences about value (Fisher 1935): the share of ways to choose the signs
// that give a sum as high as it is. It takes no model but that differences lie
// symmetrically about their mean. All 2^n ways are tried for up to 14
// differences; for more, Resamples ways from the stream, and the one found,
// which counts (Phipson and Smyth 2010). NaN where there are none.
func SignFlip(x []float64, value float64, stream string) float64 {
	n := len(x)
	if n == 0 {
		return nan
	}
	d := make([]float64, n)
	largest := 0.0
	for i, v := range x {
		d[i] = v - value
		largest = max(largest, math.Abs(d[i]))
	}
	// Ways that give the same sum may differ in its last bits.
	least := floats.Sum(d) - 1e-9*float64(n)*largest
	if n <= exactFlips {
		reach := 0
		for way := range 1 << n {
			if flipped(d, uint64(way)) >= least {
				reach++
			}
		}
		return float64(reach) / float64(int(1)<<n)
	}
	random := generator(stream)
	reach := 1
	for range Resamples {
		sum := 0.0
		for i := 0; i < n; i += 64 {
			sum += flipped(d[i:min(n, i+64)], random.Uint64())
		}
		if sum >= least {
			reach++
		}
	}
	return float64(reach) / float64(Resamples+1)
}

// flipped is the sum of d with the signs of the set bits turned.
func flipped(d []float64, way uint64) float64 {
	sum := 0.0
	for i, v := range d {
		if way>>i&1 == 1 {
			v = -v
		}
		sum += v
	}
	return sum
}

// SignFlips is the two-sided p value of a mean of 0: twice the smaller of the
// two sides, 1 at most.
func SignFlips(x []float64, stream string) float64 {
	turned := make([]float64, len(x))
	for i, v := range x {
		turned[i] = -v
	}
	return min(1, 2*min(SignFlip(x, 0, stream), SignFlip(turned, 0, stream)))
}

package models

import (
	"math"
	"slices"
)

// quantile returns the q-quantile of values with linear interpolation between
// order statistics, rounding where torch.quantile does: q is taken as a float32,
// the rank q(n-1) and its fraction are exact, the interpolation is in float32
// (chapter 1, section 2.4). values must not be empty; they are left as they are.
func quantile(values []float32, q float64) float32 {
	sorted := slices.Sorted(slices.Values(values))
	rank := float64(float32(q)) * float64(len(sorted)-1)
	below := math.Floor(rank)
	a, b, w := sorted[int(below)], sorted[int(math.Ceil(rank))], float32(rank-below)
	// The two forms of a linear interpolation, each exact at its own end. The
	// conversions keep a compiler from fusing product and sum.
	if w < 0.5 {
		return a + float32(w*(b-a))
	}
	return b - float32((b-a)*(1-w))
}

// magnitudes returns the absolute values.
func magnitudes(values []float32) []float32 {
	m := make([]float32, len(values))
	for i, v := range values {
		m[i] = float32(math.Abs(float64(v)))
	}
	return m
}

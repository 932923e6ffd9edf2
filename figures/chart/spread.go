package chart

import (
	"cmp"
	"slices"
)

// spread moves intervals of the given heights, centred where wanted, apart so
// that none overlap, each as near as may be to its place (least squares), and
// within low and high where they fit. It returns their centres.
//
// Sorted, and with the room below each taken away, the centres must ascend:
// the nearest ascending sequence is found by pooling neighbours that are not
// in order (isotonic regression).
func spread(wanted, heights []float64, low, high float64) []float64 {
	order := make([]int, len(wanted))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(wanted[a], wanted[b]), b-a) // of equals, the first is the upper one
	})
	// offset is the least distance of a centre from that of the lowest.
	offset := make([]float64, len(order))
	for k := 1; k < len(order); k++ {
		offset[k] = offset[k-1] + (heights[order[k-1]]+heights[order[k]])/2
	}
	type pool struct{ sum, n float64 }
	var pools []pool
	for k, i := range order {
		p := pool{wanted[i] - offset[k], 1}
		for len(pools) > 0 && pools[len(pools)-1].sum/pools[len(pools)-1].n >= p.sum/p.n {
			q := pools[len(pools)-1]
			p = pool{p.sum + q.sum, p.n + q.n}
			pools = pools[:len(pools)-1]
		}
		pools = append(pools, p)
	}
	placed := make([]float64, len(wanted))
	k := 0
	for _, p := range pools {
		// What stands in line with the lowest and the highest stays within.
		base := max(min(p.sum/p.n, high-offset[len(order)-1]), low)
		for range int(p.n) {
			placed[order[k]] = base + offset[k]
			k++
		}
	}
	return placed
}

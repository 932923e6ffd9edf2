package stats

import (
	"cmp"
	"math"
	"slices"
)

// Holm adjusts p values for being so many (Holm 1979): the smallest of m is
// multiplied by m, the next by m-1 and so on, none above 1 and none below one
// before it. NaN, for what could not be tested, stays and is left out of m.
func Holm(p []float64) []float64 {
	adjusted := slices.Clone(p)
	order := ascending(p)
	least := 0.0
	for rank, i := range order {
		least = max(least, min(1, float64(len(order)-rank)*p[i]))
		adjusted[i] = least
	}
	return adjusted
}

// HolmLevels are the levels at which Holm's procedure tests each of the p values
// at the level of the family: the smallest p at alpha/m, the next at alpha/(m-1)
// and so on; from the first that is not below its level, all others at that same
// level. An interval of 1 less that level agrees with the adjusted verdict. NaN
// where p is.
func HolmLevels(p []float64, alpha float64) []float64 {
	levels := slices.Clone(p)
	order := ascending(p)
	stopped := false
	level := 0.0
	for rank, i := range order {
		if !stopped {
			level = alpha / float64(len(order)-rank)
			stopped = p[i] >= level
		}
		levels[i] = level
	}
	return levels
}

// ascending is the order of the p values that there are, the smallest first.
func ascending(p []float64) []int {
	var order []int
	for i, v := range p {
		if !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	return order
}

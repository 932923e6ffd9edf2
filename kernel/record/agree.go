package record

import (
	"cmp"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/stats"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/combin"
)

// A Doubt is a measure whose values here and there are unlikely to be of one
// distribution.
type Doubt struct {
	Arm, Condition, Metric string
	Here, There            float64 // means
	P                      float64 // of a rank-sum test, Holm's over the measures
}

// Level is the level of the test of Doubts: the chance that a record that is
// right is doubted in a chapter.
const Level = 0.01

// shuffles is the number of random divisions of both samples that a p value comes
// from; 1/(shuffles+1) is the smallest that it can be.
const shuffles = 99_999

// Doubts compares subjects of a chapter that were computed here with those that
// were recorded elsewhere. Numbers of another platform have other last bits, and
// a pruned network makes much of them, so it is distributions that are compared:
// each measure by a rank-sum test with random divisions (a permutation test, so
// ties and any shape are allowed), and Holm's correction for their number. It
// returns the measures below Level, the smallest p first, and the smallest p
// that the numbers of subjects allow: above Level nothing can be doubted.
func Doubts(here, there *protocols.Result) (doubts []Doubt, smallest float64) {
	type measure struct{ arm, condition, metric string }
	gather := func(r *protocols.Result) (map[measure][]float64, []measure) {
		values := map[measure][]float64{}
		var order []measure
		for _, row := range r.Rows {
			m := measure{row.Arm, row.Condition, row.Metric}
			if row.Seed == "all" || math.IsNaN(row.Value) {
				continue
			}
			if values[m] == nil {
				order = append(order, m)
			}
			values[m] = append(values[m], row.Value)
		}
		return values, order
	}
	ours, order := gather(here)
	theirs, _ := gather(there)
	most := 0
	for _, m := range order {
		if len(theirs[m]) == 0 {
			continue
		}
		most = max(most, len(ours[m]))
		p := rankSum(ours[m], theirs[m], m.arm+"|"+m.condition+"|"+m.metric)
		doubts = append(doubts, Doubt{m.arm, m.condition, m.metric, stat.Mean(ours[m], nil), stat.Mean(theirs[m], nil), p})
	}
	slices.SortStableFunc(doubts, func(a, b Doubt) int { return cmp.Compare(a.P, b.P) })
	tests := float64(len(doubts))
	smallest = math.Max(2/combin.GeneralizedBinomial(float64(most+longest(theirs)), float64(most)), 1.0/(shuffles+1)) * tests
	p := make([]float64, len(doubts))
	for i, d := range doubts {
		p[i] = d.P
	}
	for i, adjusted := range stats.Holm(p) {
		doubts[i].P = adjusted
	}
	n, _ := slices.BinarySearchFunc(doubts, Level, func(d Doubt, level float64) int { return cmp.Compare(d.P, level) })
	return doubts[:n], math.Min(1, smallest)
}

func longest[K comparable](samples map[K][]float64) (n int) {
	for _, s := range samples {
		n = max(n, len(s))
	}
	return n
}

// rankSum is the two-sided p value of a difference in ranks, from random
// divisions that the name decides.
func rankSum(a, b []float64, name string) float64 {
	ranks := ranksOf(append(slices.Clone(a), b...))
	expected := float64(len(a)) * stat.Mean(ranks, nil)
	sum := func() (d float64) {
		for _, r := range ranks[:len(a)] {
			d += r
		}
		return math.Abs(d - expected)
	}
	seen := sum()
	h := fnv.New64a()
	h.Write([]byte(name))
	draw := rand.New(rand.NewPCG(h.Sum64(), 0))
	extreme := 1
	for range shuffles {
		for i := range len(a) {
			j := i + draw.IntN(len(ranks)-i)
			ranks[i], ranks[j] = ranks[j], ranks[i]
		}
		if sum() >= seen-1e-9 {
			extreme++
		}
	}
	return float64(extreme) / (shuffles + 1)
}

// ranksOf are the ranks of values, ties in the middle.
func ranksOf(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(x[i], x[j]) })
	ranks := make([]float64, len(x))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		for _, k := range order[i:j] {
			ranks[k] = float64(i+j-1) / 2
		}
		i = j
	}
	return ranks
}

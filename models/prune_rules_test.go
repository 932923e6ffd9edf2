package models

import (
	"math"
	"slices"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// Every rule cuts the share that is asked, what it keeps it keeps unchanged, and a
// second pruning takes from what is left.
func TestPruneRules(t *testing.T) {
	s := session(t)
	full := apply(t, s, Job{Stage: protocols.Initialise{Network: small}, Seed: 1})
	for _, rule := range []protocols.Rule{protocols.ByMatrix, protocols.Global, protocols.AtRandom} {
		pruned := apply(t, s, Job{Stage: protocols.Prune{Sparsity: .8, Rule: rule}, Parent: full, Seed: 1})
		assertMasked(t, pruned.Tensors, pruned.Masks)
		live, weights := 0, 0
		kept, cutAway := []float32{}, []float32{}
		for i, mask := range pruned.Masks {
			for k, keep := range mask {
				weights++
				size := float32(math.Abs(float64(full.Tensors[i][k])))
				if !keep {
					cutAway = append(cutAway, size)
					continue
				}
				live++
				kept = append(kept, size)
				if pruned.Tensors[i][k] != full.Tensors[i][k] {
					t.Fatalf("%q changed a weight that it kept", rule)
				}
			}
		}
		if want := 0.2 * float64(weights); math.Abs(float64(live)-want) > float64(len(full.Tensors)) {
			t.Errorf("%q keeps %d of %d", rule, live, weights)
		}
		ordered := slices.Max(cutAway) <= slices.Min(kept)
		if ordered != (rule == protocols.Global) {
			t.Errorf("%q: that what is kept is larger than what is cut, in all matrices, is %v", rule, ordered)
		}
		second := apply(t, s, Job{Stage: protocols.PruneFurther{Fraction: .4, Limit: .99, Rule: rule}, Parent: pruned, Seed: 1})
		after := 0
		for i, mask := range second.Masks {
			for k, keep := range mask {
				if keep {
					after++
				}
				if keep && !pruned.Masks[i][k] {
					t.Fatalf("%q gave a weight back", rule)
				}
			}
		}
		if want := 0.6 * float64(live); math.Abs(float64(after)-want) > float64(len(full.Tensors)) {
			t.Errorf("%q keeps %d of %d in a second pruning", rule, after, live)
		}
		again := apply(t, s, Job{Stage: protocols.Prune{Sparsity: .8, Rule: rule}, Parent: full, Seed: 2})
		if same := slices.EqualFunc(again.Masks, pruned.Masks, slices.Equal); same == (rule == protocols.AtRandom) {
			t.Errorf("%q: another subject's masks are the same: %v", rule, same)
		}
	}
}

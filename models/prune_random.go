package models

import "github.com/network-fragility/fragility/protocols"

// keepAny prunes each matrix at random: scars and what was cut before go first,
// so that a second pruning takes from what lives, and then the first of a
// permutation.
func keepAny(parent *Subject, kept [][]bool, sparsity float64, j Job) {
	key := j.key(protocols.InitialMask)
	for t, mask := range kept {
		if mask == nil {
			continue
		}
		lives := func(i int) bool {
			return !parent.scarred(t, i) && (parent.Masks == nil || parent.Masks[t][i])
		}
		key.Layer = t
		keep := len(mask) - int(sparsity*float64(len(mask)))
		order := key.Stream().Permutation(len(mask))
		for k := len(order) - 1; k >= 0 && keep > 0; k-- {
			if i := order[k]; lives(int(i)) {
				mask[i] = true
				keep--
			}
		}
	}
}

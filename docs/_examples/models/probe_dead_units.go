package models

import (
	"context"
	"slices"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerProbe(deadUnits) }

// deadUnits counts the rows without a live weight. A row has the weights that
// lead to one unit; those of the last matrix lead to the outputs.
func deadUnits(_ context.Context, _ *Session, _ protocols.DeadUnits, in *Subject, _ int) ([]float64, error) {
	tensors := in.net().tensors()
	dead, units := 0, 0
	for t, spec := range tensors[:len(tensors)-2] {
		if !spec.prunable {
			continue // biases
		}
		units += spec.shape[0]
		if in.Masks == nil {
			continue // never pruned
		}
		for row := range slices.Chunk(in.Masks[t], spec.shape[1]) {
			if !slices.Contains(row, true) {
				dead++
			}
		}
	}
	return []float64{100 * float64(dead) / float64(units)}, nil
}

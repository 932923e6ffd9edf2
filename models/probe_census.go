package models

import (
	"context"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerProbe(census) }

// census counts active weights and sizes of the weight matrices, then biases.
func census(_ context.Context, _ *Session, _ protocols.Census, in *Subject, _ int) ([]float64, error) {
	var counts []float64
	biases := 0
	for t, spec := range in.net().tensors() {
		if !spec.prunable {
			biases += spec.size()
			continue
		}
		active := spec.size()
		if in.Masks != nil {
			active = set(in.Masks[t])
		}
		counts = append(counts, float64(active), float64(spec.size()))
	}
	return append(counts, float64(biases)), nil
}

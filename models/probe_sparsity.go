package models

import (
	"context"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerProbe(sparsity) }

// sparsity is the masked share of the weights in percent.
func sparsity(_ context.Context, _ *Session, _ protocols.Sparsity, in *Subject, _ int) ([]float64, error) {
	weights, masked, _ := in.tally()
	return []float64{100 * float64(masked) / float64(weights)}, nil
}

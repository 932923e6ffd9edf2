package models

import (
	"context"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerProbe(scarLoad) }

// scarLoad is the scarred share of the weights in percent.
func scarLoad(_ context.Context, _ *Session, _ protocols.ScarLoad, in *Subject, _ int) ([]float64, error) {
	weights, _, scarred := in.tally()
	return []float64{100 * float64(scarred) / float64(weights)}, nil
}

package models

import (
	"context"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerProbe(adapters) }

func adapters(_ context.Context, _ *Session, _ protocols.Adapters, in *Subject, _ int) ([]float64, error) {
	weights, masked, scarred := in.tally()
	fired := 0
	if in.Watched != nil {
		fired = in.Watched.Fired
	}
	return []float64{float64(weights - masked), float64(masked - scarred), float64(scarred), float64(fired)}, nil
}

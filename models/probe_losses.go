package models

import (
	"context"
	"slices"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerProbe(losses) }

// losses gives the epoch losses of the last training call; a subject that was
// never trained has none.
func losses(_ context.Context, _ *Session, _ protocols.Losses, in *Subject, _ int) ([]float64, error) {
	if in.Training == nil {
		return nil, nil
	}
	return slices.Clone(in.Training.Losses), nil
}

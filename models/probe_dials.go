package models

import (
	"context"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerProbe(readDials) }

// readDials gives the gain as set, the gain that the stabiliser leaves, and the
// stabiliser's level.
func readDials(_ context.Context, _ *Session, _ protocols.Dials, in *Subject, _ int) ([]float64, error) {
	m := in.Modulation
	return []float64{m.Gain, m.EffectiveGain(), m.Stabiliser.Level}, nil
}

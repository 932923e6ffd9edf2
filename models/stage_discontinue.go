package models

import (
	"context"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(discontinue) }

// discontinue puts a drug's dials back to rest.
func discontinue(_ context.Context, _ *Session, _ protocols.Discontinue, j Job) (*Subject, error) {
	out := j.Parent.altered()
	m, rest := &out.Modulation, protocols.Rest()
	m.Activation, m.Gain = rest.Activation, rest.Gain
	m.Inhibition, m.InhibitedLayer = rest.Inhibition, rest.InhibitedLayer
	return out, nil
}

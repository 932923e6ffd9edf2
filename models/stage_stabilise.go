package models

import (
	"context"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(stabilise) }

// stabilise sets the mood stabiliser.
func stabilise(_ context.Context, _ *Session, stage protocols.Stabilise, j Job) (*Subject, error) {
	out := j.Parent.altered()
	out.Modulation.Stabiliser = stage.Stabiliser
	return out, nil
}

package models

import (
	"context"
	"math"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(stabilise) }

// stabilise sets the mood stabiliser.
func stabilise(_ context.Context, _ *Session, stage protocols.Stabilise, j Job) (*Subject, error) {
	parent, err := j.parent()
	if err != nil {
		return nil, err
	}
	for _, p := range []struct {
		name    string
		v, high float64
	}{
		{"Level", stage.Stabiliser.Level, 1},
		{"GainCap", stage.Stabiliser.GainCap, math.MaxFloat64},
		{"Bias", stage.Stabiliser.Bias, 1},
		{"Damping", stage.Stabiliser.Damping, math.MaxFloat64},
	} {
		if err := inRange(p.name, p.v, 0, p.high); err != nil {
			return nil, err
		}
	}
	out := parent.altered()
	out.Modulation.Stabiliser = stage.Stabiliser
	return out, nil
}

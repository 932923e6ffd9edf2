package models

import (
	"context"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(decay) }

// decay lowers the stabiliser's level step by step, as the author's program
// does: 50 steps of .002 leave .9 but for rounding (chapter 7, section 2.2).
func decay(_ context.Context, _ *Session, stage protocols.Decay, j Job) (*Subject, error) {
	out := j.Parent.altered()
	level := &out.Modulation.Stabiliser.Level
	for range stage.Steps {
		*level = max(0, *level-stage.Rate)
	}
	return out, nil
}

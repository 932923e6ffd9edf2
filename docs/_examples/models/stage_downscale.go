package models

import (
	"context"
	"slices"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(downscale) }

// downscale multiplies the weight matrices by a factor.
func downscale(_ context.Context, _ *Session, stage protocols.Downscale, j Job) (*Subject, error) {
	out := j.Parent.altered() // a copy; what the stage changes it replaces
	for t, spec := range out.net().tensors() {
		if !spec.prunable {
			continue // biases
		}
		out.Tensors[t] = slices.Clone(out.Tensors[t])
		for i := range out.Tensors[t] {
			out.Tensors[t][i] *= float32(stage.Factor)
		}
	}
	return out, nil
}

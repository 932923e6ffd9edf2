package models

import (
	"context"
	"slices"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(downscale) }

// downscale multiplies the weight matrices by a factor.
func downscale(_ context.Context, _ *Session, stage protocols.Downscale, j Job) (*Subject, error) {
	parent, err := j.parent()
	if err != nil {
		return nil, err
	}
	if err := inRange("Factor", stage.Factor, 0, 1); err != nil {
		return nil, err
	}
	net, err := networkOf(parent.Network)
	if err != nil {
		return nil, err
	}
	out := parent.altered() // a copy; what the stage changes it replaces
	for t, spec := range net.tensors() {
		if !spec.prunable {
			continue // biases
		}
		out.Tensors[t] = slices.Clone(parent.Tensors[t])
		for i := range out.Tensors[t] {
			out.Tensors[t][i] *= float32(stage.Factor)
		}
	}
	return out, nil
}

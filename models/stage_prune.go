package models

import (
	"context"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(prune) }

// prune makes the masks anew: in every weight matrix, what lies below the
// quantile of the magnitudes goes. Scars stay lost, and the quantile is taken
// over the other weights (chapter 8, section 2.7).
func prune(_ context.Context, _ *Session, stage protocols.Prune, j Job) (*Subject, error) {
	parent, err := j.parent()
	if err != nil {
		return nil, err
	}
	if err := inRange("Sparsity", stage.Sparsity, 0, 1); err != nil {
		return nil, err
	}
	return pruneTo(parent, stage.Sparsity)
}

// pruneTo prunes every weight matrix to one sparsity.
func pruneTo(parent *Subject, sparsity float64) (*Subject, error) {
	net, err := networkOf(parent.Network)
	if err != nil {
		return nil, err
	}
	out := parent.altered()
	out.Masks = make([][]bool, len(out.Tensors))
	for t, spec := range net.tensors() {
		if !spec.prunable {
			continue
		}
		var scars []bool
		if parent.Scars != nil {
			scars = parent.Scars[t]
		}
		out.Masks[t], _ = cut(parent.Tensors[t], scars, sparsity)
		weights := make([]float32, spec.size())
		for i, keep := range out.Masks[t] {
			if keep {
				weights[i] = parent.Tensors[t][i]
			}
		}
		out.Tensors[t] = weights
	}
	return out, nil
}

// cut returns which weights of a matrix stay and the threshold of their
// magnitudes. scars may be nil; where all weights are scarred nothing stays.
func cut(weights []float32, scars []bool, sparsity float64) (keep []bool, threshold float32) {
	all := magnitudes(weights)
	free := all
	if scars != nil {
		free = nil
		for i, m := range all {
			if !scars[i] {
				free = append(free, m)
			}
		}
	}
	keep = make([]bool, len(weights))
	if len(free) == 0 {
		return keep, 0
	}
	threshold = quantile(free, sparsity)
	for i, m := range all {
		keep[i] = m >= threshold && (scars == nil || !scars[i])
	}
	return keep, threshold
}

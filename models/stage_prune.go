package models

import (
	"context"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(prune) }

// prune makes the masks anew by the stage's rule (chapter 1). Scars stay lost,
// and thresholds are taken over the other weights (chapter 8, section 2.7).
func prune(_ context.Context, _ *Session, stage protocols.Prune, j Job) (*Subject, error) {
	return pruneTo(stage.Sparsity, stage.Rule, j), nil
}

// A pruneRule fills the masks of a subject's weight matrices, of which kept has
// the places, for one sparsity.
type pruneRule func(parent *Subject, kept [][]bool, sparsity float64, j Job)

var pruneRules = map[protocols.Rule]pruneRule{
	protocols.ByMatrix: keepLargestOfEach,
	protocols.Global:   keepLargestOfAll,
	protocols.AtRandom: keepAny,
}

// pruneTo prunes a job's subject to a sparsity.
func pruneTo(sparsity float64, rule protocols.Rule, j Job) *Subject {
	parent := j.Parent
	out := parent.altered()
	out.Masks = make([][]bool, len(out.Tensors))
	for t, spec := range parent.net().tensors() {
		if spec.prunable {
			out.Masks[t] = make([]bool, spec.size())
		}
	}
	pruneRules[rule](parent, out.Masks, sparsity, j)
	for t, mask := range out.Masks {
		if mask == nil {
			continue
		}
		weights := make([]float32, len(mask))
		for i, keep := range mask {
			if keep {
				weights[i] = parent.Tensors[t][i]
			}
		}
		out.Tensors[t] = weights
	}
	return out
}

// keepLargestOfEach is the book's rule: a threshold for each matrix.
func keepLargestOfEach(parent *Subject, kept [][]bool, sparsity float64, _ Job) {
	for t := range kept {
		if kept[t] != nil {
			var scars []bool
			if parent.Scars != nil {
				scars = parent.Scars[t]
			}
			kept[t], _ = cut(parent.Tensors[t], scars, sparsity)
		}
	}
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

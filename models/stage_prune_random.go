package models

import (
	"context"
	"slices"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(pruneRandom) }

// pruneRandom cuts sites of each matrix at random: the first of a permutation
// (chapter 9, section 2.2).
func pruneRandom(_ context.Context, _ *Session, stage protocols.PruneRandom, j Job) (*Subject, error) {
	parent, err := j.parent()
	if err != nil {
		return nil, err
	}
	if err := inRange("Sparsity", stage.Sparsity, 0, 1); err != nil {
		return nil, err
	}
	net, err := networkOf(parent.Network)
	if err != nil {
		return nil, err
	}
	out := parent.altered()
	out.Masks = make([][]bool, len(out.Tensors))
	key := j.key(protocols.InitialMask)
	for t, spec := range net.tensors() {
		if !spec.prunable {
			continue
		}
		key.Layer = t
		order := key.Stream().Permutation(spec.size())
		out.Masks[t] = slices.Repeat([]bool{true}, spec.size())
		out.Tensors[t] = slices.Clone(out.Tensors[t])
		for _, i := range order[:int(stage.Sparsity*float64(spec.size()))] {
			out.Masks[t][i], out.Tensors[t][i] = false, 0
		}
	}
	return out, nil
}

package models

import (
	"context"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(pruneRandom) }

// pruneRandom cuts sites of each matrix at random: the first of a permutation
// (chapter 9, section 2.2).
func pruneRandom(_ context.Context, _ *Session, stage protocols.PruneRandom, j Job) (*Subject, error) {
	return pruneTo(stage.Sparsity, protocols.AtRandom, j), nil
}

package models

import (
	"context"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(regrowRandom) }

// regrowRandom gives back floor(fraction * candidates) sites of every weight
// matrix, chosen uniformly (chapter 1, section 2.5).
func regrowRandom(_ context.Context, _ *Session, stage protocols.RegrowRandom, j Job) (*Subject, error) {
	return regrow(j, stage.Scale, func(_ int, candidates []int, sites Stream) ([]int, error) {
		count := int(stage.Fraction * float64(len(candidates)))
		return bestSites(candidates, nil, sites.Word, count), nil
	})
}

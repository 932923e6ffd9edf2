package models

import (
	"context"
	"fmt"
	"math"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(regrowGradient) }

// regrowGradient gives back the sites that the loss would most like to have
// (chapter 2, section 2.3). At least one site of every matrix comes back.
func regrowGradient(ctx context.Context, s *Session, stage protocols.RegrowGradient, j Job) (*Subject, error) {
	parent, err := j.parent()
	if err != nil {
		return nil, err
	}
	if err := inRange("Fraction", stage.Fraction, 0, 1); err != nil {
		return nil, err
	}
	if stage.Batches < 1 || stage.BatchSize < 1 {
		return nil, fmt.Errorf("%d batches of %d", stage.Batches, stage.BatchSize)
	}
	points, labels, err := dataSet(stage.Data, parent.Network, j.Seed)
	if err != nil {
		return nil, err
	}
	order := j.key(protocols.ScoreBatches).Stream().Permutation(len(labels))
	scores, err := s.scores(ctx, parent, points, labels, order, stage.BatchSize, stage.Batches)
	if err != nil {
		return nil, err
	}
	return regrow(j, stage.Scale, func(t int, candidates []int, sites Stream) ([]int, error) {
		for _, i := range candidates {
			if math.IsNaN(float64(scores[t][i])) {
				return nil, fmt.Errorf("a gradient is not a number")
			}
		}
		count := min(max(1, int(stage.Fraction*float64(len(candidates)))), len(candidates))
		return bestSites(candidates, scores[t], sites, count), nil
	})
}

package models

import (
	"context"
	"fmt"
	"math"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(regrowGradient) }

// regrowGradient gives back the sites that the loss would most like to have
// (chapter 2, section 2.3). At least one site of every matrix comes back. No
// gradient is left afterwards: the author's program clears it after each batch.
func regrowGradient(ctx context.Context, s *Session, stage protocols.RegrowGradient, j Job) (*Subject, error) {
	parent := j.Parent
	var leftover [][]float32
	if stage.Leftover && parent.Training != nil {
		leftover = parent.Training.Gradient
	}
	points, labels, err := dataSet(stage.Data, parent.Network, j.Seed)
	if err != nil {
		return nil, err
	}
	order := j.key(protocols.ScoreBatches).Stream().Permutation(len(labels))
	scores, err := s.scores(ctx, parent, points, labels, order, stage.BatchSize, stage.Batches, leftover)
	if err != nil {
		return nil, err
	}
	out, err := regrow(j, stage.Scale, func(t int, candidates []int, sites Stream) ([]int, error) {
		for _, i := range candidates {
			if math.IsNaN(float64(scores[t][i])) {
				return nil, fmt.Errorf("a gradient is not a number")
			}
		}
		count := min(max(1, int(stage.Fraction*float64(len(candidates)))), len(candidates))
		return bestSites(candidates, scores[t], tieOrder(stage.Ties, sites), count), nil
	})
	if err == nil && out.Training != nil {
		out.Training.Gradient = nil
	}
	return out, err
}

package models

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(scarEpisode) }

// scarEpisode provokes the subject and, where it relapses, scars the smallest
// live weights (chapter 8, section 2.9). The provocation has the noise of the
// trigger as a probe, so the stage draws none of its own.
func scarEpisode(ctx context.Context, s *Session, stage protocols.ScarEpisode, j Job) (*Subject, error) {
	parent := j.Parent
	if stage.RateMin > stage.RateMax {
		return nil, fmt.Errorf("RateMin is %v, and RateMax %v", stage.RateMin, stage.RateMax)
	}
	provoked, err := accuracy(ctx, s, stage.Trigger, parent, j.Seed)
	if err != nil {
		return nil, err
	}
	if provoked[0] >= stage.Threshold {
		return parent.altered(), nil
	}
	active, err := activity(ctx, s, protocols.Activity{Data: stage.Trigger.Data}, parent, j.Seed)
	if err != nil {
		return nil, err
	}
	rate := stage.Rate(stage.Severity.Of(parent.Modulation.Gain, active[0]))
	if math.IsNaN(rate) {
		return nil, errors.New("the rate of scars is not a number")
	}
	return scar(parent, func(t int, _ tensorSpec) []int { return parent.smallest(t, rate) }), nil
}

// smallest returns which of a weight matrix's live weights have magnitudes up
// to that of the max(1, floor(rate*live))-th smallest; what is scarred is masked,
// so not live. Where none is live there is nothing to return.
func (s *Subject) smallest(t int, rate float64) []int {
	all := magnitudes(s.Tensors[t])
	var live []int
	var sorted []float32
	for i, m := range all {
		if s.Masks == nil || s.Masks[t][i] {
			live, sorted = append(live, i), append(sorted, m)
		}
	}
	if len(live) == 0 {
		return nil
	}
	slices.Sort(sorted)
	limit := sorted[max(1, int(rate*float64(len(live))))-1]
	return slices.DeleteFunc(live, func(i int) bool { return all[i] > limit })
}

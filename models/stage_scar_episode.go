package models

import (
	"context"
	"math"
	"slices"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(scarEpisode) }

// scarEpisode provokes the subject and, where it relapses, scars the smallest
// live weights (chapter 8, section 2.9). The provocation has the noise of the
// trigger as a probe, so the stage draws none of its own.
func scarEpisode(ctx context.Context, s *Session, stage protocols.ScarEpisode, j Job) (*Subject, error) {
	parent, err := j.parent()
	if err != nil {
		return nil, err
	}
	for _, p := range []struct {
		name    string
		v, high float64
	}{
		{"Threshold", stage.Threshold, math.MaxFloat64},
		{"BaseScar", stage.BaseScar, 1},
		{"RateMax", stage.RateMax, 1},
		{"RateMin", stage.RateMin, stage.RateMax},
	} {
		if err := inRange(p.name, p.v, 0, p.high); err != nil {
			return nil, err
		}
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
	if err := inRange("the rate of scars", rate, 0, 1); err != nil {
		return nil, err
	}
	return scar(parent, func(t int, _ tensorSpec) []int { return parent.smallest(t, rate) })
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

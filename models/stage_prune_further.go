package models

import (
	"context"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(pruneFurther) }

// pruneFurther prunes to a sparsity that takes a share of what is left (chapter
// 3, section 2.2).
func pruneFurther(_ context.Context, _ *Session, stage protocols.PruneFurther, j Job) (*Subject, error) {
	parent, err := j.parent()
	if err != nil {
		return nil, err
	}
	if err := inRange("Fraction", stage.Fraction, 0, 1); err != nil {
		return nil, err
	}
	if err := inRange("Limit", stage.Limit, 0, 1); err != nil {
		return nil, err
	}
	weights, masked, _, err := parent.tally()
	if err != nil {
		return nil, err
	}
	s := float64(masked) / float64(weights)
	return pruneTo(parent, min(s+stage.Fraction*(1-s), stage.Limit), stage.Rule, j)
}

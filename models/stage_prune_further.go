package models

import (
	"context"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(pruneFurther) }

// pruneFurther prunes to a sparsity that takes a share of what is left (chapter
// 3, section 2.2).
func pruneFurther(_ context.Context, _ *Session, stage protocols.PruneFurther, j Job) (*Subject, error) {
	weights, masked, _ := j.Parent.tally()
	s := float64(masked) / float64(weights)
	return pruneTo(min(s+stage.Fraction*(1-s), stage.Limit), stage.Rule, j), nil
}

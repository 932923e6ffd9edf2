package models

import (
	"context"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(scarEarly) }

// scarEarly scars floor(share*size) sites of every weight matrix, drawn without
// replacement among all of them (chapter 8, section 2.4).
func scarEarly(_ context.Context, _ *Session, stage protocols.ScarEarly, j Job) (*Subject, error) {
	share := protocols.EarlyAdversity(j.Seed, stage.Max)
	key := j.key(protocols.EarlyScars)
	return scar(j.Parent, func(t int, spec tensorSpec) []int {
		key.Layer = t
		all := make([]int, spec.size())
		for i := range all {
			all[i] = i
		}
		return bestSites(all, nil, key.Stream().Word, int(share*float64(len(all))))
	}), nil
}

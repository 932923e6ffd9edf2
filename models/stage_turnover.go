package models

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/network-fragility/fragility/protocols"
)

func init() {
	registerStage(turnover)
	registerStage(watch)
}

func turnover(_ context.Context, _ *Session, stage protocols.Turnover, j Job) (*Subject, error) {
	return turnOver(j.Parent, stage, j.key(protocols.RegrownSites), j.key(protocols.RegrownValues))
}

// turnOver prunes with scars and regrows by score, each matrix by itself. Without
// scores all sites are equal.
func turnOver(parent *Subject, stage protocols.Turnover, sites, values StreamKey) (*Subject, error) {
	if parent.Masks == nil {
		return nil, errors.New("needs a subject whose adapters were pruned")
	}
	cut := scar(parent, func(t int, _ tensorSpec) []int {
		if int(stage.Prune*float64(set(parent.Masks[t]))) == 0 {
			return nil
		}
		return parent.smallest(t, stage.Prune)
	})
	out := cut.altered()
	var all [][]float32
	if t := parent.Training; t != nil {
		all = t.Scores
	}
	for t := range parent.net().tensors() {
		var dormant []int
		for i, m := range cut.Masks[t] {
			if !m && !cut.scarred(t, i) {
				dormant = append(dormant, i)
			}
		}
		wanted := int(stage.Regrow * float64(len(dormant)))
		if wanted == 0 || len(dormant) <= wanted && !stage.Exact {
			continue
		}
		score := make([]float32, len(cut.Tensors[t]))
		if all != nil {
			score = all[t]
		}
		sites.Layer, values.Layer = t, t
		chosen := atLeast(dormant, score, wanted)
		if stage.Exact {
			chosen = bestSites(dormant, score, sites.Stream().Word, wanted)
		}
		spread := spreadOf(cut.Tensors[t], parent.Masks[t])
		stream := values.Stream()
		out.Masks[t], out.Tensors[t] = slices.Clone(cut.Masks[t]), slices.Clone(cut.Tensors[t])
		for _, i := range chosen {
			out.Masks[t][i], out.Tensors[t][i] = true, spread*stream.Normal(i)
		}
	}
	if out.Training != nil {
		out.Training.Scores = nil
	}
	return out, nil
}

// atLeast are the candidates whose score is at least that of the (n - wanted)-th
// in ascending order, counted from 1: wanted + 1 of them where none tie.
func atLeast(candidates []int, score []float32, wanted int) []int {
	sorted := make([]float32, len(candidates))
	for k, i := range candidates {
		sorted[k] = score[i]
	}
	slices.Sort(sorted)
	limit := sorted[len(sorted)-wanted-1]
	return slices.DeleteFunc(slices.Clone(candidates), func(i int) bool { return score[i] < limit })
}

// spreadOf is the SD of regrown weights: a tenth of that (n - 1) of the weights at
// sites that were live, .01 where none was. One site alone has no SD, and counts
// as none.
func spreadOf(weights []float32, live []bool) float32 {
	n, mean := 0, 0.0
	for i, m := range live {
		if m {
			n++
			mean += float64(weights[i])
		}
	}
	if n < 2 {
		return 0.01
	}
	mean /= float64(n)
	square := 0.0
	for i, m := range live {
		if m {
			square += (float64(weights[i]) - mean) * (float64(weights[i]) - mean)
		}
	}
	return float32(0.1 * math.Sqrt(square/float64(n-1)))
}

// watch keeps the first rate, and later tests the trigger until it has fired.
func watch(ctx context.Context, s *Session, stage protocols.Watch, j Job) (*Subject, error) {
	parent := j.Parent
	out := parent.altered()
	if w := parent.Watched; w != nil && w.Fired > 0 {
		return out, nil
	}
	asked := stage.Probe
	asked.Others = 0
	values, err := interview(ctx, s, asked, parent, j.Seed)
	if err != nil {
		return nil, err
	}
	metric := "overall_violated"
	if stage.Surface {
		metric = "overall_surface"
	}
	rate := values[slices.Index(protocols.InterviewMetrics(asked), metric)]
	if parent.Watched == nil {
		out.Watched = &Watched{First: rate}
		return out, nil
	}
	if !stage.Fires(parent.Watched.First, rate) {
		return out, nil
	}
	out.Watched = &Watched{First: parent.Watched.First, Fired: stage.Cycle}
	return turnOver(out, stage.Extra, j.key(protocols.ExtraSites), j.key(protocols.ExtraValues))
}

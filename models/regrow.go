package models

import (
	"cmp"
	"slices"

	"github.com/network-fragility/fragility/protocols"
)

// regrow gives weights back in every weight matrix of a subject: pick chooses
// among the candidates, the flat indices of masked and unscarred sites of tensor
// t in ascending order, and returns those to give back. New values are
// scale*N(0,1). Both the choice and the values are drawn for the site itself, so
// a site meets the same number in every arm of a seed, whatever else is regrown.
func regrow(j Job, scale float64, pick func(t int, candidates []int, sites Stream) ([]int, error)) (*Subject, error) {
	parent := j.Parent
	net := parent.net()
	out := parent.altered()
	if parent.Masks == nil {
		return out, nil // nothing was ever pruned
	}
	sites, values := j.key(protocols.RegrownSites), j.key(protocols.RegrownValues)
	for t, spec := range net.tensors() {
		if !spec.prunable {
			continue
		}
		var candidates []int
		for i, active := range parent.Masks[t] {
			if !active && !parent.scarred(t, i) {
				candidates = append(candidates, i)
			}
		}
		sites.Layer, values.Layer = t, t
		chosen, err := pick(t, candidates, sites.Stream())
		if err != nil {
			return nil, err
		}
		out.Masks[t], out.Tensors[t] = slices.Clone(parent.Masks[t]), slices.Clone(parent.Tensors[t])
		stream := values.Stream()
		for _, i := range chosen {
			out.Masks[t][i] = true
			out.Tensors[t][i] = float32(scale) * stream.Normal(i)
		}
	}
	return out, nil
}

// tieOrder returns what ranks sites of equal score: the lower its number, the
// sooner a site comes. At random it is the site's own draw.
func tieOrder(ties protocols.Ties, sites Stream) func(site int) uint64 {
	switch ties {
	case protocols.TiesFirst:
		return func(site int) uint64 { return uint64(site) }
	case protocols.TiesLast:
		return func(site int) uint64 { return ^uint64(site) }
	}
	return sites.Word
}

// bestSites returns the count candidates with the highest scores, equal ones
// ranked by tie. Without scores all are equal.
func bestSites(candidates []int, scores []float32, tie func(site int) uint64, count int) []int {
	type ranked struct {
		site  int
		score float32
		tie   uint64
	}
	r := make([]ranked, len(candidates))
	for k, i := range candidates {
		r[k] = ranked{site: i, tie: tie(i)}
		if scores != nil {
			r[k].score = scores[i]
		}
	}
	slices.SortFunc(r, func(a, b ranked) int {
		// One after the other: this is most of what a stage takes that draws sites.
		if c := cmp.Compare(b.score, a.score); c != 0 {
			return c
		}
		if c := cmp.Compare(a.tie, b.tie); c != 0 {
			return c
		}
		return cmp.Compare(a.site, b.site)
	})
	best := make([]int, count)
	for k := range best {
		best[k] = r[k].site
	}
	return best
}

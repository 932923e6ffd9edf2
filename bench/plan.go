package main

import (
	"fmt"

	"github.com/network-fragility/fragility/protocols"
)

// The kinds of training epochs that a chapter is made of.
const (
	dense  = "dense"        // before anything is cut
	sparse = "sparse"       // 95 % cut
	noisy  = "sparse noisy" // under internal noise as well
	tanh   = "sparse tanh"  // the neurosteroid-like arm
	half   = "half dense"   // after regrowth
)

var kinds = []string{dense, sparse, noisy, tanh, half}

// plan is how many epochs of each kind a subject of a chapter is trained, the
// book's arms only: as we do it, each state once, and as the author's program
// does, every length of the maintenance from its beginning.
type plan struct {
	Shared   map[string]int `json:"epochs_shared"`
	Separate map[string]int `json:"epochs_separate"`
}

// plans counts the chapters whose whole cost is compared.
func plans() map[string]plan {
	list := map[string]plan{}
	for chapter, set := range map[int]map[string]string{8: {"Controls": "false"}, 10: {"Controls": "false", "FeedforwardArms": "false"}} {
		p, err := protocols.Configure(chapter, set)
		if err != nil {
			panic(fmt.Sprintf("bench: chapter %d: %v", chapter, err))
		}
		list[protocols.ChapterName(chapter)] = planOf(p.Plant(0))
	}
	return list
}

func planOf(t *protocols.Tree) plan {
	p := plan{map[string]int{}, map[string]int{}}
	longest := map[protocols.Key]int{}
	t.Walk(func(n *protocols.Node) {
		call, ok := n.Stage.(protocols.Call)
		if !ok {
			return
		}
		kind := kindOf(n)
		p.Separate[kind] += call.Length()
		start := n.OriginUpto(0, t.Seed, protocols.Platform{}).Key()
		if more := call.Length() - longest[start]; more > 0 {
			p.Shared[kind] += more
			longest[start] = call.Length()
		}
	})
	return p
}

// kindOf is the kind of a training call, from what led to it.
func kindOf(n *protocols.Node) string {
	if call, ok := n.Stage.(protocols.Train); ok && call.Schedule != nil {
		return noisy
	}
	kind := dense
	for a := n; a != nil; a = a.Parent {
		switch s := a.Stage.(type) {
		case protocols.RegrowGradient:
			return half
		case protocols.Modulate:
			if s.Activation == protocols.Tanh {
				return tanh
			}
		case protocols.Prune:
			kind = sparse
		}
	}
	return kind
}

// total is what a plan costs, in seconds, at so many seconds an epoch of each
// kind.
func total(epochs map[string]int, cost func(kind string) float64) float64 {
	sum := 0.0
	for _, kind := range kinds {
		if epochs[kind] > 0 {
			sum += float64(epochs[kind]) * cost(kind)
		}
	}
	return sum
}

// ratios are what is asked, each from one run's seconds; above 1 ours is faster.
func ratios(plans map[string]plan) map[string]func(at func(string) float64) float64 {
	of := func(a, b string) func(func(string) float64) float64 {
		return func(at func(string) float64) float64 { return at(a) / at(b) }
	}
	// A subject, two side by side: ours in two sessions, PyTorch in whichever way
	// of using both cores is faster for it.
	chapter := func(name, network string) func(func(string) float64) float64 {
		return func(at func(string) float64) float64 {
			ours := total(plans[name].Shared, func(kind string) float64 { return at("ours " + network + " " + kind) }) * at("ours two sessions") / at("ours one session") / 2
			threads := at("torch one process, two threads") / at("torch one process")
			processes := at("torch two processes") / at("torch one process") / 2
			theirs := total(plans[name].Separate, func(kind string) float64 { return at("torch " + network + " " + kind) }) * min(threads, processes)
			return theirs / ours
		}
	}
	return map[string]func(func(string) float64) float64{
		"dense_epoch_vs_jax":             of("jax mlp dense", "ours mlp dense"),
		"dense_epoch_vs_torch":           of("torch mlp dense", "ours mlp dense"),
		"compact_with_noise_vs_dense":    of("ours whole mlp sparse noisy", "ours mlp sparse noisy"),
		"compact_without_noise_vs_dense": of("ours whole mlp sparse", "ours mlp sparse"),
		"half_dense_vs_dense":            of("ours mlp dense", "ours mlp half dense"),
		"noisy_dense_vs_quiet_dense":     of("ours mlp dense", "ours whole mlp dense noisy"),
		"gru_sparse_vs_dense":            of("ours whole gru sparse", "ours gru sparse"),
		"sparse_vs_torch":                of("torch mlp sparse", "ours mlp sparse"),
		"sparse_vs_torch_sparse":         of("torch mlp sparse, torch.sparse", "ours mlp sparse"),
		"sparse_vs_torch_compile":        of("torch mlp sparse, torch.compile", "ours mlp sparse"),
		"gru_sparse_vs_torch":            of("torch gru sparse", "ours gru sparse"),
		"gru_sparse_vs_torch_sparse":     of("torch gru sparse, torch.sparse", "ours gru sparse"),
		"gru_sparse_vs_torch_compile":    of("torch gru sparse, torch.compile", "ours gru sparse"),
		"gru_dense_vs_jax":               of("jax gru dense", "ours gru dense"),
		"gru_dense_vs_torch":             of("torch gru dense", "ours gru dense"),
		"two_cores_vs_one": func(at func(string) float64) float64 {
			return 2 * at("ours one session") / at("ours two sessions")
		},
		"ch08_seed_vs_torch": chapter("ch08", "mlp"),
		"ch10_seed_vs_torch": chapter("ch10", "gru"),
	}
}

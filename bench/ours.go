package main

import (
	"context"
	"sync"
	"time"

	"github.com/network-fragility/fragility/models"
	"github.com/network-fragility/fragility/protocols"
)

// book is the training set and the batch of the book, batchesAnEpoch what they
// come to.
var book = protocols.Data{Set: protocols.TrainSet, Samples: 12000, Sigma: 0.8}

const (
	batch          = 128
	batchesAnEpoch = 94
)

// ours is our sessions and the subjects that are trained: each network in each
// kind of state.
type ours struct {
	native, whole, second *models.Session
	mlp, gru              []map[string]*models.Subject // of each seed
	epochs, steps         int
}

// seeds are the subjects of the feed-forward network: how many units pruning
// leaves alive differs from one to the next.
var seeds = []int{0, 1, 2}

// prepare opens the sessions and makes the subjects, as the chapters do.
func prepare(ctx context.Context, epochs, steps int) (*ours, error) {
	o := &ours{epochs: epochs, steps: steps}
	for core, s := range []**models.Session{&o.native, &o.second, &o.whole} {
		session, err := models.OpenSession(core % 2)
		if err != nil {
			o.close()
			return nil, err
		}
		*s = session
	}
	o.whole.Whole = true
	mlp := protocols.Network{Kind: "mlp", Inputs: 2, Hidden: []int{512, 512, 256}, Outputs: 4}
	for _, seed := range seeds {
		s, err := o.subjects(ctx, mlp, seed, 20)
		if err != nil {
			o.close()
			return nil, err
		}
		o.mlp = append(o.mlp, s)
	}
	// Four epochs, not twenty: a minute, and the rows of the state's weights are as
	// unequal by then.
	gru, err := o.subjects(ctx, protocols.Network{Kind: "gru", Inputs: 2, Hidden: []int{384}, Outputs: 4, Steps: 20}, 0, 4)
	if err != nil {
		o.close()
		return nil, err
	}
	o.gru = append(o.gru, gru)
	return o, nil
}

// subjects are a network in the state of each kind.
func (o *ours) subjects(ctx context.Context, net protocols.Network, seed, baseline int) (map[string]*models.Subject, error) {
	var err error
	apply := func(parent *models.Subject, s protocols.Stage) (out *models.Subject) {
		if err == nil {
			out, err = o.native.Apply(ctx, models.Job{Stage: s, Parent: parent, Seed: seed})
		}
		return out
	}
	full := apply(apply(nil, protocols.Initialise{Network: net}), protocols.Train{Data: book, BatchSize: batch, Epochs: baseline, Rate: 0.001})
	pruned := apply(full, protocols.Prune{Sparsity: 0.95})
	regrown := apply(pruned, protocols.RegrowRandom{Fraction: 0.5, Scale: 0.03})
	steadied := apply(pruned, protocols.Modulate{Activation: protocols.Tanh, Gain: 0.85, Inhibition: 0.7})
	return map[string]*models.Subject{dense: full, sparse: pruned, noisy: pruned, tanh: steadied, half: regrown}, err
}

func (o *ours) close() {
	for _, s := range []*models.Session{o.native, o.whole, o.second} {
		if s != nil {
			s.Close()
		}
	}
}

// watches times each kind in the session that computes as the engine does, and those that a ratio
// needs in the one that computes everything.
func (o *ours) watches(ctx context.Context) []stopwatch {
	var list []stopwatch
	add := func(name string, s *models.Session, of []map[string]*models.Subject, kind string, samples, epochs int, sigma float64) {
		call := protocols.Train{Data: book, BatchSize: batch, Epochs: epochs, Rate: 0.0001}
		call.Data.Samples = samples
		if sigma > 0 { // the SSRI-like course holds its noise here: its last epoch would be quiet
			call.Schedule = &protocols.Schedule{Epochs: epochs, Sigma: protocols.Ramp{From: sigma, To: sigma}, Gain: protocols.Ramp{From: 1, To: 1}}
		}
		list = append(list, stopwatch{name, func() (float64, error) {
			start := time.Now()
			for seed, sub := range of {
				if _, err := s.Apply(ctx, models.Job{Stage: call, Parent: sub[kind], Seed: seed}); err != nil {
					return 0, err
				}
			}
			steps := float64(len(of)*epochs) * float64((samples+batch-1)/batch)
			return time.Since(start).Seconds() / steps * batchesAnEpoch, nil
		}})
	}
	sigma := map[string]float64{noisy: 0.5}
	each := (o.epochs + len(seeds) - 1) / len(seeds)
	for _, kind := range kinds {
		add("ours mlp "+kind, o.native, o.mlp, kind, 12000, each, sigma[kind])
		add("ours gru "+kind, o.native, o.gru, kind, batch*o.steps, 1, sigma[kind])
	}
	for _, kind := range []string{sparse, noisy, half} {
		add("ours whole mlp "+kind, o.whole, o.mlp, kind, 12000, each, sigma[kind])
	}
	add("ours whole gru sparse", o.whole, o.gru, sparse, batch*o.steps, 1, 0)
	add("ours whole mlp dense noisy", o.whole, o.mlp, dense, 12000, each, 0.5)

	// One session, and two at once: the half-dense chain, which decides.
	call := protocols.Train{Data: book, BatchSize: batch, Epochs: o.epochs, Rate: 0.0001}
	beside := func(sessions ...*models.Session) func() (float64, error) {
		return func() (float64, error) {
			errs := make([]error, len(sessions))
			var all sync.WaitGroup
			start := time.Now()
			for i, s := range sessions {
				all.Go(func() { _, errs[i] = s.Apply(ctx, models.Job{Stage: call, Parent: o.mlp[0][half]}) })
			}
			all.Wait()
			for _, err := range errs {
				if err != nil {
					return 0, err
				}
			}
			return time.Since(start).Seconds() / float64(o.epochs), nil
		}
	}
	return append(list, stopwatch{"ours one session", beside(o.native)}, stopwatch{"ours two sessions", beside(o.native, o.second)})
}

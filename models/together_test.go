package models

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// Two subjects trained in one program come out as they do one by one: dense and
// pruned, quiet, under noise and under a course.
func TestTrainTogether(t *testing.T) {
	s := session(t)
	for name, c := range map[string]struct {
		prune bool
		set   func(*protocols.Modulation)
		call  protocols.Train
	}{
		"dense":  {false, func(*protocols.Modulation) {}, smallCall},
		"pruned": {true, func(m *protocols.Modulation) { m.Inhibition, m.Gain = .7, .85 }, smallCall},
		"noise":  {true, func(m *protocols.Modulation) { m.Activation, m.Sigma, m.InputSigma = protocols.Tanh, .3, .2 }, smallCall},
		"course": {true, func(*protocols.Modulation) {}, scheduled(protocols.Schedule{Epochs: 4, Sigma: protocols.Ramp{From: .6}, Gain: protocols.Ramp{From: 1, To: 1.6}})},
	} {
		if !slow && (name == "dense" || name == "course") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			var jobs []Job
			for seed := range 2 {
				sub := apply(t, s, Job{Stage: protocols.Initialise{Network: small}, Seed: seed})
				if c.prune {
					sub = apply(t, s, Job{Stage: protocols.Prune{Sparsity: 0.7}, Parent: sub, Seed: seed})
				}
				c.set(&sub.Modulation)
				jobs = append(jobs, Job{Stage: c.call, Parent: sub, Seed: seed})
			}
			// In two pieces, as the engine does it.
			var parts []Job
			for _, j := range jobs {
				j.Stage = c.call.Upto(2)
				parts = append(parts, j)
			}
			halves, err := s.TrainTogether(context.Background(), parts)
			if err != nil {
				t.Fatal(err)
			}
			rest := slices.Clone(jobs)
			for i := range rest {
				rest[i].Resume = halves[i]
			}
			together, err := s.TrainTogether(context.Background(), rest)
			if err != nil {
				t.Fatal(err)
			}
			for i, j := range jobs {
				want, got := apply(t, s, j), together[i]
				for k := range want.Tensors {
					if d := farthest(got.Tensors[k], want.Tensors[k]); !(d <= 1e-4*largest(want.Tensors[k])) {
						t.Errorf("seed %d: tensor %d is off by %.2g of %.2g", i, k, d, largest(want.Tensors[k]))
					}
				}
				for e, l := range want.Training.Losses {
					if d := math.Abs(got.Training.Losses[e] - l); !(d <= 1e-5*l) {
						t.Errorf("seed %d, epoch %d: loss %v, want %v", i, e, got.Training.Losses[e], l)
					}
				}
				if got.Modulation != want.Modulation || got.Training.Steps != want.Training.Steps {
					t.Errorf("seed %d: %+v after %d steps, want %+v after %d", i, got.Modulation, got.Training.Steps, want.Modulation, want.Training.Steps)
				}
			}
			if d := farthest(together[0].Tensors[0], together[1].Tensors[0]); d < 1e-2 {
				t.Error("both subjects came out alike")
			}
		})
	}
}

// What cannot be trained together is refused.
func TestTrainTogetherRefuses(t *testing.T) {
	s := session(t)
	sub := apply(t, s, Job{Stage: protocols.Initialise{Network: small}})
	other := *sub
	other.Modulation.Gain = 2
	longer := smallCall
	longer.Epochs = 9
	for name, jobs := range map[string][]Job{
		"nothing":         nil,
		"other dials":     {{Stage: smallCall, Parent: sub}, {Stage: smallCall, Parent: &other}},
		"other stages":    {{Stage: smallCall, Parent: sub}, {Stage: longer, Parent: sub}},
		"no training":     {{Stage: protocols.Prune{Sparsity: .5}, Parent: sub}},
		"a resumed call":  {{Stage: smallCall, Parent: sub, Resume: sub}},
		"no parent":       {{Stage: smallCall}},
		"another network": {{Stage: smallCall, Parent: apply(t, s, Job{Stage: protocols.Initialise{Network: smallGRU}})}},
	} {
		if out, err := s.TrainTogether(context.Background(), jobs); err == nil {
			t.Errorf("%s: %d subjects and no error", name, len(out))
		}
	}
}

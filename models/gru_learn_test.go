package models

import (
	"context"
	"math"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// autoGRU is a gru without a gradient of its own.
type autoGRU struct{ gru }

func (autoGRU) learns(variant) bool { return false }

// The gradient that a GRU works out itself is the automatic one, to the rounding
// of sums: the same losses and weights step for step, under every modulation of
// a training call.
func TestRecurrentGradientOfItsOwn(t *testing.T) {
	s := session(t)
	net := protocols.Network{Kind: "gru", Inputs: 2, Hidden: []int{12}, Outputs: 4, Steps: 3}
	points, labels := smallData.Draw(4)
	start := apply(t, s, Job{Stage: protocols.Initialise{Network: net}, Seed: 4})
	start = apply(t, s, Job{Stage: protocols.Prune{Sparsity: 0.7}, Parent: start, Seed: 4})
	for name, set := range map[string]func(*protocols.Modulation){
		"quiet":       func(m *protocols.Modulation) { m.Gain = 1.25 },
		"tanh":        func(m *protocols.Modulation) { m.Activation, m.Inhibition, m.Stabiliser = protocols.Tanh, .7, bookStabiliser(1) },
		"stabilised":  func(m *protocols.Modulation) { m.Stabiliser = bookStabiliser(.4) },
		"noise":       func(m *protocols.Modulation) { m.Sigma, m.Bias = .5, .1 },
		"input noise": func(m *protocols.Modulation) { m.InputSigma = .4 },
		"held noise":  func(m *protocols.Modulation) { m.Sigma, m.InputSigma, m.Held = .5, .4, true },
	} {
		t.Run(name, func(t *testing.T) {
			sub := *start
			set(&sub.Modulation)
			train := func(own bool) (losses []float32, params [][]float32) {
				err := s.do(func() error {
					tr, err := s.newTrainer(&sub, nil, points, labels, 64, 0.003, nil)
					if err != nil {
						return err
					}
					defer tr.close()
					if g := tr.shape.net.(gru); !own {
						tr.shape.net = autoGRU{g}
					}
					order := StreamKey{Seed: 4, Purpose: protocols.Shuffle}.Stream().Permutation(len(labels))
					if losses, err = tr.steps(context.Background(), order, sub.Modulation, StreamKey{Seed: 4, Purpose: protocols.TrainingNoise}, 0, 4); err != nil {
						return err
					}
					params, _, _ = tr.download()
					return tr.err
				})
				if err != nil {
					t.Fatal(err)
				}
				return losses, params
			}
			wantLosses, want := train(false)
			losses, got := train(true)
			for i, l := range wantLosses {
				if d := math.Abs(float64(l - losses[i])); !(d <= 2e-6*math.Abs(float64(l))) {
					t.Errorf("step %d: loss %v, want %v", i, losses[i], l)
				}
			}
			for i := range want {
				if d := farthest(got[i], want[i]); !(d <= 1e-5*largest(want[i])) {
					t.Errorf("tensor %d is off by %.2g of %.2g", i, d, largest(want[i]))
				}
				if d := farthest(want[i], sub.Tensors[i]); d < 1e-3 {
					t.Errorf("tensor %d moved by %v only", i, d)
				}
			}
		})
	}
}

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
// of sums, and so is that over its live weights alone: the same losses and
// weights step for step, under every modulation of a training call.
func TestRecurrentGradientOfItsOwn(t *testing.T) {
	s := session(t)
	points, labels := smallData.Draw(4)
	start := apply(t, s, Job{Stage: protocols.Initialise{Network: smallGRU}, Seed: 4})
	start = apply(t, s, Job{Stage: protocols.Prune{Sparsity: 0.95}, Parent: start, Seed: 4})
	for name, set := range map[string]func(*protocols.Modulation){
		"quiet": func(m *protocols.Modulation) { m.Gain = 1.25 },
		"tanh": func(m *protocols.Modulation) {
			m.Activation, m.Inhibition, m.Stabiliser = protocols.Tanh, .7, bookStabiliser(1)
		},
		"noise, tanh": func(m *protocols.Modulation) {
			m.Activation, m.Inhibition, m.Stabiliser, m.Sigma, m.Bias = protocols.Tanh, .7, bookStabiliser(1), .5, .1
		},
		"stabilised":  func(m *protocols.Modulation) { m.Stabiliser = bookStabiliser(.4) },
		"noise":       func(m *protocols.Modulation) { m.Sigma, m.Bias = .5, .1 },
		"input noise": func(m *protocols.Modulation) { m.InputSigma = .4 },
		"held noise":  func(m *protocols.Modulation) { m.Sigma, m.InputSigma, m.Held = .5, .4, true },
	} {
		if !slow && name != "noise, tanh" && name != "held noise" { // these have all that the others have
			continue
		}
		t.Run(name, func(t *testing.T) {
			sub := *start
			set(&sub.Modulation)
			train := func(own bool) (losses []float32, params [][]float32) {
				err := s.do(func() error {
					tr, err := s.newTrainer(&sub, nil, points, labels, 64, 0.003)
					if err != nil {
						return err
					}
					defer tr.close()
					if !own {
						tr.shape.net = autoGRU{tr.shape.net.(gru)}
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
			native := func() (losses []float32, params [][]float32) {
				stage := protocols.Train{BatchSize: 64, Epochs: 1, Rate: 0.003}
				c := s.nativeCourseOf(&sub, nil, stage, points, labels)
				if c == nil {
					t.Fatal("no native course")
				}
				defer c.close()
				var err error
				order := StreamKey{Seed: 4, Purpose: protocols.Shuffle}.Stream().Permutation(len(labels))
				if losses, err = c.steps(context.Background(), order, sub.Modulation, StreamKey{Seed: 4, Purpose: protocols.TrainingNoise}, 0, 4); err != nil {
					t.Fatal(err)
				}
				params, _, _, _ = c.outcome()
				return losses, params
			}
			for way, train := range map[string]func() ([]float32, [][]float32){
				"dense":  func() ([]float32, [][]float32) { return train(true) },
				"native": native,
			} {
				losses, got := train()
				for i, l := range wantLosses {
					if d := math.Abs(float64(l - losses[i])); !(d <= 2e-6*math.Abs(float64(l))) {
						t.Errorf("%s, step %d: loss %v, want %v", way, i, losses[i], l)
					}
				}
				for i := range want {
					if d := farthest(got[i], want[i]); !(d <= 1e-5*largest(want[i])) {
						t.Errorf("%s: tensor %d is off by %.2g of %.2g", way, i, d, largest(want[i]))
					}
				}
			}
			for i := range want {
				if d := farthest(want[i], sub.Tensors[i]); d < 1e-3 {
					t.Errorf("tensor %d moved by %v only", i, d)
				}
			}
		})
	}
}

package models

import (
	"context"
	"fmt"
	"slices"
	"testing"

	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas

	"github.com/network-fragility/fragility/protocols"
)

// BenchmarkRecurrentStep is a training step of chapter 10's network, in each of
// the ways, by the share of weights that are cut.
func BenchmarkRecurrentStep(b *testing.B) {
	s := session(b)
	net := protocols.Network{Kind: "gru", Inputs: 2, Hidden: []int{384}, Outputs: 4, Steps: 20}
	points, labels := bookData.Draw(4)
	stage := protocols.Train{Data: bookData, BatchSize: 128, Epochs: 1, Rate: 0.001}
	full := apply(b, s, Job{Stage: protocols.Initialise{Network: net}, Seed: 4})
	order := StreamKey{Seed: 4, Purpose: protocols.Shuffle}.Stream().Permutation(len(labels))
	for _, sparsity := range []float64{0.95, 0.7, 0.475} {
		sub := apply(b, s, Job{Stage: protocols.Prune{Sparsity: sparsity}, Parent: full, Seed: 4})
		for _, sigma := range []float64{0, 0.5} {
			m := sub.Modulation
			m.Sigma = sigma
			noisy := *sub
			noisy.Modulation = m
			run := func(c course) func(*testing.B) {
				return func(b *testing.B) {
					for range b.N {
						if _, err := c.steps(context.Background(), order, m, StreamKey{}, 0, 1); err != nil {
							b.Fatal(err)
						}
					}
				}
			}
			name := fmt.Sprintf("cut=%v/sigma=%v/", sparsity, sigma)
			if c := s.nativeCourseOf(&noisy, nil, stage, points, labels); c != nil {
				b.Run(name+"native", run(c))
				c.close()
			}
			s.do(func() error {
				t, err := s.newTrainer(&noisy, nil, points, labels, 128, 0.001)
				if err != nil {
					return err
				}
				defer t.close()
				b.Run(name+"dense", run(t))
				return nil
			})
		}
	}
}

// A GRU that is evaluated natively says what its compiled program says, under
// every modulation of a probe, pruned or not.
func TestRecurrentNetworkRunsNatively(t *testing.T) {
	s := session(t)
	net := protocols.Network{Kind: "gru", Inputs: 2, Hidden: []int{40}, Outputs: 4, Steps: 3}
	full := apply(t, s, Job{Stage: protocols.Initialise{Network: net}, Seed: 7})
	pruned := apply(t, s, Job{Stage: protocols.Prune{Sparsity: 0.9}, Parent: full, Seed: 7})
	points, _ := protocols.Data{Set: protocols.StandardSet, Samples: 333, Sigma: 0.8}.Draw(7) // the last block is not full
	key := StreamKey{Seed: 7, Purpose: protocols.ProbeNoise}
	for name, set := range map[string]func(*protocols.Modulation){
		"quiet":          func(m *protocols.Modulation) { m.Gain = 1.6 },
		"tanh":           func(m *protocols.Modulation) { m.Activation, m.Inhibition = protocols.Tanh, .7 },
		"stabilised":     func(m *protocols.Modulation) { m.Sigma, m.Bias, m.Stabiliser = 1, 1, bookStabiliser(.6) },
		"noise":          func(m *protocols.Modulation) { m.Sigma, m.InputSigma = .5, 1 },
		"state noise":    func(m *protocols.Modulation) { m.Sigma, m.Bias, m.InState = 1, 1, true },
		"held":           func(m *protocols.Modulation) { m.Sigma, m.InputSigma, m.Held = .5, 1, true },
		"held, in state": func(m *protocols.Modulation) { m.Sigma, m.InState, m.Held = .5, true, true },
		"state bias":     func(m *protocols.Modulation) { m.Bias, m.InState = 1, true },
	} {
		t.Run(name, func(t *testing.T) {
			for _, sub := range []*Subject{full, pruned} {
				m := sub.Modulation
				set(&m)
				err := s.do(func() error {
					logits, active, err := (gru{2, 40, 4, 3}).runNatively(context.Background(), sub, m, points, key, true)
					if err != nil {
						return err
					}
					return checkEvaluation(t, s, sub, m, points, key, logits, active)
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// checkEvaluation fails where logits [samples, outputs] or activities [samples,
// blocks] are not those of a compiled pass. One program gives both.
func checkEvaluation(t *testing.T, s *Session, sub *Subject, m protocols.Modulation, points []float32, key StreamKey, logits, active []float32) error {
	t.Helper()
	outputs, blocks := sub.Network.Outputs, sub.classifier().blocks()
	pass := func(net classifier, params []*Node, x *Node, v variant, d dials, noise noiseFunc) *Node {
		return Concatenate([]*Node{net.forward(params, x, v, d, noise), layerActivity(net, params, x, v, d, noise)}, 1)
	}
	rows, err := s.evaluate(context.Background(), "logits and activity", pass, outputs+blocks, sub, m, points, key)
	var wantLogits, wantActive []float32
	for row := range slices.Chunk(rows, outputs+blocks) {
		wantLogits, wantActive = append(wantLogits, row[:outputs]...), append(wantActive, row[outputs:]...)
	}
	if d := farthest(logits, wantLogits); !(d <= 1e-5*max(1, largest(wantLogits))) {
		t.Errorf("logits are off by %.2g of %.2g", d, largest(wantLogits))
	}
	if d := farthest(active, wantActive); !(d <= 1e-5*max(1, largest(wantActive))) {
		t.Errorf("activities are off by %.2g of %.2g", d, largest(wantActive))
	}
	return err
}

// BenchmarkRecurrentEvaluation is an evaluation of chapter 10's network on the
// standard set, natively and compiled.
func BenchmarkRecurrentEvaluation(b *testing.B) {
	s := session(b)
	net := protocols.Network{Kind: "gru", Inputs: 2, Hidden: []int{384}, Outputs: 4, Steps: 20}
	points, _ := protocols.Data{Set: protocols.StandardSet, Samples: 4000, Sigma: 0.8}.Draw(4)
	full := apply(b, s, Job{Stage: protocols.Initialise{Network: net}, Seed: 4})
	for _, sparsity := range []float64{0, 0.475, 0.95} {
		sub := full
		if sparsity > 0 {
			sub = apply(b, s, Job{Stage: protocols.Prune{Sparsity: sparsity}, Parent: full, Seed: 4})
		}
		for name, m := range map[string]protocols.Modulation{
			"quiet":  sub.Modulation,
			"biased": {Gain: 1, Inhibition: 1, Activation: protocols.ReLU, Sigma: 1, Bias: 1, InState: true},
		} {
			s.do(func() error {
				b.Run(fmt.Sprintf("cut=%v/%s/native", sparsity, name), func(b *testing.B) {
					for range b.N {
						if _, _, err := (gru{2, 384, 4, 20}).runNatively(context.Background(), sub, m, points, StreamKey{}, false); err != nil {
							b.Fatal(err)
						}
					}
				})
				b.Run(fmt.Sprintf("cut=%v/%s/compiled", sparsity, name), func(b *testing.B) {
					for range b.N {
						if _, err := s.evaluate(context.Background(), "logits", classifier.forward, 4, sub, m, points, StreamKey{}); err != nil {
							b.Fatal(err)
						}
					}
				})
				return nil
			})
		}
	}
}

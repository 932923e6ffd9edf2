package models

import (
	"context"
	"fmt"
	"testing"

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
			c, err := s.nativeCourseOf(&noisy, nil, stage, points, labels)
			if err != nil {
				b.Fatal(err)
			}
			if c != nil {
				b.Run(name+"native", run(c))
				c.close()
			}
			s.do(func() error {
				t, err := s.newTrainer(&noisy, nil, points, labels, 128, 0.001, nil)
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

package models

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// sparse is a network after pruning, and an epoch of training on the book's data: few
// of its units see the input, and few have a way to the output.
func sparse(t *testing.T, s *Session) *Subject {
	t.Helper()
	sub := apply(t, s, Job{Stage: protocols.Initialise{Network: protocols.Network{Kind: "mlp", Inputs: 2, Hidden: []int{160, 128}, Outputs: 4}}, Seed: 3})
	sub = apply(t, s, Job{Stage: protocols.Prune{Sparsity: 0.8}, Parent: sub, Seed: 3})
	return apply(t, s, Job{Stage: protocols.Train{Data: bookData, BatchSize: 128, Epochs: 1, Rate: 0.001}, Parent: sub, Seed: 3})
}

// Native steps are the whole network's, to the rounding of sums: every step's
// loss, and every tensor afterwards. What is left out has no gradient, so the
// whole network leaves it, too, bit for bit.
func TestFeedforwardNetworkTrainsNatively(t *testing.T) {
	s := session(t)
	points, labels := bookData.Draw(3)
	const steps = 12
	stage := protocols.Train{Data: bookData, BatchSize: 128, Epochs: 1, Rate: 0.0005}
	sub := sparse(t, s)
	for name, set := range map[string]func(*protocols.Modulation){
		"quiet": func(m *protocols.Modulation) { m.Gain = 1.3 },
		"tanh, inhibited, stabilised": func(m *protocols.Modulation) {
			m.Activation, m.Inhibition, m.Gain, m.Stabiliser = protocols.Tanh, .7, .85, bookStabiliser(1)
		},
		"noise":             func(m *protocols.Modulation) { m.Sigma, m.Bias = .4, .1 },
		"bias alone":        func(m *protocols.Modulation) { m.Bias = .2 },
		"input noise":       func(m *protocols.Modulation) { m.InputSigma = .3 },
		"a layer inhibited": func(m *protocols.Modulation) { m.Inhibition, m.InhibitedLayer, m.InputSigma, m.Sigma = .5, 2, .2, .3 },
	} {
		t.Run(name, func(t *testing.T) {
			sub := *sub
			set(&sub.Modulation)
			order := StreamKey{Seed: 3, Purpose: protocols.Shuffle}.Stream().Permutation(len(labels))
			key := StreamKey{Seed: 3, Purpose: protocols.TrainingNoise}
			train := func(start func() (course, error)) (losses []float32, params [][]float32) {
				err := s.do(func() error {
					c, err := start()
					if err != nil {
						return err
					}
					defer c.close()
					for _, at := range [][2]int{{0, steps}, {93, 94}} { // the last batch is ragged
						some, err := c.steps(context.Background(), order, sub.Modulation, key, at[0], at[1])
						if err != nil {
							return err
						}
						losses = append(losses, some...)
					}
					params, _, _, err = c.outcome()
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				return losses, params
			}
			wantLosses, want := train(func() (course, error) { return s.newTrainer(&sub, nil, points, labels, 128, 0.0005) })
			losses, got := train(func() (course, error) {
				c := s.nativeCourseOf(&sub, nil, stage, points, labels)
				if c == nil {
					t.Fatal("no native course")
				}
				return c, nil
			})
			for i, l := range wantLosses {
				if d := math.Abs(float64(l - losses[i])); !(d <= 1e-5*math.Abs(float64(l))) {
					t.Errorf("step %d: loss %v, want %v", i, losses[i], l)
				}
			}
			moved := 0
			for tensor := range want {
				if d := farthest(got[tensor], want[tensor]); !(d <= 2e-5*largest(want[tensor])) {
					t.Errorf("tensor %d is off by %v of %v", tensor, d, largest(want[tensor]))
				}
				for i, v := range want[tensor] {
					if was := sub.Tensors[tensor][i]; v != was {
						moved++
					} else if got[tensor][i] != was {
						t.Fatalf("tensor %d, value %d went from %v to %v, and stays in the whole network", tensor, i, was, got[tensor][i])
					}
				}
			}
			if moved < 1000 {
				t.Errorf("%d values moved", moved)
			}
		})
	}
}

// A training call gives the same in a session that computes everything: with a
// course that ends without noise, with a gradient kept, and resumed.
func TestNativeCalls(t *testing.T) {
	s := session(t)
	defer func() { s.Whole = false }()
	parent, _ := trained(t, s, func(*protocols.Modulation) {})
	parent = apply(t, s, Job{Stage: protocols.Prune{Sparsity: 0.85}, Parent: parent, Seed: 5})
	call := smallCall
	call.KeepGradient = true
	for name, call := range map[string]protocols.Train{
		"kept gradient": call,
		"fading noise":  scheduled(protocols.Schedule{Epochs: 4, Sigma: protocols.Ramp{From: .6}, Gain: protocols.Ramp{From: 1, To: 1.6}}),
	} {
		s.Whole = true
		want := apply(t, s, Job{Stage: call, Parent: parent, Seed: 5})
		s.Whole = false
		if c := s.nativeCourseOf(parent, nil, call, nil, nil); c == nil {
			t.Fatalf("%s: no native course", name)
		} else {
			c.close()
		}
		got := apply(t, s, Job{Stage: call, Parent: parent, Seed: 5})
		for i := range want.Tensors {
			if d := farthest(got.Tensors[i], want.Tensors[i]); !(d <= 1e-4*largest(want.Tensors[i])) {
				t.Errorf("%s: tensor %d is off by %v of %v", name, i, d, largest(want.Tensors[i]))
			}
			if call.KeepGradient && want.Training.Gradient[i] != nil {
				if d := farthest(got.Training.Gradient[i], want.Training.Gradient[i]); !(d <= 1e-3*largest(want.Training.Gradient[i])) {
					t.Errorf("%s: gradient %d is off by %v of %v", name, i, d, largest(want.Training.Gradient[i]))
				}
			}
		}
		part := apply(t, s, Job{Stage: call.Upto(2), Parent: parent, Seed: 5})
		rest := apply(t, s, Job{Stage: call, Parent: parent, Resume: part, Seed: 5})
		if !reflect.DeepEqual(rest.Tensors, got.Tensors) {
			t.Errorf("%s: resumed at epoch 2 it ends elsewhere", name)
		}
	}
}

// A network that pruning leaves nothing of is trained all the same: its biases are.
func TestNothingLeft(t *testing.T) {
	s := session(t)
	for _, net := range []protocols.Network{
		{Kind: "mlp", Inputs: 2, Hidden: []int{12, 12}, Outputs: 4},
		{Kind: "gru", Inputs: 2, Hidden: []int{12}, Outputs: 4, Steps: 3},
	} {
		sub := apply(t, s, Job{Stage: protocols.Initialise{Network: net}, Seed: 6})
		sub = apply(t, s, Job{Stage: protocols.Prune{Sparsity: 0.99}, Parent: sub, Seed: 6})
		out := apply(t, s, Job{Stage: smallCall, Parent: sub, Seed: 6})
		moved := 0
		for i, before := range sub.Tensors {
			if len(out.Tensors[i]) != len(before) {
				t.Fatalf("%s: tensor %d has %d values of %d", net.Kind, i, len(out.Tensors[i]), len(before))
			}
			for k := range before {
				if out.Tensors[i][k] != before[k] {
					moved++
				}
			}
		}
		if moved == 0 {
			t.Errorf("%s: nothing moved", net.Kind)
		}
		if _, err := s.logits(t.Context(), out, out.Modulation, []float32{1, 2, 3, 4, 5, 6}, StreamKey{}); err != nil {
			t.Errorf("%s: %v", net.Kind, err)
		}
	}
}

// A network that is evaluated natively says what its compiled program says.
func TestFeedforwardNetworkRunsNatively(t *testing.T) {
	s := session(t)
	net := mlp{[]int{2, 160, 128, 4}}
	sub := sparse(t, s)
	points, _ := protocols.Data{Set: protocols.StandardSet, Samples: 333, Sigma: 0.8}.Draw(7) // the last slab is not full
	key := StreamKey{Seed: 7, Purpose: protocols.ProbeNoise}
	for name, set := range map[string]func(*protocols.Modulation){
		"quiet":       func(m *protocols.Modulation) { m.Gain = 1.6 },
		"input noise": func(m *protocols.Modulation) { m.InputSigma = 1 },
		"tanh":        func(m *protocols.Modulation) { m.Activation, m.Inhibition = protocols.Tanh, .7 },
		"stabilised":  func(m *protocols.Modulation) { m.Sigma, m.Bias, m.Stabiliser = 1, 1, bookStabiliser(.6) },
		"noise":       func(m *protocols.Modulation) { m.Sigma, m.InputSigma = .5, 1 },
		"bias":        func(m *protocols.Modulation) { m.Bias = 1 },
	} {
		t.Run(name, func(t *testing.T) {
			m := sub.Modulation
			set(&m)
			err := s.do(func() error {
				logits, _, err := net.runNatively(context.Background(), sub, m, points, key, false)
				if err != nil {
					return err
				}
				_, active, err := net.runNatively(context.Background(), sub, m, points, key, true)
				if err != nil {
					return err
				}
				return checkEvaluation(t, s, sub, m, points, key, logits, active)
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// BenchmarkFeedforward is an epoch of training and an evaluation on the standard set
// in either way, by the share of weights that are cut.
func BenchmarkFeedforward(b *testing.B) {
	s := session(b)
	points, labels := bookData.Draw(3)
	stage := protocols.Train{Data: bookData, BatchSize: 128, Epochs: 1, Rate: 0.0005}
	test, _ := protocols.Data{Set: protocols.StandardSet, Samples: 4000, Sigma: 0.8}.Draw(4)
	order := StreamKey{Seed: 4, Purpose: protocols.Shuffle}.Stream().Permutation(len(labels))
	start := apply(b, s, Job{Stage: protocols.Initialise{Network: book}, Seed: 3})
	start = apply(b, s, Job{Stage: protocols.Train{Data: bookData, BatchSize: 128, Epochs: 1, Rate: 0.001}, Parent: start, Seed: 3})
	for _, sparsity := range []float64{0.95, 0.8, 0.475} {
		sub := apply(b, s, Job{Stage: protocols.Prune{Sparsity: sparsity}, Parent: start, Seed: 3})
		for _, sigma := range []float64{0, 0.5} {
			sub := *sub
			sub.Modulation.Sigma = sigma
			b.Run(fmt.Sprintf("cut=%v/sigma=%v", sparsity, sigma), func(b *testing.B) {
				train := func(b *testing.B, c course) {
					for b.Loop() {
						if _, err := c.steps(context.Background(), order, sub.Modulation, StreamKey{}, 0, 94); err != nil {
							b.Fatal(err)
						}
					}
				}
				b.Run("train/native", func(b *testing.B) {
					kind := mlp{[]int{2, 512, 512, 256, 4}}
					learner := kind.learner(&sub, stage)
					c := &nativeCourse{session: s, sub: &sub, kind: kind, net: learner, points: points, labels: labels, batch: 128, rate: 0.0005}
					c.begin(nil)
					defer c.close()
					train(b, c)
				})
				b.Run("train/dense", func(b *testing.B) {
					s.do(func() error {
						c, err := s.newTrainer(&sub, nil, points, labels, 128, 0.0005)
						if err != nil {
							return err
						}
						defer c.close()
						train(b, c)
						return nil
					})
				})
				b.Run("run/native", func(b *testing.B) {
					for b.Loop() {
						if _, _, err := (mlp{[]int{2, 512, 512, 256, 4}}).runNatively(context.Background(), &sub, sub.Modulation, test, StreamKey{}, false); err != nil {
							b.Fatal(err)
						}
					}
				})
				b.Run("run/dense", func(b *testing.B) {
					s.do(func() error {
						for b.Loop() {
							if _, err := s.evaluate(context.Background(), "logits", classifier.forward, 4, &sub, sub.Modulation, test, StreamKey{}); err != nil {
								b.Fatal(err)
							}
						}
						return nil
					})
				})
			})
		}
	}
}

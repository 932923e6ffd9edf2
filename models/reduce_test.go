package models

import (
	"context"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// bookPruned is a book-sized network, pruned and trained for so many epochs, in
// the states that the chapters train.
func bookPruned(t testing.TB, s *Session, regrow bool) *Subject {
	t.Helper()
	sub := apply(t, s, Job{Stage: protocols.Initialise{Network: book}, Seed: 3})
	sub = apply(t, s, Job{Stage: protocols.Train{Data: bookData, BatchSize: 128, Epochs: 1, Rate: 0.001}, Parent: sub, Seed: 3})
	sub = apply(t, s, Job{Stage: protocols.Prune{Sparsity: 0.95}, Parent: sub, Seed: 3})
	if regrow {
		sub = apply(t, s, Job{Stage: protocols.RegrowRandom{Fraction: 0.5, Scale: 0.03}, Parent: sub, Seed: 3})
	}
	return sub
}

// A reduction's steps are the whole network's, to the rounding of sums: every
// step's loss, and every tensor afterwards. What is not computed stays what it
// was, bit for bit.
func TestReductionTrainsAsTheWholeNetwork(t *testing.T) {
	s := session(t)
	points, labels := bookData.Draw(3)
	const steps = 12
	for _, c := range []struct {
		name   string
		regrow bool
		change func(*protocols.Modulation)
	}{
		{"quiet", false, func(*protocols.Modulation) {}},
		{"quiet, gain", false, func(m *protocols.Modulation) { m.Gain = 1.3 }},
		{"tanh, inhibited, stabilised", false, func(m *protocols.Modulation) {
			m.Activation, m.Inhibition, m.Gain, m.Stabiliser = protocols.Tanh, .7, .85, bookStabiliser(1)
		}},
		{"noise", false, func(m *protocols.Modulation) { m.Sigma, m.Bias = .4, .1 }},
		{"input noise", false, func(m *protocols.Modulation) { m.InputSigma = .3 }},
		{"half dense", true, func(m *protocols.Modulation) { m.Gain = 1.25 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			sub := bookPruned(t, s, c.regrow)
			c.change(&sub.Modulation)
			r := reduceMLP(mlp{[]int{2, 512, 512, 256, 4}}, sub.Masks, !sub.Modulation.Noisy())
			if r == nil {
				t.Fatal("there is nothing to leave out")
			}
			type result struct {
				losses []float32
				params [][]float32
			}
			train := func(r *reduction) (out result) {
				err := s.do(func() error {
					tr, err := s.newTrainer(sub, nil, points, labels, 128, 0.0005, r)
					if err != nil {
						return err
					}
					defer tr.close()
					order := StreamKey{Seed: 3, Purpose: protocols.Shuffle}.Stream().Permutation(len(labels))
					if out.losses, err = tr.steps(context.Background(), order, sub.Modulation, StreamKey{Seed: 3, Purpose: protocols.TrainingNoise}, 0, steps); err != nil {
						return err
					}
					out.params, _, _ = tr.download()
					return tr.err
				})
				if err != nil {
					t.Fatal(err)
				}
				return out
			}
			whole, reduced := train(nil), train(r)
			for i, l := range whole.losses {
				if d := math.Abs(float64(l - reduced.losses[i])); d > 1e-5*math.Abs(float64(l)) {
					t.Errorf("step %d: loss %v, want %v", i, reduced.losses[i], l)
				}
			}
			computed := map[[2]int]bool{}
			for tensor, places := range r.places {
				for _, at := range places {
					computed[[2]int{r.source[tensor], at}] = true
				}
			}
			left, moved := 0, 0
			for tensor, want := range whole.params {
				if d := farthest(reduced.params[tensor], want); !(d <= 2e-5*largest(want)) {
					t.Errorf("tensor %d is off by %v of %v", tensor, d, largest(want))
				}
				for i, v := range want {
					if v != sub.Tensors[tensor][i] {
						moved++
					}
					if !computed[[2]int{tensor, i}] {
						left++
						if v != reduced.params[tensor][i] || v != sub.Tensors[tensor][i] {
							t.Fatalf("tensor %d, value %d is not computed, and yet went from %v to %v in the whole network", tensor, i, sub.Tensors[tensor][i], v)
						}
					}
				}
			}
			t.Logf("%v: %d of %d values not computed, %d moved", r.net, left, mlp{[]int{2, 512, 512, 256, 4}}.size(), moved)
		})
	}
}

// A training call gives the same in a session that leaves nothing out: with a
// course that ends without noise, with a gradient kept, and resumed.
func TestReducedCalls(t *testing.T) {
	reduced := session(t)
	whole, err := OpenSession(0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { whole.Close() })
	whole.Whole = true
	parent, _ := trained(t, reduced, func(*protocols.Modulation) {})
	parent = apply(t, reduced, Job{Stage: protocols.Prune{Sparsity: 0.85}, Parent: parent, Seed: 5})
	call := smallCall
	call.KeepGradient = true
	if reduced.reductionOf(parent, call) == nil {
		t.Fatal("there is nothing to leave out")
	}
	for name, call := range map[string]protocols.Train{
		"kept gradient": call,
		"fading noise":  scheduled(protocols.Schedule{Epochs: 4, Sigma: protocols.Ramp{From: .6}, Gain: protocols.Ramp{From: 1, To: 1.6}}),
	} {
		want := apply(t, whole, Job{Stage: call, Parent: parent, Seed: 5})
		got := apply(t, reduced, Job{Stage: call, Parent: parent, Seed: 5})
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
		part := apply(t, reduced, Job{Stage: call.Upto(2), Parent: parent, Seed: 5})
		rest := apply(t, reduced, Job{Stage: call, Parent: parent, Resume: part, Seed: 5})
		if !reflect.DeepEqual(rest.Tensors, got.Tensors) {
			t.Errorf("%s: resumed at epoch 2 it ends elsewhere", name)
		}
	}
}

// A reduction's sizes are shared by subjects that differ a little, and where
// nothing is saved there is none.
func TestReductionSizes(t *testing.T) {
	net := mlp{[]int{2, 40, 30, 4}}
	rng := StreamKey{Seed: 1, Purpose: protocols.Initial}.Stream()
	drawn := 0
	uniform := func() float32 { drawn++; return rng.Uniform(drawn) }
	mask := func(density float64) (masks [][]bool) {
		for _, spec := range net.tensors() {
			var m []bool
			if spec.prunable {
				for range spec.size() {
					m = append(m, float64(uniform()) < density)
				}
			}
			masks = append(masks, m)
		}
		return masks
	}
	if reduceMLP(net, nil, true) != nil || reduceMLP(net, mask(1), true) != nil {
		t.Error("a dense network has a reduction")
	}
	r := reduceMLP(net, mask(0.1), true)
	if r == nil {
		t.Fatal("a sparse network has no reduction")
	}
	for side, w := range r.net.(reducedMLP).widths[1 : len(r.net.(reducedMLP).widths)-1] {
		if w%unitsMultiple != 0 {
			t.Errorf("side %d has %d units", side+1, w)
		}
	}
	// Values go there and back.
	full := make([][]float32, 6)
	for i, spec := range net.tensors() {
		for range spec.size() {
			full[i] = append(full[i], uniform())
		}
	}
	back := make([][]float32, len(full))
	for i := range full {
		back[i] = slices.Clone(full[i])
	}
	r.expand(r.shrink(full), back)
	if !reflect.DeepEqual(back, full) {
		t.Error("values do not come back to their places")
	}
}

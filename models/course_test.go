package models

import (
	"context"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// The course of the SSRI-like treatment at the epochs whose values the author
// printed (sheets of chapter 4, suggested checks, and of chapter 5, section 5).
func TestScheduleOfTheBook(t *testing.T) {
	course := protocols.Schedule{Epochs: 100, Sigma: protocols.Ramp{From: .5}, Gain: protocols.Ramp{From: 1, To: 1.6}}
	m := protocols.Rest()
	m.Sigma, m.Gain, m.Inhibition = 9, 9, .7
	for _, c := range []struct {
		epoch       int
		sigma, gain float64
	}{{1, .5, 1}, {25, .3788, 1.145}, {50, .2525, 1.297}, {75, .1263, 1.448}, {100, 0, 1.6}} {
		got := during(m, &course, c.epoch-1)
		if math.Abs(got.Sigma-c.sigma) > 5e-5 || math.Abs(got.Gain-c.gain) > 5e-4 || got.Inhibition != .7 {
			t.Errorf("epoch %d: %+v, want sigma %v, gain %v", c.epoch, got, c.sigma, c.gain)
		}
	}
	last := during(m, &course, 99)
	if variantOf(last).noisy() || last.Gain != 1.6 {
		t.Errorf("the last epoch has sigma %v and gain %v", last.Sigma, last.Gain)
	}
	if during(m, nil, 3) != m {
		t.Error("no schedule moves a dial")
	}
}

// A call with a schedule does what single epochs under its dials do, the last
// one without noise; the gain stays where it ended, the noise is what it was.
func TestScheduledTraining(t *testing.T) {
	s := session(t)
	parent, call := trained(t, s, func(m *protocols.Modulation) { m.Inhibition, m.Sigma = .8, .2 })
	call.Schedule = &protocols.Schedule{Epochs: 4, Sigma: protocols.Ramp{From: .6}, Gain: protocols.Ramp{From: 1, To: 1.6}}
	points, labels := smallData.Draw(5)
	// byHand trains epoch by epoch, with the noise of another subject in one.
	byHand := func(other int) (params [][]float32) {
		err := s.do(func() error {
			tr, err := s.newTrainer(parent, nil, points, labels, call.BatchSize, call.Rate)
			if err != nil {
				return err
			}
			defer tr.close()
			for e, dials := range [][2]float64{{.6, 1}, {.4, 1.2}, {.2, 1.4}, {0, 1.6}} {
				m := parent.Modulation
				m.Sigma, m.Gain = dials[0], dials[1]
				order := StreamKey{Seed: 5, Purpose: protocols.Shuffle, Epoch: e}.Stream().Permutation(len(labels))
				key := StreamKey{Seed: 5, Purpose: protocols.TrainingNoise, Epoch: e}
				if e == other {
					key.Seed = 6
				}
				if _, err := tr.steps(context.Background(), order, m, key, 0, tr.shape.steps()); err != nil {
					return err
				}
			}
			params, _, _ = tr.download()
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return params
	}
	want := byHand(-1)
	whole := apply(t, s, Job{Stage: call, Parent: parent, Seed: 5})
	if !reflect.DeepEqual(whole.Tensors, want) {
		t.Error("a scheduled call gives other weights than its epochs one by one")
	}
	if !reflect.DeepEqual(byHand(3), want) {
		t.Error("the last epoch draws noise")
	}
	if reflect.DeepEqual(byHand(2), want) {
		t.Error("the epoch before draws none")
	}
	for epochs, gain := range map[int]float64{1: 1, 3: 1.4, 4: 1.6} {
		m := apply(t, s, Job{Stage: call.Upto(epochs), Parent: parent, Seed: 5}).Modulation
		if math.Abs(m.Gain-gain) > 1e-12 || m.Sigma != .2 || m.Inhibition != .8 {
			t.Errorf("after %d epochs: %+v, want gain %v and the noise of before", epochs, m, gain)
		}
	}
}

// The gradient that a call leaves is that of its last batch before the last
// step, masked weights included, and keeping it moves nothing.
func TestKeptGradient(t *testing.T) {
	s := session(t)
	ctx := context.Background()
	for name, set := range map[string]func(*protocols.Modulation){
		"quiet": func(m *protocols.Modulation) {
			m.Gain, m.Inhibition, m.InhibitedLayer, m.Stabiliser = 1.3, .7, 2, bookStabiliser(.6)
		},
		"noisy": func(m *protocols.Modulation) { m.Activation, m.Sigma, m.InputSigma = protocols.Tanh, .5, .3 },
	} {
		t.Run(name, func(t *testing.T) {
			parent, call := trained(t, s, set)
			call.Epochs = 2
			plain := apply(t, s, Job{Stage: call, Parent: parent, Seed: 5})
			call.KeepGradient = true
			kept := apply(t, s, Job{Stage: call, Parent: parent, Seed: 5})
			gradient := kept.Training.Gradient
			if plain.Training.Gradient != nil {
				t.Error("a gradient is kept that nobody asked for")
			}
			without := *kept.Training
			without.Gradient = nil
			if !reflect.DeepEqual(kept.Tensors, plain.Tensors) || !reflect.DeepEqual(without, *plain.Training) {
				t.Error("keeping the gradient changed the training")
			}
			// The same call up to its last step.
			points, labels := smallData.Draw(5)
			before := *parent
			var mean [][]float32
			var order []int32
			err := s.do(func() error {
				tr, err := s.newTrainer(parent, nil, points, labels, call.BatchSize, call.Rate)
				if err != nil {
					return err
				}
				defer tr.close()
				for e := range 2 {
					order = StreamKey{Seed: 5, Purpose: protocols.Shuffle, Epoch: e}.Stream().Permutation(len(labels))
					key := StreamKey{Seed: 5, Purpose: protocols.TrainingNoise, Epoch: e}
					if _, err := tr.steps(ctx, order, parent.Modulation, key, 0, 4-e); err != nil {
						return err
					}
				}
				before.Tensors, mean, _ = tr.download()
				return tr.err
			})
			if err != nil {
				t.Fatal(err)
			}
			plainly, _ := plainGradient(&before, before.Modulation, points, labels, order[192:])
			for i, g := range gradient {
				if (g == nil) != (parent.Masks[i] == nil) {
					t.Fatalf("tensor %d: gradient of %d values", i, len(g))
				}
				if g == nil {
					continue
				}
				dense := 0
				for k := range g {
					if g[k] != 0 && !parent.Masks[i][k] {
						dense++
					}
				}
				if dense == 0 {
					t.Errorf("tensor %d: masked weights have no gradient", i)
				}
				// The last step moved Adam's first moment a tenth of the way to it; that
				// of a masked weight is not computed where it is trained natively.
				step := slices.Clone(g)
				for k := range g {
					if !parent.Masks[i][k] {
						continue
					}
					step[k] = float32((float64(plain.Training.Mean[i][k]) - adamBeta1*float64(mean[i][k])) / (1 - adamBeta1))
				}
				if d := farthest(g, step); !(d <= 1e-5*largest(step)) {
					t.Errorf("tensor %d: differs from what Adam saw by %.2g of %.2g", i, d, largest(step))
				}
				if d := farthest(g, plainly[i]); name == "quiet" && !(d <= 1e-5*largest(plainly[i])) {
					t.Errorf("tensor %d: differs from plain loops by %.2g of %.2g", i, d, largest(plainly[i]))
				}
			}
			// It outlives pruning and dials, and the file.
			later := apply(t, s, Job{Stage: protocols.PruneFurther{Fraction: .1, Limit: 1}, Parent: reread(t, kept)})
			later = reread(t, apply(t, s, Job{Stage: protocols.Discontinue{}, Parent: later}))
			if !reflect.DeepEqual(later.Training.Gradient, gradient) || later.Training.Mean != nil {
				t.Error("the gradient is lost, or the moments are not")
			}
			if next := apply(t, s, Job{Stage: smallCall, Parent: later, Seed: 5}); next.Training.Gradient != nil {
				t.Error("another call keeps an old gradient")
			}
		})
	}
}

// A gradient left behind is added, with its sign, to that of the first batch.
func TestLeftoverGradient(t *testing.T) {
	s := session(t)
	sub, _ := trained(t, s, func(*protocols.Modulation) {})
	points, labels := smallData.Draw(5)
	order := StreamKey{Seed: 5}.Stream().Permutation(len(labels))
	left, _ := plainGradient(sub, sub.Modulation, points, labels, order[100:140])
	first, _ := plainGradient(sub, sub.Modulation, points, labels, order[:64])
	second, _ := plainGradient(sub, sub.Modulation, points, labels, order[64:128])
	score := func(batches int, leftover [][]float32) (out [][]float32) {
		err := s.do(func() (err error) {
			out, err = s.scores(context.Background(), sub, points, labels, order, 64, batches, leftover)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	negative := make([][]float32, len(first))
	for i := range first {
		for _, d := range first[i] {
			negative[i] = append(negative[i], -d)
		}
	}
	one, two, cancelled := score(1, left), score(2, left), score(1, negative)
	for i, mask := range sub.Masks {
		if mask == nil {
			continue
		}
		wantOne, wantTwo := make([]float32, len(mask)), make([]float32, len(mask))
		for k := range mask {
			wantOne[k] = float32(math.Abs(float64(first[i][k]) + float64(left[i][k])))
			wantTwo[k] = wantOne[k] + float32(math.Abs(float64(second[i][k])))
		}
		for name, d := range map[string]float64{"one batch": farthest(one[i], wantOne), "two batches": farthest(two[i], wantTwo), "cancelled": largest(cancelled[i])} {
			if !(d <= 1e-5*largest(wantTwo)) {
				t.Errorf("tensor %d, %s: scores are off by %.2g of %.2g", i, name, d, largest(wantTwo))
			}
		}
	}

	// Through the stage: a large gradient left behind decides the sites.
	marked := *sub
	marked.Training = &Training{Losses: sub.Training.Losses, Epoch: sub.Training.Epoch, Gradient: make([][]float32, len(sub.Tensors))}
	for i, mask := range sub.Masks {
		if mask == nil {
			continue
		}
		marked.Training.Gradient[i] = make([]float32, len(mask))
		for k := range mask {
			if k%3 == 0 {
				marked.Training.Gradient[i][k] = -100
			}
		}
	}
	stage := protocols.RegrowGradient{Data: smallData, BatchSize: 64, Batches: 2, Fraction: .2, Scale: 1, Ties: protocols.TiesRandom}
	plain := apply(t, s, Job{Stage: stage, Parent: &marked, Seed: 5})
	stage.Leftover = true
	grown := apply(t, s, Job{Stage: stage, Parent: &marked, Seed: 5})
	for i, mask := range grown.Masks {
		for k, active := range mask {
			if active && !sub.Masks[i][k] && k%3 != 0 {
				t.Fatalf("tensor %d: site %d was regrown before those of a large gradient", i, k)
			}
		}
	}
	if reflect.DeepEqual(plain.Masks, grown.Masks) {
		t.Error("the gradient counts where it should not")
	}
	if grown.Training.Gradient != nil || marked.Training.Gradient == nil {
		t.Error("regrowth leaves the gradient, or took its parent's")
	}
	if without := apply(t, s, Job{Stage: stage, Parent: sub, Seed: 5}); !reflect.DeepEqual(without.Masks, plain.Masks) {
		t.Error("without a gradient left behind the switch changes something")
	}
}

// In a network of zeros every score is zero, so the rule for ties decides all.
func TestTies(t *testing.T) {
	s := session(t)
	sub := apply(t, s, Job{Stage: protocols.Initialise{Network: small}, Seed: 1})
	net, _ := networkOf(small)
	sub.Masks = flags(net.tensors(), false)
	for i := range sub.Tensors {
		sub.Tensors[i] = make([]float32, len(sub.Tensors[i]))
	}
	stage := protocols.RegrowGradient{Data: smallData, BatchSize: 64, Batches: 1, Fraction: .25, Scale: 1}
	grow := func(ties protocols.Ties) [][]bool {
		stage.Ties = ties
		return apply(t, s, Job{Stage: stage, Parent: sub, Seed: 1}).Masks
	}
	first, last, anywhere := grow(protocols.TiesFirst), grow(protocols.TiesLast), grow(protocols.TiesRandom)
	for i, mask := range first {
		n := len(mask)
		for k := range mask {
			if mask[k] != (k < n/4) || last[i][k] != (k >= n-n/4) {
				t.Fatalf("tensor %d of %d: site %d is regrown first %v, last %v", i, n, k, mask[k], last[i][k])
			}
		}
		if n > 0 && (reflect.DeepEqual(anywhere[i], mask) || reflect.DeepEqual(anywhere[i], last[i])) {
			t.Errorf("tensor %d: the random rule is none", i)
		}
	}
	// A higher score comes first under every rule.
	for ties, want := range map[protocols.Ties][]int{protocols.TiesFirst: {7, 2, 4}, protocols.TiesLast: {7, 9, 8}} {
		if got := bestSites([]int{2, 4, 7, 8, 9}, []float32{0, 0, 1, 0, 1, 0, 0, 7, 1, 1}, tieOrder(ties, Stream{}), 3); !slices.Equal(got, want) {
			t.Errorf("%s: sites %v, want %v", ties, got, want)
		}
	}
}

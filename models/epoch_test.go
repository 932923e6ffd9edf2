package models

import (
	"context"
	"math"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// goldenEpoch has what PyTorch did in the first epoch of chapter 1, seed 42.
type goldenEpoch struct {
	Step1  map[string]goldenTensor `json:"after_step_1"`
	Step10 map[string]goldenTensor `json:"after_step_10"`
	Losses []float64               `json:"losses_epoch_1"`
	Epoch1 struct {
		MeanLoss float64 `json:"mean_loss"`
	} `json:"epoch_1"`
}

type goldenTensor struct {
	First8 []float32
	L2     float64
}

// From PyTorch's initial weights and order of samples: its 94 losses within
// 1e-5 and its weights after steps 1 and 10 within 1e-6.
func TestEpochEqualsPyTorch(t *testing.T) {
	var want goldenEpoch
	golden(t, "ch01_seed42.json", &want)
	start, orders := goldenStart(t)
	s := session(t)
	points, labels := bookData.Draw(42)
	err := s.do(func() error {
		tr, err := s.newTrainer(start, nil, points, labels, 128, 0.001)
		if err != nil {
			return err
		}
		defer tr.close()
		if n := tr.shape.steps(); n != 94 {
			t.Errorf("%d steps an epoch, want 94", n)
		}
		var losses []float32
		worst := 0.0
		for _, part := range []struct {
			first, last int
			after       map[string]goldenTensor
		}{{0, 1, want.Step1}, {1, 10, want.Step10}, {10, 94, nil}} {
			l, err := tr.steps(context.Background(), orders[0], start.Modulation, StreamKey{}, part.first, part.last)
			if err != nil {
				return err
			}
			losses = append(losses, l...)
			params, _, _ := tr.download()
			for i, spec := range tr.shape.net.tensors() {
				w, ok := part.after[spec.name]
				if !ok {
					continue
				}
				d := farthest(params[i][:len(w.First8)], w.First8)
				l2 := math.Abs(norm(params[i]) - w.L2)
				worst = max(worst, d, l2)
				if !(d <= 1e-6) || !(l2 <= 1e-6*max(1, w.L2)) {
					t.Errorf("after step %d, %s: first values differ by %.2g, norm by %.2g", part.last, spec.name, d, l2)
				}
			}
		}
		t.Logf("weights after steps 1 and 10: largest difference %.2g", worst)
		worst = 0
		mean := 0.0
		for i, l := range losses {
			d := math.Abs(float64(l) - want.Losses[i])
			worst = max(worst, d)
			mean += float64(l) / 94
			if !(d <= 1e-5) {
				t.Errorf("step %d: loss %.8g, PyTorch's %.8g", i+1, l, want.Losses[i])
			}
		}
		t.Logf("94 losses: largest difference %.2g, of their mean %.2g", worst, mean-want.Epoch1.MeanLoss)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// BenchmarkEpoch times a dense epoch of the book's network.
func BenchmarkEpoch(b *testing.B) {
	start, orders := goldenStart(b)
	s := session(b)
	points, labels := bookData.Draw(42)
	noisy := start.Modulation
	noisy.Sigma = 0.5
	pruned := *start
	net, _ := networkOf(book)
	pruned.Masks = make([][]bool, len(start.Tensors))
	for i, spec := range net.tensors() {
		if spec.prunable {
			pruned.Masks[i], _ = cut(start.Tensors[i], nil, 0.95)
		}
	}
	for _, c := range []struct {
		name string
		sub  *Subject
		m    protocols.Modulation
	}{{"plain", start, start.Modulation}, {"masked", &pruned, start.Modulation}, {"noisy", start, noisy}} {
		b.Run(c.name, func(b *testing.B) {
			sub := *c.sub
			sub.Modulation = c.m
			err := s.do(func() error {
				tr, err := s.newTrainer(&sub, nil, points, labels, 128, 0.001)
				if err != nil {
					return err
				}
				defer tr.close()
				for b.Loop() {
					if _, err := tr.steps(context.Background(), orders[0], c.m, StreamKey{Seed: 1}, 0, 94); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}

package models

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/gomlx/compute"

	"github.com/network-fragility/fragility/protocols"
)

// TrainTogether carries out one training call on several subjects at once, on a
// leading axis of one program: what a GPU, which a single network of this size
// leaves idle, is there for. The jobs have the same stage, networks and dials, and
// begin at their parents; the subjects come out as Apply makes them, but for the
// order of sums. Networks are computed whole.
//
// On a CPU a session a core is faster, and the engine takes that way.
func (s *Session) TrainTogether(ctx context.Context, jobs []Job) ([]*Subject, error) {
	var out []*Subject
	err := s.do(func() (err error) {
		out, err = s.trainTogether(ctx, jobs)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("train together: %w", err)
	}
	return out, nil
}

// alike returns the stage of jobs that can be trained together, or why they
// cannot.
func alike(jobs []Job) (protocols.Train, error) {
	if len(jobs) == 0 {
		return protocols.Train{}, errors.New("no jobs")
	}
	stage, ok := jobs[0].Stage.(protocols.Train)
	if !ok || stage.KeepGradient || stage.Epochs < 1 {
		return stage, fmt.Errorf("a %T of this kind is for one subject", jobs[0].Stage)
	}
	first := jobs[0].Parent
	for _, j := range jobs {
		switch {
		case j.Parent == nil || j.Resume != nil:
			return stage, errors.New("a job that does not begin at its parent")
		case string(protocols.Canonical(j.Stage)) != string(protocols.Canonical(stage)):
			return stage, errors.New("jobs of different stages")
		case fmt.Sprint(j.Parent.Network) != fmt.Sprint(first.Network) || j.Parent.Modulation != first.Modulation || (j.Parent.Masks == nil) != (first.Masks == nil):
			return stage, errors.New("subjects of different networks or dials")
		}
	}
	if stage.BatchSize < 1 {
		return stage, fmt.Errorf("batches of %d", stage.BatchSize)
	}
	return stage, errors.Join(inRange("Rate", stage.Rate, 0, math.MaxFloat64), checkSchedule(stage.Schedule))
}

func (s *Session) trainTogether(ctx context.Context, jobs []Job) ([]*Subject, error) {
	stage, err := alike(jobs)
	if err != nil {
		return nil, err
	}
	first := jobs[0].Parent
	net, err := networkOf(first.Network)
	if err != nil {
		return nil, err
	}
	if _, ok := net.(mlp); !ok {
		return nil, fmt.Errorf("a network of kind %q is for one subject", first.Network.Kind)
	}
	n := len(jobs)
	shape := epochShape{net: net, description: first.Network, masked: first.Masks != nil, samples: stage.Data.Samples, batch: stage.BatchSize, together: n}
	t := &trainer{arena: s.newArena(), shape: shape, rate: stage.Rate}
	defer t.close()
	specs := net.tensors()
	// joined puts the values of all subjects behind each other.
	joined := func(values func(*Subject) []float32, dims ...int) compute.Buffer {
		var all []float32
		for _, j := range jobs {
			all = append(all, values(j.Parent)...)
		}
		return put(t.arena, all, shape.each(dims...)...)
	}
	for i, spec := range specs {
		t.params = append(t.params, joined(func(sub *Subject) []float32 { return sub.Tensors[i] }, spec.shape...))
	}
	for range 2 {
		for _, spec := range specs {
			t.params = append(t.params, joined(func(*Subject) []float32 { return make([]float32, spec.size()) }, spec.shape...))
		}
	}
	if shape.masked {
		for i, spec := range specs {
			if spec.prunable {
				t.masks = append(t.masks, joined(func(sub *Subject) []float32 { return ones(sub.Masks[i]) }, spec.shape...))
			}
		}
	}
	var points []float32
	var labels []int32
	for _, j := range jobs {
		p, l, err := dataSet(stage.Data, first.Network, j.Seed)
		if err != nil {
			return nil, err
		}
		points, labels = append(points, p...), append(labels, l...)
	}
	t.x = put(t.arena, points, shape.each(shape.samples, first.Network.Inputs)...)
	t.y = put(t.arena, labels, shape.each(shape.samples)...)

	histories := make([][]float64, n)
	for epoch := range stage.Epochs {
		var orders []int32
		var keys []StreamKey
		for _, j := range jobs {
			shuffle, noise := j.key(protocols.Shuffle), j.key(protocols.TrainingNoise)
			shuffle.Epoch, noise.Epoch = epoch, epoch
			order := make([]int32, shape.steps()*shape.batch)
			copy(order, shuffle.Stream().Permutation(shape.samples))
			orders, keys = append(orders, order...), append(keys, noise)
		}
		losses, err := t.stepsOf(ctx, orders, during(first.Modulation, stage.Schedule, epoch), keys, 0, shape.steps())
		if err != nil {
			return nil, err
		}
		for i, j := range jobs {
			mean := 0.0
			for _, l := range losses[i*shape.steps() : (i+1)*shape.steps()] {
				mean += float64(l)
			}
			if mean /= float64(shape.steps()); math.IsNaN(mean) || math.IsInf(mean, 0) {
				return nil, fmt.Errorf("seed %d: the loss is no longer a number in epoch %d (rate %v)", j.Seed, epoch+1, stage.Rate)
			}
			histories[i] = append(histories[i], mean)
			if j.Progress != nil {
				j.Progress(epoch + 1)
			}
		}
	}
	var values [][]float32
	for i, b := range t.params {
		values = append(values, t.get(b, n*specs[i%len(specs)].size()))
	}
	if t.err != nil {
		return nil, t.err
	}
	var subjects []*Subject
	for i, j := range jobs {
		own := func(of [][]float32) (parts [][]float32) {
			for k, spec := range specs {
				parts = append(parts, slices.Clone(of[k][i*spec.size():(i+1)*spec.size()]))
			}
			return parts
		}
		sub := *j.Parent
		sub.Tensors = own(values[:len(specs)])
		sub.Training = &Training{Epoch: stage.Epochs, Steps: t.stepsDone, Losses: histories[i], Mean: own(values[len(specs) : 2*len(specs)]), Square: own(values[2*len(specs):])}
		if stage.Schedule != nil {
			sub.Modulation.Gain = during(j.Parent.Modulation, stage.Schedule, stage.Epochs-1).Gain
		}
		subjects = append(subjects, &sub)
	}
	return subjects, nil
}

package models

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/gomlx/compute"

	"github.com/network-fragility/fragility/protocols"
)

// Company tells which jobs can be trained together: those with the same text. ok
// is false for a job that has to be carried out alone.
func Company(j Job) (text string, ok bool) {
	stage, isTraining := j.Stage.(protocols.Train)
	from := j.from()
	if !isTraining || from == nil || from.Network.Kind != "mlp" || stage.KeepGradient || stage.Epochs < 1 || stage.BatchSize < 1 {
		return "", false
	}
	epoch := 0
	if j.Resume != nil {
		if j.Resume.Training == nil || j.Resume.Training.Mean == nil {
			return "", false
		}
		epoch = j.Resume.Training.Epoch
	}
	return fmt.Sprint(string(protocols.Canonical(stage)), from.Network, from.Modulation, from.Masks != nil, epoch), epoch < stage.Epochs
}

// from is the subject that a training call goes on from.
func (j Job) from() *Subject {
	if j.Resume != nil {
		return j.Resume
	}
	return j.Parent
}

// TrainTogether carries out one training call on several subjects at once, on a
// leading axis of one program: what a GPU, which a single network of this size
// leaves idle, is there for. The jobs are in company (see Company). The subjects
// come out as Apply makes them, but for the order of sums; networks are computed
// whole.
func (s *Session) TrainTogether(ctx context.Context, jobs []Job) ([]*Subject, error) {
	var out []*Subject
	err := s.do(func() (err error) {
		if err := ctx.Err(); err != nil {
			return err
		}
		out, err = s.trainTogether(ctx, jobs)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("train together: %w", err)
	}
	return out, nil
}

func (s *Session) trainTogether(ctx context.Context, jobs []Job) ([]*Subject, error) {
	if len(jobs) == 0 {
		return nil, errors.New("no jobs")
	}
	company, ok := Company(jobs[0])
	for _, j := range jobs {
		if text, fits := Company(j); !ok || !fits || text != company {
			return nil, errors.New("jobs that are not in company")
		}
		if err := j.check(); err != nil {
			return nil, err
		}
	}
	stage := jobs[0].Stage.(protocols.Train)
	if err := checkSchedule(stage.Schedule); err != nil {
		return nil, err
	}
	first := jobs[0].from()
	shape := epochShape{net: first.classifier(), description: first.Network, masked: first.Masks != nil, samples: stage.Data.Samples, batch: stage.BatchSize, together: len(jobs)}
	t := &trainer{arena: s.newArena(), shape: shape, rate: stage.Rate}
	defer t.close()
	if err := t.load(jobs, stage); err != nil {
		return nil, err
	}
	calls := make([]*Training, len(jobs)) // what is known of each so far
	for i, j := range jobs {
		calls[i] = &Training{}
		if j.Resume != nil {
			calls[i].Epoch, calls[i].Losses = j.Resume.Training.Epoch, slices.Clone(j.Resume.Training.Losses)
		}
	}
	for epoch := calls[0].Epoch; epoch < stage.Epochs; epoch++ {
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
			if err := calls[i].add(losses[i*shape.steps():(i+1)*shape.steps()], stage, j); err != nil {
				return nil, fmt.Errorf("seed %d: %w", j.Seed, err)
			}
		}
	}
	return t.apart(jobs, calls, stage)
}

// load puts the values of all subjects behind each other, as Adam's moments,
// masks and points are.
func (t *trainer) load(jobs []Job, stage protocols.Train) error {
	shape := t.shape
	specs := shape.net.tensors()
	joined := func(values func(*Subject) []float32, dims ...int) compute.Buffer {
		var all []float32
		for _, j := range jobs {
			all = append(all, values(j.from())...)
		}
		return put(t.arena, all, shape.each(dims...)...)
	}
	for i, spec := range specs {
		t.params = append(t.params, joined(func(sub *Subject) []float32 { return sub.Tensors[i] }, spec.shape...))
		if shape.masked && spec.prunable {
			t.masks = append(t.masks, joined(func(sub *Subject) []float32 { return ones(sub.Masks[i]) }, spec.shape...))
		}
	}
	for moment := range 2 {
		for i, spec := range specs {
			t.params = append(t.params, joined(func(sub *Subject) []float32 {
				if jobs[0].Resume == nil {
					return make([]float32, spec.size())
				}
				return [][][]float32{sub.Training.Mean, sub.Training.Square}[moment][i]
			}, spec.shape...))
		}
	}
	if jobs[0].Resume != nil {
		t.stepsDone = jobs[0].Resume.Training.Steps
	}
	var points []float32
	var labels []int32
	for _, j := range jobs {
		p, l, err := dataSet(stage.Data, shape.description, j.Seed)
		if err != nil {
			return err
		}
		points, labels = append(points, p...), append(labels, l...)
	}
	t.x = put(t.arena, points, shape.each(shape.samples, shape.description.Inputs)...)
	t.y = put(t.arena, labels, shape.each(shape.samples)...)
	return nil
}

// apart reads the subjects back.
func (t *trainer) apart(jobs []Job, calls []*Training, stage protocols.Train) (subjects []*Subject, err error) {
	specs := t.shape.net.tensors()
	var values [][]float32
	for i, b := range t.params {
		values = append(values, t.get(b, len(jobs)*specs[i%len(specs)].size()))
	}
	if t.err != nil {
		return nil, t.err
	}
	for i, j := range jobs {
		own := func(of [][]float32) (parts [][]float32) {
			for k, spec := range specs {
				parts = append(parts, slices.Clone(of[k][i*spec.size():(i+1)*spec.size()]))
			}
			return parts
		}
		calls[i].Steps, calls[i].Mean, calls[i].Square = t.stepsDone, own(values[len(specs):2*len(specs)]), own(values[2*len(specs):])
		subjects = append(subjects, j.from().trained(own(values[:len(specs)]), calls[i], stage))
	}
	return subjects, nil
}

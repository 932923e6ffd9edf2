package models

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(train) }

// train carries out a training call up to its last epoch, from its beginning
// or from where Job.Resume stands.
func train(ctx context.Context, s *Session, stage protocols.Train, j Job) (*Subject, error) {
	parent := j.Parent
	if err := checkSchedule(stage.Schedule); err != nil {
		return nil, err
	}
	if stage.Epochs == 0 {
		return parent, nil
	}
	from, state := parent, (*Training)(nil)
	if j.Resume != nil {
		from, state = j.Resume, j.Resume.Training
		if state == nil || state.Mean == nil {
			return nil, errors.New("cannot resume from a subject without the optimiser's state")
		}
		if state.Epoch > stage.Epochs {
			return nil, fmt.Errorf("cannot resume at epoch %d of a call of %d", state.Epoch, stage.Epochs)
		}
	}
	points, labels, err := dataSet(stage.Data, parent.Network, j.Seed)
	if err != nil {
		return nil, err
	}
	t, err := s.courseOf(from, state, stage, points, labels)
	if err != nil {
		return nil, err
	}
	defer t.close()

	done := &Training{}
	if state != nil {
		done.Epoch = state.Epoch
		done.Losses = append(done.Losses, state.Losses...)
		done.Gradient = state.Gradient
	}
	shuffle, noise := j.key(protocols.Shuffle), j.key(protocols.TrainingNoise)
	for done.Epoch < stage.Epochs {
		shuffle.Epoch, noise.Epoch = done.Epoch, done.Epoch
		order := shuffle.Stream().Permutation(len(labels))
		m := during(from.Modulation, stage.Schedule, done.Epoch)
		n := t.batches()
		var losses []float32
		if stage.KeepGradient && done.Epoch == stage.Epochs-1 {
			if losses, err = t.steps(ctx, order, m, noise, 0, n-1); err != nil {
				return nil, err
			}
			if done.Gradient, err = t.gradient(order, m, noise, n-1); err != nil {
				return nil, err
			}
		}
		rest, err := t.steps(ctx, order, m, noise, len(losses), n)
		if err != nil {
			return nil, err
		}
		if err := done.add(append(losses, rest...), stage, j); err != nil {
			return nil, err
		}
	}
	done.Steps = t.taken()
	tensors, mean, square, err := t.outcome()
	done.Mean, done.Square = mean, square
	return from.trained(tensors, done, stage), err
}

// add ends an epoch, whose batches had these losses.
func (t *Training) add(losses []float32, stage protocols.Train, j Job) error {
	mean := 0.0
	for _, l := range losses {
		mean += float64(l)
	}
	t.Epoch++
	if mean /= float64(len(losses)); math.IsNaN(mean) || math.IsInf(mean, 0) {
		return fmt.Errorf("the loss is no longer a number in epoch %d (rate %v)", t.Epoch, stage.Rate)
	}
	t.Losses = append(t.Losses, mean)
	if j.Progress != nil {
		j.Progress(t.Epoch)
	}
	return nil
}

// trained is the subject after a training call.
func (s Subject) trained(tensors [][]float32, done *Training, stage protocols.Train) *Subject {
	if stage.Schedule != nil {
		s.Modulation.Gain = during(s.Modulation, stage.Schedule, stage.Epochs-1).Gain
	}
	s.Tensors, s.Training = tensors, done
	return &s
}

// courseOf starts a training call in the way that is cheapest for the subject.
func (s *Session) courseOf(from *Subject, state *Training, stage protocols.Train, points []float32, labels []int32) (course, error) {
	if c := s.nativeCourseOf(from, state, stage, points, labels); c != nil {
		return c, nil
	}
	return s.newTrainer(from, state, points, labels, stage.BatchSize, stage.Rate)
}

// during is the modulation of an epoch, counted from 0.
func during(m protocols.Modulation, s *protocols.Schedule, epoch int) protocols.Modulation {
	if s != nil {
		m.Sigma, m.Gain = s.Sigma.At(epoch, s.Epochs), s.Gain.At(epoch, s.Epochs)
	}
	return m
}

// checkSchedule refuses one that takes all gain away; nil is none.
func checkSchedule(s *protocols.Schedule) error {
	if s != nil && s.Gain == (protocols.Ramp{}) {
		return errors.New("a schedule of gain 0: one that leaves the gain alone runs from 1 to 1")
	}
	return nil
}

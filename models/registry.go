package models

import (
	"context"
	"errors"
	"fmt"

	"github.com/network-fragility/fragility/protocols"
)

// A Job is one stage to carry out on one subject.
type Job struct {
	Stage  protocols.Stage
	Parent *Subject // nil for a stage that makes a subject
	// Resume is the subject at an earlier epoch of the same training call, or
	// nil to begin at the parent.
	Resume *Subject
	Seed   int
	// Occurrence tells how often a purpose has come up before this stage; nil
	// means never.
	Occurrence func(protocols.Purpose) int
	// Progress is told each epoch that is done; it may be nil.
	Progress func(epoch int)
}

// key is the stream key of one of the job's purposes.
func (j Job) key(p protocols.Purpose) StreamKey {
	k := StreamKey{Seed: j.Seed, Purpose: p}
	if j.Occurrence != nil {
		k.Occurrence = j.Occurrence(p)
	}
	return k
}

// stages and probes have what carries out each kind, by the kind's name.
var (
	stages = map[string]func(context.Context, *Session, Job) (*Subject, error){}
	probes = map[string]func(context.Context, *Session, protocols.Probe, *Subject, int) ([]float64, error){}
)

// registerStage says what carries out stages of type S. Each stage_*.go does so
// once, in an init.
func registerStage[S protocols.Stage](apply func(context.Context, *Session, S, Job) (*Subject, error)) {
	var zero S
	stages[zero.Kind()] = func(ctx context.Context, s *Session, j Job) (*Subject, error) {
		stage, ok := j.Stage.(S)
		if !ok {
			return nil, fmt.Errorf("a %T calls itself %q", j.Stage, zero.Kind())
		}
		return apply(ctx, s, stage, j)
	}
}

// registerProbe says what takes probes of type P. Each probe_*.go does so once,
// in an init.
func registerProbe[P protocols.Probe](measure func(context.Context, *Session, P, *Subject, int) ([]float64, error)) {
	var zero P
	probes[zero.Kind()] = func(ctx context.Context, s *Session, p protocols.Probe, in *Subject, seed int) ([]float64, error) {
		probe, ok := p.(P)
		if !ok {
			return nil, fmt.Errorf("a %T calls itself %q", p, zero.Kind())
		}
		return measure(ctx, s, probe, in, seed)
	}
}

// Apply carries out a stage. Where ctx ends, it stops within one device call
// and returns the context's error.
func (s *Session) Apply(ctx context.Context, j Job) (*Subject, error) {
	if j.Stage == nil {
		return nil, errors.New("models: a job without a stage")
	}
	apply, ok := stages[j.Stage.Kind()]
	if !ok {
		return nil, fmt.Errorf("models: no stage of kind %q", j.Stage.Kind())
	}
	var out *Subject
	err := s.do(func() (err error) {
		if err := errors.Join(ctx.Err(), j.check()); err != nil { // before a program is compiled
			return err
		}
		out, err = apply(ctx, s, j)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("stage %s: %w", j.Stage.Kind(), err)
	}
	return out, nil
}

// check refuses a job whose stage has a number out of its range, or nothing that it could
// start from.
func (j Job) check() error {
	if err := protocols.CheckRanges(j.Stage); err != nil {
		return err
	}
	if _, begins := j.Stage.(protocols.Beginner); begins {
		return nil
	}
	if j.Parent == nil {
		return errors.New("needs a subject to start from")
	}
	return j.Parent.check()
}

// Measure takes a probe of a subject, whose noise is that of a seed.
func (s *Session) Measure(ctx context.Context, p protocols.Probe, in *Subject, seed int) ([]float64, error) {
	if p == nil || in == nil {
		return nil, errors.New("models: a measurement needs a probe and a subject")
	}
	measure, ok := probes[p.Kind()]
	if !ok {
		return nil, fmt.Errorf("models: no probe of kind %q", p.Kind())
	}
	var out []float64
	err := s.do(func() (err error) {
		if err := errors.Join(ctx.Err(), protocols.CheckRanges(p), in.check()); err != nil {
			return err
		}
		out, err = measure(ctx, s, p, in, seed)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("probe %s: %w", p.Kind(), err)
	}
	return out, nil
}

// dataSet draws a data set for a network.
func dataSet(d protocols.Data, n protocols.Network, seed int) (points []float32, labels []int32, err error) {
	if n.Inputs != protocols.Dimensions || n.Outputs < protocols.Classes {
		return nil, nil, fmt.Errorf("a network of %d inputs and %d outputs does not fit data of %d coordinates and %d classes",
			n.Inputs, n.Outputs, protocols.Dimensions, protocols.Classes)
	}
	points, labels = d.Draw(seed)
	return points, labels, nil
}

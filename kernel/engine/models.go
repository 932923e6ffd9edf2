package engine

import (
	"context"
	"io"

	"github.com/network-fragility/fragility/models"
	"github.com/network-fragility/fragility/protocols"
)

// modelsLab is the real lab: package models behind the lab's interfaces.
type modelsLab struct{}

func (modelsLab) platform() (protocols.Platform, error) { return models.Platform() }

func (modelsLab) open(core int) (session, error) {
	s, err := models.OpenSession(core)
	if err != nil {
		return nil, err // not modelsSession{nil}, which is no nil session
	}
	return modelsSession{s}, nil
}

func (modelsLab) read(r io.Reader) (subject, error) {
	s, err := models.ReadSubject(r)
	if err != nil {
		return nil, err
	}
	return s, nil
}

type modelsSession struct{ *models.Session }

func (s modelsSession) apply(ctx context.Context, j job) (subject, error) {
	job := models.Job{Stage: j.stage, Seed: j.seed, Occurrence: j.occurrence, Progress: j.progress}
	if j.parent != nil {
		job.Parent = j.parent.(*models.Subject)
	}
	if j.resume != nil {
		job.Resume = j.resume.(*models.Subject)
	}
	out, err := s.Apply(ctx, job)
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s modelsSession) measure(ctx context.Context, p protocols.Probe, in subject, seed int) ([]float64, error) {
	return s.Measure(ctx, p, in.(*models.Subject), seed)
}

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

func (modelsLab) read(r io.Reader, shared func(string) (io.ReadCloser, error)) (subject, error) {
	s, err := models.ReadSubject(r, shared)
	if err != nil {
		return nil, err
	}
	return s, nil
}

type modelsSession struct{ *models.Session }

func (s modelsSession) apply(ctx context.Context, j job) (subject, error) {
	return orNil(s.Apply(ctx, j.models()))
}

// orNil makes a subject that is nil no subject.
func orNil(s *models.Subject, err error) (subject, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

// models is the job in the words of package models.
func (j job) models() models.Job {
	job := models.Job{Stage: j.stage, Seed: j.seed, Occurrence: j.occurrence, Progress: j.progress}
	if j.parent != nil {
		job.Parent = j.parent.(*models.Subject)
	}
	if j.resume != nil {
		job.Resume = j.resume.(*models.Subject)
	}
	return job
}

func (s modelsSession) measure(ctx context.Context, p protocols.Probe, in subject, seed int) ([]float64, error) {
	return s.Measure(ctx, p, in.(*models.Subject), seed)
}

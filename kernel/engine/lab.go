package engine

import (
	"context"
	"io"

	"github.com/network-fragility/fragility/protocols"
)

// A lab carries stages and probes out. The real one is package models; tests
// have one that counts and blocks.
type lab interface {
	platform() (protocols.Platform, error)
	// open makes the session of a core.
	open(core int) (session, error)
	// read restores what subject.Write wrote.
	read(io.Reader) (subject, error)
}

// A session computes on one core, one call at a time.
type session interface {
	apply(ctx context.Context, j job) (subject, error)
	measure(ctx context.Context, p protocols.Probe, in subject, seed int) ([]float64, error)
	Close() error
}

// A subject is immutable, and any session can use it.
type subject interface {
	Write(io.Writer) error
}

// A job is a stage to carry out.
type job struct {
	stage      protocols.Stage
	parent     subject // nil for the first stage of a tree
	resume     subject // an earlier point of the same call, or nil
	seed       int
	occurrence func(protocols.Purpose) int
	progress   func(epoch int) // the epochs of the call that are done
}

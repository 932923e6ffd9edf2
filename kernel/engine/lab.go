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
	// read restores what subject.Write wrote; shared opens a part of Shared.
	read(r io.Reader, shared func(name string) (io.ReadCloser, error)) (subject, error)
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
	// Shared are its parts that other subjects have, too, by name; nil where
	// there are none.
	Shared() map[string]func(io.Writer) error
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

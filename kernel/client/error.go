package client

import (
	"context"
	"errors"

	"github.com/network-fragility/fragility/protocols"
)

// ErrorKind says who can mend an error.
type ErrorKind string

const (
	// Input is a bad value, an unknown name or a seed list without sense: the
	// user's to mend, exit status 2 of a command.
	Input ErrorKind = "input"
	// Fault is everything else that went wrong.
	Fault ErrorKind = "fault"
	// Cancelled is a run that was stopped, by its user or with its engine.
	Cancelled ErrorKind = "cancelled"
)

// Error is an error as the engine reports it: one sentence and its kind.
type Error struct {
	Kind ErrorKind `json:"kind"`
	Text string    `json:"text"`
}

func (e *Error) Error() string { return e.Text }

// Unwrap makes bad input on the engine's side bad input here: see
// protocols.IsBadInput.
func (e *Error) Unwrap() error {
	if e.Kind == Input {
		return protocols.BadInput{Sentence: e.Text}
	}
	return nil
}

// Wrap is err as it crosses the socket.
func Wrap(err error) *Error { return &Error{KindOf(err), err.Error()} }

// KindOf returns the kind of an error.
func KindOf(err error) ErrorKind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	switch {
	case protocols.IsBadInput(err):
		return Input
	case errors.Is(err, context.Canceled):
		return Cancelled
	}
	return Fault
}

// ErrNotRunning is what Connect returns where no engine answers.
var ErrNotRunning = errors.New("no engine is running")

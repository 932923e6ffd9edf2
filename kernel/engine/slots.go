package engine

import (
	"context"
	"errors"
	"sync"
)

// slots are the places to compute, one a core. Their sessions are opened when
// first used and kept.
type slots struct {
	open func(core int) (session, error)
	free chan struct{} // a token for each slot in idle

	mu   sync.Mutex
	idle []*slot // the last one used on top, so that few are opened for little work
	all  int
}

type slot struct {
	core    int
	session session // nil until used
}

func newSlots(n int, open func(int) (session, error)) *slots {
	s := &slots{open: open, free: make(chan struct{}, n), all: n}
	for core := n - 1; core >= 0; core-- {
		s.idle = append(s.idle, &slot{core: core})
		s.free <- struct{}{}
	}
	return s
}

// take waits for a slot.
func (s *slots) take(ctx context.Context) (*slot, error) {
	select {
	case <-s.free:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	top := s.idle[len(s.idle)-1]
	s.idle = s.idle[:len(s.idle)-1]
	return top, nil
}

func (s *slots) give(x *slot) {
	s.mu.Lock()
	s.idle = append(s.idle, x)
	s.mu.Unlock()
	s.free <- struct{}{}
}

// ready is the slot's session, opened where it is not.
func (s *slots) ready(x *slot) (session, error) {
	if x.session != nil {
		return x.session, nil
	}
	opened, err := s.open(x.core)
	if err == nil {
		x.session = opened
	}
	return opened, err
}

// opened counts the idle slots with a session and those at work.
func (s *slots) opened() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.all - len(s.idle)
	for _, x := range s.idle {
		if x.session != nil {
			n++
		}
	}
	return n
}

// close takes every slot, for good, and closes its session. A slot that is not
// free before ctx ends is left to finish by itself.
func (s *slots) close(ctx context.Context) error {
	var errs []error
	for range s.all {
		limit := ctx
		if len(s.free) > 0 { // to close a session may take longer than to wait for one
			limit = context.Background()
		}
		x, err := s.take(limit)
		if err != nil {
			break
		}
		if x.session != nil {
			errs = append(errs, x.session.Close())
		}
	}
	return errors.Join(errs...)
}

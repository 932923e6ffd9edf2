package models

import (
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/gomlx/go-xla/compute/xla"
	"github.com/gomlx/go-xla/pjrt"
)

// A Session holds one PJRT client and the programs compiled for it, on a thread
// of its own. Use it from one goroutine at a time; for more than one core, open
// a session for each.
type Session struct {
	// Whole keeps the session from leaving anything out: every unit of a network
	// is computed in every step, by compiled programs. It is what package native is
	// held against, in tests and benchmarks; set it between two calls.
	Whole bool

	work     chan func()
	mu       sync.Mutex // guards closed
	closed   bool
	backend  *xla.Backend
	programs map[programKey]*program
	clock    int // of calls for a program
	frozen   frozen
	unpin    func() // gives the core back to other processes
	onCPU    bool   // not on a device of its own
}

// OpenSession starts a session. With core >= 0 its thread is confined to that
// one of the CPUs that the process may use before the client exists, so the
// client's own threads are, too: the compiler then splits no sum over threads,
// and results are bit-stable. With -1 the client uses all cores, and sums may
// differ in the last bit from run to run.
func OpenSession(core int) (*Session, error) {
	plugin, err := FindPlugin()
	if err != nil {
		return nil, err
	}
	shutOut()
	s := &Session{work: make(chan func()), programs: map[programKey]*program{}, unpin: func() {}, onCPU: pluginName(plugin) == "cpu"}
	go func() {
		// The thread ends with this goroutine: it is never unlocked, because a
		// pinned thread must not go back to the scheduler's pool.
		runtime.LockOSThread()
		for f := range s.work {
			f()
		}
	}()
	err = s.do(func() error {
		if core >= 0 {
			release, err := pin(core)
			if err != nil {
				return err
			}
			s.unpin = release
		}
		// tf32=false: float32 means float32 on every device.
		s.backend, err = xla.NewWithOptions(plugin+",tf32=false", clientOptions(plugin))
		return err
	})
	if err != nil {
		s.unpin()
		close(s.work)
		return nil, fmt.Errorf("models: open session: %w", err)
	}
	return s, nil
}

// clientOptions are what a plugin is told when its client is made. The CPU's
// believes in four devices otherwise, and starts a thread for each: on one core
// they take turns, and every sum is split in four.
func clientOptions(plugin string) pjrt.NamedValuesMap {
	if pluginName(plugin) != "cpu" {
		return nil
	}
	return pjrt.NamedValuesMap{"cpu_device_count": int64(1)}
}

// Close ends the session and frees its client and programs.
func (s *Session) Close() error {
	err := s.do(func() error {
		if a := s.frozen.arena; a != nil {
			a.close()
		}
		for _, p := range s.programs {
			p.executable.Finalize()
		}
		s.backend.Finalize()
		s.unpin()
		return nil
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	close(s.work)
	return nil
}

// do runs f on the session's thread. A panic there, which is how graph
// building reports a fault, comes back as an error.
func (s *Session) do(f func() error) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return errors.New("models: session is closed")
	}
	s.mu.Unlock()
	done := make(chan error, 1)
	s.work <- func() {
		defer func() {
			if p := recover(); p != nil {
				if err, ok := p.(error); ok {
					done <- fmt.Errorf("models: %w", err)
				} else {
					done <- fmt.Errorf("models: %v", p)
				}
			}
		}()
		done <- f()
	}
	return <-done
}

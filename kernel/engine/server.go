package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
)

// A server lets other processes run protocols; package client describes what
// it speaks.
type server struct {
	engine  *Engine
	place   *address
	idle    time.Duration
	started time.Time
	program *program
	http    *http.Server

	cancelRuns context.CancelFunc
	stopOnce   sync.Once
	ending     chan struct{} // closed when no new work is taken
	ended      chan struct{} // closed when all work has ended

	mu      sync.Mutex
	busy    int         // runs and shows under way
	timer   *time.Timer // ends an idle server
	results results
	tried   struct { // what the last display behind dials needs
		id     string
		needed map[string]bool
	}
}

// silence is how long a client may take over a request, and deafness how long it
// may leave what it is sent; a cell that was stopped for a while is no fault.
var (
	silence  = time.Minute
	deafness = 10 * time.Minute
)

// longestGrace bounds what a client may ask for; longer is not waited for.
const longestGrace = 24 * time.Hour

// watchInterval is how often a server looks whether its socket is still there.
const watchInterval = 2 * time.Second

// Serve answers clients on a unix socket until ctx ends, a client stops it, or
// there was no work for the time idle. Where another engine serves that socket
// already, Serve leaves it to that one and returns at once. The socket's folder
// is the user's alone.
func (e *Engine) Serve(ctx context.Context, socket string, idle time.Duration) error {
	p, listener, err := takePlace(socket)
	if errors.Is(err, errServed) {
		slog.Info("another engine serves here", "socket", socket)
		return nil
	}
	if err != nil {
		return err
	}
	defer p.leave()
	program, err := openProgram()
	if err != nil {
		return err
	}
	defer program.Close()
	runs, cancelRuns := context.WithCancel(context.Background())
	s := &server{
		engine: e, place: p, idle: idle, started: time.Now(), program: program, cancelRuns: cancelRuns,
		ending: make(chan struct{}), ended: make(chan struct{}),
	}
	s.http = &http.Server{
		Handler: s.routes(),
		// Requests end with the connection, and with the server.
		BaseContext: func(net.Listener) context.Context { return runs },
		// Who says nothing for so long, before or between requests, is gone. What a
		// handler reads and writes has limits of its own.
		ReadHeaderTimeout: silence, IdleTimeout: silence,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	s.timer = time.AfterFunc(idle, func() { s.stop(0) })
	defer context.AfterFunc(ctx, func() { s.stop(0) })()
	go s.watch()
	slog.Info("the engine serves", "socket", socket, "store", e.store.Path(), "pid", os.Getpid())
	if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		s.stop(0)
		return fmt.Errorf("the engine cannot serve: %w", err)
	}
	<-s.ended
	slog.Info("the engine has stopped")
	return nil
}

// stop takes no more work and frees the place at once, so that another engine
// may take it. Runs under way may go on for the grace and are cancelled then.
func (s *server) stop(grace time.Duration) {
	grace = min(max(grace, 0), longestGrace)
	s.stopOnce.Do(func() {
		close(s.ending)
		s.timer.Stop()
		s.place.leave()
		go func() {
			defer close(s.ended)
			defer s.cancelRuns()
			defer time.AfterFunc(grace, s.cancelRuns).Stop()
			// A cancelled run returns within a second.
			limit, cancel := context.WithTimeout(context.Background(), grace+2*time.Second)
			defer cancel()
			if err := s.http.Shutdown(limit); err != nil {
				slog.Warn("a request does not end", "error", err)
				s.http.Close()
			}
		}()
	})
}

// watch stops a server that nobody can reach any more because its socket was
// removed.
func (s *server) watch() {
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		select {
		case <-s.ending:
			return
		case <-tick.C:
			if !s.place.held() {
				slog.Warn("the socket was removed")
				s.stop(0)
			}
		}
	}
}

// begin and end enclose work, which keeps the server from being idle.
func (s *server) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy++
	s.timer.Stop()
}

func (s *server) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy--; s.busy == 0 {
		s.rest()
	}
}

// touch is what a question counts for: the server is not idle yet.
func (s *server) touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy == 0 {
		s.rest()
	}
}

// rest starts the idle time anew; s.mu is held.
func (s *server) rest() {
	select {
	case <-s.ending:
	default:
		s.timer.Reset(s.idle)
	}
}

// eventBuffer is how many events may wait for a slow reader. Further ones are
// dropped, which loses nothing: each event carries the state of its run.
const eventBuffer = 256

func offer(events chan<- client.Event, ev client.Event) {
	select {
	case events <- ev:
	default:
	}
}

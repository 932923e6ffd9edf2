package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/record"
	"github.com/network-fragility/fragility/kernel/store"
	"github.com/network-fragility/fragility/models"
	"github.com/network-fragility/fragility/protocols"
)

// Options are the choices that an engine is made with.
type Options struct {
	// Store is the folder of finished work, store.Default where empty.
	Store string
	// Workers is the number of sessions, one a core; 0 is one for each core
	// that the process may use.
	Workers int
	// Verify computes everything anew and fails a run where that differs from
	// what the store has.
	Verify bool
	// Stored fails a run that would have to compute something, before it does.
	Stored bool
	// Record is the folder of what was computed for everybody; empty is none.
	Record string
	// Show finds what draws a table or a plot for a server's clients, before
	// the run behind it is computed. Without it a server shows nothing.
	Show func(protocols.Protocol, client.ShowRequest) (draw func(*protocols.Result) (*client.Bundle, error), err error)
}

// An Engine runs protocols. Its methods may be called from several goroutines;
// runs at the same time share the cores, task by task.
type Engine struct {
	opts   Options
	lab    lab
	store  *store.Store
	record *record.Record // nil where there is none
	slots  *slots
	speeds *speeds

	runs    atomic.Int64 // numbers the runs
	storing atomic.Int64 // results on their way into the store
	disk    chan struct{}
	mu      sync.Mutex // guards what follows
	active  map[*run]bool
	bound   *protocols.Platform // that of the sessions; nil before there are any
}

// New makes an engine. It opens no session before there is something to
// compute.
func New(o Options) (*Engine, error) {
	if p, err := models.Platform(); err == nil && p.Backend != "xla:cpu" {
		return newEngine(o, &sharedLab{patience: 20 * time.Millisecond})
	}
	return newEngine(o, modelsLab{})
}

// Workers is the number of cores that the engine computes on.
func (e *Engine) Workers() int { return e.opts.Workers }

func newEngine(o Options, l lab) (*Engine, error) {
	if o.Store == "" {
		dir, err := store.Default()
		if err != nil {
			return nil, err
		}
		o.Store = dir
	}
	if o.Workers < 0 {
		return nil, protocols.BadInput{Sentence: fmt.Sprintf("workers takes a number from 0, not %d", o.Workers)}
	}
	if o.Workers == 0 {
		o.Workers = models.Cores()
	}
	e := &Engine{opts: o, lab: l, active: map[*run]bool{}, disk: make(chan struct{}, storedAtOnce)}
	s, err := store.Open(o.Store, e.warn)
	if err != nil {
		return nil, err
	}
	e.speeds = openSpeeds(s.Path())
	e.store, e.slots = s, newSlots(o.Workers, l.open)
	if o.Record != "" {
		e.record = record.Open(o.Record, e.warn)
	}
	return e, nil
}

// How long Close waits: for the sessions, for what is being stored, and without
// a word. A compilation cannot be broken off, and nothing is lost with it.
const (
	sessionsWait = time.Second
	storingWait  = 30 * time.Second
	quietWait    = time.Second
)

// storedAtOnce bounds the results that are written at the same time: each has a
// thread while the disk is slow, and a Go program keeps the threads that it had.
const storedAtOnce = 4

// keep writes a result, when the disk has time for it.
func (e *Engine) keep(put func() error) error {
	e.disk <- struct{}{}
	defer func() { <-e.disk }()
	return put()
}

// Close stores what is finished, and ends the engine's sessions that are free
// within a second; the others end with the process.
func (e *Engine) Close() error {
	for began, said := time.Now(), false; e.storing.Load() > 0; time.Sleep(10 * time.Millisecond) {
		waited := time.Since(began)
		if waited > storingWait {
			slog.Warn("the store takes too long; the last results are not kept")
			break
		}
		if waited > quietWait && !said {
			said = true
			slog.Warn("what is finished is being stored; interrupt again to end at once")
		}
	}
	limit, cancel := context.WithTimeout(context.Background(), sessionsWait)
	defer cancel()
	return e.slots.close(limit)
}

// warn tells everybody who waits for a run, or else the log.
func (e *Engine) warn(text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.active) == 0 {
		slog.Warn(text)
	}
	for r := range e.active {
		r.progress.warn(text)
	}
}

// bind ties the engine's sessions to the platform that keys were made for. A
// plugin that is exchanged under a living process stays what it was for the
// sessions, and its numbers must not get the new one's keys.
func (e *Engine) bind(p protocols.Platform) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.bound == nil {
		e.bound = &p
	}
	if *e.bound != p {
		return errors.New("the PJRT plugin has changed since this process opened it: start again (for notebooks: fragility engine stop)")
	}
	return nil
}

// grace is how long a cancelled run waits for its workers. A stage stops
// within half a second; what does not is left to finish by itself.
const grace = 700 * time.Millisecond

// Run carries a protocol out, computing what the store does not have, and
// reports its progress to events, which may be nil and is called by one
// goroutine at a time. It returns within a second of the end of ctx; what was
// finished by then is in the store.
func (e *Engine) Run(ctx context.Context, p protocols.Protocol, events func(client.Event)) (*protocols.Result, error) {
	return e.carry(ctx, p, events, func(*plan) {})
}

// carry is Run with a plan that is changed once what is stored was looked up.
func (e *Engine) carry(ctx context.Context, p protocols.Protocol, events func(client.Event), change func(*plan)) (*protocols.Result, error) {
	began := time.Now()
	progress := newProgress(int(e.runs.Add(1)), p.Chapter(), e.speeds, e.opts.Workers, events)
	defer e.speeds.keep()
	res, err := e.carryOut(ctx, p, progress, change)
	if err != nil {
		if ctx.Err() != nil {
			err = &client.Error{Kind: client.Cancelled, Text: "the run was cancelled; what it finished is kept"}
		}
		progress.end(client.RunFailed, err.Error())
		return nil, err
	}
	progress.end(client.RunFinished, "")
	res.Cost = progress.cost()
	res.Cost.Elapsed = time.Since(began)
	return res, nil
}

func (e *Engine) carryOut(ctx context.Context, p protocols.Protocol, progress *progress, change func(*plan)) (*protocols.Result, error) {
	platform, err := e.lab.platform()
	if err != nil {
		return nil, err
	}
	pl := newPlan(p, platform)
	var recorded []protocols.Recorded
	if !e.opts.Verify {
		pl.lookUp(e.store)
		recorded = e.recall(pl, p, p.Cohort())
		progress.recorded(recorded)
	}
	change(pl)
	if e.opts.Stored {
		if missing := pl.missing(p.Cohort()); missing != nil {
			return nil, &client.Error{Kind: client.Fault, Text: fmt.Sprintf("chapter %d: results of subjects %s are missing here, and --stored computes none", p.Chapter(), missing)}
		}
	}
	r := newRun(ctx, e, pl, progress)
	e.mu.Lock()
	e.active[r] = true
	e.mu.Unlock()
	defer func() {
		e.mu.Lock()
		delete(e.active, r)
		e.mu.Unlock()
	}()
	if err := r.do(len(p.Cohort())); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	res, err := pl.result(p)
	if err == nil {
		res.Recorded = recorded
	}
	return res, err
}

// errDiffers is what verification finds.
var errDiffers = errors.New("differs from the store")

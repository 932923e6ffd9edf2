package engine

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/network-fragility/fragility/kernel/store"
	"github.com/network-fragility/fragility/protocols"
)

// A run is a plan being carried out.
type run struct {
	engine   *Engine
	plan     *plan
	progress *progress

	ctx    context.Context // ends with the caller's, or with the first failure
	cancel context.CancelFunc
	busy   sync.WaitGroup // workers

	mu         sync.Mutex // guards what follows, and the points' states
	changed    *sync.Cond
	ready      []*task // depth-first; of the same order, first in, first out
	unfinished int     // tasks
	err        error
}

// A task makes a point's subject, or takes a reading of one.
type task struct {
	point   *point
	reading *reading // nil: make the subject
	load    bool     // from the store, not by the stage
	resume  *point   // an earlier point of the call, or nil
	needs   []*point // whose subjects the task uses
	missing int      // of those
	alone   bool     // whoever else computes it is stopped, and not waited for
}

// from is the epoch at which a task on a call begins.
func (t *task) from() int {
	if t.resume != nil {
		return t.resume.length
	}
	return 0
}

// pointState is how far a run is with a point.
type pointState struct {
	wanted  bool    // a new reading needs the subject, or that of a point below
	queued  bool    // a task will make the subject
	lost    bool    // the store's subject could not be read, and is not there anew
	subject subject // nil when not in memory
	users   int     // unfinished tasks that use the subject
	waiting []*task // those of them that wait for it
}

// isNode reports whether the point is a node itself, and not one on the way.
func (pt *point) isNode() bool {
	c, ok := pt.node.Stage.(protocols.Call)
	return !ok || c.Length() == pt.length
}

func newRun(ctx context.Context, e *Engine, pl *plan, pr *progress) *run {
	r := &run{engine: e, plan: pl, progress: pr}
	r.ctx, r.cancel = context.WithCancel(ctx)
	r.changed = sync.NewCond(&r.mu)
	return r
}

// do carries the plan out.
func (r *run) do(seeds int) error {
	defer r.cancel()
	r.mu.Lock()
	r.schedule()
	r.mu.Unlock()
	r.progress.start(seeds, r.plan)
	defer context.AfterFunc(r.ctx, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.changed.Broadcast()
	})()
	for r.waitForTask() {
		// The slot comes first and the task then, so that it is the first in
		// order when there is somebody to do it.
		x, err := r.engine.slots.take(r.ctx)
		if err != nil {
			break
		}
		r.mu.Lock()
		t := r.ready[0]
		r.ready = r.ready[1:]
		r.mu.Unlock()
		r.busy.Go(func() { r.work(t, x) })
	}
	r.waitForWorkers()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// waitForTask reports whether there is a task to start; there is none any more
// when all are done, or the run has ended early.
func (r *run) waitForTask() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.ready) == 0 && r.unfinished > 0 && r.ctx.Err() == nil {
		r.changed.Wait()
	}
	return len(r.ready) > 0 && r.ctx.Err() == nil
}

// waitForWorkers waits for what is under way to be stored. When the run has
// ended early it waits for the grace only: a worker that takes longer finishes
// by itself, and stores what it has.
func (r *run) waitForWorkers() {
	done := make(chan struct{})
	go func() { r.busy.Wait(); close(done) }()
	select {
	case <-done:
		return
	case <-r.ctx.Done():
	}
	select {
	case <-done:
	case <-time.After(grace):
	}
}

// schedule makes the tasks of the whole run. r.mu is held, here and in what it
// calls.
func (r *run) schedule() {
	for pt := range r.plan.needed(r.has) {
		pt.state.wanted = true
	}
	scheduled := map[*reading]bool{}
	for _, at := range r.plan.places { // not the map: its order is random
		if rd := at.reading; rd.values == nil && !scheduled[rd] {
			scheduled[rd] = true
			r.unfinished++
			t := &task{point: rd.at, reading: rd}
			r.progress.planned(t)
			r.need(t, rd.at)
		}
	}
	if r.engine.opts.Verify {
		for _, pt := range r.plan.stages {
			r.demand(pt)
		}
	}
}

// has reports whether a point can come from the store.
func (r *run) has(pt *point) bool {
	return !r.engine.opts.Verify && !pt.state.lost && r.engine.store.Has(pt.key)
}

// need makes t wait for subjects; it is ready once it has them all.
func (r *run) need(t *task, points ...*point) {
	t.needs = points
	// Counted before any is demanded, which could come to a point that has t
	// ready too early.
	for _, pt := range points {
		pt.state.users++
		if pt.state.subject == nil {
			t.missing++
			pt.state.waiting = append(pt.state.waiting, t)
		}
	}
	if t.missing == 0 {
		r.push(t)
	}
	for _, pt := range points {
		r.demand(pt)
	}
}

// demand sees to it that the subject of a point will be in memory.
func (r *run) demand(pt *point) {
	if pt.state.subject != nil || pt.state.queued {
		return
	}
	pt.state.queued = true
	r.unfinished++
	r.resolve(&task{point: pt})
}

// resolve decides how a subject comes to be: from the store, or by its stage.
func (r *run) resolve(t *task) {
	pt := t.point
	if r.has(pt) {
		t.load = true
		r.push(t)
		return
	}
	t.load = false
	t.resume = r.earlier(pt)
	r.progress.planned(t)
	var needs []*point
	if pt.start != nil {
		needs = append(needs, pt.start)
	}
	if t.resume != nil {
		needs = append(needs, t.resume)
	}
	r.need(t, needs...)
}

// earlier is the point of pt's call from which it is shortest to pt, and which
// is there already, or will be, or should be so that a killed run can go on.
// nil means the beginning.
func (r *run) earlier(pt *point) *point {
	if pt.call == nil {
		return nil
	}
	for n := pt.length - 1; n > 0; n-- {
		q := pt.upto(n)
		s := &q.state
		if s.wanted || s.queued || s.subject != nil || n%resumeEvery == 0 || r.has(q) {
			pt.call.points[n] = q
			return q
		}
	}
	return nil
}

func (r *run) push(t *task) {
	at, _ := slices.BinarySearchFunc(r.ready, t.point.order+1, func(t *task, order int) int { return cmp.Compare(t.point.order, order) })
	r.ready = slices.Insert(r.ready, at, t)
	r.changed.Broadcast()
}

// work does one task in a slot. It gives the slot back before the result is
// stored.
func (r *run) work(t *task, x *slot) {
	var once sync.Once
	give := func() { once.Do(func() { r.engine.slots.give(x) }) }
	defer give()
	defer func() {
		if p := recover(); p != nil {
			slog.Error("panic in a worker", "panic", p, "stack", string(debug.Stack()))
			r.fail(t, fmt.Errorf("panic: %v", p))
		}
	}()
	var err error
	switch {
	case t.reading != nil:
		err = r.measure(t, x, give)
	case t.load:
		if s := r.load(t.point); s != nil {
			r.live(t, s)
		} else {
			r.mu.Lock()
			t.point.state.lost = true
			r.resolve(t)
			r.mu.Unlock()
		}
	default:
		err = r.apply(t, x, give)
	}
	if err != nil {
		r.fail(t, err)
	}
}

// load reads a subject from the store, nil where it cannot.
func (r *run) load(pt *point) subject {
	s := r.engine.store
	e, ok := s.Get(pt.key)
	if !ok {
		return nil
	}
	f, ok := s.Blob(e, store.SubjectBlob)
	if !ok {
		return nil
	}
	defer f.Close()
	sub, err := r.engine.lab.read(f, func(name string) (io.ReadCloser, error) {
		f, ok := s.Blob(e, name)
		if !ok {
			return nil, fmt.Errorf("%s is not in the store", name)
		}
		return f, nil
	})
	if err != nil {
		r.engine.warn(fmt.Sprintf("the stored subject of seed %d, %s does not read (%v); it is computed anew", pt.seed, label(pt), err))
		return nil
	}
	return sub
}

// claim takes the right to compute a key. It returns false where somebody else
// has it: the task is put off then. Without a lock to be had (a store that
// cannot be written, or whose other user is stopped) everybody computes for
// himself.
func (r *run) claim(t *task, key protocols.Key) (release func(), ok bool) {
	if r.engine.opts.Verify || t.alone {
		return func() {}, true
	}
	release, err := r.engine.store.TryLock(key)
	switch {
	case err == nil:
		return release, true
	case !errors.Is(err, store.ErrBusy):
		return func() {}, true
	}
	go func() {
		// Wait for the other without a slot. Its result is in the store then,
		// or it was cancelled and this run takes over.
		release, err := r.engine.store.Lock(r.ctx, key)
		if err == nil {
			release()
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		t.alone = err != nil
		r.push(t)
	}()
	return nil, false
}

// session is that of a slot.
func (r *run) session(x *slot) (session, error) {
	if err := r.engine.bind(r.plan.platform); err != nil {
		return nil, err
	}
	return r.engine.slots.ready(x)
}

// apply carries out the stage of a task.
func (r *run) apply(t *task, x *slot, give func()) error {
	pt := t.point
	release, ok := r.claim(t, pt.key)
	if !ok {
		return nil
	}
	defer release()
	r.mu.Lock()
	stored := r.has(pt)
	r.mu.Unlock()
	if stored {
		if s := r.load(pt); s != nil { // somebody else's, since the plan was made
			r.progress.removed(t)
			r.live(t, s)
			return nil
		}
	}
	ses, err := r.session(x)
	if err != nil {
		return err
	}
	j := job{stage: pt.stage, seed: pt.seed, occurrence: pt.node.Occurrence}
	if pt.call != nil {
		j.progress = func(epoch int) { r.progress.epoch(t, epoch) }
	}
	r.mu.Lock()
	if pt.start != nil {
		j.parent = pt.start.state.subject
	}
	if t.resume != nil {
		j.resume = t.resume.state.subject
	}
	r.mu.Unlock()
	r.progress.started(t)
	began := time.Now()
	s, err := ses.apply(r.ctx, j)
	if err != nil {
		return err
	}
	took := time.Since(began)
	r.progress.learn(t, took)
	// Verified before anybody builds on it.
	stored, err = r.verifySubject(pt, s)
	if err != nil {
		return err
	}
	r.progress.finished(t)
	r.engine.storing.Add(1)
	defer r.engine.storing.Add(-1)
	// The slot is free once the next tasks are ready, or it would go to one
	// further down the order.
	r.live(t, s)
	give()
	if !stored && r.kept(func() error { return r.engine.store.PutNode(pt.origin, took, s.Write, s.Shared()) }) {
		r.mu.Lock()
		pt.state.lost = false // there is a good one again
		r.mu.Unlock()
	}
	return nil
}

// measure takes the reading of a task.
func (r *run) measure(t *task, x *slot, give func()) error {
	rd := t.reading
	release, ok := r.claim(t, rd.key)
	if !ok {
		return nil
	}
	defer release()
	if !r.engine.opts.Verify {
		if e, ok := r.engine.store.Get(rd.key); ok {
			r.progress.removed(t)
			r.finish(t, func() { rd.values = e.Values })
			return nil
		}
	}
	ses, err := r.session(x)
	if err != nil {
		return err
	}
	r.mu.Lock()
	in := rd.at.state.subject
	r.mu.Unlock()
	began := time.Now()
	values, err := ses.measure(r.ctx, rd.probe, in, rd.at.seed)
	if err != nil {
		return err
	}
	took := time.Since(began)
	r.progress.learn(t, took)
	stored, err := r.verifyValues(rd, values)
	if err != nil {
		return err
	}
	r.progress.finished(t)
	r.engine.storing.Add(1)
	defer r.engine.storing.Add(-1)
	r.finish(t, func() { rd.values = values })
	give()
	if !stored {
		r.kept(func() error { return r.engine.store.PutReading(rd.origin, took, values) })
	}
	return nil
}

// toVerify is what the store has under a key, where the engine verifies.
func (r *run) toVerify(key protocols.Key) (*store.Entry, bool) {
	if !r.engine.opts.Verify {
		return nil, false
	}
	return r.engine.store.Get(key)
}

// verifySubject compares a subject with the store's, where the engine
// verifies, and reports whether the store has it.
func (r *run) verifySubject(pt *point, s subject) (stored bool, err error) {
	e, ok := r.toVerify(pt.key)
	if !ok {
		return false, nil
	}
	h := sha256.New()
	if err := s.Write(h); err != nil {
		return false, err
	}
	if got, want := hex.EncodeToString(h.Sum(nil)), e.Blobs[store.SubjectBlob].SHA256; got != want {
		return false, fmt.Errorf("the subject %w: it was computed with digest %.12s, stored with %.12s", errDiffers, got, want)
	}
	return true, nil
}

// verifyValues does so for the values of a reading.
func (r *run) verifyValues(rd *reading, values []float64) (stored bool, err error) {
	e, ok := r.toVerify(rd.key)
	if !ok {
		return false, nil
	}
	if len(values) != len(e.Values) {
		return false, fmt.Errorf("the reading %s %w: %d values instead of %d", rd.probe.Kind(), errDiffers, len(values), len(e.Values))
	}
	for i, v := range values {
		if math.Float64bits(v) != math.Float64bits(e.Values[i]) && !(math.IsNaN(v) && math.IsNaN(e.Values[i])) {
			return false, fmt.Errorf("the reading %s %w: value %d was computed as %v, stored as %v", rd.probe.Kind(), errDiffers, i, v, e.Values[i])
		}
	}
	return true, nil
}

// kept stores a result, and says it, once, when one could not be. The run goes
// on.
func (r *run) kept(put func() error) bool {
	err := r.engine.keep(put)
	if err == nil {
		return true
	}
	r.progress.notKept(err.Error() + "; results of this run are not kept")
	return false
}

// live ends a task with the subject that it made.
func (r *run) live(t *task, s subject) {
	r.finish(t, func() {
		st := &t.point.state
		st.queued = false
		if st.users > 0 {
			st.subject = s
		}
		for _, w := range st.waiting {
			if w.missing--; w.missing == 0 {
				r.push(w)
			}
		}
		st.waiting = nil
	})
}

// finish ends a task, once its outcome is set, and drops the subjects that
// nobody uses any more.
func (r *run) finish(t *task, set func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	set()
	for _, pt := range t.needs {
		if pt.state.users--; pt.state.users == 0 {
			pt.state.subject = nil
		}
	}
	r.unfinished--
	r.changed.Broadcast()
}

// fail ends the run with the first error, named by where it came from.
func (r *run) fail(t *task, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil && r.ctx.Err() == nil {
		r.err = fmt.Errorf("seed %d, %s: %w", t.point.seed, label(t.point), err)
	}
	r.cancel()
}

// label names a point for a reader.
func label(pt *point) string { return strings.Join(path(pt.node), " > ") }

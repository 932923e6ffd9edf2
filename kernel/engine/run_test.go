package engine

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/store"
	"github.com/network-fragility/fragility/protocols"
)

var twoSeeds = map[string]string{"Seeds": "0-1", "BaselineEpochs": "30"}

func TestKeysAreProtocols(t *testing.T) {
	p := ch01(t, twoSeeds)
	platform, _ := newFakeLab().platform()
	pl := newPlan(p, platform)
	for _, seed := range p.Cohort() {
		p.Plant(seed).Walk(func(n *protocols.Node) {
			key := n.Origin(seed, platform).Key()
			pt, ok := pl.points[key]
			if !ok {
				t.Fatalf("seed %d, %s is not in the plan", seed, n.Label)
			}
			if c, ok := n.Stage.(protocols.Call); ok && c.Length() > 5 {
				if got, want := pt.upto(5).key, n.OriginUpto(5, seed, platform).Key(); got != want {
					t.Errorf("%s after 5 epochs has key %s, want %s", n.Label, got, want)
				}
			}
			for _, r := range n.Readings {
				if _, ok := pl.readings[r.Origin(key).Key()]; !ok {
					t.Errorf("a reading on %s is not in the plan", n.Label)
				}
			}
		})
	}
}

// The second run computes nothing and opens no session, and its result is the
// same.
func TestUnchangedRunComputesNothing(t *testing.T) {
	dir, l := t.TempDir(), newFakeLab()
	first, want := mustRun(t, fakeEngine(t, dir, 2, l), ch01(t, twoSeeds))
	if c := first.Cost; c.StagesReused != 0 || c.ReadingsReused != 0 || c.Epochs != l.epochs || c.Stages == 0 {
		t.Fatalf("first cost %+v, %d epochs trained", c, l.epochs)
	}
	again := newFakeLab()
	e := fakeEngine(t, dir, 2, again)
	second, got := mustRun(t, e, ch01(t, twoSeeds))
	if got != want {
		t.Fatal("the results differ")
	}
	if c := second.Cost; c.StagesReused != c.Stages || c.ReadingsReused != c.Readings || c.Epochs != 0 {
		t.Fatalf("second cost %+v", c)
	}
	if again.total()+again.measured+again.alive != 0 || e.slots.opened() != 0 {
		t.Fatalf("the second run used a session")
	}
}

// Results are the same for any number of workers, any order of the seeds'
// work, and a plan that started from another's leftovers.
func TestWorkersDoNotChangeBytes(t *testing.T) {
	_, want := mustRun(t, fakeEngine(t, t.TempDir(), 1, newFakeLab()), ch01(t, twoSeeds))
	for _, workers := range []int{2, 5} {
		if _, got := mustRun(t, fakeEngine(t, t.TempDir(), workers, newFakeLab()), ch01(t, twoSeeds)); got != want {
			t.Fatalf("%d workers give another result", workers)
		}
	}
	dir := t.TempDir()
	mustRun(t, fakeEngine(t, dir, 2, newFakeLab()), ch01(t, map[string]string{"Seeds": "1", "BaselineEpochs": "28", "SweepSparsities": "0.5"}))
	if _, got := mustRun(t, fakeEngine(t, dir, 2, newFakeLab()), ch01(t, twoSeeds)); got != want {
		t.Fatal("an older run in the store changes the result")
	}
}

// subjects is the digests of all nodes in a store, by key.
func subjects(t *testing.T, dir string) map[protocols.Key]string {
	t.Helper()
	s, err := store.Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := map[protocols.Key]string{}
	for e := range s.All() {
		if e.Kind == store.Node {
			all[e.Key] = e.Blobs[store.SubjectBlob].SHA256
		}
	}
	return all
}

// Interrupted at any epoch and gone on, a run ends with the same bytes, and
// what was finished is not computed again.
func TestInterruptedRunGoesOn(t *testing.T) {
	p := newLengths(protocols.Seeds{3, 4}, 10, 60)
	reference := t.TempDir()
	_, want := mustRun(t, fakeEngine(t, reference, 1, newFakeLab()), p)
	wantSubjects := subjects(t, reference)
	for _, stop := range []int{1, 5, 30, 59, 64, 90, 125} {
		dir, l := t.TempDir(), newFakeLab()
		ctx, cancel := context.WithCancel(context.Background())
		var steps atomic.Int64
		l.before = func(ctx context.Context, kind string, seed, epoch int) error {
			if steps.Add(1) == int64(stop) {
				cancel()
			}
			return ctx.Err()
		}
		if _, err := fakeEngine(t, dir, 2, l).Run(ctx, p, nil); client.KindOf(err) != client.Cancelled {
			t.Fatalf("stop %d: got error %v", stop, err)
		}
		before := l.epochs
		rest := newFakeLab()
		if _, got := mustRun(t, fakeEngine(t, dir, 2, rest), p); got != want {
			t.Fatalf("stop %d: the result differs", stop)
		}
		for key, digest := range subjects(t, dir) {
			if wantSubjects[key] != digest {
				t.Fatalf("stop %d: a subject differs", stop)
			}
		}
		// Two workers lose at most the epochs since their last points.
		if lost := before + rest.epochs - 2*63; lost < 0 || lost > 2*resumeEvery {
			t.Errorf("stop %d: %d epochs were trained twice", stop, lost)
		}
	}
}

// Points of one call share its epochs, in one tree and from run to run.
func TestLongerCallResumes(t *testing.T) {
	dir := t.TempDir()
	run := func(want int, p protocols.Protocol) {
		t.Helper()
		l := newFakeLab()
		mustRun(t, fakeEngine(t, dir, 2, l), p)
		if l.epochs != want {
			t.Errorf("%d epochs, want %d", l.epochs, want)
		}
	}
	seed := protocols.Seeds{0}
	run(3+60, newLengths(seed, 60, 10, 40)) // the longest has them all
	run(20, newLengths(seed, 80))           // from 60
	run(1, newLengths(seed, 61, 10))        // from 60 again
	run(2, newLengths(seed, 63))            // from 61, off the grid
	run(0, newLengths(seed, 50))            // a point of the grid, already there
	if _, err := os.Stat(filepath.Join(dir, "entries")); err != nil {
		t.Fatal(err)
	}
	changed := newLengths(seed, 10)
	changed.Rate = .3
	run(10, changed) // another call
}

// What nothing new needs is not loaded, and what something new needs is loaded
// and not computed.
func TestOnlyWhatIsNewIsComputed(t *testing.T) {
	dir := t.TempDir()
	mustRun(t, fakeEngine(t, dir, 1, newFakeLab()), ch01(t, twoSeeds))
	l := newFakeLab()
	res, _ := mustRun(t, fakeEngine(t, dir, 1, l), ch01(t, map[string]string{"Seeds": "0-1", "BaselineEpochs": "30", "RegrowFraction": "0.4"}))
	// Each seed: regrow, and the tuning after it.
	if l.total() != 4 || res.Cost.Stages-res.Cost.StagesReused != 4 {
		t.Fatalf("applied %v, cost %+v", l.applied, res.Cost)
	}
}

// A subject that is damaged between the plan and its use is computed again,
// its ancestors too where they are gone.
func TestDamagedSubjectIsComputedAgain(t *testing.T) {
	dir, p := t.TempDir(), newLengths(protocols.Seeds{0}, 30)
	_, want := mustRun(t, fakeEngine(t, dir, 1, newFakeLab()), p)
	// No reading, and no blob that is as it was.
	s, _ := store.Open(dir, nil)
	for e := range s.All() {
		if e.Kind == store.Reading {
			os.Remove(filepath.Join(dir, "entries", string(e.Key[:2]), string(e.Key)+".json"))
		}
	}
	filepath.WalkDir(filepath.Join(dir, "blobs"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			os.WriteFile(path, []byte("x"), 0o666)
		}
		return err
	})
	l := newFakeLab()
	e := fakeEngine(t, dir, 2, l)
	var warnings atomic.Int64
	res, err := e.Run(context.Background(), p, func(ev client.Event) {
		if ev.Kind == client.Warning {
			warnings.Add(1)
		}
	})
	if err != nil || bytesOf(t, res) != want {
		t.Fatalf("the result differs (%v)", err)
	}
	if l.epochs != 33 || warnings.Load() == 0 {
		t.Errorf("%d epochs, %d warnings", l.epochs, warnings.Load())
	}
}

// Two runs at once share every stage and reading, in one engine or in two.
func TestRunsAtOnceComputeOnce(t *testing.T) {
	for _, engines := range []int{1, 2} {
		dir, l := t.TempDir(), newFakeLab()
		es := []*Engine{fakeEngine(t, dir, 2, l)}
		if engines == 2 {
			es = append(es, fakeEngine(t, dir, 2, l))
		}
		p := ch01(t, twoSeeds)
		results := make([]string, 4)
		var wg sync.WaitGroup
		for i := range results {
			wg.Go(func() {
				res, err := es[i%engines].Run(context.Background(), p, nil)
				if err != nil {
					t.Error(err)
					return
				}
				results[i] = bytesOf(t, res)
			})
		}
		wg.Wait()
		for _, r := range results {
			if r != results[0] {
				t.Fatal("the results differ")
			}
		}
		if want := 2 * (30 + 3*15); l.epochs != want {
			t.Errorf("%d engines: %d epochs, want %d", engines, l.epochs, want)
		}
		pl := newPlan(p, protocols.Platform{})
		if l.measured != len(pl.readings) {
			t.Errorf("%d engines: %d readings taken, want %d", engines, l.measured, len(pl.readings))
		}
	}
}

// A run waits for another's stage, and takes over when that is cancelled.
func TestOtherRunTakesOver(t *testing.T) {
	l := newFakeLab()
	e := fakeEngine(t, t.TempDir(), 2, l)
	entered := make(chan struct{})
	var first atomic.Bool
	l.before = func(ctx context.Context, kind string, seed, epoch int) error {
		if first.CompareAndSwap(false, true) {
			close(entered)
			<-ctx.Done()
		}
		return ctx.Err()
	}
	ctx, cancel := context.WithCancel(context.Background())
	p := newLengths(protocols.Seeds{0}, 10)
	ended := make(chan error)
	go func() { _, err := e.Run(ctx, p, nil); ended <- err }()
	<-entered
	second := make(chan error)
	planned := make(chan struct{})
	go func() {
		_, err := e.Run(context.Background(), p, func(ev client.Event) {
			if ev.Kind == client.RunStarted {
				close(planned)
			}
		})
		second <- err
	}()
	<-planned
	cancel()
	if err := <-ended; client.KindOf(err) != client.Cancelled {
		t.Fatalf("the cancelled run: %v", err)
	}
	if err := <-second; err != nil {
		t.Fatal(err)
	}
}

// A run returns within a second of being cancelled, even beside a stage that
// does not listen; that one is stored when it ends, and nothing is heard of it.
func TestCancelIsQuick(t *testing.T) {
	l := newFakeLab()
	e := fakeEngine(t, t.TempDir(), 1, l)
	entered, letGo := make(chan struct{}), make(chan struct{})
	var once sync.Once
	l.before = func(context.Context, string, int, int) error {
		once.Do(func() { close(entered) })
		<-letGo
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	var late, returned atomic.Bool
	ended := make(chan error, 1)
	p := newLengths(protocols.Seeds{0}, 10)
	go func() {
		_, err := e.Run(ctx, p, func(client.Event) { late.Store(late.Load() || returned.Load()) })
		returned.Store(true)
		ended <- err
	}()
	<-entered
	began := time.Now()
	cancel()
	err := <-ended
	if took := time.Since(began); took > time.Second || client.KindOf(err) != client.Cancelled {
		t.Errorf("after %v: %v", took, err)
	}
	close(letGo)
	x, _ := e.slots.take(context.Background()) // once the stage has ended
	e.slots.give(x)
	if _, err := e.Run(context.Background(), p, nil); err != nil || l.applied["initialise/1 0"] != 1 {
		t.Errorf("the first stage was applied %d times (%v)", l.applied["initialise/1 0"], err)
	}
	if late.Load() {
		t.Error("an event came after the run had returned")
	}
}

// A plugin exchanged under a living engine does not mix its numbers.
func TestChangedPlatformIsRefused(t *testing.T) {
	dir := t.TempDir()
	e := fakeEngine(t, dir, 1, newFakeLab())
	p := newLengths(protocols.Seeds{0}, 10)
	mustRun(t, e, p)
	e.lab = otherPlugin{newFakeLab()}
	if _, err := e.Run(context.Background(), p, nil); err == nil || !strings.Contains(err.Error(), "plugin has changed") {
		t.Errorf("got %v", err)
	}
}

func TestFailureNamesItsNode(t *testing.T) {
	for name, fail := range map[string]func() error{
		"error": func() error { return errors.New("the loss is no number") },
		"panic": func() error { panic("the loss is no number") },
	} {
		dir, l := t.TempDir(), newFakeLab()
		l.before = func(ctx context.Context, kind string, seed, epoch int) error {
			if kind == "train/1" && epoch == 31 {
				return fail()
			}
			return nil
		}
		var last client.Event
		_, err := fakeEngine(t, dir, 1, l).Run(context.Background(), newLengths(protocols.Seeds{7}, 40), func(ev client.Event) { last = ev })
		if err == nil || !strings.Contains(err.Error(), "seed 7, initialise > baseline > maintain 40: ") || !strings.Contains(err.Error(), "the loss is no number") {
			t.Errorf("%s: got %v", name, err)
		}
		if last.Kind != client.RunFailed || last.Text != err.Error() {
			t.Errorf("%s: the last event is %+v", name, last)
		}
		rest := newFakeLab()
		mustRun(t, fakeEngine(t, dir, 1, rest), newLengths(protocols.Seeds{7}, 40))
		if rest.epochs != 15 {
			t.Errorf("%s: %d epochs after the failure, want 15", name, rest.epochs)
		}
	}
}

func TestVerify(t *testing.T) {
	dir, p := t.TempDir(), newLengths(protocols.Seeds{2}, 10, 60)
	_, want := mustRun(t, fakeEngine(t, dir, 2, newFakeLab()), p)
	verify := func() (*protocols.Result, error) {
		e, err := newEngine(Options{Store: dir, Workers: 2, Verify: true}, newFakeLab())
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		return e.Run(context.Background(), p, nil)
	}
	if res, err := verify(); err != nil || bytesOf(t, res) != want {
		t.Fatalf("an honest store does not verify: %v", err)
	}
	s, err := store.Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []store.Kind{store.Reading, store.Node} {
		for e := range s.All() {
			if e.Kind != kind || e.Origin.Kind == "initialise/1" {
				continue
			}
			// Tampered with, and all digests right.
			if kind == store.Reading {
				err = s.PutReading(e.Origin, 0, []float64{e.Values[0] + 1})
			} else {
				err = s.PutNode(e.Origin, 0, (&fakeSubject{State: "forged"}).Write, nil)
			}
			if err != nil {
				t.Fatal(err)
			}
			_, err := verify()
			if !errors.Is(err, errDiffers) || !strings.Contains(err.Error(), "seed 2, initialise > baseline") {
				t.Errorf("%s, %s: got %v", kind, e.Origin.Kind, err)
			}
			if kind == store.Reading {
				err = s.PutReading(e.Origin, 0, e.Values)
			} else {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A store that cannot be written costs a warning and not the result.
func TestUnwritableStoreStillGivesResults(t *testing.T) {
	p := newLengths(protocols.Seeds{0}, 10, 30)
	_, want := mustRun(t, fakeEngine(t, t.TempDir(), 2, newFakeLab()), p)
	dir := t.TempDir()
	for _, name := range []string{"tmp", "locks"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var warnings []string
	res, err := fakeEngine(t, dir, 2, newFakeLab()).Run(context.Background(), p, func(ev client.Event) {
		if ev.Kind == client.Warning {
			warnings = append(warnings, ev.Text)
		}
	})
	if err != nil || bytesOf(t, res) != want {
		t.Fatalf("got %v", err)
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0], "cannot be written") || !strings.Contains(warnings[0], "are not kept") {
		t.Fatalf("warnings %q, want one", warnings)
	}
	if !res.Cost.Unkept {
		t.Error("the result does not say that it was not kept")
	}
}

// Stages that are computed anew, and may be so again because nothing can be
// kept, are counted once.
func TestCountsOfAStoreThatCannotBeUsed(t *testing.T) {
	dir, p := t.TempDir(), ch01(t, twoSeeds)
	_, want := mustRun(t, fakeEngine(t, dir, 2, newFakeLab()), p)
	for _, name := range []string{"tmp", "locks", "bad"} {
		os.RemoveAll(filepath.Join(dir, name))
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	filepath.WalkDir(filepath.Join(dir, "entries"), func(path string, d os.DirEntry, err error) error {
		if !d.IsDir() {
			os.WriteFile(path, []byte("x"), 0o666)
		}
		return nil
	})
	res, err := fakeEngine(t, dir, 2, newFakeLab()).Run(context.Background(), p, func(ev client.Event) {
		if q := ev.Progress; q.StagesReused < 0 || q.ReadingsReused < 0 || q.StagesReused > q.Stages || q.EpochsToDo < 0 {
			t.Errorf("counts %+v", q)
		}
	})
	if err != nil || bytesOf(t, res) != want || !res.Cost.Unkept || res.Cost.StagesReused != 0 {
		t.Errorf("%v, cost %+v", err, res.Cost)
	}
}

// Memory holds the branches at work and not the trees.
func TestSubjectsAreDropped(t *testing.T) {
	l := newFakeLab()
	e := fakeEngine(t, t.TempDir(), 2, l)
	most := 0
	var mu sync.Mutex
	l.before = func(context.Context, string, int, int) error {
		// Stages that take no time leave the disk behind, and a task whose lock is still
		// held by a result on its way there is put off: no picture of a real run.
		for e.storing.Load() > 2 {
			time.Sleep(time.Millisecond)
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		for r := range e.active {
			r.mu.Lock()
			n := 0
			for _, pt := range r.plan.points {
				if pt.state.subject != nil {
					n++
				}
			}
			r.mu.Unlock()
			mu.Lock()
			most = max(most, n)
			mu.Unlock()
		}
		return nil
	}
	mustRun(t, e, ch01(t, map[string]string{"Seeds": "0-9"}))
	if most > 8 {
		t.Errorf("%d subjects in memory at once", most)
	}
}

func TestEventsTellTheRun(t *testing.T) {
	dir := t.TempDir()
	mustRun(t, fakeEngine(t, dir, 1, newFakeLab()), newLengths(protocols.Seeds{0, 1}, 10))
	var events []client.Event
	_, err := fakeEngine(t, dir, 1, newFakeLab()).Run(context.Background(), newLengths(protocols.Seeds{0, 1}, 30), func(ev client.Event) { events = append(events, ev) })
	if err != nil {
		t.Fatal(err)
	}
	first, last := events[0], events[len(events)-1]
	if first.Kind != client.RunStarted || last.Kind != client.RunFinished {
		t.Fatalf("from %s to %s", first.Kind, last.Kind)
	}
	if first.Progress.Left <= 0 || first.Progress.Left > time.Minute { // by the speed of the run before
		t.Errorf("it begins with %v to go", first.Progress.Left)
	}
	if p := first.Progress; p.EpochsToDo != 40 || p.StagesReused != 4 || p.Stages != 8 || p.Share != 0 || p.Reused() != "reused 4 of 8 stages" {
		t.Errorf("it begins with %+v", p)
	}
	if p := last.Progress; p.EpochsToDo != 0 || p.EpochsDone != 40 || p.Share != 1 || p.StagesDone != 4 || p.Left != 0 {
		t.Errorf("it ends with %+v", p)
	}
	share := 0.0
	epochs := 0
	for _, ev := range events {
		if ev.Progress.Share < share {
			t.Errorf("the share falls from %v to %v at %v", share, ev.Progress.Share, ev)
		}
		share = ev.Progress.Share
		if ev.Kind == client.StageEpoch {
			epochs++
			if ev.Epochs != 30 || ev.Epoch <= 10 || strings.Join(ev.Path, " ") != "initialise baseline maintain 30" {
				t.Errorf("epoch event %+v", ev)
			}
		}
	}
	if epochs != 40 {
		t.Errorf("%d epoch events", epochs)
	}
}

func BenchmarkUnchangedRunOfTenSeeds(b *testing.B) {
	e := fakeEngine(b, b.TempDir(), 2, newFakeLab())
	p := ch01(b, map[string]string{"Seeds": "0-9"})
	res, _ := mustRun(b, e, p)
	for b.Loop() {
		mustRun(b, e, p)
	}
	b.ReportMetric(float64(res.Cost.Readings), "readings")
}

// A session that does not end, as in a compilation, keeps nobody from going.
func TestCloseDoesNotWaitForASession(t *testing.T) {
	l, entered, letGo := newFakeLab(), make(chan struct{}, 10), make(chan struct{})
	l.before = func(context.Context, string, int, int) error {
		entered <- struct{}{}
		<-letGo
		return nil
	}
	e := fakeEngine(t, t.TempDir(), 2, l)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { _, err := e.Run(ctx, newLengths(protocols.Seeds{0}, 10), nil); ended <- err }()
	<-entered
	began := time.Now()
	cancel()
	<-ended
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("it ended after %v", took)
	}
	close(letGo)
}

// All sessions that are free are closed, however long each of them takes.
func TestCloseClosesWhatIsFree(t *testing.T) {
	l := newFakeLab()
	l.close = func() { time.Sleep(400 * time.Millisecond) }
	e := fakeEngine(t, t.TempDir(), 4, l)
	for range 4 {
		x, _ := e.slots.take(context.Background())
		if _, err := e.slots.ready(x); err != nil {
			t.Fatal(err)
		}
		defer e.slots.give(x)
	}
	t.Cleanup(func() {
		if e.Close(); l.alive != 0 {
			t.Errorf("%d sessions are left", l.alive)
		}
	})
}

// However slow the disk is, few results are written at the same time.
func TestFewResultsAreStoredAtOnce(t *testing.T) {
	l := newFakeLab()
	e := fakeEngine(t, t.TempDir(), 2, l)
	var now, most atomic.Int64
	l.write = func() {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		time.Sleep(5 * time.Millisecond)
	}
	mustRun(t, e, ch01(t, map[string]string{"Seeds": "0-9"}))
	if n := most.Load(); n > storedAtOnce || n < 2 {
		t.Errorf("%d at once", n)
	}
}

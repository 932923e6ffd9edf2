package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/store"
	"github.com/network-fragility/fragility/protocols"
)

// serve starts a server in this process and returns a client of it and what
// waits for its end.
func serve(t *testing.T, e *Engine, idle time.Duration) (*client.Client, func() error) {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// A socket's path may be longer than its address.
	p := client.Place{Binary: binary, Socket: filepath.Join(t.TempDir(), strings.Repeat("e", 150), "s.sock"), Log: "the log"}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- e.Serve(ctx, p.Socket, idle) }()
	wait := sync.OnceValue(func() error {
		select {
		case err := <-ended:
			return err
		case <-time.After(10 * time.Second):
			return errors.New("the server does not end")
		}
	})
	t.Cleanup(func() {
		cancel()
		if err := wait(); err != nil {
			t.Error(err)
		}
	})
	c := client.New(p)
	for {
		if _, err := c.Status(ctx); err == nil {
			return c, wait
		} else if !errors.Is(err, client.ErrNotRunning) {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
}

func TestServerRunsAndShows(t *testing.T) {
	ctx := context.Background()
	shown := 0
	l := newFakeLab()
	e, err := newEngine(Options{Store: t.TempDir(), Workers: 2, Show: func(p protocols.Protocol, req client.ShowRequest) (func(*protocols.Result) (*client.Bundle, error), error) {
		if req.What != "table" {
			return nil, protocols.BadInput{Sentence: "what takes table"}
		}
		return func(r *protocols.Result) (*client.Bundle, error) {
			shown++
			return &client.Bundle{
				Data:     map[string]any{"text/plain": fmt.Sprint(req.Name, len(r.Rows)), "image/png": []byte("png")},
				Metadata: map[string]any{"image/png": map[string]any{"width": 2}},
			}, nil
		}, nil
	}}, l)
	if err != nil {
		t.Fatal(err)
	}
	c, wait := serve(t, e, time.Minute)

	var kinds []client.EventKind
	res, err := c.Run(ctx, 1, twoSeeds, func(ev client.Event) { kinds = append(kinds, ev.Kind) })
	if err != nil {
		t.Fatal(err)
	}
	direct, want := mustRun(t, e, ch01(t, twoSeeds))
	if bytesOf(t, res) != want || !reflect.DeepEqual(res.Rows, direct.Rows) || res.Cost.Stages != direct.Cost.Stages {
		t.Error("the result differs from the engine's own")
	}
	if len(kinds) < 2 || kinds[0] != client.RunStarted || kinds[len(kinds)-1] != client.RunFinished {
		t.Errorf("events %v", kinds)
	}

	for range 2 {
		bundle, err := c.Show(ctx, client.ShowRequest{Request: client.Request{Chapter: 1, Set: twoSeeds}, Ask: protocols.Ask{What: "table", Name: "n"}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if bundle.Data["text/plain"] != fmt.Sprint("n", len(res.Rows)) || bundle.Data["image/png"] != "cG5n" ||
			!reflect.DeepEqual(bundle.Metadata["image/png"], map[string]any{"width": 2.0}) {
			t.Errorf("bundle %v", bundle)
		}
	}
	if shown != 2 {
		t.Errorf("shown %d times", shown)
	}

	for name, ask := range map[string]func() error{
		"run":     func() error { _, err := c.Run(ctx, 1, map[string]string{"Nonsense": "1"}, nil); return err },
		"chapter": func() error { _, err := c.Run(ctx, 77, nil, nil); return err },
		"show": func() error {
			_, err := c.Show(ctx, client.ShowRequest{Request: client.Request{Chapter: 1, Set: twoSeeds}, Ask: protocols.Ask{What: "dance"}}, nil)
			return err
		},
	} {
		if err := ask(); client.KindOf(err) != client.Input || !protocols.IsBadInput(err) {
			t.Errorf("%s: %v is not the user's to mend", name, err)
		}
	}

	status, err := c.Status(ctx)
	if err != nil || status.PID != os.Getpid() || status.Workers != 2 || len(status.Active) != 0 {
		t.Errorf("status %+v, %v", status, err)
	}
	socket := c.Place().Socket
	for path, mode := range map[string]os.FileMode{socket: 0o600, filepath.Dir(socket): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s has mode %v, want %v", path, info.Mode().Perm(), mode)
		}
	}
	// Another engine leaves this one alone.
	if err := fakeEngine(t, t.TempDir(), 1, l).Serve(ctx, socket, time.Minute); err != nil {
		t.Errorf("a second engine: %v", err)
	}
	if err := c.Stop(ctx, time.Minute); err != nil {
		t.Error(err)
	}
	if _, err := c.Status(ctx); !errors.Is(err, client.ErrNotRunning) {
		t.Errorf("after stop: %v", err)
	}
	if err := wait(); err != nil {
		t.Error(err)
	}
}

func TestFaultOfARunIsOneSentence(t *testing.T) {
	l := newFakeLab()
	l.before = func(_ context.Context, kind string, _, _ int) error {
		if kind == "prune/1" {
			panic("no such thing")
		}
		return nil
	}
	c, _ := serve(t, fakeEngine(t, t.TempDir(), 2, l), time.Minute)
	_, err := c.Run(context.Background(), 1, twoSeeds, nil)
	if client.KindOf(err) != client.Fault || !strings.HasSuffix(err.Error(), "panic: no such thing") || !strings.HasPrefix(err.Error(), "seed ") {
		t.Errorf("got %v", err)
	}
}

// A client that goes away, by its context or with its process, cancels its
// run.
func TestClosedConnectionCancels(t *testing.T) {
	l := newFakeLab()
	entered, left := make(chan struct{}, 100), make(chan struct{}, 100)
	l.before = func(ctx context.Context, kind string, seed, epoch int) error {
		entered <- struct{}{}
		<-ctx.Done()
		left <- struct{}{}
		return ctx.Err()
	}
	c, _ := serve(t, fakeEngine(t, t.TempDir(), 1, l), time.Minute)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { _, err := c.Run(ctx, 1, twoSeeds, nil); ended <- err }()
	<-entered
	status, err := c.Status(context.Background())
	if err != nil || len(status.Active) != 1 || status.Active[0].Chapter != 1 {
		t.Errorf("status %+v, %v", status, err)
	}
	began := time.Now()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-left
	if took := time.Since(began); took > time.Second {
		t.Errorf("the stage ended after %v", took)
	}
	// Also what the server cancels itself.
	go func() { _, err := c.Run(context.Background(), 1, twoSeeds, nil); ended <- err }()
	<-entered
	if err := c.Stop(context.Background(), 0); err != nil {
		t.Error(err)
	}
	if err := <-ended; client.KindOf(err) != client.Cancelled {
		t.Errorf("a stopped engine's run: %v", err)
	}
}

func TestIdleServerStops(t *testing.T) {
	l := newFakeLab()
	letGo := make(chan struct{})
	var once sync.Once
	entered := make(chan struct{})
	l.before = func(context.Context, string, int, int) error {
		once.Do(func() { close(entered) })
		<-letGo
		return nil
	}
	const idle = 200 * time.Millisecond
	c, wait := serve(t, fakeEngine(t, t.TempDir(), 1, l), idle)
	ended := make(chan error, 1)
	go func() { _, err := c.Run(context.Background(), 1, twoSeeds, nil); ended <- err }()
	<-entered
	time.Sleep(2 * idle) // a run keeps it
	close(letGo)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := wait(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < idle/2 {
		t.Errorf("it stopped %v after its run", took)
	}
	if _, err := os.Stat(c.Place().Socket); !os.IsNotExist(err) {
		t.Errorf("its socket is left: %v", err)
	}
}

func TestServerWithoutItsSocketStops(t *testing.T) {
	c, wait := serve(t, fakeEngine(t, t.TempDir(), 1, newFakeLab()), time.Minute)
	os.Remove(c.Place().Socket)
	if err := wait(); err != nil {
		t.Fatal(err)
	}
}

// processes makes a program of the test binary, and clients find its engine.
func processes(t *testing.T) (binary string) {
	t.Helper()
	dir := t.TempDir()
	binary = filepath.Join(dir, "bin", "fragility")
	if err := os.MkdirAll(filepath.Dir(binary), 0o777); err != nil {
		t.Fatal(err)
	}
	install(t, binary, nil)
	t.Setenv(client.BinaryVariable, binary)
	t.Setenv(client.StoreVariable, filepath.Join(dir, "store"))
	t.Cleanup(func() {
		if c, err := client.Connect(context.Background()); err == nil {
			c.Stop(context.Background(), 0)
		}
	})
	return binary
}

// install puts a copy of the test binary in a place, as a build does.
func install(t *testing.T, binary string, more []byte) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	from, err := os.Open(self)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(binary+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o777)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, io.MultiReader(from, bytes.NewReader(more))); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(binary+".new", binary); err != nil {
		t.Fatal(err)
	}
}

// ensure returns a client and the process id of its engine.
func ensure(t *testing.T) (*client.Client, int) {
	t.Helper()
	c, err := client.Ensure(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Status(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return c, s.PID
}

func TestEngineStartsAndIsReplaced(t *testing.T) {
	binary := processes(t)
	if _, err := client.Connect(context.Background()); !errors.Is(err, client.ErrNotRunning) {
		t.Fatalf("before: %v", err)
	}
	// Several clients at once agree on one engine.
	var wg sync.WaitGroup
	pids := make([]int, 3)
	for i := range pids {
		wg.Go(func() {
			c, err := client.Ensure(context.Background())
			if err != nil {
				t.Error(err)
				return
			}
			s, err := c.Status(context.Background())
			if err != nil {
				t.Error(err)
				return
			}
			pids[i] = s.PID
		})
	}
	wg.Wait()
	first := pids[0]
	if pids[1] != first || pids[2] != first || first == 0 {
		t.Fatalf("engines %v", pids)
	}
	c, _ := ensure(t)
	if _, err := c.Run(context.Background(), 1, twoSeeds, nil); err != nil {
		t.Fatal(err)
	}

	install(t, binary, nil) // built again, to the same bytes
	if _, pid := ensure(t); pid != first {
		t.Error("an equal build was replaced")
	}
	install(t, binary, []byte("more"))
	began := time.Now()
	_, second := ensure(t)
	if second == first {
		t.Error("another build was kept")
	}
	t.Logf("replaced in %v", time.Since(began))
}

// The runs of a replaced engine go on beside the new one.
func TestReplacedEngineEndsItsRuns(t *testing.T) {
	binary := processes(t)
	release := filepath.Join(t.TempDir(), "release")
	t.Setenv(holdVariable, release)
	c, first := ensure(t)
	training := make(chan struct{})
	var once sync.Once
	ended := make(chan error, 1)
	go func() {
		_, err := c.Run(context.Background(), 1, twoSeeds, func(ev client.Event) {
			if len(ev.Path) == 2 {
				once.Do(func() { close(training) })
			}
		})
		ended <- err
	}()
	<-training
	install(t, binary, []byte("more"))
	if _, second := ensure(t); second == first {
		t.Error("another build was kept")
	}
	if err := os.WriteFile(release, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestKilledEngineIsOneSentence(t *testing.T) {
	processes(t)
	release := filepath.Join(t.TempDir(), "release")
	log := filepath.Join(t.TempDir(), "log")
	t.Setenv(holdVariable, release)
	t.Setenv(logVariable, log)
	c, pid := ensure(t)
	kept, err := store.Open(c.Place().Store, nil)
	if err != nil {
		t.Fatal(err)
	}
	platform, _ := newFakeLab().platform()
	initialised := newPlan(ch01(t, twoSeeds), platform).stages[0].key
	_, err = c.Run(context.Background(), 1, twoSeeds, func(ev client.Event) {
		if len(ev.Path) == 2 && ev.Seed == 0 { // in the training, which does not end
			for !kept.Has(initialised) {
				time.Sleep(time.Millisecond)
			}
			p, _ := os.FindProcess(pid)
			p.Kill()
		}
	})
	if err == nil || !strings.Contains(err.Error(), c.Place().Log) || strings.Contains(err.Error(), "\n") {
		t.Fatalf("got %v", err)
	}
	if err := os.WriteFile(release, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	res, err := c.Run(context.Background(), 1, twoSeeds, nil) // starts another
	if err != nil {
		t.Fatal(err)
	}
	if _, want := mustRun(t, fakeEngine(t, t.TempDir(), 1, newFakeLab()), ch01(t, twoSeeds)); bytesOf(t, res) != want {
		t.Error("the result differs")
	}
	// What the first had finished, the second did not do again.
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(b), "initialise/1 0"); n != 1 {
		t.Errorf("the first stage was computed %d times:\n%s", n, b)
	}
}

func TestEngineThatDoesNotStart(t *testing.T) {
	binary := processes(t)
	script := "#!/bin/sh\necho some trouble\necho the plugin is missing >&2\nexit 3\n"
	if err := os.WriteFile(binary, []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	_, err := client.Ensure(context.Background())
	if err == nil || !strings.HasSuffix(err.Error(), "the plugin is missing") || !strings.Contains(err.Error(), ".log") {
		t.Fatalf("got %v", err)
	}
}

// A run of two processes on one store computes everything once.
func TestTwoProcessesComputeOnce(t *testing.T) {
	processes(t)
	log := filepath.Join(t.TempDir(), "log")
	t.Setenv(logVariable, log)
	c, _ := ensure(t)
	l := newFakeLab()
	l.log = appendTo(t, log)
	e := fakeEngine(t, c.Place().Store, 2, l)
	var other *protocols.Result
	var wg sync.WaitGroup
	wg.Go(func() {
		var err error
		if other, err = c.Run(context.Background(), 1, twoSeeds, nil); err != nil {
			t.Error(err)
		}
	})
	_, mine := mustRun(t, e, ch01(t, twoSeeds))
	wg.Wait()
	if other == nil || bytesOf(t, other) != mine {
		t.Error("the results differ")
	}
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(b), "epoch "); n != 2*(30+3*15) {
		t.Errorf("%d epochs in both, want %d", n, 2*(30+3*15))
	}
	if n := strings.Count(string(b), "initialise/1"); n != 2 {
		t.Errorf("%d initialisations, want 2", n)
	}
}

func BenchmarkRoundTrip(b *testing.B) {
	l := newFakeLab()
	e := fakeEngine(b, b.TempDir(), 2, l)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	binary, _ := os.Executable()
	p := client.Place{Binary: binary, Socket: filepath.Join(b.TempDir(), "s.sock")}
	ended := make(chan error, 1)
	go func() { ended <- e.Serve(ctx, p.Socket, time.Minute) }()
	c := client.New(p)
	for {
		if _, err := c.Status(ctx); err == nil {
			break
		}
	}
	b.Run("status", func(b *testing.B) {
		for b.Loop() {
			c.Status(ctx)
		}
	})
	b.Run("unchanged run of ten seeds", func(b *testing.B) {
		for b.Loop() {
			if _, err := c.Run(ctx, 1, map[string]string{"Seeds": "0-9"}, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	cancel()
	<-ended
}

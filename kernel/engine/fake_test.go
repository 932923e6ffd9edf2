package engine

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"testing"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// fakeLab computes digests in the place of networks: what a stage makes is a
// hash of what it started from, its parameters and its draws, epoch by epoch
// for a call, so a wrong parent, a wrong resume point or a wrong occurrence
// gives other bytes.
type fakeLab struct {
	mu       sync.Mutex
	applied  map[string]int // how often, by stage kind and seed
	epochs   int            // trained
	measured int
	alive    int    // sessions
	cpu      string // of the platform

	// before is called before every stage, every epoch (from 1) and every
	// reading, where it is not nil; an error is the stage's.
	before func(ctx context.Context, kind string, seed, epoch int) error
	// close is called when a session ends, where it is not nil.
	close func()
	// write is called when a subject is written, where it is not nil.
	write func()
	// log is a file that gets a line for each stage and reading, for processes
	// that share a store.
	log io.Writer
}

func newFakeLab() *fakeLab { return &fakeLab{applied: map[string]int{}} }

func (l *fakeLab) platform() (protocols.Platform, error) {
	return protocols.Platform{Precision: "float32", Path: "fake/1", Backend: "fake", CPU: l.cpu}, nil
}

func (l *fakeLab) open(int) (session, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.alive++
	return &fakeSession{lab: l}, nil
}

func (l *fakeLab) read(r io.Reader, _ func(string) (io.ReadCloser, error)) (subject, error) {
	var s fakeSubject
	return &s, json.NewDecoder(r).Decode(&s)
}

func (l *fakeLab) total() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, k := range l.applied {
		n += k
	}
	return n
}

// fakeSubject is what fakeLab makes.
type fakeSubject struct {
	State  string
	Epochs int // of the last call

	write func()
}

func (s *fakeSubject) Write(w io.Writer) error {
	if s.write != nil {
		s.write()
	}
	return json.NewEncoder(w).Encode(s)
}

func (s *fakeSubject) Shared() map[string]func(io.Writer) error { return nil }

type fakeSession struct {
	lab  *fakeLab
	busy sync.Mutex
}

func (s *fakeSession) Close() error {
	if s.lab.close != nil {
		s.lab.close()
	}
	s.lab.mu.Lock()
	defer s.lab.mu.Unlock()
	s.lab.alive--
	return nil
}

func (s *fakeSession) note(kind string, seed, epoch int, count func()) {
	s.lab.mu.Lock()
	defer s.lab.mu.Unlock()
	count()
	if s.lab.log != nil {
		fmt.Fprintln(s.lab.log, kind, seed, epoch)
	}
}

func (s *fakeSession) wait(ctx context.Context, kind string, seed, epoch int) error {
	if s.lab.before != nil {
		return s.lab.before(ctx, kind, seed, epoch)
	}
	return ctx.Err()
}

func hash(parts ...any) string {
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Append(nil, parts...)))
}

func (s *fakeSession) apply(ctx context.Context, j job) (subject, error) {
	if !s.busy.TryLock() {
		panic("a session is used twice at a time")
	}
	defer s.busy.Unlock()
	if err := s.wait(ctx, j.stage.Kind(), j.seed, 0); err != nil {
		return nil, err
	}
	s.note(j.stage.Kind(), j.seed, 0, func() { s.lab.applied[fmt.Sprint(j.stage.Kind(), " ", j.seed)]++ })
	state, epochs := "", 0
	if j.parent != nil {
		state = j.parent.(*fakeSubject).State
	}
	draws := ""
	for _, p := range j.stage.Purposes() {
		draws += fmt.Sprint(p, j.occurrence(p))
	}
	c, ok := j.stage.(protocols.Call)
	if !ok {
		return &fakeSubject{write: s.lab.write, State: hash(state, j.seed, draws, j.stage.Kind(), string(protocols.Canonical(j.stage)))}, nil
	}
	if j.resume != nil {
		r := j.resume.(*fakeSubject)
		state, epochs = r.State, r.Epochs
	}
	for epochs < c.Length() {
		if err := s.wait(ctx, j.stage.Kind(), j.seed, epochs+1); err != nil {
			return nil, err
		}
		state = hash(state, j.seed, draws, epochs, string(protocols.Canonical(c.Upto(0))))
		epochs++
		s.note("epoch", j.seed, epochs, func() { s.lab.epochs++ })
		j.progress(epochs)
	}
	return &fakeSubject{state, epochs, s.lab.write}, nil
}

func (s *fakeSession) measure(ctx context.Context, p protocols.Probe, in subject, seed int) ([]float64, error) {
	if !s.busy.TryLock() {
		panic("a session is used twice at a time")
	}
	defer s.busy.Unlock()
	if err := s.wait(ctx, p.Kind(), seed, 0); err != nil {
		return nil, err
	}
	s.note(p.Kind(), seed, 0, func() { s.lab.measured++ })
	h := sha256.Sum256(fmt.Append(nil, in.(*fakeSubject).State, p, seed))
	n := 1
	if _, ok := p.(protocols.Census); ok {
		n = 9
	}
	values := make([]float64, n)
	for i := range values {
		values[i] = float64(int(h[i])<<8+int(h[i+1])) / 7
	}
	return values, nil
}

// lengths is a protocol with a training call of several lengths and an arm
// that goes on from one of them.
type lengths struct {
	protocols.Ch01
	Lengths []int
	Rate    float64
}

func (p *lengths) Plant(seed int) *protocols.Tree {
	t := protocols.NewTree(seed)
	train := protocols.Train{Data: protocols.Data{Set: protocols.TrainSet, Samples: 10}, BatchSize: 5, Epochs: 3, Rate: .1}
	trained := t.Root.Then("initialise", protocols.Initialise{}).Then("baseline", train)
	for _, n := range p.Lengths {
		train.Epochs, train.Rate = n, p.Rate
		kept := trained.Then(fmt.Sprintf("maintain %d", n), train)
		kept.Measure("maintained", fmt.Sprint(n), "standard", protocols.Accuracy{})
		kept.Then("prune", protocols.Prune{Sparsity: .4}).Measure("pruned", fmt.Sprint(n), "standard", protocols.Accuracy{})
	}
	return t
}

func (p *lengths) Derive(rows []protocols.Row) []protocols.Row {
	return []protocols.Row{{Chapter: 1, Arm: "derived", Metric: "rows", Seed: "all", Value: float64(len(rows))}}
}

func newLengths(seeds protocols.Seeds, n ...int) *lengths {
	p := &lengths{Lengths: n, Rate: .2}
	p.Seeds = seeds
	return p
}

// ch01 is chapter 1's protocol with altered parameters.
func ch01(t testing.TB, set map[string]string) protocols.Protocol {
	t.Helper()
	p, err := protocols.Configure(1, set)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// fakeEngine is an engine on a folder that computes with a lab.
func fakeEngine(t testing.TB, dir string, workers int, l *fakeLab) *Engine {
	t.Helper()
	e, err := newEngine(Options{Store: dir, Workers: workers}, l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// mustRun runs a protocol and returns the result, and as bytes all of it that
// must not differ from run to run.
func mustRun(t testing.TB, e *Engine, p protocols.Protocol) (*protocols.Result, string) {
	t.Helper()
	res, err := e.Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	return res, bytesOf(t, res)
}

func bytesOf(t testing.TB, res *protocols.Result) string {
	t.Helper()
	w := client.Pack(res)
	w.Head.Cost = protocols.Cost{}
	b, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// appendTo opens a file that several processes write lines to.
func appendTo(t testing.TB, path string) *os.File {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

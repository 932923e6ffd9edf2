package engine

import (
	"context"
	"sync"
	"testing"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// small is chapter 1 with networks that train in milliseconds.
var small = map[string]string{
	"Seeds": "0-1", "Hidden": "64,48", "TrainSamples": "300", "TestSamples": "200", "CleanSamples": "100",
	"BaselineEpochs": "30", "FinetuneEpochs": "4", "SweepSparsities": "0,0.5",
}

// keptLab is the real lab, whose sessions go from engine to engine: each would
// compile the programs anew. A test has one engine at work at a time.
type keptLab struct{ modelsLab }

// kept are the sessions by core.
var (
	kept   = map[int]session{}
	keptMu sync.Mutex
)

func (l keptLab) open(core int) (session, error) {
	keptMu.Lock()
	defer keptMu.Unlock()
	if s, ok := kept[core]; ok {
		return s, nil
	}
	s, err := l.modelsLab.open(core)
	if err == nil {
		s = keptSession{s}
		kept[core] = s
	}
	return s, err
}

// forget closes the sessions, with all that they have in memory.
func forget(t *testing.T) {
	t.Helper()
	for core, s := range kept {
		if err := s.(keptSession).session.Close(); err != nil {
			t.Error(err)
		}
		delete(kept, core)
	}
}

// keptSession does not close.
type keptSession struct{ session }

func (keptSession) Close() error { return nil }

func realEngine(t *testing.T, dir string, workers int, verify bool) *Engine {
	t.Helper()
	e, err := newEngine(Options{Store: dir, Workers: workers, Verify: verify}, keptLab{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// With real networks: the same bytes from one worker, from as many as there
// are cores, from a run interrupted in the middle of a call, and again when
// everything is verified.
func TestRealNetworks(t *testing.T) {
	p := ch01(t, small)
	one, many := t.TempDir(), t.TempDir()
	res, want := mustRun(t, realEngine(t, one, 1, false), p)

	e := realEngine(t, many, 0, false)
	ctx, cancel := context.WithCancel(context.Background())
	_, err := e.Run(ctx, p, func(ev client.Event) {
		if ev.Kind == client.StageEpoch && ev.Epoch == 27 {
			cancel()
		}
	})
	if client.KindOf(err) != client.Cancelled {
		t.Fatalf("got %v", err)
	}
	rest, got := mustRun(t, e, p)
	if got != want {
		t.Fatal("the interrupted run gives another result")
	}
	if rest.Cost.Epochs > res.Cost.Epochs-resumeEvery {
		t.Errorf("%d epochs after the interruption, of %d", rest.Cost.Epochs, res.Cost.Epochs)
	}
	ours, theirs := subjects(t, many), subjects(t, one)
	if len(ours) != len(theirs) {
		t.Errorf("%d subjects, and %d without the interruption", len(ours), len(theirs))
	}
	for key, digest := range ours {
		if theirs[key] != digest {
			t.Errorf("subject %.12s differs", key)
		}
	}

	if _, got := mustRun(t, realEngine(t, one, 0, true), p); got != want {
		t.Error("verification gives another result")
	}
	accuracies := 0
	for _, r := range res.Rows {
		if r.Arm == protocols.ArmFull && r.Metric == "clean" && r.Value == 100 {
			accuracies++
		}
	}
	if accuracies != 2 {
		t.Errorf("%d of 2 trained networks know the four centres", accuracies)
	}
}

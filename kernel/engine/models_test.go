package engine

import (
	"context"
	"runtime"
	"testing"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/store"
	"github.com/network-fragility/fragility/protocols"
)

// small is chapter 1 with networks that train in milliseconds.
var small = map[string]string{
	"Seeds": "0-1", "Hidden": "16,16", "TrainSamples": "300", "TestSamples": "200", "CleanSamples": "100",
	"BaselineEpochs": "30", "FinetuneEpochs": "4", "SweepSparsities": "0,0.5",
}

func realEngine(t *testing.T, dir string, workers int, verify bool) *Engine {
	t.Helper()
	e, err := New(Options{Store: dir, Workers: workers, Verify: verify})
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

// A language model's base is in the store once, and what is read from there goes
// on as what was never stored: the same long table.
func TestLanguageModelGoesOnFromTheStore(t *testing.T) {
	protocol := func(cycles, seeds string) protocols.Protocol {
		p, err := protocols.Configure(9, map[string]string{"Profile": "smoke", "Controls": "false", "Cycles": cycles, "Seeds": seeds})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	_, want := mustRun(t, realEngine(t, t.TempDir(), 1, false), protocol("2", "0"))

	dir := t.TempDir()
	mustRun(t, realEngine(t, dir, 2, false), protocol("1", "0"))
	// A new process would have no base in memory.
	runtime.GC()
	res, got := mustRun(t, realEngine(t, dir, 2, false), protocol("2", "0"))
	if got != want {
		t.Error("what goes on from the store gives another table")
	}
	if res.Cost.StagesReused == 0 {
		t.Error("nothing was reused")
	}
	s, err := store.Open(dir, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	bases, nodes := map[string]bool{}, 0
	for e := range s.All() {
		if b, ok := e.Blobs["base"]; ok {
			nodes++
			bases[b.SHA256] = true
		}
	}
	if len(bases) != 1 || nodes < 8 {
		t.Errorf("%d bases for %d subjects", len(bases), nodes)
	}
}

//go:build slow

package engine

import (
	"runtime"
	"testing"

	"github.com/network-fragility/fragility/kernel/store"
	"github.com/network-fragility/fragility/protocols"
)

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
	// As a new process, without the base in memory.
	forget(t)
	runtime.GC()
	res, got := mustRun(t, realEngine(t, dir, 1, false), protocol("2", "0"))
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

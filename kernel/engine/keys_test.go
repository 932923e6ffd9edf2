package engine

import (
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// The keys of a run are those under which the store has it.
func TestKeysAreTheStores(t *testing.T) {
	e := fakeEngine(t, t.TempDir(), 2, newFakeLab())
	p := ch01(t, map[string]string{"Seeds": "0-1"})
	_, before, err := e.Keys(p)
	if err != nil || len(before) == 0 {
		t.Fatalf("%d keys, %v", len(before), err)
	}
	if e.store.Has(before[0].Key) {
		t.Error("there was something before")
	}
	mustRun(t, e, p)
	platform, keys, err := e.Keys(p)
	if err != nil || platform == (protocols.Platform{}) {
		t.Fatalf("%+v, %v", platform, err)
	}
	for i, k := range keys {
		if k != before[i] || !e.store.Has(k.Key) {
			t.Errorf("the store does not have %+v", k)
		}
		if n, ok := e.store.Get(k.Key); !ok || n.Origin.Parent != k.Subject || n.Origin.Kind != k.Probe {
			t.Errorf("%+v is stored as %+v", k, n)
		}
	}
}

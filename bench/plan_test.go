package main

import (
	"testing"

	"github.com/network-fragility/fragility/models"
	"github.com/network-fragility/fragility/protocols"
)

// The counts of epochs are those of the chapters' sheets: 2,920 where nothing is
// shared, 1,345 where states are.
func TestPlans(t *testing.T) {
	for name, p := range plans() {
		shared, separate := 0, 0
		for _, kind := range kinds {
			shared += p.Shared[kind]
			separate += p.Separate[kind]
		}
		if shared != 1345 || separate != 2920 {
			t.Errorf("%s: %d epochs shared, %d separate", name, shared, separate)
		}
		for kind, want := range map[string]int{dense: 20, half: 415, noisy: 100, sparse: 400, tanh: 410} {
			if p.Shared[kind] != want {
				t.Errorf("%s: %d epochs are %s, want %d", name, p.Shared[kind], kind, want)
			}
		}
	}
	if protocols.ChapterName(8) != "ch08" {
		t.Error("the ratios name other chapters")
	}
}

// Every ratio finds its timings, and is above 1 where ours take less time.
func TestRatios(t *testing.T) {
	for name, ratio := range ratios(plans()) {
		asked := map[string]bool{}
		ratio(func(n string) float64 { asked[n] = true; return 1 })
		known := map[string]bool{}
		for _, w := range append((&ours{mlp: []map[string]*models.Subject{{}}}).watches(t.Context()), (&peers{}).watches(1, 1)...) {
			known[w.name] = true
		}
		for n := range asked {
			if !known[n] {
				t.Errorf("%s needs %q, which is not timed", name, n)
			}
		}
	}
	fast := func(n string) float64 {
		if n[:4] == "ours" {
			return 1
		}
		return 3
	}
	if r := ratios(plans())["dense_epoch_vs_torch"](fast); r != 3 {
		t.Errorf("three times faster reads as %v", r)
	}
	// Two of ours at once in the time of one are twice one core.
	if r := ratios(plans())["two_cores_vs_one"](func(string) float64 { return 1 }); r != 2 {
		t.Errorf("two sessions in the time of one read as %v", r)
	}
}

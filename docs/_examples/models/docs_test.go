package models

import (
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// The network of docs/network.md learns its task.
func TestDocsNetwork(t *testing.T) {
	p, err := protocols.Configure(5, map[string]string{"Architecture": "lstm", "Hidden": "16"})
	if err != nil {
		t.Fatal(err)
	}
	s := session(t)
	call := smallCall
	call.Epochs = 20
	sub := apply(t, s, Job{Stage: p.Plant(0).Root.Children[0].Stage})
	if got := len(sub.Tensors[1]); got != 4*16*16 {
		t.Errorf("the states' matrix has %d weights", got)
	}
	sub = apply(t, s, Job{Stage: call, Parent: sub})
	pruned := apply(t, s, Job{Stage: protocols.Prune{Sparsity: 0.5}, Parent: sub})
	tuned := apply(t, s, Job{Stage: call, Parent: pruned})
	test := protocols.Accuracy{Data: protocols.Data{Set: protocols.StandardSet, Samples: 400, Sigma: 0.8}}
	for name, sub := range map[string]*Subject{"trained": sub, "pruned and tuned": tuned} {
		if got := measure(t, s, test, sub, 0)[0]; got < 95 {
			t.Errorf("%s: %v %%", name, got)
		}
	}
}

// The probe of docs/probe.md counts what pruning leaves behind.
func TestDocsProbe(t *testing.T) {
	s := session(t)
	sub := apply(t, s, Job{Stage: protocols.Initialise{Network: small}})
	if got := measure(t, s, protocols.DeadUnits{}, sub, 0); got[0] != 0 {
		t.Errorf("a new network has %v %% dead units", got)
	}
	// 128 and 3,072 weights lead to 64 and 48 units; nothing leads anywhere after
	// all but the largest of each matrix are cut.
	sub = apply(t, s, Job{Stage: protocols.Prune{Sparsity: 1}, Parent: sub})
	if got := measure(t, s, protocols.DeadUnits{}, sub, 0); got[0] != 100*110./112 {
		t.Errorf("after pruning all but one weight a layer: %v %%", got)
	}
}

// The stage of docs/treatment.md scales weights, and can be written in a
// treatment.
func TestDocsTreatment(t *testing.T) {
	s := session(t)
	before := apply(t, s, Job{Stage: protocols.Initialise{Network: small}})
	after := apply(t, s, Job{Stage: protocols.Downscale{Factor: 0.5}, Parent: before})
	for i, w := range before.Tensors[0] {
		if after.Tensors[0][i] != w/2 {
			t.Fatalf("weight %v became %v", w, after.Tensors[0][i])
		}
	}
	if before.Tensors[1][0] != after.Tensors[1][0] {
		t.Error("a bias changed")
	}
	p, err := protocols.Configure(5, map[string]string{"Arms": "ketamine then downscale(factor=0.8|0.9)"})
	if err != nil {
		t.Fatal(err)
	}
	found := map[float64]bool{}
	p.Plant(0).Walk(func(n *protocols.Node) {
		if d, ok := n.Stage.(protocols.Downscale); ok {
			found[d.Factor] = true
		}
	})
	if !found[0.8] || !found[0.9] {
		t.Errorf("the tree has the factors %v", found)
	}
}

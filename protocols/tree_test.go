package protocols

import (
	"slices"
	"testing"
)

var testPlatform = Platform{Precision: "float32", Path: "plain/1", Backend: "xla:cpu", Plugin: "p", CPU: "c"}

// keys lists the keys of a chapter's nodes by label, for one subject.
func keys(t *testing.T, seed int, platform Platform, values map[string]string) map[string]Key {
	t.Helper()
	p, err := Configure(1, values)
	if err != nil {
		t.Fatal(err)
	}
	k := map[string]Key{}
	p.Plant(seed).Walk(func(n *Node) { k[n.Name()] = n.Origin(seed, platform).Key() })
	return k
}

// A parameter changes the keys of the stages that depend on it, and no others.
func TestKeysFollowWhatLedToThem(t *testing.T) {
	base := keys(t, 0, testPlatform, nil)
	all := []string{"initialise", "baseline", "prune", "regrow", "fine-tune", "fine-tune without regrowth"}
	for _, c := range []struct {
		name, value string
		changed     []string
	}{
		{"FinetuneRate", "0.001", []string{"fine-tune", "fine-tune without regrowth"}},
		{"RegrowScale", "0.05", []string{"regrow", "fine-tune"}},
		{"PruneSparsity", "0.9", all[2:]},
		{"BaselineEpochs", "21", all[1:]},
		{"DataSigma", "0.7", all[1:]},
		{"Hidden", "16,16", all},
		{"TestSamples", "100", nil},
		{"InputSigmas", "3", nil},
		{"Seeds", "0-29", nil},
	} {
		k := keys(t, 0, testPlatform, map[string]string{c.name: c.value})
		for _, label := range all {
			if got, want := k[label] != base[label], slices.Contains(c.changed, label); got != want {
				t.Errorf("%s=%s: key of %q changed: %v, want %v", c.name, c.value, label, got, want)
			}
		}
	}
	other := testPlatform
	other.Plugin = "q"
	for name, k := range map[string]map[string]Key{"seed": keys(t, 1, testPlatform, nil), "plugin": keys(t, 0, other, nil)} {
		for _, label := range all {
			if k[label] == base[label] {
				t.Errorf("another %s: key of %q is the same", name, label)
			}
		}
	}
}

// The sweep's level at the chapter's own sparsity is the pruned network itself.
func TestSweepSharesThePrunedNetwork(t *testing.T) {
	k := keys(t, 0, testPlatform, nil)
	if k["prune"] != k["prune to 0.95"] {
		t.Error("pruned network and sweep level 0.95 have different keys")
	}
	if k["prune"] == k["prune to 0.9"] {
		t.Error("sweep levels 0.9 and 0.95 have one key")
	}
}

// The points of one training call differ in their end alone.
func TestPointsOfOneCall(t *testing.T) {
	k20 := keys(t, 0, testPlatform, nil)
	k12 := keys(t, 0, testPlatform, map[string]string{"BaselineEpochs": "12"})
	p, _ := Configure(1, nil)
	p.Plant(0).Walk(func(n *Node) {
		if n.Label != "baseline" {
			return
		}
		if got := n.OriginUpto(12, 0, testPlatform).Key(); got != k12["baseline"] {
			t.Error("the call up to epoch 12 is not the call of 12 epochs")
		}
		if n.Origin(0, testPlatform).Key() != k20["baseline"] {
			t.Error("a node's key differs from one tree to the next")
		}
	})
}

// Both arms that are tuned meet the same shuffles, the second of their way.
func TestArmsArePaired(t *testing.T) {
	p, _ := Configure(1, nil)
	want := map[string]int{"baseline": 0, "fine-tune": 1, "fine-tune without regrowth": 1}
	p.Plant(0).Walk(func(n *Node) {
		if w, ok := want[n.Label]; ok && n.Occurrence(Shuffle) != w {
			t.Errorf("%s: shuffle %d, want %d", n.Label, n.Occurrence(Shuffle), w)
		}
	})
}

// A tree's keys depend on the way of computing its own network, and on no other's.
func TestKeysKnowOneNetwork(t *testing.T) {
	key := func(path, network string) Key {
		n := NewTree(1).Root.Then("initialise", Initialise{Network{Kind: network}}).Then("prune", Prune{Sparsity: 0.5})
		return n.Origin(1, Platform{Path: path}).Key()
	}
	before, after := "gru sparse/1, mlp reduced/2", "gru sparse/2, mlp reduced/2"
	if key(before, "mlp") != key(after, "mlp") {
		t.Error("a new way for the gru moves the keys of an mlp")
	}
	if key(before, "gru") == key(after, "gru") {
		t.Error("a new way for the gru leaves its keys as they are")
	}
	if key(before, "skip") != key(after, "skip") || key(before, "skip") == key(before, "mlp") {
		t.Error("a network without a way of its own takes another's")
	}
}

// A platform as far as a tree depends on it gives the tree's keys, and does not
// know of networks that the tree has none of.
func TestPlatformOfATree(t *testing.T) {
	tree := NewTree(1)
	tree.Root.Then("initialise", Initialise{Network{Kind: "mlp"}})
	whole := Platform{Backend: "xla:cpu", Path: "gru native/1, llama plain/1; C library 2, mlp reduced/2"}
	own := whole.Of(tree)
	if own.Path != "mlp reduced/2" || own.Backend != whole.Backend {
		t.Errorf("the platform of a tree of an mlp is %+v", own)
	}
	n := tree.Root.Children[0]
	if n.Origin(1, own).Key() != n.Origin(1, whole).Key() {
		t.Error("it gives other keys")
	}
	tree.Root.Then("initialise", Initialise{Network{Kind: "gru"}})
	if got := whole.Of(tree).Path; got != "gru native/1, mlp reduced/2" {
		t.Errorf("with a gru beside it the path is %q", got)
	}
}

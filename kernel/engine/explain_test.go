package engine

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// lines explains a protocol, the stored things left out.
func lines(t *testing.T, e *Engine, p protocols.Protocol) []string {
	t.Helper()
	explained, err := e.Explain(p)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, x := range explained {
		if !x.Stored {
			list = append(list, x.String())
		}
	}
	return list
}

func TestExplainNamesWhatChanged(t *testing.T) {
	l := newFakeLab()
	e := fakeEngine(t, t.TempDir(), 2, l)
	with := func(name, value string) protocols.Protocol {
		set := map[string]string{"Seeds": "0-1"}
		if name != "" {
			set[name] = value
		}
		return ch01(t, set)
	}
	if first := lines(t, e, with("", ""))[0]; first != "initialise: new, nothing like it is stored (2 subjects)" {
		t.Errorf("an empty store: %q", first)
	}
	mustRun(t, e, with("", ""))
	before := l.total() + l.measured
	if all := lines(t, e, with("", "")); len(all) > 0 {
		t.Errorf("nothing changed: %q", all)
	}
	for _, c := range []struct{ name, value, want string }{
		{"FinetuneRate", "0.001", "fine-tune (recovered_random): new, Rate 0.0005 -> 0.001 (2 subjects)"},
		{"FinetuneRate", "0.001", "fine-tune, clean (recovered_random): new, measures a new fine-tune (2 subjects)"},
		{"FinetuneRate", "0.001", "fine-tune without regrowth (tuned_without_regrowth): new, Rate 0.0005 -> 0.001 (2 subjects)"},
		{"FinetuneEpochs", "16", "fine-tune (recovered_random): new, Epochs 15 -> 16 (2 subjects)"},
		{"BaselineEpochs", "21", "baseline: new, Epochs 20 -> 21 (2 subjects)"},
		{"BaselineEpochs", "21", "fine-tune (recovered_random): new, follows a new regrow (2 subjects)"},
		{"TestSamples", "4001", "baseline, standard (full): new, Data.Samples 4000 -> 4001 (2 subjects)"},
		{"Hidden", "512,512,257", "initialise: new, Network.Hidden [512,512,256] -> [512,512,257] (2 subjects)"},
		{"Seeds", "1-2", "initialise: new, Seed 0 -> 2 (1 subject)"},
		{"SweepSparsities", "0.42", "prune to 0.42 (sparsity_sweep): new, Sparsity 0.5 -> 0.42 (2 subjects)"},
	} {
		if got := lines(t, e, with(c.name, c.value)); !slices.Contains(got, c.want) {
			t.Errorf("%s=%s: no %q in\n%s", c.name, c.value, c.want, strings.Join(got, "\n"))
		}
	}
	if l.total()+l.measured != before {
		t.Error("explaining computed something")
	}
	other, err := newEngine(Options{Store: e.store.Path()}, otherPlugin{l})
	if err != nil {
		t.Fatal(err)
	}
	want := "initialise: new, Platform.Plugin none -> another (2 subjects)"
	if got := lines(t, other, with("", "")); !slices.Contains(got, want) {
		t.Errorf("another plugin: no %q in\n%s", want, strings.Join(got, "\n"))
	}
	if l.alive > 2 {
		t.Error("explaining opened a session")
	}
}

// otherPlugin is a lab on another platform.
type otherPlugin struct{ *fakeLab }

func (l otherPlugin) platform() (protocols.Platform, error) {
	p, err := l.fakeLab.platform()
	p.Plugin = "another"
	return p, err
}

// A node that is gone while its readings are there is not new: nothing needs
// it, until there is another reading below.
func TestExplainKnowsWhatWasRemoved(t *testing.T) {
	e := fakeEngine(t, t.TempDir(), 1, newFakeLab())
	seeds := map[string]string{"Seeds": "0-1"}
	mustRun(t, e, ch01(t, seeds))
	for entry := range e.store.All() {
		if entry.Origin.Kind == "prune/1" {
			os.Remove(e.store.Path() + "/entries/" + string(entry.Key[:2]) + "/" + string(entry.Key) + ".json")
		}
	}
	if got := lines(t, e, ch01(t, seeds)); len(got) > 0 {
		t.Errorf("got %q", got)
	}
	seeds["TestSamples"] = "10"
	if got, want := lines(t, e, ch01(t, seeds)), "prune: new, it was removed from the store (2 subjects)"; !slices.Contains(got, want) {
		t.Errorf("no %q in\n%s", want, strings.Join(got, "\n"))
	}
}

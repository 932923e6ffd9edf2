package engine

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/kernel/record"
	"github.com/network-fragility/fragility/protocols"
)

// recordOf computes subjects on a platform and returns a record of them, and
// what the run gave.
func recordOf(t *testing.T, p protocols.Protocol, cpu string) (dir string, bytes string) {
	t.Helper()
	l := newFakeLab()
	l.cpu = cpu
	e := fakeEngine(t, t.TempDir(), 2, l)
	_, bytes = mustRun(t, e, p)
	dir = t.TempDir()
	for _, seed := range p.Cohort() {
		s, err := e.Whole(p, seed)
		if err != nil || s == nil {
			t.Fatalf("subject %d of a run that is done: %v, %v", seed, s, err)
		}
		if err := record.Open(dir, nil).Add(s); err != nil {
			t.Fatal(err)
		}
	}
	return dir, bytes
}

// withRecord is an engine with an empty store beside a record.
func withRecord(t *testing.T, dir string, l *fakeLab) *Engine {
	t.Helper()
	e, err := newEngine(Options{Store: t.TempDir(), Record: dir, Workers: 2}, l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// What the record has is not computed: on its platform as if it were stored, on
// another as it was there, which the result says.
func TestRecordIsShown(t *testing.T) {
	p := newLengths(protocols.Seeds{0, 1, 2}, 2, 5)
	dir, want := recordOf(t, p, "one")
	for _, cpu := range []string{"one", "another"} {
		l := newFakeLab()
		l.cpu = cpu
		res, _ := mustRun(t, withRecord(t, dir, l), p)
		if l.total() != 0 || l.measured != 0 || res.Cost.Epochs != 0 {
			t.Errorf("on %s, %d stages and %d readings were computed beside the record", cpu, l.total(), l.measured)
		}
		from := res.Recorded
		if cpu == "one" && from != nil {
			t.Errorf("subjects of this platform count as recorded elsewhere: %+v", from)
		}
		if cpu == "another" && (len(from) != 1 || from[0].Platform.CPU != "one" || !slices.Equal(from[0].Seeds, protocols.Seeds{0, 1, 2})) {
			t.Errorf("on another platform the result says that %+v was recorded", from)
		}
		anew := newLengths(protocols.Seeds{0, 1, 2}, 2, 5)
		anew.Anew = true
		if res, _ := mustRun(t, withRecord(t, dir, l), anew); res.Recorded != nil || l.total() == 0 {
			t.Errorf("on %s, %d stages were computed anew", cpu, l.total())
		}
		res.Recorded = nil
		if got := bytesOf(t, res); got != want {
			t.Errorf("on %s the record gives other results:\n%.300s\n%.300s", cpu, got, want)
		}
	}
}

// A subject of another platform is taken whole or computed here: with a changed
// parameter nothing of it is mixed in, though most of its readings are there.
func TestSubjectsAreNotMixed(t *testing.T) {
	dir, _ := recordOf(t, newLengths(protocols.Seeds{0, 1}, 2, 5), "one")
	longer := newLengths(protocols.Seeds{0, 1, 2}, 2, 5, 6)
	l := newFakeLab()
	l.cpu = "another"
	res, got := mustRun(t, withRecord(t, dir, l), longer)
	plain := newFakeLab()
	plain.cpu = "another"
	_, want := mustRun(t, fakeEngine(t, t.TempDir(), 1, plain), longer)
	if res.Recorded != nil || got != want {
		t.Errorf("a changed protocol on another platform takes %+v from the record", res.Recorded)
	}

	// On the record's own platform its bits are welcome one by one.
	same := newFakeLab()
	same.cpu = "one"
	_, got = mustRun(t, withRecord(t, dir, same), longer)
	computed := newFakeLab()
	computed.cpu = "one"
	if _, want := mustRun(t, fakeEngine(t, t.TempDir(), 1, computed), longer); got != want {
		t.Error("beside the record of its own platform a changed protocol gives other results")
	}
	if same.measured >= computed.measured {
		t.Errorf("%d readings were taken beside the record, %d without: it was not used", same.measured, computed.measured)
	}
}

// Whatever byte of the record is damaged, no number changes: what does not read
// is computed here.
func TestDamagedRecordChangesNoNumber(t *testing.T) {
	p := newLengths(protocols.Seeds{0, 1}, 2, 3)
	dir, want := recordOf(t, p, "one")
	files, _ := filepath.Glob(filepath.Join(dir, "*.zip"))
	if len(files) != 1 {
		t.Fatalf("files %v", files)
	}
	sound, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	missed := 0
	for at := 0; at < len(sound); at += 1 + len(sound)/150 {
		broken := slices.Clone(sound)
		broken[at] ^= 0x55
		if err := os.WriteFile(files[0], broken, 0o666); err != nil {
			t.Fatal(err)
		}
		l := newFakeLab()
		l.cpu = "one"
		if _, got := mustRun(t, withRecord(t, dir, l), p); got != want {
			t.Fatalf("with byte %d of the record damaged a run gives other numbers", at)
		}
		if l.measured > 0 {
			missed++
		}
	}
	if missed == 0 {
		t.Error("no damage was noticed")
	}
}

// A subject that was recorded under fewer arms is added to, and a record that is
// merged gives what it has.
func TestRecordGrows(t *testing.T) {
	short, long := newLengths(protocols.Seeds{0}, 2), newLengths(protocols.Seeds{0}, 2, 5)
	dir, _ := recordOf(t, short, "one")
	more, _ := recordOf(t, long, "one")
	other, _ := recordOf(t, newLengths(protocols.Seeds{3}, 2), "two")
	into := record.Open(dir, nil)
	for _, from := range []string{more, other} {
		files, _ := filepath.Glob(filepath.Join(from, "*.zip"))
		for _, f := range files {
			if n, err := into.Merge(f); err != nil || n[0] != 1 {
				t.Errorf("merging gives %d subjects, %v", n, err)
			}
		}
	}
	if _, err := into.Merge(filepath.Join(dir, "none.zip")); !protocols.IsBadInput(err) || !strings.Contains(err.Error(), "is not there") {
		t.Errorf("merging a file that is not there: %v", err)
	}
	e := withRecord(t, dir, newFakeLab()) // on a third platform
	for _, c := range []struct {
		p    protocols.Protocol
		seed int
		want bool
	}{{short, 0, true}, {long, 0, true}, {newLengths(protocols.Seeds{0}, 2, 5, 7), 0, false}, {short, 3, true}, {long, 3, false}, {short, 1, false}} {
		if got, err := e.InRecord(c.p, c.seed); got != c.want || err != nil {
			t.Errorf("subject %d of %v in the record: %v, %v", c.seed, c.p.(*lengths).Lengths, got, err)
		}
	}
}

// What was taken from the record and not computed here is part of a whole subject.
func TestWholeWithRecord(t *testing.T) {
	short, long := newLengths(protocols.Seeds{0}, 2), newLengths(protocols.Seeds{0}, 2, 5)
	dir, _ := recordOf(t, short, "one")
	l := newFakeLab()
	l.cpu = "one"
	e := withRecord(t, dir, l)
	if s, err := e.Whole(long, 0); s != nil || err != nil {
		t.Fatalf("before the run: %v, %v", s, err)
	}
	mustRun(t, e, long)
	if s, err := e.Whole(long, 0); s == nil || err != nil {
		t.Errorf("after it: %v, %v", s, err)
	}
}

// An engine that is to compute nothing names what is missing, and computes
// nothing.
func TestStoredComputesNothing(t *testing.T) {
	dir, l := t.TempDir(), newFakeLab()
	mustRun(t, fakeEngine(t, dir, 1, l), newLengths(protocols.Seeds{0, 2}, 2))
	before := l.total()
	e, err := newEngine(Options{Store: dir, Workers: 1, Stored: true}, l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	if _, err := e.Run(t.Context(), newLengths(protocols.Seeds{0, 1, 2, 3}, 2), nil); err == nil || !strings.Contains(err.Error(), "subjects 1,3 are missing") {
		t.Errorf("with two of four subjects stored: %v", err)
	}
	mustRun(t, e, newLengths(protocols.Seeds{0, 2}, 2))
	if l.total() != before {
		t.Errorf("%d stages were computed", l.total()-before)
	}
}

package store

import (
	"io"
	"os"
	"testing"
	"time"

	"github.com/network-fragility/fragility/protocols"
)

// A merged store has what both had, with blobs that read; what is damaged in the
// other stays there.
func TestMerge(t *testing.T) {
	open := func() *Store {
		s, err := Open(t.TempDir(), nil)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	origin := func(seed int) protocols.Origin {
		return protocols.Origin{Kind: "test/1", Settings: []byte(`{}`), Seed: &seed, Platform: &protocols.Platform{Backend: "none"}}
	}
	node := func(s *Store, seed int, content string) {
		if err := s.PutNode(origin(seed), time.Second, func(w io.Writer) error { _, err := io.WriteString(w, content); return err }, nil); err != nil {
			t.Fatal(err)
		}
	}
	into, from := open(), open()
	node(into, 1, "one")
	node(from, 1, "one")
	node(from, 2, "two")
	node(from, 3, "three")
	if err := from.PutReading(origin(4), time.Second, []float64{1.5}); err != nil {
		t.Fatal(err)
	}
	e, _ := from.Get(origin(3).Key())
	if err := os.WriteFile(from.blobPath(e.Blobs[SubjectBlob].SHA256), []byte("thr33"), 0o666); err != nil {
		t.Fatal(err)
	}
	m, err := into.Merge(t.Context(), from)
	if err != nil || m.Entries != 2 || m.Known != 1 || m.Damaged != 1 {
		t.Fatalf("merged %+v, %v", m, err)
	}
	two, ok := into.Get(origin(2).Key())
	if !ok {
		t.Fatal("subject 2 is not there")
	}
	f, ok := into.Blob(two, SubjectBlob)
	if !ok {
		t.Fatal("subject 2 has no blob")
	}
	defer f.Close()
	if b, _ := io.ReadAll(f); string(b) != "two" {
		t.Errorf("subject 2 is %q", b)
	}
	if _, ok := into.Get(origin(3).Key()); ok {
		t.Error("a damaged entry was taken")
	}
	if r, ok := into.Get(origin(4).Key()); !ok || r.Values[0] != 1.5 {
		t.Errorf("reading %+v", r)
	}
}

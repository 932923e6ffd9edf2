package record

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/network-fragility/fragility/kernel/store"
	"github.com/network-fragility/fragility/protocols"
)

// recorded are subjects of chapter 1 with a reading each.
func recorded(seeds ...int) (list []*Subject) {
	for _, seed := range seeds {
		list = append(list, &Subject{Chapter: 1, Seed: seed, Readings: map[ID]store.Numbers{"a": {float64(seed), 0.5}}})
	}
	return list
}

// theFile is the only file of a record, and its name.
func theFile(t *testing.T, dir string) (string, []byte) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return files[0], content
}

// The same subjects are the same bytes, in whatever order and parts they were added.
func TestOrderOfAdding(t *testing.T) {
	var want []byte
	for i, parts := range [][][]int{{{0, 1, 2, 3}}, {{2}, {0, 3}, {1}}, {{3, 2, 1, 0}, {1, 2}}, {{1, 1, 0}, {3, 2}}} {
		dir := t.TempDir()
		r := Open(dir, nil)
		for _, seeds := range parts {
			if err := r.Add(recorded(seeds...)...); err != nil {
				t.Fatal(err)
			}
		}
		_, got := theFile(t, dir)
		if i == 0 {
			want = got
		}
		if !bytes.Equal(got, want) {
			t.Errorf("added as %v the file has other bytes", parts)
		}
	}
}

// What is damaged stays a miss while others are added, until its own subject comes again.
func TestAddBesideDamage(t *testing.T) {
	dir := t.TempDir()
	if err := Open(dir, nil).Add(recorded(0, 1)...); err != nil {
		t.Fatal(err)
	}
	name, whole := theFile(t, dir)
	damaged := bytes.Clone(whole)
	damaged[bytes.Index(damaged, []byte("0001.json"))+30]++
	if err := os.WriteFile(name, damaged, 0o644); err != nil {
		t.Fatal(err)
	}
	seeds := func() (list []int) {
		for _, s := range Open(dir, nil).in(name, 1) {
			list = append(list, s.Seed)
		}
		return list
	}
	for _, c := range []struct {
		add  int
		want []int
	}{{2, []int{0, 2}}, {1, []int{0, 1, 2}}} {
		if err := Open(dir, nil).Add(recorded(c.add)...); err != nil {
			t.Fatal(err)
		}
		if got := seeds(); !slices.Equal(got, c.want) {
			t.Errorf("with %d the record has %v, want %v", c.add, got, c.want)
		}
	}
}

// Where one of several files is none, nothing of the others is taken.
func TestMergeIsWhole(t *testing.T) {
	from, into := t.TempDir(), t.TempDir()
	if err := Open(from, nil).Add(recorded(0)...); err != nil {
		t.Fatal(err)
	}
	good, _ := theFile(t, from)
	bad := filepath.Join(t.TempDir(), "bad.zip")
	f, err := os.Create(bad)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	z.Create("letter.txt")
	z.Close()
	f.Close()
	if _, err := Open(into, nil).Merge(good, bad); !protocols.IsBadInput(err) {
		t.Errorf("merging a file that is none: %v", err)
	}
	if left, _ := os.ReadDir(into); len(left) > 0 {
		t.Errorf("the record has %v", left)
	}
	if had, err := Open(into, nil).Merge(good, good); err != nil || !slices.Equal(had, []int{1, 1}) {
		t.Errorf("%v, %v", had, err)
	}
}

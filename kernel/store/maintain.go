package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/network-fragility/fragility/protocols"
)

// All gives every sound entry, in the order of the keys. Damaged ones are
// reported and moved aside as by Get.
func (s *Store) All() iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		for key := range s.keys() {
			if e, err := s.get(key); err == nil && !yield(e) {
				return
			}
		}
	}
}

// keys gives the key of every manifest.
func (s *Store) keys() iter.Seq[protocols.Key] {
	return func(yield func(protocols.Key) bool) {
		for path := range files(filepath.Join(s.dir, "entries")) {
			name, ok := strings.CutSuffix(filepath.Base(path), ".json")
			if ok && hexDigest.MatchString(name) && !yield(protocols.Key(name)) {
				return
			}
		}
	}
}

// files gives the files two levels below a folder, none where it is missing.
func files(dir string) iter.Seq[string] {
	return func(yield func(string) bool) {
		folders, _ := os.ReadDir(dir)
		for _, folder := range folders {
			names, _ := os.ReadDir(filepath.Join(dir, folder.Name()))
			for _, name := range names {
				if !yield(filepath.Join(dir, folder.Name(), name.Name())) {
					return
				}
			}
		}
	}
}

// Check is what Verify found.
type Check struct {
	Entries int
	Bytes   int64
	Damaged []string // a sentence each
}

// Verify reads every entry and blob and checks all digests. What is damaged is
// moved aside, so that it is computed anew when it is needed.
func (s *Store) Verify(ctx context.Context) (Check, error) {
	var c Check
	for key := range s.keys() {
		if err := ctx.Err(); err != nil {
			return c, err
		}
		switch e, err := s.check(key); {
		case errors.Is(err, fs.ErrNotExist): // removed while we were at it
		case err != nil:
			c.Damaged = append(c.Damaged, err.Error())
		default:
			c.Entries++
			c.Bytes += e.Size
		}
	}
	return c, nil
}

// check reads an entry and its blobs.
func (s *Store) check(key protocols.Key) (*Entry, error) {
	e, err := s.get(key)
	if err != nil {
		return nil, err
	}
	for name := range e.Blobs {
		f, err := s.blob(e, name)
		if err != nil {
			return nil, err
		}
		f.Close()
	}
	return e, nil
}

// Limits says what GC may keep; a zero field sets no limit.
type Limits struct {
	Unused time.Duration // since the last use, which is known to the hour
	Bytes  int64         // of all entries; those unused for longest go first
}

// Freed is what GC removed.
type Freed struct {
	Entries int
	Files   int // blobs, leftovers of killed processes, damaged files
	Bytes   int64
	Kept    int   // entries
	Size    int64 // of them, in bytes
}

// leftoverAge is the age at which a temporary file belongs to no living
// process. While GC works nobody writes into the store; the age is for a file
// system whose locks do not hold.
const leftoverAge = time.Hour

// GC removes entries beyond the limits, blobs that no entry names, and what
// killed processes left. It may run beside processes that use the store: what
// they find missing they compute again.
func (s *Store) GC(ctx context.Context, l Limits) (Freed, error) {
	var f Freed
	release, err := s.lockAgainstGC(ctx, exclusive)
	if err != nil {
		return f, fmt.Errorf("the store %s cannot be tidied: %s", s.dir, reason(err))
	}
	defer release()

	kept := slices.Collect(s.All())
	slices.SortStableFunc(kept, func(a, b *Entry) int { return b.Used.Compare(a.Used) })
	blobs := map[string]bool{} // named by entries that stay
	var size int64
	for i, e := range kept {
		more := e.Size
		for _, b := range e.Blobs {
			if blobs[b.SHA256] {
				more -= b.Size
			}
		}
		if l.Unused > 0 && time.Since(e.Used) > l.Unused || l.Bytes > 0 && size+more > l.Bytes {
			for _, e := range kept[i:] {
				f.remove(s.entryPath(e.Key))
				f.Entries++
			}
			kept = kept[:i]
			break
		}
		size += more
		for _, b := range e.Blobs {
			blobs[b.SHA256] = true
		}
	}
	f.Kept, f.Size = len(kept), size
	// Manifests are gone before blobs go: see Blob.
	for path := range files(filepath.Join(s.dir, "blobs")) {
		if !blobs[filepath.Base(path)] {
			f.removeFile(path)
		}
	}
	for _, dir := range []string{"tmp", "bad"} {
		left, _ := os.ReadDir(filepath.Join(s.dir, dir))
		for _, name := range left {
			if info, err := name.Info(); err == nil && time.Since(info.ModTime()) > leftoverAge {
				f.removeFile(filepath.Join(s.dir, dir, name.Name()))
			}
		}
	}
	return f, nil
}

func (f *Freed) removeFile(path string) {
	if f.remove(path) {
		f.Files++
	}
}

func (f *Freed) remove(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || os.Remove(path) != nil {
		return false
	}
	f.Bytes += info.Size()
	return true
}

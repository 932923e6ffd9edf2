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
	"syscall"
	"time"

	"github.com/network-fragility/fragility/protocols"
)

// All gives every sound entry, in the order of the keys. What is damaged or
// cannot be read is reported as by Get.
func (s *Store) All() iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		for key, err := range s.keys() {
			if err != nil {
				continue
			}
			if e, err := s.get(key); err == nil && !yield(e) {
				return
			}
		}
	}
}

// keys gives the key of every manifest, and an error for a folder of them that
// cannot be read.
func (s *Store) keys() iter.Seq2[protocols.Key, error] {
	return func(yield func(protocols.Key, error) bool) {
		for path, err := range s.files("entries") {
			name, ok := strings.CutSuffix(filepath.Base(path), ".json")
			if (err != nil || ok && hexDigest.MatchString(name)) && !yield(protocols.Key(name), err) {
				return
			}
		}
	}
}

// files gives the files two levels below a folder, none where it is missing,
// and an error for a folder that cannot be read.
func (s *Store) files(name string) iter.Seq2[string, error] {
	list := func(dir string) ([]fs.DirEntry, error) {
		names, err := os.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			return nil, nil
		}
		if err != nil {
			err = s.cannotRead(dir, err)
		}
		return names, err
	}
	return func(yield func(string, error) bool) {
		dir := filepath.Join(s.dir, name)
		folders, err := list(dir)
		if err != nil && !yield(dir, err) {
			return
		}
		for _, folder := range folders {
			below := filepath.Join(dir, folder.Name())
			names, err := list(below)
			if err != nil && !yield(below, err) {
				return
			}
			for _, name := range names {
				if !yield(filepath.Join(below, name.Name()), nil) {
					return
				}
			}
		}
	}
}

// Check is what Verify found. The lists have a sentence for each file.
type Check struct {
	Entries    int
	Bytes      int64
	Damaged    []string
	Moved      int // of the damaged, aside
	Unreadable []string
}

// Verify reads every entry and blob and checks all digests. What is damaged is
// moved aside, so that it is computed anew when it is needed.
func (s *Store) Verify(ctx context.Context) (Check, error) {
	var c Check
	for key, err := range s.keys() {
		if err := ctx.Err(); err != nil {
			return c, err
		}
		var e *Entry
		if err == nil {
			e, err = s.check(key)
		}
		d, isDamage := errors.AsType[*damage](err)
		switch {
		case errors.Is(err, fs.ErrNotExist): // removed while we were at it
		case isDamage:
			c.Damaged = append(c.Damaged, d.text)
			if d.moved {
				c.Moved++
			}
		case err != nil:
			c.Unreadable = append(c.Unreadable, err.Error())
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
	failed  error // the last one, of a removal
}

// badAge is how long what was damaged is kept for whoever wants to look at it.
const badAge = time.Hour

// GC removes entries beyond the limits, blobs that no entry names, and what
// killed processes left. It may run beside processes that use the store: what
// they find missing they compute again. It removes nothing where it has no
// lock against writers, or cannot read an entry, whose blobs it would take for
// nobody's.
func (s *Store) GC(ctx context.Context, l Limits) (Freed, error) {
	var f Freed
	release, err := s.lockAgainstGC(ctx, exclusive)
	if err != nil {
		return f, fmt.Errorf("the store %s cannot be tidied: %s", s.dir, reason(err))
	}
	defer release()

	var kept []*Entry
	for key, err := range s.keys() {
		var e *Entry
		if err == nil {
			e, err = s.get(key)
		}
		_, isDamage := errors.AsType[*damage](err)
		switch {
		case err == nil:
			kept = append(kept, e)
		case !isDamage && !errors.Is(err, fs.ErrNotExist):
			return f, fmt.Errorf("the store %s cannot be tidied: %w", s.dir, err)
		}
	}
	slices.SortStableFunc(kept, func(a, b *Entry) int { return b.Used.Compare(a.Used) })
	blobs := map[string]bool{} // named by entries that stay
	var size int64
	full := false
	for _, e := range kept {
		more := e.Size
		for _, b := range e.Blobs {
			if blobs[b.SHA256] {
				more -= b.Size
			}
		}
		full = full || l.Unused > 0 && time.Since(e.Used) > l.Unused || l.Bytes > 0 && size+more > l.Bytes
		if full && f.remove(s.entryPath(e.Key)) {
			f.Entries++
			continue
		}
		f.Kept++
		size += more
		for _, b := range e.Blobs {
			blobs[b.SHA256] = true
		}
	}
	f.Size = size
	// Manifests are gone before blobs go: see Blob.
	for path, err := range s.files("blobs") {
		if err == nil && !blobs[filepath.Base(path)] {
			f.removeFile(path)
		}
	}
	s.sweep(f.removeFile)
	left, _ := os.ReadDir(filepath.Join(s.dir, "bad"))
	for _, name := range left {
		if info, err := name.Info(); err == nil && time.Since(info.ModTime()) > badAge {
			f.removeFile(filepath.Join(s.dir, "bad", name.Name()))
		}
	}
	if f.failed != nil {
		return f, fmt.Errorf("not all that should go could be removed from the store %s: %s", s.dir, reason(f.failed))
	}
	return f, nil
}

func (f *Freed) removeFile(path string) {
	if f.remove(path) {
		f.Files++
	}
}

// remove removes a file, or a folder that stood in the place of one.
func (f *Freed) remove(path string) bool {
	info, err := os.Lstat(path)
	if err == nil {
		err = os.RemoveAll(path)
	}
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			f.failed = err
		}
		return false
	}
	f.Bytes += info.Size()
	return true
}

// Package store keeps finished nodes and readings, addressed by everything that
// led to them (protocols.Key), in a folder that several processes may share.
//
//	entries/ab/abcd....json   a manifest: the origin, the values, the blobs' digests
//	blobs/cd/cdef....         a blob, named by its SHA-256 (a subject is a safetensors file)
//	locks/abc                 who is computing something whose key starts so
//	tmp/                      files being written
//	bad/                      entries and blobs found damaged, until the next GC
//
// # Why a number from the store is right
//
// An entry is its manifest, and a manifest comes into being complete: it is
// written to tmp, synced, and renamed to its name after the blobs that it
// names have been, each with its folder synced. A process killed at any point
// leaves files in tmp, or blobs that no manifest names; GC removes both. Every
// read checks the digest of what it reads: the manifest carries its own, a
// blob's is its name, and a manifest's key must be the hash of the origin in
// it, so an entry cannot stand in the place of another. What fails a check is
// moved aside and counts as never computed. So for a key a reader sees either
// nothing or what some process computed for it; and since a key covers
// everything that the computation depends on, all processes compute the same
// bytes, and it does not matter whose are seen when two write at once.
//
// Lock keeps two processes from computing the same thing at the same time. It
// is there for speed alone: nothing above needs it.
//
// Removing is safe beside readers because an entry that vanishes is a miss,
// also between the reading of its manifest and its blob (an open file stays
// readable). It is safe beside writers because GC and Put exclude each other:
// a blob whose manifest is about to come is not taken for unreferenced.
//
// Locks are flock(2) on local files: the kernel drops them with the process
// that held them, kill -9 included. On a network file system without flock the
// store stays right and work may be done twice.
package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"time"

	"github.com/network-fragility/fragility/protocols"
)

// usedInterval is how stale the time of last use of an entry may be. It stands
// in the manifest's mtime, which is set once an interval at most: reading
// should not write.
const usedInterval = time.Hour

// A Store is a folder of entries. Its methods may be called from several
// goroutines.
type Store struct {
	dir  string
	warn func(string)

	mu     sync.Mutex
	warned map[string]bool // files warned of
}

// Variable is the environment variable that names the store's folder.
const Variable = "FRAGILITY_STORE"

// Default is the store's folder where none is given: that of Variable, else
// fragility in the user's cache folder (XDG_CACHE_HOME).
func Default() (string, error) {
	if dir := os.Getenv(Variable); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("the store has no place: %w", err)
	}
	return filepath.Join(dir, "fragility"), nil
}

// Open returns the store in a folder, which is made where it is missing.
// Damaged entries are reported to warn, once each; nil drops the reports.
func Open(dir string, warn func(text string)) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("the store's folder %s cannot be made: %s", dir, reason(err))
	}
	if warn == nil {
		warn = func(string) {}
	}
	return &Store{dir: dir, warn: warn, warned: map[string]bool{}}, nil
}

// Path is the store's folder.
func (s *Store) Path() string { return s.dir }

func (s *Store) entryPath(key protocols.Key) string {
	return filepath.Join(s.dir, "entries", string(key[:2]), string(key)+".json")
}

func (s *Store) blobPath(sha string) string {
	return filepath.Join(s.dir, "blobs", sha[:2], sha)
}

// Has reports whether there is an entry of that key. It reads nothing, so Get
// may yet find the entry damaged.
func (s *Store) Has(key protocols.Key) bool {
	_, err := os.Stat(s.entryPath(key))
	return err == nil
}

// Get returns the entry of a key, or false where there is none that can be
// trusted.
func (s *Store) Get(key protocols.Key) (*Entry, bool) {
	e, err := s.get(key)
	if err == nil && time.Since(e.Used) > usedInterval {
		now := time.Now()
		os.Chtimes(s.entryPath(key), now, now) // a read-only store keeps the old time
	}
	return e, err == nil
}

// get is Get without marking the entry used. A damaged entry is reported and
// moved aside.
func (s *Store) get(key protocols.Key) (*Entry, error) {
	path := s.entryPath(key)
	file, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err != nil {
		return nil, s.damaged(path, reason(err))
	}
	e, err := decode(file, key)
	if err != nil {
		return nil, s.damaged(path, err.Error())
	}
	if info, err := os.Stat(path); err == nil {
		e.Used = info.ModTime()
	}
	return e, nil
}

// Blob opens a blob of an entry after checking its digest. It returns false
// where the blob is damaged or gone; the entry is a miss from then on.
func (s *Store) Blob(e *Entry, name string) (*os.File, bool) {
	f, err := s.blob(e, name)
	return f, err == nil
}

func (s *Store) blob(e *Entry, name string) (*os.File, error) {
	b, ok := e.Blobs[name]
	if !ok || !hexDigest.MatchString(b.SHA256) {
		return nil, s.damaged(s.entryPath(e.Key), "it has no blob "+name)
	}
	path := s.blobPath(b.SHA256)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		// GC removes manifests before blobs: with the manifest gone too, nothing
		// is damaged. With the manifest there it may have been written again,
		// after its blob.
		if !s.Has(e.Key) {
			return nil, err
		}
		f, err = os.Open(path)
	}
	if err != nil {
		return nil, s.damaged(s.entryPath(e.Key), "its blob cannot be read: "+reason(err))
	}
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	switch {
	case err != nil:
		err = s.damaged(path, reason(err))
	case n != b.Size:
		err = s.damaged(path, fmt.Sprintf("it has %d bytes instead of %d", n, b.Size))
	case hex.EncodeToString(h.Sum(nil)) != b.SHA256:
		err = s.damaged(path, "its digest is wrong")
	default:
		return f, nil
	}
	f.Close()
	os.Remove(s.entryPath(e.Key)) // or it would be found, and missed, again
	return nil, err
}

var hexDigest = regexp.MustCompile("^[0-9a-f]{64}$")

// damaged reports a bad file, once, and moves it aside.
func (s *Store) damaged(path, why string) error {
	err := fmt.Errorf("%s is damaged: %s; what it held is computed anew", path, why)
	s.mu.Lock()
	known := s.warned[path]
	s.warned[path] = true
	s.mu.Unlock()
	if !known {
		s.warn(err.Error())
	}
	aside := filepath.Join(s.dir, "bad")
	os.MkdirAll(aside, 0o777)
	if os.Rename(path, filepath.Join(aside, filepath.Base(path))) == nil {
		s.mu.Lock()
		delete(s.warned, path) // a new file of that name is another matter
		s.mu.Unlock()
	}
	return err
}

// reason is the operating system's word for an error, without the path.
func reason(err error) string {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno.Error()
	}
	return err.Error()
}

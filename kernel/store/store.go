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
// leaves files in tmp, which the next one that opens the store removes, or blobs
// that no manifest names, which GC does. Every
// read checks the digest of what it reads: the manifest carries its own, a
// blob's is its name, and a manifest's key must be the hash of the origin in
// it, so an entry cannot stand in the place of another. What fails a check is
// moved aside and counts as never computed. What the system does not let one read
// (a permission, too many open files, a fault of the disk) counts as not there,
// and stays where it is: it may be sound. So for a key a reader sees either
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
// a blob whose manifest is about to come is not taken for unreferenced. GC does
// nothing where it cannot read an entry, whose blobs it would not know.
//
// Locks are flock(2) on local files: the kernel drops them with the process
// that held them, kill -9 included. One that is stopped keeps them, so whoever
// waits for it says so and gives up after some seconds: GC removes nothing, a
// result is not kept and the run says that, and what it computed is computed
// twice. On a network file system without flock the store stays right, work may
// be done twice, and GC refuses.
//
// # Several users
//
// Files and folders have the modes that the umask of their maker gives. A group
// shares a store in a folder of its own with the group's bit set (chmod 2775)
// and a umask of 002. Who may only read takes what is there, and is told that
// his own results are not kept.
package store

import (
	"crypto/rand"
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
	warned map[string]bool // what was said
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
// Damaged entries are reported to warn, once each, and why one waits or cannot
// read; nil drops the reports. Files that killed writers left are removed.
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
	s := &Store{dir: dir, warn: warn, warned: map[string]bool{}}
	s.sweep(func(path string) { os.Remove(path) })
	return s, nil
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
	f, err := s.open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	file, err := io.ReadAll(f)
	if err != nil {
		return nil, s.cannotRead(path, err)
	}
	e, err := decode(file, key)
	if err != nil {
		return nil, s.damaged(path, err.Error())
	}
	if info, err := f.Stat(); err == nil {
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
	f, err := s.open(path)
	if errors.Is(err, fs.ErrNotExist) {
		// GC removes manifests before blobs: with the manifest gone too, nothing
		// is damaged. With the manifest there it may have been written again,
		// after its blob.
		if !s.Has(e.Key) {
			return nil, err
		}
		if f, err = s.open(path); errors.Is(err, fs.ErrNotExist) {
			return nil, s.damaged(s.entryPath(e.Key), "its blob "+name+" is gone")
		}
	}
	if err != nil {
		if _, moved := errors.AsType[*damage](err); moved {
			os.Remove(s.entryPath(e.Key)) // or it would be found, and missed, again
		}
		return nil, err
	}
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	switch {
	case err != nil:
		f.Close()
		return nil, s.cannotRead(path, err)
	case n != b.Size:
		err = s.damaged(path, fmt.Sprintf("it has %d bytes instead of %d", n, b.Size))
	case hex.EncodeToString(h.Sum(nil)) != b.SHA256:
		err = s.damaged(path, "its digest is wrong")
	default:
		return f, nil
	}
	f.Close()
	os.Remove(s.entryPath(e.Key))
	return nil, err
}

// open opens a file of the store for reading. What stands in its place and is no
// file is damage.
func (s *Store) open(path string) (*os.File, error) {
	// Without waiting: a named pipe has nobody at its other end.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	switch {
	case errors.Is(err, syscall.ENOTDIR):
		return nil, s.damaged(filepath.Dir(path), "it is no folder")
	case errors.Is(err, syscall.ELOOP), errors.Is(err, syscall.ENXIO):
		return nil, s.damaged(path, "it is no file")
	case errors.Is(err, fs.ErrNotExist):
		return nil, err
	case err != nil:
		return nil, s.cannotRead(path, err)
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() {
		return f, nil
	}
	f.Close()
	if err != nil {
		return nil, s.cannotRead(path, err)
	}
	return nil, s.damaged(path, "it is no file")
}

var hexDigest = regexp.MustCompile("^[0-9a-f]{64}$")

// damage is the error for a file that is not what was stored.
type damage struct {
	text  string
	moved bool // aside
}

func (d *damage) Error() string { return d.text }

// damaged reports a bad file, once, and moves it aside, under a name of its own
// so that nothing stands in its way.
func (s *Store) damaged(path, why string) error {
	d := &damage{text: fmt.Sprintf("%s is damaged: %s; what it held is computed anew", path, why)}
	s.once(path, d.text)
	aside := filepath.Join(s.dir, "bad")
	os.MkdirAll(aside, 0o777)
	if os.Rename(path, filepath.Join(aside, filepath.Base(path)+"."+rand.Text()[:8])) == nil {
		d.moved = true
		s.mu.Lock()
		delete(s.warned, path) // a new file of that name is another matter
		s.mu.Unlock()
	}
	return d
}

// unreadable is the error for a file that the system does not let one read.
type unreadable struct{ text string }

func (u *unreadable) Error() string { return u.text }

// cannotRead reports that the system does not let a file be read, once for each
// cause: it may be true of all.
func (s *Store) cannotRead(path string, err error) error {
	s.once(reason(err), fmt.Sprintf("%s cannot be read: %s; what cannot be read is computed anew", path, reason(err)))
	return &unreadable{fmt.Sprintf("%s cannot be read: %s", path, reason(err))}
}

// once warns of something, unless what has that name was said already.
func (s *Store) once(name, text string) {
	s.mu.Lock()
	known := s.warned[name]
	s.warned[name] = true
	s.mu.Unlock()
	if !known {
		s.warn(text)
	}
}

// reason is the operating system's word for an error, without the path.
func reason(err error) string {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno.Error()
	}
	return err.Error()
}

package store

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"time"

	"github.com/network-fragility/fragility/protocols"
)

// PutNode stores a subject, which write gives out, as the blob "subject" of a
// node, and beside it, under their names, blobs that it shares with others: the
// store has each content once. Errors are one sentence and leave the store as it
// was.
func (s *Store) PutNode(o protocols.Origin, took time.Duration, write func(io.Writer) error, shared map[string]func(io.Writer) error) error {
	blobs := map[string]func(io.Writer) error{SubjectBlob: write}
	maps.Copy(blobs, shared)
	return s.put(Node, o, took, nil, blobs)
}

// PutReading stores the values of a reading. Errors are one sentence and leave
// the store as it was.
func (s *Store) PutReading(o protocols.Origin, took time.Duration, values []float64) error {
	return s.put(Reading, o, took, values, nil)
}

// SubjectBlob is the name of a node's blob.
const SubjectBlob = "subject"

func (s *Store) put(kind Kind, o protocols.Origin, took time.Duration, values []float64, blobs map[string]func(io.Writer) error) error {
	err := s.tryPut(kind, o, took, values, blobs)
	if err != nil {
		return fmt.Errorf("the store %s cannot be written: %s", s.dir, reason(err))
	}
	return nil
}

func (s *Store) tryPut(kind Kind, o protocols.Origin, took time.Duration, values []float64, blobs map[string]func(io.Writer) error) error {
	unlock, err := s.lockAgainstGC(context.Background(), shared)
	switch {
	case err == nil:
		defer unlock()
	case !errors.Is(err, errNoLocks): // GC refuses there
		return err
	}
	if f, err := os.Open(s.entryPath(o.Key())); err == nil {
		f.Close()
	} else if errors.Is(err, fs.ErrPermission) {
		return errors.New("it has that entry, of another user who lets nobody else read it")
	}
	e := &Entry{Key: o.Key(), Kind: kind, Origin: o, Created: time.Now().UTC(), Seconds: took.Seconds(), Values: values}
	for name, write := range blobs {
		b, err := s.putBlob(write)
		if err != nil {
			return err
		}
		if e.Blobs == nil {
			e.Blobs = map[string]Blob{}
		}
		e.Blobs[name] = b
	}
	file, err := e.encode()
	if err != nil {
		return err
	}
	// The commit point: before this rename there is no entry.
	return s.writeFile(func(w io.Writer) error { _, err := w.Write(file); return err },
		func() string { return s.entryPath(e.Key) })
}

func (s *Store) putBlob(write func(io.Writer) error) (Blob, error) {
	h := sha256.New()
	var b Blob
	err := s.writeFile(func(w io.Writer) error {
		c := &counter{w: io.MultiWriter(w, h)}
		err := write(c)
		b = Blob{hex.EncodeToString(h.Sum(nil)), c.n}
		return err
	}, func() string { return s.blobPath(b.SHA256) })
	return b, err
}

// writeFile writes a file, syncs it, gives it its name, which it may take from
// what was written, and syncs the folder.
func (s *Store) writeFile(write func(io.Writer) error, name func() string) (err error) {
	f, err := s.temporary()
	if err != nil {
		return err
	}
	defer func() {
		f.Close()
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	w := bufio.NewWriterSize(f, 1<<16)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return s.place(f.Name(), name())
}

// place gives a file its name. What is no file and has that name, or the name of
// its folder, is damage and gives way.
func (s *Store) place(temporary, path string) error {
	dir := filepath.Dir(path)
	err := makeFolder(dir)
	if info, e := os.Lstat(dir); err != nil && e == nil && !info.IsDir() {
		s.damaged(dir, "it is no folder")
		err = makeFolder(dir)
	}
	if err != nil {
		return err
	}
	err = os.Rename(temporary, path)
	if info, e := os.Lstat(path); err != nil && e == nil && info.IsDir() {
		s.damaged(path, "it is no file")
		err = os.Rename(temporary, path)
	}
	if err != nil {
		return err
	}
	return syncFolder(dir)
}

// makeFolder makes a folder two below the store's, and makes it last.
func makeFolder(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	if err := syncFolder(filepath.Dir(dir)); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(filepath.Dir(dir)))
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// counter counts what is written through it.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

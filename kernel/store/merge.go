package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// Merged says what Merge took.
type Merged struct {
	Entries int   // taken
	Known   int   // that were there already
	Damaged int   // of the other store, left out
	Bytes   int64 // taken, blobs included
}

// Merge takes in what another store has: a run of another machine's, or a
// cluster's job that had a store of its own. Every digest is checked on the way,
// and an entry comes after its blobs, so that a merge that is broken off leaves a
// store that is right and is gone on with by the next.
func (s *Store) Merge(ctx context.Context, from *Store) (Merged, error) {
	var m Merged
	for key, err := range from.keys() {
		if err := ctx.Err(); err != nil {
			return m, err
		}
		if err != nil {
			return m, err
		}
		if s.Has(key) {
			m.Known++
			continue
		}
		var e *Entry
		if e, err = from.get(key); err == nil {
			err = s.take(from, e)
		}
		_, isDamage := errors.AsType[*damage](err)
		_, isUnreadable := errors.AsType[*unreadable](err)
		switch {
		case isDamage, errors.Is(err, errDamagedBlob):
			m.Damaged++
		case errors.Is(err, fs.ErrNotExist): // removed while we were at it
		case isUnreadable:
			return m, err
		case err != nil:
			return m, fmt.Errorf("the store %s cannot be written: %s", s.dir, reason(err))
		default:
			m.Entries++
			m.Bytes += e.Size
		}
	}
	return m, nil
}

var errDamagedBlob = errors.New("a blob is damaged")

// take copies one entry and its blobs.
func (s *Store) take(from *Store, e *Entry) error {
	unlock, err := s.lockAgainstGC(context.Background(), shared)
	switch {
	case err == nil:
		defer unlock()
	case !errors.Is(err, errNoLocks):
		return err
	}
	for name, blob := range e.Blobs {
		f, err := from.blob(e, name)
		if err != nil {
			return err
		}
		got, err := s.putBlob(func(w io.Writer) error { _, err := io.Copy(w, f); return err })
		f.Close()
		if err != nil {
			return err
		}
		if got != blob { // it changed between the check and the copy
			return errDamagedBlob
		}
	}
	file, err := e.encode()
	if err != nil {
		return err
	}
	return s.writeFile(func(w io.Writer) error { _, err := w.Write(file); return err }, func() string { return s.entryPath(e.Key) })
}

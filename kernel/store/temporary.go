package store

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// leftoverAge is the age at which a temporary file belongs to no living process
// where the file system has no locks to tell.
const leftoverAge = time.Hour

// temporary makes a file in the store's own file system, so that a rename can
// move it to its place at once. Its mode is as the umask says, and it is locked
// as long as it is open: see sweep.
func (s *Store) temporary() (*os.File, error) {
	dir := filepath.Join(s.dir, "tmp")
	for range 100 {
		f, err := os.OpenFile(filepath.Join(dir, rand.Text()), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrNotExist) {
			err = os.MkdirAll(dir, 0o777)
			if err == nil {
				continue
			}
		}
		if err != nil {
			return nil, err
		}
		switch err := flock(f, exclusive); err {
		case nil:
			// Sweep may have had it before the lock.
			if info, err := f.Stat(); err == nil && info.Sys().(*syscall.Stat_t).Nlink > 0 {
				return f, nil
			}
		case ErrBusy:
		case errNoLocks:
			return f, nil
		default:
			f.Close()
			os.Remove(f.Name())
			return nil, err
		}
		f.Close()
	}
	return nil, fmt.Errorf("%s is swept all the time", dir)
}

// sweep removes what killed writers left in tmp: files that nobody has locked.
func (s *Store) sweep(remove func(path string)) {
	dir := filepath.Join(s.dir, "tmp")
	left, _ := os.ReadDir(dir)
	for _, name := range left {
		path := filepath.Join(dir, name.Name())
		f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
		if err != nil {
			continue
		}
		info, err := f.Stat()
		if err == nil {
			err = flock(f, exclusive)
		}
		if err == nil || err == errNoLocks && time.Since(info.ModTime()) > leftoverAge {
			remove(path)
		}
		f.Close()
	}
}

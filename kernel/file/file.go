// Package file writes the files that users name: whole or not at all, and nothing
// but a file.
package file

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A Target is a file to be written.
type Target struct {
	path string      // links followed
	mode fs.FileMode // of the file that is there, 0 where there is none
}

// Find finds the file that a path leads to, and sees to it that it can be
// written. Links are followed, so that they stay. Errors are a sentence's end
// that starts with what takes the path: "takes a file, and ...".
func Find(path string) (Target, error) {
	t := Target{path: path}
	for range 40 {
		to, err := os.Readlink(t.path)
		if err != nil {
			break
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(t.path), to)
		}
		t.path = to
	}
	info, err := os.Lstat(t.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return t, fmt.Errorf("takes a file in a folder that can be written, and %s cannot", filepath.Dir(path))
	case info.IsDir():
		return t, fmt.Errorf("takes a file, and %s is a folder", path)
	case !info.Mode().IsRegular():
		return t, fmt.Errorf("takes a file, and %s is a link without end, a device or a pipe", path)
	default:
		t.mode = info.Mode().Perm()
		f, err := os.OpenFile(t.path, os.O_WRONLY, 0)
		if err != nil {
			return t, fmt.Errorf("takes a file that can be written, and %s cannot", path)
		}
		f.Close()
	}
	f, err := t.temporary()
	if err != nil {
		return t, fmt.Errorf("takes a file in a folder that can be written, and %s cannot", filepath.Dir(path))
	}
	f.Close()
	return t, os.Remove(f.Name())
}

// temporary makes a file in the target's folder, so that it can be renamed.
func (t Target) temporary() (*os.File, error) {
	name := "." + filepath.Base(t.path) + "." + rand.Text()[:8]
	return os.OpenFile(filepath.Join(filepath.Dir(t.path), name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

// Write gives the file its content. A file that was there keeps its mode, a new
// one has what the umask makes of 0666.
func (t Target) Write(content []byte) (err error) {
	f, err := t.temporary()
	if err != nil {
		return fmt.Errorf("%s could not be written: %w", t.path, err)
	}
	defer func() {
		f.Close()
		if err != nil {
			os.Remove(f.Name())
			err = fmt.Errorf("%s could not be written: %w", t.path, err)
		}
	}()
	if _, err = f.Write(content); err != nil {
		return err
	}
	if t.mode != 0 {
		if err = f.Chmod(t.mode); err != nil {
			return err
		}
	}
	if err = f.Sync(); err != nil {
		return err
	}
	return os.Rename(f.Name(), t.path)
}

// Write writes a file that a path leads to.
func Write(path string, content []byte) error {
	t, err := Find(path)
	if err != nil {
		return fmt.Errorf("%s could not be written: it %w", path, err)
	}
	return t.Write(content)
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// output is where a command's result goes: standard output where path is empty,
// else a file that appears whole or not at all.
type output struct{ path string }

// openOutput checks that a file can be written. If not, that is bad input, told
// before any work is done.
func openOutput(path string) (output, error) {
	if path == "" {
		return output{}, nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return output{}, usage("--out takes a file, and %s is a folder", path)
	}
	temp, err := beside(path)
	if err != nil {
		return output{}, usage("--out takes a file in a folder that can be written, and %s cannot", filepath.Dir(path))
	}
	temp.Close()
	return output{path}, os.Remove(temp.Name())
}

// beside makes a temporary file in path's folder, so that it can be renamed to
// path.
func beside(path string) (*os.File, error) {
	return os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
}

// commit writes what f writes, all of it or nothing.
func (o output) commit(f func(io.Writer) error) error {
	var b bytes.Buffer
	if err := f(&b); err != nil {
		return err
	}
	if o.path == "" {
		_, err := os.Stdout.Write(b.Bytes())
		return err
	}
	temp, err := beside(o.path)
	if err != nil {
		return fmt.Errorf("%s could not be written: %w", o.path, err)
	}
	defer os.Remove(temp.Name()) // nothing is left to remove once it is renamed
	_, err = temp.Write(b.Bytes())
	err = errors.Join(err, temp.Chmod(0o644), temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), o.path)
	}
	if err != nil {
		return fmt.Errorf("%s could not be written: %w", o.path, err)
	}
	return nil
}

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// output is where a command's result goes: standard output, or a file that
// appears whole or not at all.
type output struct {
	path string
	temp *os.File // beside path, so that it can be renamed into place
	buf  bytes.Buffer
}

// openOutput prepares a file, or standard output where path is empty. A path
// that cannot be written is bad input, told before any work is done.
func openOutput(path string) (*output, error) {
	o := &output{path: path}
	if path == "" {
		return o, nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, usage("--out takes a file, and %s is a folder", path)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return nil, usage("--out takes a file in a folder that can be written, and %s cannot", filepath.Dir(path))
	}
	o.temp = temp
	return o, nil
}

// discard removes what was prepared; after commit it does nothing.
func (o *output) discard() {
	if o.temp != nil {
		o.temp.Close()
		os.Remove(o.temp.Name())
		o.temp = nil
	}
}

// commit writes what f writes, all of it or nothing.
func (o *output) commit(f func(io.Writer) error) error {
	if err := f(&o.buf); err != nil {
		return err
	}
	if o.temp == nil {
		_, err := os.Stdout.Write(o.buf.Bytes())
		return err
	}
	_, err := o.temp.Write(o.buf.Bytes())
	if err == nil {
		err = o.temp.Chmod(0o644)
	}
	if err == nil {
		err = o.temp.Sync()
	}
	if cerr := o.temp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(o.temp.Name(), o.path)
	}
	if err != nil {
		os.Remove(o.temp.Name())
		o.temp = nil
		return fmt.Errorf("%s could not be written: %w", o.path, err)
	}
	o.temp = nil
	return nil
}

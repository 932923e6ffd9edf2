package protocols

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// Bounds on files that a parameter names: a model's file is hashed as a whole,
// prompts are read into memory.
const (
	maxModelFile  = 32 << 30
	maxPromptFile = 16 << 20
)

// openUserFile opens a file that a user named, or an archive that he was given:
// nothing that has no end, waits for somebody, or is longer than it may be.
func openUserFile(path string, most int64) (*os.File, fs.FileInfo, error) {
	// Without waiting for whoever writes into a pipe.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		err = errors.New("it is no file")
	case info.Size() == 0: // as are files that the kernel writes, which may never end
		err = errors.New("it is empty")
	case info.Size() > most:
		err = fmt.Errorf("it has %d bytes, and may have %d", info.Size(), most)
	default:
		err = notModel(f)
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// notModel names what one often finds in the place of a large file.
func notModel(f io.ReaderAt) error {
	b := make([]byte, 256)
	n, err := f.ReadAt(b, 0)
	if err != nil && err != io.EOF {
		return err
	}
	start := bytes.ToLower(bytes.TrimSpace(b[:n]))
	switch {
	case bytes.HasPrefix(start, []byte("version https://git-lfs.")):
		return errors.New("it is Git LFS's pointer to the file, which `git lfs pull` fetches")
	case bytes.HasPrefix(start, []byte("<!doctype html")), bytes.HasPrefix(start, []byte("<html")):
		return errors.New("it is a web page, maybe one that says why the file could not be had")
	}
	return nil
}

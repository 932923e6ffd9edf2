package file

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Folder sees to it that a folder can be written, or made where there is none yet, and
// leaves nothing behind. Errors are a sentence's end, as those of Find are: "takes a
// folder, and ...".
func Folder(path string) error {
	if path == "" {
		return errors.New("takes the name of a folder")
	}
	for dir := path; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		switch {
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
			continue // what is above it decides
		case err == nil && !info.IsDir():
			return fmt.Errorf("takes a folder, and %s is a file", dir)
		}
		f, err := os.CreateTemp(dir, ".")
		if err != nil {
			return fmt.Errorf("takes a folder that can be written, and %s cannot", path)
		}
		f.Close()
		return os.Remove(f.Name())
	}
}

package setup

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/network-fragility/fragility/kernel/file"
)

// state is what set-up remembers of its last success, in .venv/setup.json. Each field is the key under which a step
// was done: where the key is the same today, the step has nothing to do. A lost or damaged file only costs the time of
// doing the steps again.
type state struct {
	Packages  string      `json:"packages"`  // digest of environment.yml
	Papermill string      `json:"papermill"` // digest of kernel/papermill
	Plugin    pluginStamp `json:"plugin"`
	Tools     string      `json:"tools"` // digest of go.sum and the Go version
}

// pluginStamp stands for a plugin file whose sha256 was found right: hashing 200 MB at each start is what it saves.
// Whoever wants certainty asks [Doctor], which hashes.
type pluginStamp struct {
	SHA256   string    `json:"sha256"`
	Path     string    `json:"path"`
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
}

// matches reports whether the file at the stamp's path still looks as it did when it was hashed.
func (p pluginStamp) matches(path string) bool {
	info, err := os.Stat(path)
	return err == nil && path == p.Path && info.Size() == p.Size && info.ModTime().Equal(p.Modified)
}

func statePath(root string) string { return filepath.Join(stateDir(root), "setup.json") }

func readState(root string) state {
	var s state
	data, err := os.ReadFile(statePath(root))
	if err != nil || json.Unmarshal(data, &s) != nil {
		return state{}
	}
	return s
}

func (s state) write(root string) error {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(statePath(root), append(data, '\n'))
}

// writeFile replaces a file as a whole: a reader meets the old content or the new, never half of it. A file that has
// the content already is left alone.
func writeFile(path string, data []byte) error {
	if old, err := os.ReadFile(path); err == nil && string(old) == string(data) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("cannot create %s (%v); make it writable", filepath.Dir(path), reason(err))
	}
	return file.Write(path, data)
}

// reason is the cause of a file error without the path, which the sentence around it names already.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

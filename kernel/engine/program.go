package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"runtime/debug"
	"sync"

	"github.com/network-fragility/fragility/kernel/client"
)

// A program is the executable of this process. Its file is kept open, because
// a new build may take its name.
type program struct {
	*os.File
	build  client.Build // without the digest
	digest func() (string, error)
}

func openProgram() (*program, error) {
	f, err := os.Open("/proc/self/exe") // where there is none, by name:
	if err != nil {
		name, err := os.Executable()
		if err != nil {
			return nil, err
		}
		if f, err = os.Open(name); err != nil {
			return nil, err
		}
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	p := &program{File: f, build: client.Build{Size: info.Size(), Modified: info.ModTime()}}
	p.digest = sync.OnceValues(func() (string, error) {
		h := sha256.New()
		_, err := io.Copy(h, io.NewSectionReader(f, 0, info.Size()))
		return hex.EncodeToString(h.Sum(nil)), err
	})
	return p, nil
}

// version is that of the module which the program was built from.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return ""
}

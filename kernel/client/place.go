package client

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"github.com/network-fragility/fragility/kernel/store"
)

// Environment variables that say where things are. A kernelspec sets the first
// or the second, since a cell's executable stands in a temporary folder.
const (
	BinaryVariable = "FRAGILITY_BIN"  // the fragility command
	RootVariable   = "FRAGILITY_ROOT" // the checkout, whose bin/fragility it is then
	StoreVariable  = store.Variable
)

// Place is where an engine is found: one for each checkout and store. The
// engine and its clients find the same.
type Place struct {
	Binary string // the fragility command, which is the engine's program too
	Store  string // the folder of finished work
	Socket string // that the engine listens on; its lock and log stand beside it
	Log    string
}

// Find returns the place of the engine of this checkout and of a store,
// store.Default where it is empty.
func Find(storeDir string) (Place, error) {
	binary, err := findBinary()
	if err != nil {
		return Place{}, err
	}
	if storeDir == "" {
		if storeDir, err = store.Default(); err != nil {
			return Place{}, err
		}
	}
	if storeDir, err = filepath.Abs(storeDir); err != nil {
		return Place{}, err
	}
	return newPlace(binary, storeDir), nil
}

// newPlace puts socket, lock and log into the store, and into the user's cache
// folder where the store is another user's: the folder must be the user's alone.
func newPlace(binary, storeDir string) Place {
	sum := sha256.Sum256([]byte(binary + "\x00" + storeDir))
	name := hex.EncodeToString(sum[:4])
	folder := storeDir
	if info, err := os.Stat(storeDir); err == nil && !own(info) {
		if cache, err := os.UserCacheDir(); err == nil {
			folder = filepath.Join(cache, "fragility")
		}
	}
	folder = filepath.Join(folder, "engine")
	return Place{
		Binary: binary, Store: storeDir,
		Socket: filepath.Join(folder, name+".sock"), Log: filepath.Join(folder, name+".log"),
	}
}

// findBinary looks where the environment says, then at the executable itself,
// then up from the working directory.
func findBinary() (string, error) {
	if b := os.Getenv(BinaryVariable); b != "" {
		return existing(b)
	}
	if root := os.Getenv(RootVariable); root != "" {
		return existing(filepath.Join(root, "bin", "fragility"))
	}
	if exe, err := os.Executable(); err == nil && filepath.Base(exe) == "fragility" {
		return existing(exe)
	}
	dir, err := os.Getwd()
	for err == nil {
		if b, err := existing(filepath.Join(dir, "bin", "fragility")); err == nil {
			return b, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return "", fmt.Errorf("the fragility command is not found: build it with make, or name it in %s", BinaryVariable)
}

// existing is the one absolute name of a file.
func existing(file string) (string, error) {
	if resolved, err := filepath.EvalSymlinks(file); err == nil {
		return filepath.Abs(resolved)
	}
	return "", fmt.Errorf("%s does not exist: build it with make", file)
}

//go:build !linux

package models

import (
	"errors"
	"runtime"
)

// Cores is the number of cores that the process may use.
func Cores() int { return runtime.NumCPU() }

// pin is not possible here: threads cannot be confined to a core.
func pin(int) (release func(), err error) {
	return nil, errors.New("models: sessions can be pinned to a core on Linux only; open one with core -1")
}

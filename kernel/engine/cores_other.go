//go:build !linux

package engine

import "runtime"

// cores is the number of cores that the process may use.
func cores() int { return runtime.NumCPU() }

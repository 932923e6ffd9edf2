package models

import (
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"
)

// allowed are the CPUs that the process may use, as they were when it started.
// Asked later, the main thread may be one that a session pinned: it never ends, and
// keeps its core.
var allowed = func() (set unix.CPUSet) {
	if err := unix.SchedGetaffinity(0, &set); err != nil || set.Count() == 0 {
		for cpu := range runtime.NumCPU() {
			set.Set(cpu)
		}
	}
	return set
}()

// Cores is the number of cores that the process may use.
func Cores() int { return allowed.Count() }

// pin confines the calling thread, and those that it will start, to one of the
// CPUs that the process may use; core counts these from 0.
func pin(core int) error {
	nth := core
	for cpu := range 8 * len(allowed) * 8 {
		if !allowed.IsSet(cpu) {
			continue
		}
		if nth == 0 {
			var one unix.CPUSet
			one.Set(cpu)
			if err := unix.SchedSetaffinity(0, &one); err != nil {
				return fmt.Errorf("models: pin to CPU %d: %w", cpu, err)
			}
			return nil
		}
		nth--
	}
	return fmt.Errorf("models: no core %d: this process may use %d", core, allowed.Count())
}

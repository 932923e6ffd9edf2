package models

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// pin confines the calling thread, and those that it will start, to one of the
// CPUs that the process may use; core counts these from 0.
func pin(core int) error {
	var allowed unix.CPUSet
	if err := unix.SchedGetaffinity(0, &allowed); err != nil {
		return fmt.Errorf("models: CPU affinity: %w", err)
	}
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

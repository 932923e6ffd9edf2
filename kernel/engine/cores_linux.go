package engine

import (
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// cores is the number of cores that the process may use. It asks for the main
// thread's: the calling one may be pinned.
func cores() int {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(os.Getpid(), &set); err == nil && set.Count() > 0 {
		return set.Count()
	}
	return runtime.NumCPU()
}

package models

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

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

// Cores is the number of cores that the process may use: those that it is confined
// to, or fewer where it is a task of Slurm's that was given fewer.
func Cores() int {
	cores := allowed.Count()
	if given, err := strconv.Atoi(os.Getenv("SLURM_CPUS_PER_TASK")); err == nil && given > 0 {
		cores = min(cores, given)
	}
	return cores
}

// pin confines the calling thread, and those that it will start, to one of the
// CPUs that the process may use; core counts these from 0. Another process that
// was given a part of the same cores and is confined to none, as a job of a
// cluster may be, would count from 0 too: so each CPU has a lock, and the first
// from there on that nobody holds is taken until release.
func pin(core int) (release func(), err error) {
	var cpus []int
	for cpu := range 8 * len(allowed) * 8 {
		if allowed.IsSet(cpu) {
			cpus = append(cpus, cpu)
		}
	}
	if core >= len(cpus) {
		return nil, fmt.Errorf("models: no core %d: this process may use %d", core, len(cpus))
	}
	cpu, release := cpus[core], func() {} // where all are taken they are shared
	for i := range cpus {
		try := cpus[(core+i)%len(cpus)]
		if free, ok := takeCPU(try); ok {
			cpu, release = try, free
			break
		}
	}
	var one unix.CPUSet
	one.Set(cpu)
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		release()
		return nil, fmt.Errorf("models: pin to CPU %d: %w", cpu, err)
	}
	return release, nil
}

// takeCPU takes the lock of a CPU, which the kernel drops with the process. It is
// a courtesy between processes of one user: where there can be no lock, the CPU
// counts as free.
func takeCPU(cpu int) (release func(), ok bool) {
	name := filepath.Join(os.TempDir(), fmt.Sprintf("fragility-cpu-%d-%d", os.Getuid(), cpu))
	f, err := os.OpenFile(name, os.O_RDONLY|os.O_CREATE|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return func() {}, true
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err == unix.EWOULDBLOCK {
		f.Close()
		return nil, false
	}
	return func() { f.Close() }, true
}

package models

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// pinned is the CPU that a thread of its own is confined to, by pin(0), and what
// gives it back.
func pinned(t *testing.T) (cpu int, release func()) {
	t.Helper()
	type pin1 struct {
		cpu     int
		release func()
		err     error
	}
	done := make(chan pin1)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends here
		release, err := pin(0)
		var set unix.CPUSet
		if err == nil {
			err = unix.SchedGetaffinity(0, &set)
		}
		p := pin1{-1, release, err}
		for c := range 8 * len(set) * 8 {
			if set.IsSet(c) {
				p.cpu = c
			}
		}
		done <- p
	}()
	p := <-done
	if p.err != nil {
		t.Fatal(p.err)
	}
	return p.cpu, p.release
}

// Two that ask for the first core get different ones while there are any, also
// where they are processes that know nothing of each other; who ends gives his
// back.
func TestPinTakesAFreeCore(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // others' locks are not ours
	if allowed.Count() < 2 {
		t.Skip("takes two cores")
	}
	first, release := pinned(t)
	second, releaseSecond := pinned(t)
	if first == second {
		t.Errorf("two sessions of one process share CPU %d with another free", first)
	}
	releaseSecond()
	if out, err := exec.Command(os.Args[0], "-test.run=^TestPinnedElsewhere$", "-test.v").CombinedOutput(); err != nil {
		t.Fatal(err)
	} else if want := fmt.Sprintf("on CPU %d\n", second); !strings.Contains(string(out), want) {
		t.Errorf("another process is not %s, the free one:\n%s", want, out)
	}
	release()
	if again, release := pinned(t); again != first {
		t.Errorf("CPU %d was given back, and %d is taken", first, again)
	} else {
		release()
	}
}

// TestPinnedElsewhere is the other process of TestPinTakesAFreeCore.
func TestPinnedElsewhere(t *testing.T) {
	cpu, release := pinned(t)
	defer release()
	t.Logf("on CPU %d", cpu)
}

// A task of Slurm's uses the cores that it was given.
func TestCoresOfASlurmTask(t *testing.T) {
	for given, want := range map[string]int{"1": 1, "100000": allowed.Count(), "": allowed.Count(), "many": allowed.Count()} {
		t.Setenv("SLURM_CPUS_PER_TASK", given)
		if got := Cores(); got != want {
			t.Errorf("SLURM_CPUS_PER_TASK=%s gives %d cores, want %d", given, got, want)
		}
	}
}

package setup

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/network-fragility/fragility/kernel/file"
)

// Options says what [Setup] prepares and whom it tells.
type Options struct {
	Root string    // the checkout: the folder with go.mod and environment.yml
	Out  io.Writer // receives one short line a step
}

// Setup brings the checkout to the state in which notebooks run, and says what it does, a line a step. It is
// idempotent: what is already right is left alone, so that a second call takes a fraction of a second. Two calls at the
// same time wait for each other.
//
// An error is one sentence that says what is missing and how to mend it. After an error, or when interrupted, call it
// again: it goes on where it stopped.
func Setup(ctx context.Context, o Options) error {
	root, err := filepath.Abs(o.Root)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(root, environmentFile)); err != nil {
		return fmt.Errorf("%s is not a checkout of this project (it has no %s); call set-up from the folder that has it", root, environmentFile)
	}
	if err := os.MkdirAll(stateDir(root), 0o755); err != nil {
		return fmt.Errorf("set-up cannot create %s (%v); make the checkout writable", stateDir(root), err)
	}
	unlock, err := lock(filepath.Join(stateDir(root), "setup.lock"))
	if err != nil {
		return err
	}
	defer unlock()
	os.Remove(logPath(root)) // the log is that of one set-up

	s := &setup{root: root, out: o.Out, state: readState(root)}
	for _, step := range []func(context.Context) error{s.packages, s.papermill, s.plugin, s.tools, s.modules, s.kernel} {
		if err := step(ctx); err != nil {
			if ctx.Err() != nil {
				return fmt.Errorf("set-up was interrupted; call it again and it goes on where it stopped")
			}
			return err
		}
		// Written after each step, so that a later failure does not make an earlier step run again.
		if err := s.state.write(root); err != nil {
			return err
		}
	}
	return nil
}

// setup carries what the steps share. Each step is a method that returns nil when its part is right.
type setup struct {
	root  string
	out   io.Writer
	state state
	goEnv goEnv // filled by the step tools
}

// say prints the line of a step: its name, padded, and what is the case.
func (s *setup) say(step, format string, args ...any) {
	fmt.Fprintf(s.out, "%-9s %s\n", step, fmt.Sprintf(format, args...))
}

// seconds is the time since start as a reader wants it.
func seconds(start time.Time) string {
	return fmt.Sprintf("%.0f s", time.Since(start).Seconds())
}

// stateDir is the folder of everything that set-up makes besides bin/. It exists for users of conda too.
func stateDir(root string) string { return filepath.Join(root, ".venv") }

// logPath is where the full output of pip and the go command goes.
func logPath(root string) string { return filepath.Join(stateDir(root), "setup.log") }

// lock waits for the exclusive right to change .venv: two pips in one environment would damage it. The system releases
// it when the process ends, however it ends.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("set-up cannot write %s (%v); make the checkout writable", path, err)
	}
	if err := file.Flock(f, syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, fmt.Errorf("set-up cannot lock %s (%v); put the checkout on a file system that has locks", path, err)
	}
	return func() { f.Close() }, nil
}

package gate

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// whenOrphaned calls end when the process that started this one is gone, as a
// JupyterLab that was killed: nobody would end the kernel then. Jupyter says who
// it is where it means to end its kernels itself.
func whenOrphaned(ctx context.Context, end func()) {
	parent := os.Getppid()
	if os.Getenv("JPY_PARENT_PID") == "" {
		return
	}
	for ctx.Err() == nil {
		if os.Getppid() != parent {
			end()
			return
		}
		time.Sleep(time.Second)
	}
}

// endSession kills what GoNB leaves behind: gopls and a cell's program, in the
// session that Jupyter made for the kernel.
func endSession() {
	self := os.Getpid()
	if leader, err := unix.Getsid(0); err != nil || leader != self {
		return // it is somebody else's
	}
	processes, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range processes {
		pid, err := strconv.Atoi(filepath.Base(p))
		if err != nil || pid == self {
			continue
		}
		if sid, err := unix.Getsid(pid); err == nil && sid == self {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

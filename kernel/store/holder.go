package store

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// A holder is who has a lock that one waits for.
type holder struct {
	name    string // "process 4711"
	self    bool   // it is this process
	stopped bool   // and will not go on by itself (Ctrl-Z)
}

func (h holder) String() string {
	if h.stopped {
		return h.name + ", which is stopped,"
	}
	return h.name
}

// holderOf finds who holds the lock of a file, a stopped process before others.
// The system's list of locks has it; where there is none, nobody is named.
func holderOf(path string) holder {
	found := holder{name: "another process"}
	info, err := os.Stat(path)
	if err != nil {
		return found
	}
	status, ok := info.Sys().(*syscall.Stat_t)
	list, err := os.ReadFile("/proc/locks")
	if err != nil || !ok {
		return found
	}
	// A line is "7: FLOCK ADVISORY WRITE 4711 fe:00:10027247 0 EOF".
	file := fmt.Sprintf(":%d", status.Ino)
	for line := range strings.Lines(string(list)) {
		f := strings.Fields(line)
		if len(f) < 6 || f[1] != "FLOCK" || !strings.HasSuffix(f[5], file) {
			continue
		}
		if h := (holder{"process " + f[4], f[4] == fmt.Sprint(os.Getpid()), isStopped(f[4])}); !found.stopped {
			found = h
		}
	}
	return found
}

// isStopped reports whether a process was stopped by a signal.
func isStopped(pid string) bool {
	text, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return false
	}
	// The state follows the name, which stands in brackets and may have any.
	_, state, _ := strings.Cut(string(text[strings.LastIndexByte(string(text), ')')+1:]), " ")
	return strings.HasPrefix(state, "T") || strings.HasPrefix(state, "t")
}

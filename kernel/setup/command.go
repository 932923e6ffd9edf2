package setup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// run executes a command in the checkout. Its output goes to the log alone; the error holds the last line of it and
// says where the rest is.
func (s *setup) run(ctx context.Context, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = s.root
	output, err := s.logged(cmd)
	if err != nil {
		return fmt.Errorf("%s (everything it said is in %s)", lastLine(output, err), logPath(s.root))
	}
	return nil
}

// logged runs cmd, appends command and output to the log, and returns the output.
func (s *setup) logged(cmd *exec.Cmd) (string, error) {
	log, err := os.OpenFile(logPath(s.root), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return "", fmt.Errorf("set-up cannot write its log (%v); make the checkout writable", err)
	}
	defer log.Close()
	fmt.Fprintf(log, "$ %s\n", strings.Join(cmd.Args, " "))
	var output bytes.Buffer
	both := io.MultiWriter(log, &output)
	cmd.Stdout, cmd.Stderr = both, both
	err = cmd.Run()
	return output.String(), err
}

// errNoDistribution means that the index was reached and has no such package for this machine and Python.
var errNoDistribution = errors.New("the package index has nothing for this machine and Python")

// pip installs into the checkout's Python environment. Its errors are sentences for the user; where another package may
// do, they wrap errNoDistribution.
func (s *setup) pip(ctx context.Context, args ...string) error {
	// -I keeps PYTHONPATH and the user's own site-packages out of it. Fewer retries than pip's five: where there is no
	// network, the user wants to hear so soon.
	pip := []string{"-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--retries", "2"}
	cmd := exec.CommandContext(ctx, Python(s.root), append(pip, args...)...)
	cmd.Dir = s.root
	output, err := s.logged(cmd)
	if err == nil {
		return nil
	}
	switch {
	case containsAny(output, "NewConnectionError", "Failed to establish", "name resolution", "ConnectTimeout", "Connection refused",
		"Network is unreachable", "ProxyError", "ReadTimeout", "Connection broken", "SSLError", "--no-index", "NameResolutionError"):
		return fmt.Errorf("pip cannot reach a package index; connect to a network, or name a mirror in PIP_INDEX_URL, and call set-up again (pip's words are in %s)", logPath(s.root))
	case containsAny(output, "No space left"):
		return fmt.Errorf("the disk is full; free 1 GB for %s and call set-up again", stateDir(s.root))
	case containsAny(output, "No matching distribution"):
		return fmt.Errorf("%w: %s; put another Python 3.%d or newer first on PATH, delete .venv and call set-up again (pip's words are in %s)",
			errNoDistribution, lastLine(output, err), oldestPython, logPath(s.root))
	}
	return fmt.Errorf("pip failed: %s (everything it said is in %s)", lastLine(output, err), logPath(s.root))
}

// lastLine is the most telling line of a failed command's output: the last that starts with ERROR, else the last one,
// else the error itself.
func lastLine(output string, err error) string {
	last := err.Error()
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if line != "" && (strings.HasPrefix(line, "ERROR") || !strings.HasPrefix(last, "ERROR")) {
			last = line
		}
	}
	return last
}

func containsAny(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

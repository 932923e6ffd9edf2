package setup

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// cellDir is a workspace like the one that GoNB makes for each kernel: an empty module beside this one. GoNB's own is
// temporary; here set-up can try beforehand what the go command will do there.
func cellDir(root string) string { return filepath.Join(stateDir(root), "cell") }

// modules is the step that fills the module cache with what cells need. Building this module needs only a part of the
// modules that its dependencies name, but a workspace makes the go command read the go.mod file of every one of them,
// and a cell has no network (GOPROXY=off). It has no stamp: asking takes less than 0.1 s when all is there.
func (s *setup) modules(ctx context.Context) error {
	version, _, _ := strings.Cut(strings.TrimPrefix(s.goEnv.version, "go"), " ")
	files := map[string]string{
		"go.mod":  fmt.Sprintf("module cell\n\ngo %s\n", version),
		"go.work": fmt.Sprintf("go %s\n\nuse (\n\t.\n\t../..\n)\n", version),
	}
	for name, text := range files {
		if err := writeFile(filepath.Join(cellDir(s.root), name), []byte(text)); err != nil {
			return err
		}
	}
	cmd := listModules(ctx, s.root)
	output, err := s.logged(cmd)
	if err != nil {
		return s.goFailed("the module cache cannot be filled", output, err)
	}
	s.say("modules", "all that cells may import is in the module cache")
	return nil
}

// listModules is the command that reads every go.mod file that a cell's build may read. It prints nothing.
func listModules(ctx context.Context, root string, env ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", "list", "-m", "-f", `{{""}}`, "all")
	cmd.Dir = cellDir(root)
	cmd.Env = append(append(os.Environ(), "GOFLAGS=", "GOWORK="), env...)
	return cmd
}

// goFailed turns a failure of the go command into a sentence.
func (s *setup) goFailed(what, output string, err error) error {
	if containsAny(output, "dial tcp", "no such host", "i/o timeout", "connection refused", "network is unreachable", "module lookup disabled") {
		return fmt.Errorf("the go command cannot reach a module proxy; connect to a network, or name a mirror in GOPROXY, and call set-up again (its words are in %s)", logPath(s.root))
	}
	return fmt.Errorf("%s: %s (everything the go command said is in %s)", what, lastLine(output, err), logPath(s.root))
}

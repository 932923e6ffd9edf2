package setup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/network-fragility/fragility/kernel/file"
)

// tools are the programs that the kernel consists of: GoNB itself, and two that it calls (goimports for each cell,
// gopls for completion). Their versions are those of go.mod.
var tools = []struct{ name, pkg string }{
	{"gonb", "github.com/janpfeifer/gonb"},
	{"goimports", "golang.org/x/tools/cmd/goimports"},
	{"gopls", "golang.org/x/tools/gopls"},
}

// goEnv is what set-up needs to know of the Go installation.
type goEnv struct {
	version string // as in "go1.26.5"
	bin     string // folder of the go command that go.mod selects
}

// findGo asks the go command in the checkout, so that a toolchain chosen by go.mod counts, not only the one on PATH.
func findGo(ctx context.Context, root string) (goEnv, error) {
	if _, err := exec.LookPath("go"); err != nil {
		return goEnv{}, errors.New("no Go was found on PATH; install the Go version that go.mod names and call set-up again")
	}
	cmd := exec.CommandContext(ctx, "go", "env", "GOVERSION", "GOROOT")
	cmd.Dir = root
	out, err := cmd.Output()
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err != nil || len(lines) != 2 {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return goEnv{}, fmt.Errorf("the go command on PATH will not do: %s; install the Go version that go.mod names", lastLine(string(exit.Stderr), err))
		}
		return goEnv{}, fmt.Errorf("the go command on PATH does not answer `go env` (%v); install the Go version that go.mod names", err)
	}
	return goEnv{version: lines[0], bin: filepath.Join(lines[1], "bin")}, nil
}

// toolsKey changes when a tool may have to be built again. go.sum covers more than the tools; a needless `go build`
// takes a second or two, which is cheaper than working out whose line changed.
func toolsKey(root, goVersion string) (string, error) {
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return "", fmt.Errorf("go.sum cannot be read (%v); restore it with git", reason(err))
	}
	return file.Sum(append(sum, goVersion...)), nil
}

// tools is the step that builds the kernel's programs into bin/.
func (s *setup) tools(ctx context.Context) error {
	var err error
	if s.goEnv, err = findGo(ctx, s.root); err != nil {
		return err
	}
	key, err := toolsKey(s.root, s.goEnv.version)
	if err != nil {
		return err
	}
	missing := missingTools(s.root)
	if s.state.Tools == key && len(missing) == 0 {
		s.say("tools", "gonb, goimports and gopls in bin/, up to date")
		return nil
	}
	s.say("tools", "building gonb, goimports and gopls into bin/ (a minute or more the first time)")
	start := time.Now()
	// No version control stamp and no debug information: the programs are the same at every commit, and half the size.
	args := []string{"build", "-buildvcs=false", "-ldflags=-s -w", "-o", "bin" + string(filepath.Separator)}
	for _, t := range tools {
		args = append(args, t.pkg)
	}
	if err := os.MkdirAll(filepath.Join(s.root, "bin"), 0o755); err != nil {
		return fmt.Errorf("cannot create bin (%v); make the checkout writable", reason(err))
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = s.root
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if output, err := s.logged(cmd); err != nil {
		return s.goFailed("the kernel's programs do not build", output, err)
	}
	s.say("tools", "built (%s)", seconds(start))
	s.state.Tools = key
	return nil
}

// missingTools names the programs that bin/ lacks.
func missingTools(root string) []string {
	var missing []string
	for _, t := range tools {
		if !executable(filepath.Join(root, "bin", t.name)) {
			missing = append(missing, t.name)
		}
	}
	return missing
}

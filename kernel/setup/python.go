package setup

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/network-fragility/fragility/kernel/file"
)

// oldestPython is the oldest minor version of Python 3 that the pinned packages support.
const oldestPython = 11

// Prefix is the Python environment that this checkout uses: its own .venv where there is one, else the active conda
// environment if it holds every package of environment.yml, else .venv, which set-up then makes. Whoever changes to
// conda later deletes .venv.
func Prefix(root string) string {
	venv := stateDir(root)
	if executable(filepath.Join(venv, "bin", "python")) {
		return venv
	}
	if conda := os.Getenv("CONDA_PREFIX"); conda != "" {
		packages, err := Packages(root)
		if err == nil && len(absent(conda, packages)) == 0 {
			return conda
		}
	}
	return venv
}

// Python is the interpreter of [Prefix]. Run Jupyter's programs as `Python(root) -m jupyterlab`, not through their
// scripts, whose first line holds an absolute path and breaks when the checkout moves.
func Python(root string) string { return filepath.Join(Prefix(root), "bin", "python") }

// JupyterEnv are the variables, as KEY=value, that keep what Jupyter and IPython write inside the checkout instead of
// in the home folder. Add them to os.Environ() when starting a Jupyter program; the Makefile sets the same.
func JupyterEnv(root string) []string {
	dir := filepath.Join(stateDir(root), "jupyter")
	return []string{
		"JUPYTER_CONFIG_DIR=" + filepath.Join(dir, "config"),
		"JUPYTER_DATA_DIR=" + filepath.Join(dir, "data"),
		"JUPYTER_RUNTIME_DIR=" + filepath.Join(dir, "runtime"),
		"IPYTHONDIR=" + filepath.Join(dir, "ipython"),
	}
}

// packages is the step that makes .venv and fills it with the packages of environment.yml.
func (s *setup) packages(ctx context.Context) error {
	packages, err := Packages(s.root)
	if err != nil {
		return err
	}
	key, err := file.Digest(filepath.Join(s.root, environmentFile))
	if err != nil {
		return err
	}
	prefix := Prefix(s.root)
	if prefix != stateDir(s.root) {
		s.say("python", "the conda environment %s holds the %d packages of %s", prefix, len(packages), environmentFile)
		return nil
	}
	python := filepath.Join(prefix, "bin", "python")
	if s.state.Packages == key && executable(python) && len(absent(prefix, packages)) == 0 {
		s.say("python", "%d packages in .venv, up to date", len(packages))
		return nil
	}

	if !works(ctx, python) {
		base, version, err := findPython(ctx, os.Getenv("PATH"))
		if err != nil {
			return err
		}
		s.say("python", "Python %s at %s, creating .venv", version, base)
		if err := s.run(ctx, base, "-I", "-m", "venv", prefix); err != nil {
			return fmt.Errorf("%s could not create %s: %v", base, prefix, err)
		}
	}
	s.say("python", "installing %d pinned packages into .venv (half a minute or more)", len(packages))
	start := time.Now()
	args := make([]string, len(packages))
	for i, p := range packages {
		args[i] = p.String()
	}
	if err := s.pip(ctx, args...); err != nil {
		return err
	}
	s.say("python", "packages installed (%s)", seconds(start))
	s.state.Packages = key
	return nil
}

// findPython returns the first Python on the path list that is new enough and can make virtual environments, and its
// version. The error says which of these three was missing.
func findPython(ctx context.Context, path string) (python, version string, err error) {
	names := []string{"python3", "python", "python3.14", "python3.13", "python3.12", "python3.11"}
	const probe = "import sys; print('%d.%d.%d' % sys.version_info[:3]); import venv, ensurepip"
	var old, bare string
	for _, name := range names {
		for _, dir := range filepath.SplitList(path) {
			python := filepath.Join(dir, name)
			if !executable(python) {
				continue
			}
			out, err := exec.CommandContext(ctx, python, "-I", "-c", probe).Output()
			version := strings.TrimSpace(string(out))
			var major, minor int
			if n, _ := fmt.Sscanf(version, "%d.%d", &major, &minor); n != 2 {
				continue // not a Python, or a launcher without one behind it
			}
			switch {
			case major != 3 || minor < oldestPython:
				if old == "" {
					old = fmt.Sprintf("%s (%s)", version, python)
				}
			case err != nil:
				if bare == "" {
					bare = fmt.Sprintf("%d.%d at %s", major, minor, python)
				}
			default:
				return python, version, nil
			}
		}
	}
	switch {
	case ctx.Err() != nil:
		return "", "", ctx.Err()
	case bare != "":
		return "", "", fmt.Errorf("Python %s lacks its venv module; install it (Debian, Ubuntu: apt install python3-venv) and call set-up again", bare)
	case old != "":
		return "", "", fmt.Errorf("Python is too old: found %s, needed is 3.%d or newer; install one, put it on PATH and call set-up again", old, oldestPython)
	}
	return "", "", fmt.Errorf("no Python was found on PATH; install Python 3.%d or newer (Debian, Ubuntu: apt install python3 python3-venv) and call set-up again", oldestPython)
}

// executable reports whether path is a file that may be run.
func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// works reports whether the virtual environment's Python starts and has pip. It does not after the Python that it was
// made from went away.
func works(ctx context.Context, python string) bool {
	return executable(python) && exec.CommandContext(ctx, python, "-I", "-c", "import pip").Run() == nil
}

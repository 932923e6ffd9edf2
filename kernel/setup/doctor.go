package setup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"github.com/network-fragility/fragility/kernel/store"
)

// Doctor examines everything that [Setup] prepares and what it cannot prepare, changes nothing, and writes a line a
// check: "ok" and what is the case, or "FAIL" and a sentence that says how to mend it. Unlike Setup it trusts no stamp:
// it hashes the plugin. The error says how many checks failed.
func Doctor(ctx context.Context, root string, out io.Writer) error {
	root, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	checks := []struct {
		name  string
		check func(ctx context.Context, root string) (finding string, err error)
	}{
		{"go", checkGo},
		{"compiler", checkCompiler},
		{"python", checkPython},
		{"packages", checkPackages},
		{"papermill", checkPapermill},
		{"plugin", checkPlugin},
		{"tools", checkTools},
		{"modules", checkModules},
		{"kernel", checkKernel},
		{"store", checkStore},
		{"temporary", checkTemporary},
		{"run", checkRun},
		{"browser", checkBrowser},
	}
	failed := 0
	for _, c := range checks {
		finding, err := c.check(ctx, root)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed++
			fmt.Fprintf(out, "FAIL %-9s %v\n", c.name, err)
			continue
		}
		fmt.Fprintf(out, "ok   %-9s %s\n", c.name, finding)
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d checks failed", failed, len(checks))
	}
	return nil
}

// errSetUp ends the sentences about things that set-up makes.
var errSetUp = errors.New("run `make setup`")

func checkGo(ctx context.Context, root string) (string, error) {
	env, err := findGo(ctx, root)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s in %s", env.version, env.bin), nil
}

// checkCompiler looks for the C compiler with which the go command builds GoMLX's binding to PJRT.
func checkCompiler(ctx context.Context, root string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "CC").Output()
	if err != nil {
		return "", fmt.Errorf("the go command does not say which C compiler it uses (%v); mend Go first", err)
	}
	cc, _, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	path, err := exec.LookPath(cc)
	if err != nil {
		return "", fmt.Errorf("the C compiler %q was not found, and GoMLX needs one; install it (Debian, Ubuntu: apt install gcc libc6-dev) or name another in CC", cc)
	}
	if os.Getenv("CGO_ENABLED") == "0" {
		return "", errors.New("CGO_ENABLED is 0, and GoMLX needs cgo; unset it")
	}
	return path, nil
}

func checkPython(ctx context.Context, root string) (string, error) {
	python := Python(root)
	out, err := exec.CommandContext(ctx, python, "-I", "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])").Output()
	version := strings.TrimSpace(string(out))
	if err != nil {
		return "", fmt.Errorf("%s does not start; %w", python, errSetUp)
	}
	var major, minor int
	if fmt.Sscanf(version, "%d.%d", &major, &minor); major != 3 || minor < oldestPython {
		return "", fmt.Errorf("%s is Python %s, needed is 3.%d or newer; delete .venv, install a newer Python and run `make setup`", python, version, oldestPython)
	}
	return fmt.Sprintf("%s at %s", version, python), nil
}

func checkPackages(_ context.Context, root string) (string, error) {
	packages, err := Packages(root)
	if err != nil {
		return "", err
	}
	if missing := absent(Prefix(root), packages); len(missing) > 0 {
		return "", fmt.Errorf("%d of %d packages are not at their pinned versions, the first is %s; %w", len(missing), len(packages), missing[0], errSetUp)
	}
	return fmt.Sprintf("%d at their pinned versions in %s", len(packages), Prefix(root)), nil
}

func checkPapermill(_ context.Context, root string) (string, error) {
	key, err := papermillKey(root)
	if err != nil {
		return "", err
	}
	if !knowsGo(Prefix(root)) || readState(root).Papermill != key {
		return "", fmt.Errorf("papermill was not taught Go, or not what this version teaches it; %w", errSetUp)
	}
	return "knows the parameters of Go notebooks", nil
}

func checkPlugin(_ context.Context, root string) (string, error) {
	record, err := readPluginRecord(root)
	if err != nil {
		return "", fmt.Errorf("%s names no PJRT plugin; %w", filepath.Join(PluginDir(root), "plugin.json"), errSetUp)
	}
	for _, p := range plugins {
		if p.record() != record {
			continue
		}
		path, err := filepath.EvalSymlinks(filepath.Join(PluginDir(root), pluginFile))
		if err != nil {
			return "", fmt.Errorf("the PJRT plugin %s is gone; %w", p.pkg, errSetUp)
		}
		if err := p.check(path); err != nil {
			return "", err
		}
		return fmt.Sprintf("%s, sha256 %.12s... as expected", p.pkg, p.sha256), nil
	}
	return "", fmt.Errorf("the PJRT plugin %s==%s is not one that this version was tested with; %w", record.Name, record.Version, errSetUp)
}

func checkTools(ctx context.Context, root string) (string, error) {
	if missing := missingTools(root); len(missing) > 0 {
		return "", fmt.Errorf("bin/ lacks %s; %w", strings.Join(missing, " and "), errSetUp)
	}
	env, err := findGo(ctx, root)
	if err != nil {
		return "", err
	}
	key, err := toolsKey(root, env.version)
	if err != nil {
		return "", err
	}
	if readState(root).Tools != key {
		return "", fmt.Errorf("the programs in bin/ were built for another go.sum or Go version; %w", errSetUp)
	}
	return "gonb, goimports and gopls in bin/", nil
}

func checkModules(ctx context.Context, root string) (string, error) {
	if _, err := os.Stat(cellDir(root)); err != nil {
		return "", fmt.Errorf("the module cache was not filled for cells; %w", errSetUp)
	}
	if err := listModules(ctx, root, "GOPROXY=off").Run(); err != nil {
		return "", fmt.Errorf("the module cache lacks modules that cells need; %w", errSetUp)
	}
	return "all that cells may import is in the module cache", nil
}

func checkKernel(ctx context.Context, root string) (string, error) {
	dir := kernelDir(Prefix(root))
	have, err := readKernelSpec(Prefix(root))
	if err != nil {
		return "", fmt.Errorf("no kernelspec in %s; %w", dir, errSetUp)
	}
	env, err := findGo(ctx, root)
	if err != nil {
		return "", err
	}
	if have.Env["FRAGILITY_ROOT"] != root {
		return "", fmt.Errorf("the kernelspec in %s points at the checkout %s, not at this one; %w", dir, have.Env["FRAGILITY_ROOT"], errSetUp)
	}
	if !reflect.DeepEqual(have, newKernelSpec(root, env.bin)) {
		return "", fmt.Errorf("the kernelspec in %s is not what this version writes; %w", dir, errSetUp)
	}
	return fmt.Sprintf("%q in %s", KernelName, dir), nil
}

// checkStore tries to write where runs will.
func checkStore(context.Context, string) (string, error) {
	place, err := store.Default()
	if err != nil {
		return "", fmt.Errorf("there is no folder for finished computations (%v); set XDG_CACHE_HOME or %s", err, store.Variable)
	}
	// The nearest folder that exists decides: looking must not create any.
	dir := place
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	probe, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return "", fmt.Errorf("finished computations cannot be kept in %s (%v); make it writable, or name another folder in %s", place, reason(err), store.Variable)
	}
	probe.Close()
	os.Remove(probe.Name())
	return fmt.Sprintf("%s can be written", place), nil
}

// checkTemporary tries what a notebook's kernel does with the folder for temporary files: it puts programs there and
// starts them.
func checkTemporary(ctx context.Context, _ string) (string, error) {
	mend := "name a folder in TMPDIR that can be written and lets programs run"
	dir, err := os.MkdirTemp("", "fragility-doctor-")
	if err != nil {
		return "", fmt.Errorf("%s takes no temporary files (%v); %s", os.TempDir(), reason(err), mend)
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "program")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o700); err != nil {
		return "", fmt.Errorf("%s takes no temporary files (%v); %s", os.TempDir(), reason(err), mend)
	}
	if err := exec.CommandContext(ctx, program).Run(); err != nil {
		return "", fmt.Errorf("%s lets no program run (%v); %s", os.TempDir(), reason(err), mend)
	}
	return fmt.Sprintf("%s can be written, and programs run there", os.TempDir()), nil
}

// runLimit is ample for the smallest run, which takes some seconds.
const runLimit = 2 * time.Minute

// checkRun runs chapter 1 at its smallest as a user does, under the same variables, in a store that goes afterwards.
func checkRun(ctx context.Context, root string) (string, error) {
	hint := ""
	for _, variable := range []string{"XLA_FLAGS", "XLA_DEBUG_OPTIONS"} {
		if flags := os.Getenv(variable); flags != "" {
			hint = fmt.Sprintf("; %s is %q: unset it, as it changes what XLA computes, or ends every run", variable, flags)
		}
	}
	dir, err := os.MkdirTemp("", "fragility-doctor-")
	if err != nil {
		return "", fmt.Errorf("there is no room for a store to try (%v)", reason(err))
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithTimeout(ctx, runLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(root, "bin", "fragility"), "run", "1", "--seeds", "0", "--set", "Profile=smoke",
		"--set", "Hidden=8", "--set", "SweepSparsities=0", "--set", "BaselineEpochs=1", "--set", "FinetuneEpochs=1")
	cmd.Env = append(os.Environ(), store.Variable+"="+dir)
	started := time.Now()
	output, err := cmd.CombinedOutput()
	if err == nil && hint != "" {
		err = errors.New("it ran")
		output = nil
	}
	if err != nil {
		return "", fmt.Errorf("a small run does not do as it should (%s)%s", strings.TrimPrefix(lastLine(string(output), err), "fragility: "), hint)
	}
	return fmt.Sprintf("a small run took %s", seconds(started)), nil
}

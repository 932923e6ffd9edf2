package setup

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/kernel/file"
)

// fakeCheckout is a checkout in which everything that comes from a network is there already: a Python, one package,
// papermill's Go, a plugin, the tools. It replaces the list of plugins for the length of the test.
func fakeCheckout(t *testing.T) (root, pluginPath string) {
	t.Helper()
	root = t.TempDir()
	t.Setenv("CONDA_PREFIX", "")
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	write(t, filepath.Join(root, environmentFile), "dependencies:\n- pip:\n  - a==1\n")
	write(t, filepath.Join(root, "go.mod"), "module example\n\ngo 1.26\n")
	write(t, filepath.Join(root, "go.sum"), "")
	script(t, filepath.Join(root, ".venv/bin/python"), "echo 3.12.1")
	for _, tool := range tools {
		script(t, filepath.Join(root, "bin", tool.name), "")
	}
	site := filepath.Join(root, ".venv/lib/python3.12/site-packages")
	write(t, filepath.Join(site, "a-1.dist-info/METADATA"), "")
	for _, file := range []string{"pyproject.toml", "fragility_papermill.py"} {
		write(t, filepath.Join(root, papermillDir, file), "")
	}
	write(t, filepath.Join(site, "fragility_papermill-1.dist-info/METADATA"), "")
	write(t, filepath.Join(site, "xla_fake-1.dist-info/METADATA"), "")
	pluginPath = filepath.Join(site, "xla_fake/fake.so")
	write(t, pluginPath, "a plugin")

	sum := sha256.Sum256([]byte("a plugin"))
	real := plugins
	plugins = []plugin{{Package{"xla-fake", "1"}, runtime.GOOS + "/" + runtime.GOARCH, "xla_fake/fake.so", hex.EncodeToString(sum[:])}}
	t.Cleanup(func() { plugins = real })

	env, err := findGo(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	var s state
	if s.Packages, err = file.Digest(filepath.Join(root, environmentFile)); err != nil {
		t.Fatal(err)
	}
	if s.Papermill, err = papermillKey(root); err != nil {
		t.Fatal(err)
	}
	if s.Tools, err = toolsKey(root, env.version); err != nil {
		t.Fatal(err)
	}
	if err := s.write(root); err != nil {
		t.Fatal(err)
	}
	return root, pluginPath
}

func setUp(t *testing.T, root string) (said string, err error) {
	t.Helper()
	var out strings.Builder
	err = Setup(t.Context(), Options{Root: root, Out: &out})
	return out.String(), err
}

func TestSetupIsIdempotent(t *testing.T) {
	root, _ := fakeCheckout(t)
	said, err := setUp(t, root)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(said, "xla-fake==1, sha256 as expected") {
		t.Errorf("the first call did not check the plugin:\n%s", said)
	}
	files := []string{".venv/setup.json", ".venv/pjrt/plugin.json", ".venv/share/jupyter/kernels/fragility/kernel.json", ".venv/cell/go.work"}
	before := make(map[string]os.FileInfo)
	for _, name := range files {
		if before[name], err = os.Stat(filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	if data, err := os.ReadFile(filepath.Join(PluginDir(root), pluginFile)); err != nil || string(data) != "a plugin" {
		t.Errorf("GoMLX would find %q (%v)", data, err)
	}

	said, err = setUp(t, root)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(said, "up to date"); n != 4 {
		t.Errorf("the second call says %d times that a step is up to date, want 4:\n%s", n, said)
	}
	for _, name := range files {
		after, err := os.Stat(filepath.Join(root, name))
		if err != nil || !os.SameFile(before[name], after) {
			t.Errorf("the second call wrote %s again (%v)", name, err)
		}
	}
}

func TestTamperedPlugin(t *testing.T) {
	root, pluginPath := fakeCheckout(t)
	if _, err := setUp(t, root); err != nil {
		t.Fatal(err)
	}
	write(t, pluginPath, "another plugin")
	_, err := setUp(t, root)
	wantSentence(t, err, pluginPath+" is not the tested file")
	_, err = setUp(t, root) // it must not get used to it
	wantSentence(t, err, "delete it and run `make setup`")
}

func TestNotACheckout(t *testing.T) {
	_, err := setUp(t, t.TempDir())
	wantSentence(t, err, "is not a checkout")
}

func TestNoGo(t *testing.T) {
	root, _ := fakeCheckout(t)
	t.Setenv("PATH", t.TempDir())
	_, err := setUp(t, root)
	wantSentence(t, err, "no Go was found on PATH")
}

func TestUnknownMachine(t *testing.T) {
	root, _ := fakeCheckout(t)
	plugins[0].machine = "plan9/mips"
	_, err := setUp(t, root)
	wantSentence(t, err, "no PJRT plugin for "+runtime.GOOS)
}

// TestFallbackPlugin has an index without the first choice; the second call must not ask the index again.
func TestFallbackPlugin(t *testing.T) {
	root, _ := fakeCheckout(t)
	first := plugins[0]
	first.pkg = Package{"xla-first", "1"}
	plugins = []plugin{first, plugins[0]}
	asked := filepath.Join(root, "asked")
	script(t, filepath.Join(root, ".venv/bin/python"), "echo >> "+asked+"; echo ERROR: No matching distribution found; exit 1")
	for range 2 {
		if _, err := setUp(t, root); err != nil {
			t.Fatal(err)
		}
	}
	if times, _ := os.ReadFile(asked); string(times) != "\n" {
		t.Errorf("pip was called %d times, want once", len(times))
	}
	if record, err := readPluginRecord(root); err != nil || record.Name != "xla-fake" {
		t.Errorf("plugin.json names %q (%v)", record.Name, err)
	}
}

// TestDoctor breaks one thing at a time and looks for the line that says so.
func TestDoctor(t *testing.T) {
	root, pluginPath := fakeCheckout(t)
	if _, err := setUp(t, root); err != nil {
		t.Fatal(err)
	}
	command := filepath.Join(root, "bin/fragility")
	script(t, command, "exit 0")
	examine := func() (string, error) {
		var out strings.Builder
		err := Doctor(t.Context(), root, &out)
		return out.String(), err
	}
	// No test of the C compiler: whoever runs the tests has one or sees that line.
	if said, _ := examine(); strings.Contains(strings.ReplaceAll(said, "FAIL compiler", ""), "FAIL") {
		t.Fatalf("a healthy checkout fails:\n%s", said)
	}

	tests := []struct {
		name  string
		spoil func()
		want  string
	}{
		{"kernel of another checkout", func() { writeKernelSpec(newKernelSpec("/elsewhere", "/go/bin"), Prefix(root)) }, "FAIL kernel    the kernelspec in "},
		{"no kernel", func() { Uninstall(Prefix(root)) }, "FAIL kernel    no kernelspec in "},
		{"plugin of the same size and date", func() {
			info, _ := os.Stat(pluginPath)
			write(t, pluginPath, "b plugin")
			os.Chtimes(pluginPath, info.ModTime(), info.ModTime())
		}, "FAIL plugin    the PJRT plugin " + pluginPath + " is not the tested file"},
		{"no plugin", func() { os.Remove(pluginPath) }, "FAIL plugin    the PJRT plugin xla-fake==1 is gone; run `make setup`"},
		{"no gopls", func() { os.Remove(filepath.Join(root, "bin/gopls")) }, "FAIL tools     bin/ lacks gopls; run `make setup`"},
		{"package gone", func() { os.RemoveAll(filepath.Join(root, ".venv/lib/python3.12/site-packages/a-1.dist-info")) }, "FAIL packages  1 of 1 packages are not at their pinned versions, the first is a==1; run `make setup`"},
		{"other words for papermill", func() { write(t, filepath.Join(root, papermillDir, "fragility_papermill.py"), "#") }, "FAIL papermill papermill was not taught Go"},
		{"a store in no place", func() { t.Setenv("FRAGILITY_STORE", "/proc/nosuch") }, "FAIL store     finished computations cannot be kept in /proc/nosuch ("},
		{"a run that ends early", func() { script(t, command, "echo Unknown flag >&2; exit 134") }, "FAIL run       a small run does not do as it should (Unknown flag)"},
		{"flags that runs see", func() { script(t, command, "exit 0"); t.Setenv("XLA_FLAGS", "--xla_x=1") }, `XLA_FLAGS is "--xla_x=1": unset it`},
		{"no temporary files", func() { t.Setenv("TMPDIR", "/nonexistent") }, "FAIL temporary /nonexistent takes no temporary files ("},
		{"no Python", func() { os.Remove(filepath.Join(root, ".venv/bin/python")) }, "FAIL python    "},
	}
	for _, test := range tests {
		test.spoil()
		said, err := examine()
		wantSentence(t, err, "checks failed")
		if !strings.Contains(said, test.want) {
			t.Errorf("%s: no line %q in\n%s", test.name, test.want, said)
		}
	}
}

package setup

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestKernelSpec(t *testing.T) {
	k := newKernelSpec("/src/f", "/opt/go/bin")
	if want := "/src/f/bin/fragility kernel serve {connection_file} -- /src/f/bin/gonb "; !strings.HasPrefix(strings.Join(k.Argv, " "), want) {
		t.Errorf("argv %q does not start with %q", k.Argv, want)
	}
	if !strings.Contains(strings.Join(k.Argv, " "), " --go_work=/src/f ") {
		t.Errorf("argv %q does not name the checkout as workspace", k.Argv)
	}
	if k.InterruptMode != "message" || k.Language != "go" {
		t.Errorf("interrupt mode %q, language %q", k.InterruptMode, k.Language)
	}
	for key, want := range map[string]string{
		"PATH":                     "/src/f/kernel/plain/path:/src/f/bin:/opt/go/bin:${PATH}",
		"GOPROXY":                  "off",
		"GOMLX_BACKEND":            "xla:cpu",
		"GOMLX_NO_AUTO_INSTALL":    "1",
		"PJRT_PLUGIN_LIBRARY_PATH": "/src/f/.venv/pjrt",
		"FRAGILITY_ROOT":           "/src/f",
		"FRAGILITY_BIN":            "/src/f/bin/fragility",
	} {
		if k.Env[key] != want {
			t.Errorf("env %s is %q, want %q", key, k.Env[key], want)
		}
	}
}

func TestInstallUninstall(t *testing.T) {
	root, prefix := filepath.Join("..", ".."), t.TempDir()
	for range 2 { // the second time over the first
		if err := Install(root, prefix); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(filepath.Join(prefix, "share/jupyter/kernels/fragility/kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var k kernelSpec
	if err := json.Unmarshal(data, &k); err != nil {
		t.Fatal(err)
	}
	if abs, _ := filepath.Abs(root); k.Env["FRAGILITY_ROOT"] != abs || !filepath.IsAbs(k.Argv[0]) {
		t.Errorf("paths are not those of this checkout: %+v", k)
	}
	for range 2 { // nothing there is no error
		if err := Uninstall(prefix); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(kernelDir(prefix)); !os.IsNotExist(err) {
		t.Errorf("the kernelspec is still there (%v)", err)
	}
}

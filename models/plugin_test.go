package models

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestPlatform(t *testing.T) {
	start := time.Now()
	p, err := Platform()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v in %v", p, time.Since(start))
	if p.Precision != "float32" || p.Path == "" || !strings.HasPrefix(p.Backend, "xla:") || len(p.Plugin) != 64 || len(p.CPU) != 64 {
		t.Errorf("platform %+v", p)
	}
	if again, _ := Platform(); again != p {
		t.Error("another platform the second time")
	}
}

// A note beside the plugin counts only while it is not older than the plugin.
func TestPluginDigest(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "pjrt_c_api_cpu_plugin.so")
	note := filepath.Join(dir, "plugin.json")
	write := func(name, text string, age time.Duration) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		when := time.Now().Add(-age)
		if err := os.Chtimes(name, when, when); err != nil {
			t.Fatal(err)
		}
	}
	const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	noted := strings.Repeat("5", 64)
	write(file, "abc", time.Hour)
	for _, c := range []struct {
		note string
		age  time.Duration
		want string
	}{
		{`{"file":"pjrt_c_api_cpu_plugin.so","sha256":"` + noted + `"}`, 0, noted},
		{`{"file":"pjrt_c_api_cpu_plugin.so","sha256":"` + noted + `","size":4}`, 0, abc},
		{`{"file":"pjrt_c_api_cpu_plugin.so","sha256":"` + noted + `"}`, 2 * time.Hour, abc},
		{`{"file":"another.so","sha256":"` + noted + `"}`, 0, abc},
		{`no JSON`, 0, abc},
	} {
		write(note, c.note, c.age)
		digests.Clear()
		if got, err := pluginDigest(file); err != nil || got != c.want {
			t.Errorf("note %s, %v old: %s, %v", c.note, c.age, got, err)
		}
	}
	t.Setenv("PJRT_PLUGIN_LIBRARY_PATH", dir)
	if got, err := FindPlugin(); err != nil || got != file {
		t.Errorf("found %s, %v", got, err)
	}
	t.Setenv("PJRT_PLUGIN_LIBRARY_PATH", "")
	t.Setenv("FRAGILITY_ROOT", "")
	t.Chdir(dir)
	if _, err := FindPlugin(); err == nil || !strings.Contains(err.Error(), "make setup") {
		t.Errorf("without a plugin: %v", err)
	}
	digests.Clear()
}

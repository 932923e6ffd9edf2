package protocols

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A parameter that names a file waits for nobody, reads nothing without end, and
// knows what often lies in the place of a model.
func TestFilesOfUsers(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	syscall.Mkfifo(at("pipe"), 0o666)
	os.Symlink("/dev/zero", at("device"))
	os.WriteFile(at("empty"), nil, 0o666)
	os.WriteFile(at("long"), []byte("x"), 0o666)
	if err := os.Truncate(at("long"), 1<<40); err != nil {
		t.Fatal(err)
	}
	os.WriteFile(at("pointer"), []byte("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"), 0o666)
	os.WriteFile(at("page"), []byte("\n<!DOCTYPE HTML>\n<title>404</title>"), 0o666)
	os.Mkdir(at("model"), 0o777)
	os.Symlink("../pointer", at("model/model.safetensors"))
	for _, c := range []struct{ path, says string }{
		{at("pipe"), "no file"}, {at("device"), "no file"}, {at("empty"), "empty"}, {"/proc/kmsg", "empty"}, {at("long"), "bytes"},
		{at("pointer"), "Git LFS"}, {at("page"), "web page"}, {at("model"), "Git LFS"}, {at("none"), "n"},
	} {
		for parameter, model := range map[string]string{"ModelPath": "tinyllama", "Prompts": "mini"} {
			if parameter == "Prompts" && c.path == at("model") {
				continue
			}
			done := make(chan error, 1)
			go func() {
				_, err := Configure(9, map[string]string{"Model": model, parameter: c.path})
				done <- err
			}()
			select {
			case err := <-done:
				if !IsBadInput(err) || !strings.HasPrefix(err.Error(), parameter+" takes") || !strings.Contains(err.Error(), c.says) {
					t.Errorf("%s=%s gives %v, want %q", parameter, c.path, err, c.says)
				}
			case <-time.After(20 * time.Second):
				t.Fatalf("%s=%s hangs", parameter, c.path)
			}
		}
	}
}

package file

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestWriteKeepsWhatAFileIs(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	os.WriteFile(at("old"), []byte("old"), 0o600)
	os.Symlink("old", at("link"))
	os.Symlink("link", at("second"))
	os.Symlink("none yet", at("dangling"))
	old := syscall.Umask(0o027)
	defer syscall.Umask(old)
	for _, c := range []struct {
		path, into string
		mode       fs.FileMode
	}{
		{"new", "new", 0o640}, {"old", "old", 0o600}, {"link", "old", 0o600}, {"second", "old", 0o600}, {"dangling", "none yet", 0o640},
	} {
		if err := Write(at(c.path), []byte(c.path)); err != nil {
			t.Fatal(err)
		}
		content, _ := os.ReadFile(at(c.into))
		info, err := os.Stat(at(c.into))
		if err != nil || string(content) != c.path || info.Mode().Perm() != c.mode {
			t.Errorf("%s: %q with mode %v, want %v", c.path, content, info.Mode(), c.mode)
		}
	}
	for _, link := range []string{"link", "second", "dangling"} {
		if _, err := os.Readlink(at(link)); err != nil {
			t.Errorf("%s is no link any more", link)
		}
	}
	if names, _ := os.ReadDir(dir); len(names) != 6 {
		t.Errorf("%d files, want 6", len(names))
	}
}

func TestWriteRefusesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	syscall.Mkfifo(at("pipe"), 0o666)
	os.Symlink(at("loop"), at("loop"))
	os.Symlink("pipe", at("link to a pipe"))
	for _, path := range []string{at("pipe"), at("loop"), at("link to a pipe"), "/dev/null", "/dev/full", dir, "/nowhere/at/all", filepath.Join(at("pipe"), "x")} {
		before, _ := os.Lstat(path)
		if _, err := Find(path); err == nil || !strings.HasPrefix(err.Error(), "takes a file") {
			t.Errorf("%s: %v", path, err)
		}
		if err := Write(path, nil); err == nil {
			t.Errorf("%s was written", path)
		}
		if after, _ := os.Lstat(path); before != nil && after.Mode() != before.Mode() {
			t.Errorf("%s became %v", path, after.Mode())
		}
	}
	if names, _ := os.ReadDir(dir); len(names) != 3 {
		t.Errorf("%d files, want 3", len(names))
	}
}

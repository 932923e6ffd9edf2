package file

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A folder is found where it is or can be made; otherwise a sentence says why not.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	letter := filepath.Join(dir, "letter.txt")
	if err := os.WriteFile(letter, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{
		dir:                             "",
		filepath.Join(dir, "a", "b"):    "",
		"":                              "takes the name of a folder",
		letter:                          "takes a folder, and " + letter + " is a file",
		filepath.Join(letter, "a", "b"): "takes a folder, and " + letter + " is a file",
		"/proc/nothing/at/all":          "takes a folder that can be written, and /proc/nothing/at/all cannot",
	} {
		switch err := Folder(path); {
		case says == "" && err != nil:
			t.Errorf("%s: %v", path, err)
		case says != "" && (err == nil || !strings.HasPrefix(err.Error(), says)):
			t.Errorf("%s: %v, want %q", path, err, says)
		}
	}
	if names, _ := os.ReadDir(dir); len(names) != 1 {
		t.Errorf("left behind: %v", names)
	}
}

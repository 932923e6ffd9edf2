// Package docs tests the documents of this folder.
package docs

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// examples has the files of the worked examples, each in the place that it
// would have in the checkout.
const examples = "_examples"

// quoted is a block of Go in a document, after a line that ends with its file.
var quoted = regexp.MustCompile("(?m)^.*`([^`\n]+)`:\n\n```go\n((?:[^`]|`[^`]|``[^`])*)```\n")

// Each example in the documents is the file that the tests run, in full, and
// each of these files is in the documents.
func TestQuotes(t *testing.T) {
	documents, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, name := range documents {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		blocks := quoted.FindAllStringSubmatch(string(text), -1)
		if n := strings.Count(string(text), "```go\n"); n != len(blocks) {
			t.Errorf("%s has %d blocks of Go, and names the file of %d", name, n, len(blocks))
		}
		for _, b := range blocks {
			seen[b[1]] = true
			source, err := os.ReadFile(filepath.Join(examples, b[1]))
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else if string(source) != b[2] {
				t.Errorf("%s does not quote %s as it is", name, b[1])
			}
			if n := strings.Count(b[2], "\n"); n > 40 {
				t.Errorf("%s: %s has %d lines", name, b[1], n)
			}
		}
	}
	for place := range files(t) {
		if !seen[place] && !strings.HasSuffix(place, "_test.go") {
			t.Errorf("no document shows %s", place)
		}
	}
}

// files are the examples by the place that they would have in the checkout.
func files(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(examples, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			place, _ := filepath.Rel(examples, path)
			found[place], err = filepath.Abs(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// The examples compile and pass their tests in the places where a reader would
// put them: the go command takes them as if they stood there.
func TestExamples(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	overlay := map[string]string{}
	for place, file := range files(t) {
		place = filepath.Join(root, place)
		if _, err := os.Stat(place); err == nil {
			t.Fatalf("%s exists: the example needs another name", place)
		}
		overlay[place] = file
	}
	data, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(list, data, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"build", "-overlay", list, "./kernel/nf"},
		{"test", "-overlay", list, "-run", "^TestDocs", "-v", "./models"},
	} {
		cmd := exec.Command("go", args...)
		cmd.Dir = root
		said, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("go %s: %v\n%s", args[0], err, said)
		}
		if args[0] == "test" && strings.Count(string(said), "--- PASS: TestDocs") != 3 {
			t.Errorf("the examples' tests did not all run:\n%s", said)
		}
	}
}

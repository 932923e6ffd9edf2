package notebooks

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/kernel/cell"
	"github.com/network-fragility/fragility/kernel/notebook"
)

// What the README and the index show of Go runs as a cell when it is pasted: the
// kernel refuses none of it, and it compiles.
func TestSnippetsRunAsPasted(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	index, err := notebook.Read("notebooks/index.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{string(readme)}
	for _, c := range index.Cells {
		if c.Kind == notebook.MarkdownCell {
			texts = append(texts, c.Source)
		}
	}
	dir, err := os.MkdirTemp(".", "_snippets") // in the module, for its packages, and none of them
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	n := 0
	vet := []string{"vet"}
	for _, m := range regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(strings.Join(texts, "\n"), -1) {
		source := m[1]
		known := cell.Known{Names: map[string]bool{"run": true, "nf": true}, Runs: map[string]int{"run": 5}}
		if err := cell.Parse(source).Check(known); err != nil {
			t.Errorf("%v:\n%s", err, source)
		}
		parts := cell.Split(source)
		if parts.Body < 0 {
			t.Errorf("nothing is carried out:\n%s", source)
			continue
		}
		n++
		program := "package main\n\nimport \"github.com/network-fragility/fragility/kernel/nf\"\n\nvar run = nf.Chapter(5)\n\nvar _ = run\n\n" +
			source[:parts.Body] + "\nfunc main() {\n" + source[parts.Body:] + "}\n"
		folder := filepath.Join(dir, fmt.Sprint("s", n))
		vet = append(vet, "./"+filepath.ToSlash(folder))
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "main.go"), []byte(program), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if n < 4 {
		t.Errorf("%d snippets were found", n)
	}
	if said, err := exec.Command("go", vet...).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, said)
	}
}

// The first picture that a reader sees shows what the page says: a network that is
// pruned, and comes back.
func TestIndexShowsThePhenomenon(t *testing.T) {
	nb, err := notebook.Read("notebooks/index.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	var words string
	for _, c := range nb.Cells {
		for _, raw := range c.Outputs {
			var o struct {
				Data map[string]any `json:"data"`
			}
			if err := json.Unmarshal(raw, &o); err != nil {
				t.Fatal(err)
			}
			words += text(o.Data["text/plain"])
		}
	}
	right := func(of string) float64 {
		m := regexp.MustCompile(of + `[^:]*: ([\d.]+) % right`).FindStringSubmatch(words)
		if m == nil {
			t.Fatalf("no panel of the index is of %q: %s", of, words)
		}
		v, _ := strconv.ParseFloat(m[1], 64)
		return v
	}
	full, pruned, back := right("full network"), right("pruned"), right("recovered")
	if full < 95 || pruned > 50 || back < 95 {
		t.Errorf("full %v, pruned %v, recovered %v %% right", full, pruned, back)
	}
}

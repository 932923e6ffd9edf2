package notebooks

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/kernel/notebook"
)

// What a notebook links to is there, and JupyterLab opens it: it lies in the folder
// that is served.
func TestLinksOfNotebooks(t *testing.T) {
	recipe, err := exec.Command("make", "-n", "lab").Output()
	if err != nil || !strings.Contains(string(recipe), `--notebook-dir="."`) || !strings.Contains(string(recipe), "/lab/tree/notebooks/index.ipynb") {
		t.Errorf("make lab does not serve the checkout (%v):\n%s", err, recipe)
	}
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("notebooks/*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatalf("no notebooks (%v)", err)
	}
	for _, file := range files {
		nb, err := notebook.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		links := 0
		for _, c := range nb.Cells {
			if c.Kind != notebook.MarkdownCell {
				continue
			}
			for _, m := range regexp.MustCompile(`\]\(([^):#]+)\)`).FindAllStringSubmatch(c.Source, -1) {
				links++
				path, _ := filepath.Abs(filepath.Join("notebooks", m[1]))
				if _, err := os.Stat(path); err != nil || !strings.HasPrefix(path, root+"/") {
					t.Errorf("%s links to %s, which is not served (%v)", file, m[1], err)
				}
			}
			// A document that is named is linked to.
			if named := regexp.MustCompile("`(REPRODUCTION\\.md|docs/[a-z]+\\.md)`").FindString(c.Source); named != "" {
				t.Errorf("%s names %s, and does not link to it", file, named)
			}
		}
		if links == 0 && filepath.Base(file) != "beyond.ipynb" {
			t.Errorf("%s links to nothing", file)
		}
	}
}

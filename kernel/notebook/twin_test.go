package notebook

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Beside every notebook of the checkout stands its text, and no text without one.
func TestTextOfNotebooks(t *testing.T) {
	files, _ := filepath.Glob("../../notebooks/*.ipynb")
	if len(files) < 12 {
		t.Fatalf("%d notebooks", len(files))
	}
	texts, _ := filepath.Glob("../../notebooks/text/*")
	if len(texts) != len(files) {
		t.Errorf("%d texts of %d notebooks", len(texts), len(files))
	}
	for _, file := range files {
		nb, err := Read(file)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(TextFile(file))
		if err != nil || string(text) != nb.Text(filepath.Base(file)) {
			t.Errorf("%s is not the text of %s (%v): `bin/fragility notebook text %s` writes it", TextFile(file), file, err, strings.TrimSuffix(filepath.Base(file), ".ipynb"))
		}
		for _, m := range fileLink.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join("../../notebooks/text", m[1])); err != nil {
				t.Errorf("%s leads to %s, which is not there", TextFile(file), m[1])
			}
		}
	}
}

func TestText(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.ipynb")
	nb := &Notebook{Format: 4, FormatMinor: 5, Cells: []Cell{
		{ID: "a", Kind: MarkdownCell, Source: "# A\n\nSee [b](b.ipynb), [c](https://c.example) and [d](#d).\n"},
		{ID: "b", Kind: CodeCell, Source: "x := 1\n// ```\n", Metadata: map[string]any{"tags": []any{ParametersTag}}},
		{ID: "c", Kind: CodeCell, Source: "x := 2", Metadata: map[string]any{"tags": []any{InjectedTag}}},
	}}
	if err := nb.Write(path); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{1, 0} { // once, and then it is there
		if made, err := WriteText(dir, path); err != nil || len(made) != want {
			t.Fatalf("wrote %v, %v", made, err)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "text", "a.md"))
	want := "<!-- The text of a.ipynb, without what it shows. `bin/fragility notebook text a` writes it. -->\n\n# A\n\nSee [b](../b.ipynb), [c](https://c.example) and [d](#d).\n\n```go parameters\nx := 1\n// ```\n```\n"
	if err != nil || string(text) != want {
		t.Errorf("the text is %q (%v)", text, err)
	}
}

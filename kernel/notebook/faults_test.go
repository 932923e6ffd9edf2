package notebook

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/network-fragility/fragility/kernel/file"
	"github.com/network-fragility/fragility/protocols"
)

// text is a notebook of one Markdown cell in a folder of its own.
func text(t *testing.T, name, source string) string {
	t.Helper()
	nb := &Notebook{Format: 4, FormatMinor: 5, Cells: []Cell{{ID: "a", Kind: MarkdownCell, Source: source}}}
	path := filepath.Join(t.TempDir(), name)
	if err := nb.Write(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// A run is never written over the notebook that it is a run of, nor into the
// place of another run under way.
func TestRunSparesWhatIsThere(t *testing.T) {
	nb := &Notebook{Format: 4, FormatMinor: 5, Cells: []Cell{{ID: "a", Kind: CodeCell, Source: "%%\nprintln(1)"}}}
	source := filepath.Join(t.TempDir(), "mine.ipynb")
	if err := nb.Write(source); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(source)
	link := filepath.Join(t.TempDir(), "link")
	os.Symlink(filepath.Dir(source), link)
	for _, dir := range []string{filepath.Dir(source), link} {
		if _, err := Run(t.Context(), Options{Root: root(t), Notebook: source, Dir: dir}); !protocols.IsBadInput(err) || !strings.Contains(err.Error(), "another folder") {
			t.Errorf("into its own folder: %v", err)
		}
	}
	if after, _ := os.ReadFile(source); !bytes.Equal(after, before) {
		t.Error("it was written over")
	}
	out := t.TempDir()
	release, err := file.Lock(filepath.Join(out, ".mine.ipynb.lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if _, err := Run(t.Context(), Options{Root: root(t), Notebook: source, Dir: out}); err == nil || !strings.Contains(err.Error(), "another run writes") {
		t.Errorf("into the place of another run: %v", err)
	}
}

// The folder of a Markdown file's pictures goes only where it holds nothing else.
func TestMarkdownSparesFilesOfOthers(t *testing.T) {
	source := text(t, "notes.ipynb", "# Notes")
	out := t.TempDir()
	folder := filepath.Join(out, "notes_files")
	os.Mkdir(folder, 0o777)
	for _, name := range []string{"picture-01.png", "picture-12.svg"} {
		os.WriteFile(filepath.Join(folder, name), nil, 0o666)
	}
	o := Options{Root: root(t), Notebook: source, Dir: out, To: []string{"md"}, Reuse: true}
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Error("an earlier export's pictures are left")
	}
	os.Mkdir(folder, 0o777)
	for _, name := range []string{"picture-01.png", "data.csv"} {
		os.WriteFile(filepath.Join(folder, name), nil, 0o666)
	}
	if _, err := Run(t.Context(), o); !protocols.IsBadInput(err) || !strings.Contains(err.Error(), "data.csv") {
		t.Errorf("a folder of the user's: %v", err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 2 {
		t.Errorf("left of it: %v", left)
	}
}

// Pictures beside a notebook are in its exports, links to headings lead there,
// and what is no formula ends nothing.
func TestExportsOfATextNotebook(t *testing.T) {
	source := text(t, "my notes.ipynb", "# Pictures\n\n![scheme](the%20scheme.png) ![away](../away.png) [below](#Below-there)\n\n"+
		"$\\left( \\frac{a}{b}$ and $x_{1}_{2}$ and $\\begin{matrix} a & b$ and $w_i^2$\n\n## Below there\n")
	png, _ := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
	os.WriteFile(filepath.Join(filepath.Dir(source), "the scheme.png"), png, 0o666)
	out, checkout := t.TempDir(), root(t)
	// A file that bears a Python module's name is no part of it.
	t.Chdir(t.TempDir())
	os.WriteFile("json.py", []byte("raise SystemExit('json.py was run')"), 0o666)
	if _, err := Run(t.Context(), Options{Root: checkout, Notebook: source, Dir: out, To: []string{"html", "md"}, Reuse: true}); err != nil {
		t.Fatal(err)
	}
	page, _ := os.ReadFile(filepath.Join(out, "my notes.html"))
	for _, part := range []string{`alt="scheme" src="data:image/png;base64,`, `id="Below-there"`, `x_{1}_{2}</code>`, `<msubsup>`} {
		if !strings.Contains(string(page), part) {
			t.Errorf("the page has no %s", part)
		}
	}
	words, _ := os.ReadFile(filepath.Join(out, "my notes.md"))
	if !strings.Contains(string(words), "![scheme](my%20notes_files/picture-01.png)") || !strings.Contains(string(words), "![away](../away.png)") {
		t.Errorf("the Markdown is\n%s", words)
	}
	if copied, err := os.ReadFile(filepath.Join(out, "my notes_files", "picture-01.png")); err != nil || !bytes.Equal(copied, png) {
		t.Errorf("its picture: %v", err)
	}
}

// Places have names that lead back to them, each its own.
func TestEscapePath(t *testing.T) {
	seen := map[string]string{}
	for _, place := range []string{"a b", "a%20b", "a#b", "a?b", "a:b", "a/b c", "a%2Fb", "ä", "a(b)", "a+b", "a&b"} {
		name := escapePath(place)
		if old, ok := seen[name]; ok || strings.ContainsAny(name, " #?()") {
			t.Errorf("%q and %q are %q", old, place, name)
		}
		seen[name] = place
	}
}

// A cell that reads input ends the run, which has none to give.
func TestCellThatReadsInput(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Second)
	defer cancel()
	_, _, err := run(t, ctx, Options{}, "var Zero = 0", "%%\nvar s string\nn, err := fmt.Scanln(&s)\nfmt.Println(n, err)")
	failed, ok := errors.AsType[*CellError](err)
	if !ok || failed.Number != 2 || !strings.Contains(failed.Message, "standard input") {
		t.Errorf("got %v", err)
	}
}

// Notebooks of format 4.4 and cells without ids are read, and those of other
// languages refused before they run.
func TestNotebooksOfOthers(t *testing.T) {
	write := func(text string) string {
		path := filepath.Join(t.TempDir(), "a.ipynb")
		os.WriteFile(path, []byte(text), 0o666)
		return path
	}
	cell := `{"cell_type":"markdown","metadata":{},"source":[]%s}`
	cells := strings.ReplaceAll(cell, "%s", "") + "," + strings.ReplaceAll(cell, "%s", `,"id":"c00"`) + "," + strings.ReplaceAll(cell, "%s", `,"id":"c00"`)
	nb, err := Read(write(`{"cells":[` + cells + `],"metadata":{"mine":1},"nbformat":4,"nbformat_minor":2}`))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, c := range nb.Cells {
		ids[c.ID] = true
	}
	if len(ids) != 3 || ids[""] || !ids["c00"] || nb.FormatMinor != 5 || nb.Metadata["mine"] != 1.0 {
		t.Errorf("%v, %+v", ids, nb)
	}
	if _, err := Read(write(`{"worksheets":[],"metadata":{},"nbformat":3,"nbformat_minor":0}`)); !protocols.IsBadInput(err) || !strings.Contains(err.Error(), "--nbformat 4") {
		t.Errorf("format 3: %v", err)
	}
	python := write(`{"cells":[{"cell_type":"code","metadata":{},"source":["print(1)"],"outputs":[],"execution_count":null}],"metadata":{"kernelspec":{"name":"python3","language":"python","display_name":"P"}},"nbformat":4,"nbformat_minor":5}`)
	if _, err := Run(t.Context(), Options{Root: root(t), Notebook: python, Dir: t.TempDir()}); !protocols.IsBadInput(err) || !strings.Contains(err.Error(), "in python") {
		t.Errorf("a notebook in Python: %v", err)
	}
}

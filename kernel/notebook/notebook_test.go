package notebook

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// testdata/saved.ipynb was written by Python's nbformat.
func TestWriteEqualsNbformat(t *testing.T) {
	nb, err := Read("testdata/saved.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "again.ipynb")
	if err := nb.Write(path); err != nil {
		t.Fatal(err)
	}
	want, _ := os.ReadFile("testdata/saved.ipynb")
	got, _ := os.ReadFile(path)
	if string(got) != string(want) {
		t.Errorf("wrote\n%s\nwant\n%s", got, want)
	}
}

func TestReadRefuses(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "old.ipynb")
	os.WriteFile(old, []byte(`{"cells":[],"metadata":{},"nbformat":3,"nbformat_minor":0}`), 0o644)
	text := filepath.Join(dir, "text.ipynb")
	os.WriteFile(text, []byte("hello"), 0o644)
	for _, path := range []string{old, text, filepath.Join(dir, "none.ipynb")} {
		if _, err := Read(path); !protocols.IsBadInput(err) {
			t.Errorf("Read(%s) = %v, want bad input", filepath.Base(path), err)
		}
	}
}

func TestFind(t *testing.T) {
	root := t.TempDir()
	os.Mkdir(filepath.Join(root, "notebooks"), 0o755)
	want := filepath.Join(root, "notebooks", "ch01.ipynb")
	os.WriteFile(want, nil, 0o644)
	for _, name := range []string{"ch01", "1"} {
		if got, err := find(root, name); got != want || err != nil {
			t.Errorf("find(%q) = %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"", "ch99", "../ch01"} {
		if got, err := find(root, name); !protocols.IsBadInput(err) {
			t.Errorf("find(%q) = %q, %v, want bad input", name, got, err)
		}
	}
}

// A notebook from Windows, with Python's words for what is no number, is read as
// any other; texts keep theirs.
func TestReadsWindowsLinesAndNaN(t *testing.T) {
	path := filepath.Join(t.TempDir(), "windows.ipynb")
	text := `{"cells": [{"cell_type": "code", "id": "a", "metadata": {}, "execution_count": 1, "source": ["x := 1\r\n", "y := \"NaN, -Infinity\""],` +
		` "outputs": [{"output_type": "display_data", "metadata": {}, "data": {"application/json": [NaN, -Infinity, Infinity, 1, "\"NaN"]}}]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}`
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, `], "`, "],\r\n\"")), 0o666); err != nil {
		t.Fatal(err)
	}
	nb, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := nb.Cells[0].Source; got != "x := 1\ny := \"NaN, -Infinity\"" {
		t.Errorf("the cell is %q", got)
	}
	if got := strings.Join(strings.Fields(string(nb.Cells[0].Outputs[0])), ""); !strings.Contains(got, `[null,null,null,1,"\"NaN"]`) {
		t.Errorf("the output is %s", got)
	}
}

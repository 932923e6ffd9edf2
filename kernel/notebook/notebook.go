package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/protocols"
)

// Notebook is a Jupyter notebook of format 4.5.
type Notebook struct {
	Cells       []Cell         `json:"cells"`
	Metadata    map[string]any `json:"metadata"`
	Format      int            `json:"nbformat"`
	FormatMinor int            `json:"nbformat_minor"`
}

// Read reads a notebook file. An error that the user can mend is a
// protocols.BadInput.
func Read(path string) (*Notebook, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, badInput("there is no notebook %s", path)
	}
	if err != nil {
		return nil, err
	}
	var nb Notebook
	err = json.Unmarshal(data, &nb)
	if err != nil {
		nb = Notebook{}
		err = json.Unmarshal(withoutNaN(data), &nb)
	}
	if err != nil {
		return nil, badInput("%s is no notebook: %v", path, err)
	}
	if nb.Format != 4 {
		return nil, badInput("%s has notebook format %d, needed is 4: `jupyter nbconvert --to notebook --nbformat 4` makes it of an older one", path, nb.Format)
	}
	nb.complete()
	return &nb, nil
}

// complete makes a notebook one of format 4.5, whose cells have ids, each its own.
func (nb *Notebook) complete() {
	nb.FormatMinor = max(nb.FormatMinor, 5)
	seen := map[string]bool{}
	for _, c := range nb.Cells {
		seen[c.ID] = true
	}
	taken := map[string]bool{"": true}
	for i := range nb.Cells {
		// As a notebook from Windows may have them.
		nb.Cells[i].Source = strings.ReplaceAll(nb.Cells[i].Source, "\r\n", "\n")
		id := nb.Cells[i].ID
		for n := i; taken[id] || id != nb.Cells[i].ID && seen[id]; n++ {
			id = fmt.Sprintf("c%02d", n)
		}
		nb.Cells[i].ID, taken[id] = id, true
	}
}

// language is the one that a notebook says its cells are written in, "" where it
// does not say.
func (nb *Notebook) language() string {
	for _, field := range []struct{ info, name string }{{"kernelspec", "language"}, {"language_info", "name"}} {
		info, _ := nb.Metadata[field.info].(map[string]any)
		if name, ok := info[field.name].(string); ok && name != "" {
			return name
		}
	}
	return ""
}

// Write writes the notebook as nbformat does, one line a line of text, so that
// versions of it compare well. The file is replaced as a whole.
func (nb *Notebook) Write(path string) error {
	if nb.Metadata == nil {
		nb.Metadata = map[string]any{}
	}
	text, err := marshalIndent(nb)
	if err != nil {
		return err
	}
	part := path + ".part"
	if err := os.WriteFile(part, text, 0o644); err != nil {
		return err
	}
	return os.Rename(part, path)
}

// ClearOutputs forgets what an earlier execution left, so that no file mixes
// the outputs of two runs.
func (nb *Notebook) ClearOutputs() {
	for i := range nb.Cells {
		nb.Cells[i].Outputs, nb.Cells[i].ExecutionCount = nil, nil
	}
}

// tagged is the index of the first cell with a tag, -1 where there is none.
func (nb *Notebook) tagged(tag string) int {
	return slices.IndexFunc(nb.Cells, func(c Cell) bool { return c.HasTag(tag) })
}

// leaveOutExports takes out the cells that do nothing but ask for an export: they
// are no part of what they ask for, and are running while it is made.
func (nb *Notebook) leaveOutExports() {
	nb.Cells = slices.DeleteFunc(nb.Cells, func(c Cell) bool {
		exports := 0
		for line := range strings.Lines(c.Source) {
			switch line = strings.TrimSpace(line); {
			case strings.HasPrefix(line, "nf.Export("):
				exports++
			case line != "" && line != "%%" && !strings.HasPrefix(line, "//"):
				return false
			}
		}
		return c.Kind == CodeCell && exports > 0
	})
}

// read are the cells as a page shows them: the parameters once, those of the run
// where it had others, and no dials, which no page can turn, with the section that
// they stand in.
func (nb *Notebook) read() []Cell {
	injected := nb.tagged(InjectedTag) >= 0
	var list []Cell
	for _, c := range nb.Cells {
		switch {
		case c.HasTag(ParametersTag) && injected:
		case c.Kind == CodeCell && strings.Contains(c.Source, ".Turn("):
			if n := len(list) - 1; n >= 0 && list[n].Kind == MarkdownCell && strings.HasPrefix(list[n].Source, "## ") {
				list = list[:n]
			}
		default:
			list = append(list, c)
		}
	}
	return list
}

// headings gives each cell the heading that it stands under.
func (nb *Notebook) headings() []string {
	list := make([]string, len(nb.Cells))
	heading := ""
	for i, c := range nb.Cells {
		if c.Kind == MarkdownCell {
			for line := range strings.Lines(c.Source) {
				if strings.HasPrefix(line, "#") {
					heading = strings.TrimSpace(strings.TrimLeft(line, "#"))
				}
			}
		}
		list[i] = heading
	}
	return list
}

// find is the path of a notebook that is named by a file or by a chapter: ch01
// and 1 are notebooks/ch01.ipynb in the checkout at root.
func find(root, name string) (string, error) {
	if strings.HasSuffix(name, ".ipynb") {
		return name, nil
	}
	if n, err := protocols.ParseChapter(name); err == nil {
		name = protocols.ChapterName(n)
	}
	path := filepath.Join(root, "notebooks", name+".ipynb")
	if _, err := os.Stat(path); name == "" || err != nil {
		return "", badInput("the notebook is a chapter such as ch01 or a file that ends in .ipynb, not %q", name)
	}
	return path, nil
}

// marshal is json.Marshal without the escapes for HTML, which nbformat does
// not write either.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// marshalIndent is marshal for a file that people read too.
func marshalIndent(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(v)
	return b.Bytes(), err
}

// badInput makes an error that the user can mend.
func badInput(format string, args ...any) error {
	return protocols.BadInput{Sentence: fmt.Sprintf(format, args...)}
}

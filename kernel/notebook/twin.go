package notebook

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// WriteText writes the text of a notebook, named by a chapter or a file, into the folder
// text beside it, for whoever reviews a change: prose and code, and no outputs. It
// returns the file, unless that is there as it should be.
func WriteText(root, name string) ([]string, error) {
	path, err := find(root, name)
	if err != nil {
		return nil, err
	}
	nb, err := Read(path)
	if err != nil {
		return nil, err
	}
	twin := TextFile(path)
	text := nb.Text(filepath.Base(path))
	if before, err := os.ReadFile(twin); err == nil && string(before) == text {
		return nil, nil
	}
	if err := os.MkdirAll(filepath.Dir(twin), 0o755); err != nil {
		return nil, err
	}
	return []string{twin}, os.WriteFile(twin, []byte(text), 0o644)
}

// withText writes the text of a notebook of the checkout anew, behind the notebook's
// own file; another notebook has none.
func withText(root, path string) ([]string, error) {
	files := []string{path}
	if !sameFile(filepath.Dir(path), filepath.Join(root, "notebooks")) {
		return files, nil
	}
	made, err := WriteText(root, path)
	return append(files, made...), err
}

// TextFile is where a notebook's text stands: notebooks/text/ch05.md.
func TextFile(path string) string {
	return filepath.Join(filepath.Dir(path), "text", strings.TrimSuffix(filepath.Base(path), ".ipynb")+".md")
}

// fileLink is a link in Markdown to a file.
var fileLink = regexp.MustCompile(`\]\(([^):#]+)\)`)

// Text is the notebook's prose and code as Markdown, for a folder below the notebook's;
// name is the notebook's file. Code is fenced, with the tags of its cell; the cell that
// a run's parameters made is left out, which says nothing of its own.
func (nb *Notebook) Text(name string) string {
	parts := []string{fmt.Sprintf("<!-- The text of %s, without what it shows. `bin/fragility notebook text %s` writes it. -->", name, strings.TrimSuffix(name, ".ipynb"))}
	for _, c := range nb.Cells {
		source := strings.Trim(c.Source, "\n")
		switch {
		case source == "" || c.HasTag(InjectedTag):
		case c.Kind == CodeCell:
			parts = append(parts, fence(strings.Join(append([]string{"go"}, c.Tags()...), " "), source))
		case c.Kind == MarkdownCell:
			parts = append(parts, fileLink.ReplaceAllString(source, "](../$1)"))
		default:
			parts = append(parts, fence(c.Kind, source))
		}
	}
	return strings.Join(parts, "\n\n") + "\n"
}

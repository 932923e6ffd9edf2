package notebook

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/network-fragility/fragility/figures/chart"
)

//go:embed export.py
var exportScript string

//go:embed templates
var templates embed.FS

// ExportHTML makes a page of an executed notebook: one file that holds its
// pictures, style and formulas and asks the network for nothing, to be read,
// printed, or handed in as supplementary material. The facts stand below its
// title.
func ExportHTML(ctx context.Context, root, notebook, page string, facts []fact, author string, noCode bool) error {
	if err := installed(root); err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "fragility-export-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	if err := os.CopyFS(temp, templates); err != nil {
		return err
	}
	nb, err := Read(notebook)
	if err != nil {
		return err
	}
	fonts, err := nb.pageFonts()
	if err != nil {
		return err
	}
	if nb, _, err = nb.numbered(); err != nil {
		return err
	}
	numbered := filepath.Join(temp, filepath.Base(notebook))
	if err := nb.Write(numbered); err != nil {
		return err
	}
	block, err := json.Marshal(map[string]any{"facts": facts, "code": !noCode, "author": author, "fonts": fonts, "folder": filepath.Dir(notebook)})
	if err != nil {
		return err
	}
	python := pythonCommand(ctx, root, "-c", exportScript, numbered, filepath.Join(temp, "templates"), page, string(block))
	var stderr bytes.Buffer
	python.Stderr = &stderr
	if err := python.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%s could not be made: %s", page, lastLine(stderr.String(), err.Error()))
	}
	return nil
}

// pageFonts is the style sheet with what a page needs of the pictures' font: once,
// and not in each of them.
func (nb *Notebook) pageFonts() (string, error) {
	var pictures strings.Builder
	for _, c := range nb.Cells {
		for _, raw := range c.Outputs {
			var o output
			if json.Unmarshal(raw, &o) == nil {
				pictures.WriteString(o.text("image/svg+xml"))
			}
		}
	}
	regular, bold := chart.WordsOf(pictures.String())
	rest := chart.PageCharacters() // for tables, where the reader's machine has no narrow font
	return chart.FontFaces(regular+rest, bold+rest)
}

package notebook

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
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
	block, err := json.Marshal(map[string]any{"facts": facts, "code": !noCode, "author": author})
	if err != nil {
		return err
	}
	python := pythonCommand(ctx, root, "-c", exportScript, notebook, filepath.Join(temp, "templates"), page, string(block))
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

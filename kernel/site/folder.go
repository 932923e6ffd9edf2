package site

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/kernel/file"
)

// ours refuses a folder that has something else in it than an earlier site.
func ours(dir string) error {
	if err := file.Folder(dir); err != nil {
		return badInput("--out %v", err)
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return badInput("--out takes a folder that can be read, and %s cannot", dir)
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !slices.Contains(known(), e.Name()) || strings.HasSuffix(e.Name(), ".html") && !isPage(filepath.Join(dir, e.Name())) {
			return badInput("--out takes a new folder or that of an earlier site, and %s has %s, which is none of a site's files", dir, e.Name())
		}
	}
	return nil
}

// known are the names of all files that a site may have.
func known() []string {
	list := []string{archiveName}
	for _, p := range pagesOf() {
		list = append(list, p.file)
	}
	return list
}

// isPage reports whether a file is one of this program's pages.
func isPage(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, 4096))
	return err == nil && bytes.Contains(head, []byte(`content="fragility" name="generator"`))
}

package site

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/network-fragility/fragility/kernel/cohort"
	"github.com/network-fragility/fragility/kernel/file"
	"github.com/network-fragility/fragility/kernel/notebook"
	"github.com/network-fragility/fragility/protocols"
)

// Options say what a site is made of.
type Options struct {
	Root string            // the checkout
	Dir  string            // where the site goes; it is made if need be
	Live notebook.Live     // makes the pages of chapters answer; nil leaves them still
	Say  func(text string) // progress for a person
}

// A book is what the pages are made from.
type book struct {
	Options
	verdicts map[int]*cohort.Chapter // of the subjects that confirm, where they are there, else of those that explore
	words    []word
	pages    []*page // in the order in which they are read
}

// Make makes the site, and returns the files that it wrote. A folder with files of
// somebody else is refused before any work, with a protocols.BadInput; and where
// something fails nothing is written.
func Make(ctx context.Context, o Options) ([]string, error) {
	if err := ours(o.Dir); err != nil {
		return nil, err
	}
	shown, planned, err := cohort.Recall(ctx, filepath.Join(o.Root, "record"))
	if err != nil {
		return nil, err
	}
	b := &book{Options: o, verdicts: map[int]*cohort.Chapter{}}
	for n, c := range shown {
		b.verdicts[n] = c
	}
	for n, c := range planned {
		b.verdicts[n] = c
	}
	if b.words, err = readWords(o.Root); err != nil {
		return nil, err
	}
	if err := b.export(ctx); err != nil {
		return nil, err
	}
	files, err := b.files()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return nil, err
	}
	var written []string
	for _, name := range b.names() {
		path := filepath.Join(o.Dir, name)
		if err := file.Write(path, files[name]); err != nil {
			return written, err
		}
		written = append(written, path)
	}
	return written, nil
}

// files are the site's, by name.
func (b *book) files() (map[string][]byte, error) {
	archive, err := b.archive()
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{archiveName: archive}
	if err := b.write(len(archive)); err != nil {
		return nil, err
	}
	for _, p := range b.pages {
		if err := b.frame(p); err != nil {
			return nil, err
		}
		if files[p.file], err = p.bytes(); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// names are the files that a site has, the page to open first.
func (b *book) names() []string {
	var list []string
	for _, p := range b.pages {
		list = append(list, p.file)
	}
	return append(list, archiveName)
}

// path is where the source of a page is.
func (b *book) path(p *page) string { return filepath.Join(b.Root, filepath.FromSlash(p.source)) }

// chapterFile is the page of a chapter.
func chapterFile(n int) string { return protocols.ChapterName(n) + ".html" }

func badInput(format string, args ...any) error {
	return protocols.BadInput{Sentence: fmt.Sprintf(format, args...)}
}

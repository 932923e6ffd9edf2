package site

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/network-fragility/fragility/kernel/notebook"
	"github.com/network-fragility/fragility/protocols"
)

// atOnce is how many pages are exported at a time; each takes a Python.
const atOnce = 2

// export makes the pages that show a notebook or a text of the checkout, as they
// stand; nothing is run.
func (b *book) export(ctx context.Context) error {
	temp, err := os.MkdirTemp("", "fragility-site-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	b.pages = pagesOf()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var wait sync.WaitGroup
	var mu sync.Mutex // guards failure
	var failure error
	slots := make(chan struct{}, atOnce)
	for _, p := range b.pages {
		if p.source == "" {
			continue
		}
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if ctx.Err() != nil {
				return
			}
			if err := b.exportPage(ctx, temp, p); err != nil {
				mu.Lock()
				failure = errors.Join(failure, fmt.Errorf("%s: %w", p.source, err))
				mu.Unlock()
				stop()
			}
		})
	}
	wait.Wait()
	if failure == nil {
		failure = ctx.Err()
	}
	return failure
}

// exportPage exports one.
func (b *book) exportPage(ctx context.Context, temp string, p *page) error {
	source := b.path(p)
	nb, err := readSource(source)
	if err != nil {
		return err
	}
	for i := range nb.Cells {
		if nb.Cells[i].Kind == notebook.MarkdownCell {
			nb.Cells[i].Source = linked(nb.Cells[i].Source, p.source)
		}
	}
	name := strings.TrimSuffix(p.file, ".html")
	copied := filepath.Join(temp, name+".ipynb")
	if err := nb.Write(copied); err != nil {
		return err
	}
	if info, err := os.Stat(source); err == nil {
		os.Chtimes(copied, info.ModTime(), info.ModTime()) // the day that the page tells
	}
	o := notebook.Options{Root: b.Root, Notebook: copied, To: []string{"html"}, Dir: filepath.Join(temp, "out"), Reuse: true, Saved: true}
	if p.chapter > 0 {
		o.Live = b.Live
	}
	if b.Say != nil {
		b.Say(p.source)
	}
	if _, err := notebook.Run(ctx, o); err != nil {
		return err
	}
	made, err := os.ReadFile(filepath.Join(temp, "out", p.file))
	if err != nil {
		return err
	}
	p.doc, err = parsePage(made)
	return err
}

// readSource reads a notebook, or a text as one.
func readSource(path string) (*notebook.Notebook, error) {
	if strings.HasSuffix(path, ".ipynb") {
		return notebook.Read(path)
	}
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return &notebook.Notebook{
		Cells:    []notebook.Cell{{ID: "text", Kind: notebook.MarkdownCell, Source: string(source)}},
		Metadata: map[string]any{}, Format: 4, FormatMinor: 5,
	}, nil
}

// here begins a link to a page of the site: an exporter leaves out links to files, which
// elsewhere no page has beside it.
const here = "site:"

var markdownLink = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

// linked gives the links of a text to other sources the pages that show those.
func linked(markdown, from string) string {
	return markdownLink.ReplaceAllStringFunc(markdown, func(link string) string {
		parts := markdownLink.FindStringSubmatch(link)
		to := filepath.ToSlash(filepath.Join(filepath.Dir(from), parts[1]))
		for _, p := range pagesOf() {
			if p.source == to {
				return "](" + here + p.file + parts[2] + ")"
			}
		}
		return link
	})
}

// chapterOf is the protocol of a chapter at the book's settings.
func chapterOf(n int) protocols.Protocol {
	p, err := protocols.Configure(n, nil)
	if err != nil {
		panic(err) // the defaults go together
	}
	return p
}

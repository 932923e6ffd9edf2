package notebook

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/file"
	"github.com/network-fragility/fragility/kernel/setup"
	"github.com/network-fragility/fragility/protocols"
)

// formats are what a notebook can be exported to, in the order in which they
// are made: an archive holds those before it.
var formats = []string{"html", "pdf", "md", "tex", "zip"}

// job is a notebook to be run and exported.
type job struct {
	Options
	source, target string
	nb             *Notebook
	protocol       protocols.Protocol // nil for a notebook of no chapter
	by             party              // Options.By
	asIs           bool               // executed already, and not to be executed again
	began, ended   time.Time          // of the execution; began is zero where that is not known
}

// prepare reads what o asks for. Everything that can be wrong with it is said
// here, before any work.
func prepare(o Options) (*job, error) {
	source, err := find(o.Root, o.Notebook)
	if err != nil {
		return nil, err
	}
	for _, format := range o.To {
		if !slices.Contains(formats, format) {
			return nil, badInput("--to takes html, pdf, md, tex and zip, not %q", format)
		}
	}
	j := &job{Options: o, source: source}
	if j.by, err = parties(o.By); err != nil {
		return nil, err
	}
	if j.nb, err = Read(source); err != nil {
		return nil, err
	}
	j.nb.leaveOutExports()
	if err := j.nb.Inject(o.Parameters); err != nil {
		return nil, err
	}
	// Without a chapter's run there are no tables of it; a page can do without.
	if _, _, err := j.nb.parameters(); err != nil && (j.wants("tex") || j.wants("zip")) {
		return nil, badInput("--to tex and zip take a notebook that runs a chapter: %v", err)
	}
	if j.wants("pdf") && setup.Browser() == "" {
		return nil, errNoBrowser
	}
	j.asIs = o.Reuse && len(o.Parameters) == 0 && j.nb.executed()
	if o.Saved && !j.asIs {
		return nil, badInput("%s was not run as a whole when it was saved: run all cells, save it (Ctrl+S), and export it then", filepath.Base(source))
	}
	if stale := j.nb.stale(); j.asIs && len(stale) > 0 {
		if !o.Anew {
			if len(stale) > 4 {
				stale = append(stale[:4], fmt.Sprintf("and %d more", len(stale)-4))
			}
			return nil, badInput("%s shows other results than its cells say: %s; run it again and save it, or export it with --run", filepath.Base(source), strings.Join(stale, "; "))
		}
		j.asIs = false
	}
	if err := installed(o.Root); err != nil {
		return nil, err
	}
	if j.target, err = filepath.Abs(filepath.Join(o.Dir, filepath.Base(source))); err != nil {
		return nil, err
	}
	if err := file.Folder(o.Dir); err != nil {
		return nil, badInput("--out %v", err)
	}
	return j, j.spares()
}

// spares sees to it that the cells can run, and that the exports replace nothing
// but earlier ones.
func (j *job) spares() error {
	if l := j.nb.language(); !j.asIs && l != "" && !strings.EqualFold(l, "go") {
		return badInput("%s is a notebook in %s, and the cells that run here are Go's", j.source, l)
	}
	if sameFile(j.source, j.target) && !j.asIs {
		return badInput("--out takes another folder than that of the notebook, or the run would be written over %s", j.source)
	}
	if j.wants("md") {
		return ownPictures(picturesOf(j.file(".md")))
	}
	return nil
}

func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

func (j *job) wants(format string) bool { return slices.Contains(j.To, format) }

// file is where an export of the notebook goes: ch05.html beside ch05.ipynb.
func (j *job) file(ending string) string { return strings.TrimSuffix(j.target, ".ipynb") + ending }

// executed reports whether every cell was executed and none failed.
func (nb *Notebook) executed() bool {
	for _, c := range nb.Cells {
		if c.Kind == CodeCell && strings.TrimSpace(c.Source) != "" && c.ExecutionCount == nil {
			return false
		}
		for _, raw := range c.Outputs {
			var o output
			if json.Unmarshal(raw, &o) != nil || o.Type == "error" {
				return false
			}
		}
	}
	return true
}

// author is who a page names: whoever runs it, or the authors of the software.
func (j *job) author() string {
	if j.by.name != "" {
		return j.by.name
	}
	var names []string
	for _, a := range readCitation(j.Root).Authors {
		names = append(names, a.Name)
	}
	return cmp.Or(strings.Join(names, ", "), "fragility")
}

// keep puts an executed notebook into the folder of the exports as it is.
func (j *job) keep() error {
	info, err := os.Stat(j.source)
	if err != nil {
		return err
	}
	j.ended = info.ModTime()
	if sameFile(j.source, j.target) {
		return nil
	}
	return j.nb.Write(j.target)
}

// export makes what the job wants of the executed notebook, and returns the
// files that it wrote.
func (j *job) export(ctx context.Context) (files []string, err error) {
	if j.nb, err = Read(j.target); err != nil {
		return nil, err
	}
	j.nb.leaveOutExports()
	if stamp := j.nb.stamp(); stamp != nil {
		if j.protocol, err = stamp.Protocol(); err != nil {
			return nil, err
		}
	} else if j.wants("tex") || j.wants("zip") {
		return nil, badInput("--to tex and zip take a notebook that runs a chapter: no output of %s is a chapter's", filepath.Base(j.source))
	}
	facts := j.nb.about(j.Root, j.protocol, j.ended)
	if j.wants("html") || j.wants("pdf") {
		page := j.file(".html")
		if !j.wants("html") {
			temp, err := os.MkdirTemp("", "fragility-page-")
			if err != nil {
				return nil, err
			}
			defer os.RemoveAll(temp)
			page = filepath.Join(temp, filepath.Base(page))
		}
		if err := ExportHTML(ctx, j.Root, j.target, page, facts, j.author(), j.NoCode); err != nil {
			return files, err
		}
		if j.wants("html") {
			files = append(files, page)
		}
		if j.wants("pdf") {
			if err := ExportPDF(ctx, page, j.file(".pdf"), j.author()); err != nil {
				return files, err
			}
			files = append(files, j.file(".pdf"))
		}
		if j.wants("html") && j.Live != nil && j.protocol != nil {
			if err := j.Live(ctx, page, j.protocol, j.nb.turn()); err != nil {
				return files, err
			}
		}
	}
	if j.wants("md") {
		made, err := ExportMarkdown(j.nb, j.file(".md"), facts, j.NoCode)
		files = append(files, made...)
		if err != nil {
			return files, err
		}
	}
	if !j.wants("tex") && !j.wants("zip") {
		return files, nil
	}
	if j.Compute == nil {
		return files, errors.New("the engine that knows the run's tables was not given")
	}
	record, err := j.Compute(ctx, j.protocol)
	if err != nil {
		return files, err
	}
	if keys := j.nb.stamp().Keys; record.Stamp.Keys != keys {
		return files, fmt.Errorf("the notebook was computed %s; run it here, and export that", elsewhere(*j.nb.stamp(), record.Stamp))
	}
	if err := j.nb.agrees(record, j.protocol); err != nil {
		return files, err
	}
	if j.wants("tex") {
		made, err := exportLaTeX(record, j.protocol, j.nb, j.file("_tex"))
		files = append(files, made...)
		if err != nil {
			return files, err
		}
	}
	if j.wants("zip") {
		if err := j.archive(record, files, j.file(".zip")); err != nil {
			return files, err
		}
		files = append(files, j.file(".zip"))
	}
	return files, nil
}

// elsewhere says in what two runs of the same settings differ.
func elsewhere(a, b client.Stamp) string {
	if fields := foreign(a.Platform, b.Platform); fields != nil {
		return "on another platform (" + strings.Join(fields, ", ") + ")"
	}
	return "by another version of the program"
}

// agrees checks that an executed notebook shows what its run gives: it may have
// been executed on another machine, or edited since, and an archive must not
// hold two answers. Of the tables that stand in it under a title of the run's,
// one has to be the run's.
func (nb *Notebook) agrees(r *Record, p protocols.Protocol) error {
	tables, err := r.tables(p)
	if err != nil {
		return err
	}
	shown := map[string][]string{} // by the first line, which has the title
	for _, c := range nb.Cells {
		for _, raw := range c.Outputs {
			var o output
			if err := json.Unmarshal(raw, &o); err != nil {
				return err
			}
			text := o.text("text/markdown")
			title, _, _ := strings.Cut(text, "\n")
			shown[title] = append(shown[title], text)
		}
	}
	for _, t := range tables {
		text, err := t.value.Markdown()
		if err != nil {
			return err
		}
		title, _, _ := strings.Cut(text, "\n")
		if shown[title] != nil && !slices.Contains(shown[title], text) {
			return fmt.Errorf("the notebook shows another table %q than its parameters give here; run it again, and export that", t.name)
		}
	}
	return nil
}

// fileName makes a file's name of a table's.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '/' || r == '\\' || r == ':' {
			return '-'
		}
		return r
	}, name)
}

package notebook

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/kernel/file"
	"github.com/network-fragility/fragility/protocols"
)

// FileFault is a file of an archive that is not what it should be.
type FileFault struct{ Name, What string }

// crateFaults hold the files against the description that is among them.
func crateFaults(files contents) []FileFault {
	var crate struct {
		Graph []struct {
			ID     string `json:"@id"`
			SHA256 string `json:"sha256"`
			Parts  []struct {
				ID string `json:"@id"`
			} `json:"hasPart"`
		} `json:"@graph"`
	}
	if err := json.Unmarshal(files[crateFile], &crate); err != nil {
		return []FileFault{{crateFile, "does not read"}}
	}
	sums, parts := map[string]string{}, map[string]bool{}
	for _, e := range crate.Graph {
		name, err := url.PathUnescape(e.ID)
		if err != nil {
			name = e.ID
		}
		sums[name] = e.SHA256
		for _, p := range e.Parts {
			part, _ := url.PathUnescape(p.ID)
			parts[part] = true
		}
	}
	var list []FileFault
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		switch data, ok := files[name]; {
		case !ok:
			list = append(list, FileFault{name, "is missing"})
		case sums[name] == "":
			list = append(list, FileFault{name, "has no SHA-256 in " + crateFile})
		case file.Sum(data) != sums[name]:
			list = append(list, FileFault{name, "was changed: its SHA-256 is another than in " + crateFile})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !parts[name] && name != crateFile {
			list = append(list, FileFault{name, "is no part of the export"})
		}
	}
	return list
}

// madeAgain holds tables, figures, pages and LaTeX against what the run's long
// table gives. Figures take series, too, which only the run has, so that they are
// left alone on another platform.
func madeAgain(files contents, r *Record, p protocols.Protocol, foreign bool) ([]FileFault, error) {
	want := map[string][]byte{}
	drawn, err := drawings(r, p)
	if err != nil {
		return nil, err
	}
	for _, d := range drawn {
		if !foreign || !strings.HasPrefix(d.name, "figures/") {
			want[d.name] = d.data
		}
	}
	folder := ""
	for name := range files {
		if dir := path.Dir(name); strings.HasSuffix(dir, "_tex") {
			folder = dir
		}
	}
	if nb := files.notebook(); nb != nil && folder != "" {
		texts, err := latexFiles(r, p, nb)
		if err != nil {
			return nil, err
		}
		for _, m := range texts {
			want[folder+"/"+m.name] = m.data
		}
	}
	var list []FileFault
	if nb, page := files.notebook(), files[articleFile]; nb != nil && page != nil {
		same := false
		for _, noCode := range []bool{false, true} {
			body, _, err := mystArticle(r, p, nb, noCode)
			if err != nil {
				return nil, err
			}
			same = same || bytes.HasSuffix(page, []byte("\n---\n\n"+body))
		}
		if !same {
			list = append(list, FileFault{articleFile, "shows something else than the notebook"})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		switch data, ok := files[name]; {
		case !ok:
			list = append(list, FileFault{name, "is missing"})
		case !bytes.Equal(data, want[name]):
			list = append(list, FileFault{name, "is not what the long table gives"})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if _, ok := want[name]; !ok && (strings.HasPrefix(name, "tables/") || !foreign && strings.HasPrefix(name, "figures/")) {
			list = append(list, FileFault{name, "is none of the run's"})
		}
	}
	pages, err := pageFaults(files, r, p)
	return append(list, pages...), err
}

// notebook is that of an archive; nil where there is none that reads.
func (a contents) notebook() *Notebook {
	for _, name := range slices.Sorted(maps.Keys(a)) {
		var nb Notebook
		if path.Ext(name) == ".ipynb" && json.Unmarshal(a[name], &nb) == nil {
			return &nb
		}
	}
	return nil
}

// pageFaults hold the notebook of an archive against the run, and the pages
// against the notebook: they are made of it.
func pageFaults(files contents, r *Record, p protocols.Protocol) ([]FileFault, error) {
	var list []FileFault
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if path.Ext(name) != ".ipynb" {
			continue
		}
		var nb Notebook
		if err := json.Unmarshal(files[name], &nb); err != nil {
			list = append(list, FileFault{name, "does not read"})
			continue
		}
		if err := nb.agrees(r, p); err != nil {
			list = append(list, FileFault{name, "shows another table than the long table gives"})
		}
		base := strings.TrimSuffix(name, ".ipynb")
		if page, ok := files[base+".html"]; ok && !nb.stoodIn(page) {
			list = append(list, FileFault{base + ".html", "shows something else than the notebook"})
		}
		if page, ok := files[base+".md"]; ok {
			same, err := nb.sameMarkdown(string(page), filepath.Base(base))
			if err != nil {
				return nil, err
			}
			if !same {
				list = append(list, FileFault{base + ".md", "shows something else than the notebook"})
			}
		}
	}
	return list, nil
}

// tag is a tag of HTML.
var tag = regexp.MustCompile(`<[^>]*>`)

// visible is what a reader of HTML sees: its words, without tags and blanks.
func visible(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(page, " "))), "")
}

var (
	svgMark   = regexp.MustCompile(`<(path|text)\b([^>]*)>([^<]*)`)
	attribute = regexp.MustCompile(`([\w-]+)="([^"]*)"`)
)

// drawn is every line and word of pictures in SVG, with where and how they are
// drawn, whatever the order of their attributes.
func drawn(svg string) string {
	var b strings.Builder
	for _, m := range svgMark.FindAllStringSubmatch(svg, -1) {
		var list []string
		for _, a := range attribute.FindAllStringSubmatch(m[2], -1) {
			list = append(list, a[1]+"="+html.UnescapeString(a[2]))
		}
		slices.Sort(list)
		fmt.Fprintln(&b, m[1], list, strings.TrimSpace(html.UnescapeString(m[3])))
	}
	return b.String()
}

// stoodIn reports whether a page shows every picture of the notebook, and the
// words and numbers of all else. Tags may have been made safe on the way.
func (nb *Notebook) stoodIn(page []byte) bool {
	words, marks := visible(string(page)), drawn(string(page))
	for _, c := range nb.read() {
		for _, raw := range c.Outputs {
			var o output
			if json.Unmarshal(raw, &o) != nil {
				return false
			}
			svg := o.text("image/svg+xml")
			switch {
			case svg != "" && (drawn(svg) == "" || !strings.Contains(marks, drawn(svg))) && !bytes.Contains(page, []byte(base64.StdEncoding.EncodeToString([]byte(svg)))):
				return false
			case svg == "" && !strings.Contains(words, visible(o.text("text/html"))):
				return false
			}
		}
	}
	return true
}

// sameMarkdown reports whether a page is the notebook's Markdown, with its code or
// without, but for the facts below its title.
func (nb *Notebook) sameMarkdown(page, base string) (bool, error) {
	dir, err := os.MkdirTemp("", "fragility-verify-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	for _, noCode := range []bool{false, true} {
		file := filepath.Join(dir, base+".md")
		if _, err := ExportMarkdown(nb, file, nil, noCode); err != nil {
			return false, err
		}
		again, err := os.ReadFile(file)
		if err != nil {
			return false, err
		}
		if withoutFacts(page) == withoutFacts(string(again)) {
			return true, nil
		}
	}
	return false, nil
}

// withoutFacts is Markdown without the list below its title, and without empty
// lines.
func withoutFacts(text string) string {
	var kept []string
	head := true
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if head && strings.HasPrefix(line, "- ") && strings.Contains(line, ": ") {
			continue
		}
		if line != "" && !strings.HasPrefix(line, "# ") {
			head = false
		}
		if line != "" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

func (f FileFault) String() string { return fmt.Sprintf("%s %s", f.Name, f.What) }

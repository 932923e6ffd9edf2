package notebook

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
)

// Files of an archive that make it a project of MyST (mystmd.org), which writes the
// forms that journals take, JATS and MECA.
const (
	projectFile = "myst.yml"
	articleFile = "article.md"
	articleJATS = "article.xml"
	articleMECA = "article.meca.zip"
)

// mystProject is the content of myst.yml.
type mystProject struct {
	Version int `yaml:"version"`
	Project struct {
		Title        string            `yaml:"title"`
		Subject      string            `yaml:"subject"`
		License      string            `yaml:"license"`
		Keywords     []string          `yaml:"keywords,omitempty"`
		Date         string            `yaml:"date"`
		Authors      []mystAuthor      `yaml:"authors"`
		Affiliations []mystAffiliation `yaml:"affiliations,omitempty"`
		Bibliography []string          `yaml:"bibliography"`
		TOC          []mystEntry       `yaml:"toc"`
		Exports      []mystExport      `yaml:"exports"`
	} `yaml:"project"`
}

type mystAuthor struct {
	Name         string   `yaml:"name"`
	ORCID        string   `yaml:"orcid,omitempty"`
	Affiliations []string `yaml:"affiliations,omitempty"`
}

type mystAffiliation struct {
	ID   string `yaml:"id"`
	Name string `yaml:"name"`
	URL  string `yaml:"url,omitempty"`
}

type mystEntry struct {
	File string `yaml:"file"`
}

type mystExport struct {
	Format string `yaml:"format"`
	Output string `yaml:"output"`
}

// mystHead is what stands before an article: how figures and tables are numbered.
type mystHead struct {
	Title     string               `yaml:"title"`
	Numbering map[string]mystCount `yaml:"numbering"`
	Exports   []mystExport         `yaml:"exports"`
}

type mystCount struct {
	Enumerator string `yaml:"enumerator"`
}

// myst are the files of the project: the page as MyST's Markdown, with pictures that no
// other file of the archive is.
func (j *job) myst(r *Record) ([]member, error) {
	var m mystProject
	m.Version = 1
	p := &m.Project
	p.Title = fmt.Sprintf("Chapter %d of Network Fragility: %s", j.protocol.Chapter(), j.protocol.Title())
	cite := readCitation(j.Root)
	p.Subject, p.License, p.Keywords = "Supplementary material", cite.License, cite.Keywords
	p.Date = j.ended.Format("2006-01-02")
	author := mystAuthor{Name: j.author(), ORCID: j.by.orcid}
	if j.by.organisation != "" {
		author.Affiliations = []string{"by"}
		p.Affiliations = []mystAffiliation{{"by", j.by.organisation, j.by.address}}
	}
	p.Authors = []mystAuthor{author}
	p.Bibliography = []string{referencesFile}
	p.TOC = []mystEntry{{articleFile}}
	p.Exports = []mystExport{{"meca", articleMECA}}
	project, err := yamlText(m)
	if err != nil {
		return nil, err
	}
	body, pictures, err := mystArticle(r, j.protocol, j.nb, j.NoCode)
	if err != nil {
		return nil, err
	}
	prefix := mystCount{j.nb.numberPrefix() + "%s"}
	head, err := yamlText(mystHead{p.Title, map[string]mystCount{"figure": prefix, "table": prefix}, []mystExport{{"jats", articleJATS}}})
	if err != nil {
		return nil, err
	}
	return append([]member{
		{projectFile, "A project of MyST, which makes JATS and MECA: myst build --jats, then --meca", project},
		{articleFile, "The executed notebook as MyST Markdown", []byte("---\n" + string(head) + "---\n\n" + body)},
	}, pictures...), nil
}

func yamlText(v any) ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), e.Close()
}

// mystArticle is a notebook in MyST's Markdown without what stands before it, with
// everything that its run has, and the pictures that are no figures of the run.
func mystArticle(r *Record, p protocols.Protocol, nb *Notebook, noCode bool) (string, []member, error) {
	page, n, err := nb.number()
	if err != nil {
		return "", nil, err
	}
	rest, err := n.rest(r, p)
	if err != nil {
		return "", nil, err
	}
	temp, err := os.MkdirTemp("", "fragility-article-")
	if err != nil {
		return "", nil, err
	}
	defer os.RemoveAll(temp)
	w := &markdownWriter{folder: picturesOf(filepath.Join(temp, articleFile))}
	var pictures []member
	show := func(l label) string {
		place := "figures/" + fileName(l.Name) + ".svg"
		if l.Kind == "Figure" && !(l.own && l.Name != "") {
			place = path.Base(w.folder) + "/" + l.ID + ".svg"
			pictures = append(pictures, member{place, "A picture of the article: " + l.Title, []byte(l.svg)})
		}
		return l.myst(place)
	}
	w.show = func(id string) string {
		for _, l := range n.labels {
			if l.ID == id {
				return show(l)
			}
		}
		return ""
	}
	for i, c := range page.Cells {
		if c.Kind == MarkdownCell { // no file lies beside the article
			page.Cells[i].Source = besideLink.ReplaceAllString(c.Source, "$1")
		}
	}
	if err := w.cells(page, noCode); err != nil {
		return "", nil, err
	}
	if len(w.parts) > 0 && strings.HasPrefix(w.parts[0], "# ") { // the title stands before the article
		_, w.parts[0], _ = strings.Cut(w.parts[0], "\n")
		w.parts[0] = strings.TrimSpace(w.parts[0])
	}
	w.parts = append([]string{fmt.Sprintf("A run of chapter %d of *Network Fragility* [@%s], subjects %s.", p.Chapter(), works[0].key, protocols.Seeds(p.Cohort()))}, w.parts...)
	if len(rest) > 0 {
		w.paragraph("## Further figures and tables of the run")
	}
	for _, l := range rest {
		w.paragraph(show(l))
	}
	for _, file := range w.files {
		data, err := os.ReadFile(file)
		if err != nil {
			return "", nil, err
		}
		pictures = append(pictures, member{path.Base(w.folder) + "/" + filepath.Base(file), "A picture of the article", data})
	}
	return strings.Join(w.parts, "\n\n") + "\n", pictures, w.err
}

// besideLink is a link in Markdown to a file beside the notebook.
var besideLink = regexp.MustCompile(`\[([^\]]*)\]\((?:\.\./|\./)?[\w/-]+\.(?:md|ipynb)\)`)

// myst is a figure or table as MyST has it; a figure's picture lies at place.
func (l label) myst(place string) string {
	caption := citeMyST(l.caption())
	if l.Kind == "Table" {
		return fmt.Sprintf(":::{table} %s\n:label: %s\n\n%s\n:::", caption, l.ID, citeCells(l.grid))
	}
	return fmt.Sprintf(":::{figure} %s\n:label: %s\n:alt: %s\n%s\n:::", place, l.ID, words.Flat(l.caption()), caption)
}

// escapeMyST keeps every character what it is.
var escapeMyST = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`, `{`, `\{`, `}`, `\}`, `$`, `\$`, `~`, `\~`, `@`, `\@`, `<`, `&lt;`, `>`, `&gt;`, `^`, `\^`,
).Replace

// citedMyST is a work between marks that no text has.
var citedMyST = regexp.MustCompile("(\\()?\x01(\\w+)\x02(\\))?")

// citeMyST writes words for MyST, and what names a work as its citation.
func citeMyST(text string) string {
	text, _ = cite(text, func(w work, words string) string {
		if strings.HasPrefix(words, w.short()+" ") {
			return "\x01" + w.key + "\x02"
		}
		return strings.TrimSuffix(words, w.fields["year"]) + "\x01year" + w.key + "\x02" // an author and a year apart
	})
	return citedMyST.ReplaceAllStringFunc(escapeMyST(text), func(mark string) string {
		m := citedMyST.FindStringSubmatch(mark)
		switch key, apart := strings.CutPrefix(m[2], "year"); {
		case apart:
			return m[1] + "{cite:year}`" + key + "`" + m[3]
		case m[1] != "" && m[3] != "":
			return "[@" + key + "]"
		default:
			return m[1] + "@" + key + m[3]
		}
	})
}

// citeCells cites in the rows of a table, which are Markdown already.
func citeCells(grid string) string {
	grid, _ = cite(grid, func(w work, words string) string { return "@" + w.key })
	return grid
}

package site

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/network-fragility/fragility/protocols"
)

// write dresses the pages that show a source, and makes those that are put together
// from all of them. The archive has as many bytes.
func (b *book) write(archive int) error {
	shell := b.page("reproduction.html")
	shell = &page{doc: clone(shell.doc)} // before it is dressed
	for _, p := range b.pages {
		if p.doc == nil {
			continue
		}
		if err := b.dress(p); err != nil {
			return err
		}
	}
	if err := b.addDictionary(archive); err != nil {
		return err
	}
	c, compared := b.compare()
	for file, make := range map[string]func() (*template.Template, any){
		"index.html":  func() (*template.Template, any) { return indexPage, b.front(c, compared, archive) },
		"words.html":  func() (*template.Template, any) { return wordsPage, b.words },
		"search.html": func() (*template.Template, any) { return searchPage, nil },
		"safest.html": func() (*template.Template, any) {
			if !compared {
				return notCompared, nil
			}
			return safestPage, c
		},
	} {
		t, data := make()
		var content bytes.Buffer
		if err := t.Execute(&content, data); err != nil {
			return err
		}
		if err := b.page(file).like(shell, content.String()); err != nil {
			return err
		}
	}
	for _, p := range b.pages {
		if p.file != "words.html" {
			if err := explain(p, b.words); err != nil {
				return err
			}
		}
	}
	return b.addIndex()
}

// A front is what the first page shows.
type front struct {
	Opening  []template.HTML // paragraphs of the index notebook
	Answers  []string
	Counts   []count
	Claims   int
	Chapters []entry
	Rest     []*page
	Bytes    string // of the archive
	Archive  string
}

// An entry is a chapter in the list of them.
type entry struct {
	File, Number, Title, Shows string
	Counts                     []count
	Live                       bool
}

func (b *book) front(c comparison, compared bool, archive int) front {
	f := front{Archive: archiveName, Bytes: megabytes(archive)}
	if compared {
		f.Answers = c.Answers
	}
	f.Counts, f.Claims = counted(b.verdictsOf())
	start := b.page("start.html")
	opening := start.heading().Parent
	for n := range opening.ChildNodes() {
		if n.Data == "p" && len(f.Opening) < 2 {
			var text strings.Builder
			html.Render(&text, n)
			f.Opening = append(f.Opening, template.HTML(text.String()))
		}
	}
	shows := map[string]string{} // what each notebook shows, as the index notebook tells
	for _, tr := range find(start.main(), element("tr", "")) {
		if a, cells := first(tr, element("a", "")), find(tr, element("td", "")); a != nil && len(cells) == 2 {
			shows[attr(a, "href")] = text(cells[1])
		}
	}
	for _, p := range b.pages {
		switch {
		case p.chapter > 0:
			e := entry{File: p.file, Number: fmt.Sprint(p.chapter), Title: chapterOf(p.chapter).Title(), Shows: shows[p.file], Live: p.live()}
			if from := b.verdicts[p.chapter]; from != nil {
				e.Counts, _ = counted(from.Claims)
			}
			f.Chapters = append(f.Chapters, e)
		case p.file != "index.html" && p.file != "safest.html":
			f.Rest = append(f.Rest, p)
		}
	}
	return f
}

// addDictionary puts the download and what every name means below the page of the data.
func (b *book) addDictionary(archive int) error {
	type chapter struct {
		ID, Title string
		Entries   []protocols.Entry
	}
	var chapters []chapter
	for _, n := range protocols.Chapters() {
		p := chapterOf(n)
		chapters = append(chapters, chapter{fmt.Sprintf("dictionary-%d", n), fmt.Sprintf("Chapter %d: %s", n, p.Title()), protocols.Dictionary(p)})
	}
	pieces, err := fill(dictionaryPart, map[string]any{"Chapters": chapters, "Archive": archiveName, "Bytes": megabytes(archive)})
	if err != nil {
		return err
	}
	main := b.page("data.html").main()
	text := first(main, element("section", "prose"))
	for _, h := range find(text, element("h1", "")) {
		h.Data, h.DataAtom = "h2", atom.H2
	}
	put(main, text, pieces[0])
	put(main, nil, pieces[1:]...)
	return nil
}

func megabytes(n int) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// About says of a page in the list of the rest what it has.
func (p *page) About() string { return abouts[p.file] }

// File is the page's, for templates.
func (p *page) File() string { return p.file }

// Name is the page's in lists, for templates.
func (p *page) Name() string { return p.name }

var abouts = map[string]string{
	"beyond.html":       "treatments of one's own: sequences, combinations, grids of doses, mixed cohorts",
	"reproduction.html": "the book's figures beside ours, chapter by chapter, and what every claim comes to",
	"plan.html":         "every claim with its measure, margin and test, written down beforehand",
	"data.html":         "the numbers to take away, and what every name in them means",
	"words.html":        "what the words of these pages mean",
	"start.html":        "the notebooks, and how to change something in them",
	"search.html":       "all pages, word by word",
}

var (
	indexPage = template.Must(template.New("index").Parse(`<section class="prose"><h1 id="network-fragility">Network Fragility</h1>
{{range .Opening}}{{.}}
{{end}}{{with .Answers}}<h2 id="safest"><a href="safest.html">Which treatment is safest?</a></h2>
{{range .}}<p class="site-answer">{{.}}</p>
{{end}}<p><a href="safest.html">Treatments by risks, in one table</a></p>
{{end}}<h2 id="chapters">The chapters</h2>
<p>Of {{.Claims}} claims of the book: {{range $i, $c := .Counts}}{{if $i}}, {{end}}<strong class="site-{{.Verdict}}">{{.N}} {{.Verdict}}</strong>{{end}}. What a chapter repeats of an earlier one counts there.</p>
<ol class="site-chapters">
{{range .Chapters}}<li value="{{.Number}}"><a href="{{.File}}">{{.Title}}</a>{{if .Live}} <span class="site-tag">live dials</span>{{end}}
{{with .Shows}}<div>{{.}}</div>{{end}}<div class="site-quiet">{{with .Counts}}{{range $i, $c := .}}{{if $i}}, {{end}}{{.N}} {{.Verdict}}{{end}}{{else}}its verdicts wait for more subjects{{end}}</div></li>
{{end}}</ol>
<h2 id="more">More</h2>
<ul class="site-chapters">{{range .Rest}}<li><a href="{{.File}}">{{.Name}}</a><div>{{.About}}</div></li>
{{end}}</ul>
<p class="site-take"><a href="{{.Archive}}" download>Everything in one file</a> ({{.Bytes}}): numbers, dictionaries, verdicts, notebooks with their outputs, plan and licence, with checksums.</p>
</section>`))

	wordsPage = template.Must(template.New("words").Parse(`<section class="prose site-plain"><h1 id="words">Words</h1>
<p>A word with a dotted line below it is explained where it stands: press it. These are all of them, and those that the program's own texts use.</p>
<dl class="site-words">
{{range .}}<dt id="{{.ID}}">{{.Name}}{{range .Also}}<span class="site-quiet">, {{.}}</span>{{end}}</dt><dd>{{.Meaning}}</dd>
{{end}}</dl></section>`))

	searchPage = template.Must(template.New("search").Parse(`<section class="prose site-plain"><h1 id="search">Search</h1>
<form class="site-search" role="search"><label for="site-asked">Words, or how they begin</label><input id="site-asked" type="search" autocomplete="off" spellcheck="false"></form>
<p class="site-quiet" id="site-found" aria-live="polite">The search needs a script, which this browser does not run.</p>
<ol id="site-hits" class="site-hits"></ol></section>`))

	notCompared = template.Must(template.New("safest").Parse(`<section class="prose"><h1 id="safest">Which treatment is safest?</h1>
<p>The record has fewer than two whole subjects of one of the chapters 5, 7 and 8, so the treatments cannot be compared yet.</p></section>`))

	dictionaryPart = template.Must(template.New("dictionary").Parse(`<section class="prose"><h1 id="data">Data</h1>
<p class="site-take"><a href="{{.Archive}}" download>Everything in one file</a> ({{.Bytes}}): the long table and the dictionary of each chapter as CSV, all verdicts, the notebooks with their outputs, the analysis plan, the licence, and checksums. Its README says how to check it.</p></section>` +
		`<section class="prose"><h2 id="dictionary">What every name means</h2>
<p>What the columns, arms, conditions, metrics and parameters of a chapter's numbers are called, and what that is.</p></section>
{{range .Chapters}}<section class="prose"><h3 id="{{.ID}}">{{.Title}}</h3></section>
<details class="site-more"><summary>{{len .Entries}} names</summary><div class="html"><table class="site-dictionary" aria-label="{{.Title}}">
<thead><tr><th scope="col">kind</th><th scope="col">name</th><th scope="col">unit</th><th scope="col">meaning</th></tr></thead>
<tbody>{{range .Entries}}<tr><td>{{.Kind}}</td><td><code>{{.Name}}</code></td><td>{{.Unit}}</td><td>{{.Meaning}}</td></tr>
{{end}}</tbody></table></div></details>
{{end}}`))
)

package site

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"strings"

	"golang.org/x/net/html"
)

//go:embed site.css
var styleText string

//go:embed site.js
var scriptText string

// frame puts what all pages share around one: the way to the others, the switch, style
// and script, and the policy that forbids the rest.
func (b *book) frame(p *page) error {
	at := 0
	for i, other := range b.pages {
		if other == p {
			at = i
		}
	}
	data := map[string]any{"Page": p, "Pages": b.pages, "Folds": first(p.main(), element("", "site-more")) != nil || first(p.main(), element("", "site-made")) != nil}
	if at > 0 {
		data["Before"] = b.pages[at-1]
	}
	if at+1 < len(b.pages) {
		data["After"] = b.pages[at+1]
	}
	body := p.main().Parent
	above, err := fill(aboveMain, data)
	if err != nil {
		return err
	}
	below, err := fill(belowMain, data)
	if err != nil {
		return err
	}
	main := p.main()
	setAttr(main, "id", "main")
	put(body, main, above...)
	put(body, main.NextSibling, below...)
	head := first(p.doc, element("head", ""))
	style := newElement("style", "")
	style.AppendChild(textNode(styleText))
	put(head, nil, style)
	addScript(p.doc, head, scriptText)
	return nil
}

// addScript puts a script into a page and its digest into the page's policy.
func addScript(doc, at *html.Node, source string) {
	script := newElement("script", "")
	script.AppendChild(textNode(source))
	put(at, nil, script)
	sum := sha256.Sum256([]byte(source))
	named := "script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	policy := first(doc, func(n *html.Node) bool { return n.Data == "meta" && attr(n, "http-equiv") == "Content-Security-Policy" })
	if policy == nil {
		policy = newElement("meta", "")
		setAttr(policy, "http-equiv", "Content-Security-Policy")
		setAttr(policy, "content", "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; script-src; base-uri 'none'; form-action 'none'")
		head := first(doc, element("head", ""))
		put(head, head.FirstChild, policy)
	}
	setAttr(policy, "content", strings.Replace(attr(policy, "content"), "script-src", named, 1))
}

var aboveMain = template.Must(template.New("above").Parse(`<a class="site-skip" href="#main">to the text</a>
<header class="site-head"><nav aria-label="Site">
<a class="site-home" href="index.html"{{if eq .Page.File "index.html"}} aria-current="page"{{end}}>Network Fragility</a>
<details class="site-menu"><summary>Chapters</summary><ul>{{range .Pages}}{{if or .Chapter (eq .File "beyond.html")}}<li><a href="{{.File}}"{{if eq .File $.Page.File}} aria-current="page"{{end}}>{{.Name}}</a></li>{{end}}{{end}}</ul></details>
{{range .Pages}}{{with .Short}}<a href="{{.File}}"{{if eq .File $.Page.File}} aria-current="page"{{end}}>{{.Words}}</a>
{{end}}{{end}}</nav>
{{if .Folds}}<button type="button" class="site-switch" role="switch" aria-checked="false" hidden>Code and tables</button>{{end}}</header>
`))

var belowMain = template.Must(template.New("below").Parse(`<footer class="site-foot"><nav aria-label="Pages in order">
{{with .Before}}<a rel="prev" href="{{.File}}"><small>previous</small>{{.Name}}</a>{{else}}<span></span>{{end}}
{{with .After}}<a rel="next" href="{{.File}}"><small>next</small>{{.Name}}</a>{{end}}</nav></footer>
`))

// Chapter is the page's, for templates.
func (p *page) Chapter() int { return p.chapter }

// A short is a page's entry above every page.
type short struct{ File, Words string }

// Short is the page's; nil where it has none.
func (p *page) Short() *short {
	if words, ok := shorts[p.file]; ok {
		return &short{p.file, words}
	}
	return nil
}

var shorts = map[string]string{
	"safest.html": "Which is safest?", "reproduction.html": "What comes back", "data.html": "Data", "words.html": "Words", "search.html": "Search",
}

package site

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/network-fragility/fragility/protocols"
)

// A page is one file of the site.
type page struct {
	file    string
	name    string // as lists of pages have it
	source  string // the notebook or text that it shows, from the checkout; "" for one that is made of several
	chapter int    // 0 for none
	doc     *html.Node
}

// pagesOf are a site's pages, in the order in which they are read.
func pagesOf() []*page {
	list := []*page{
		{file: "index.html", name: "Network Fragility"},
		{file: "safest.html", name: "Which treatment is safest?"},
	}
	for _, n := range protocols.Chapters() {
		p, _ := protocols.Configure(n, nil) // a chapter with its defaults
		list = append(list, &page{file: chapterFile(n), name: fmt.Sprintf("%d  %s", n, p.Title()), source: "notebooks/" + protocols.ChapterName(n) + ".ipynb", chapter: n})
	}
	return append(list,
		&page{file: "beyond.html", name: "Beyond the book", source: "notebooks/beyond.ipynb"},
		&page{file: "reproduction.html", name: "What comes back", source: "REPRODUCTION.md"},
		&page{file: "plan.html", name: "Analysis plan", source: "plan/README.md"},
		&page{file: "data.html", name: "Data", source: "docs/data.md"},
		&page{file: "words.html", name: "Words"},
		&page{file: "start.html", name: "Run it yourself", source: "notebooks/index.ipynb"},
		&page{file: "search.html", name: "Search"},
	)
}

// page is that of a file's name.
func (b *book) page(file string) *page {
	for _, p := range b.pages {
		if p.file == file {
			return p
		}
	}
	return nil
}

// live reports whether the page's dials answer.
func (p *page) live() bool { return p.section() != nil }

// section is the part of a page that answers.
func (p *page) section() *html.Node {
	return first(p.doc, func(n *html.Node) bool { return attr(n, "id") == "live" })
}

func (p *page) main() *html.Node { return first(p.doc, element("main", "")) }

func (p *page) bytes() ([]byte, error) {
	var b bytes.Buffer
	err := html.Render(&b, p.doc)
	return b.Bytes(), err
}

// like makes a page with the style of another, and content of its own below the title.
func (p *page) like(shell *page, content string) error {
	pieces, err := fragment(content)
	if err != nil {
		return err
	}
	p.doc = clone(shell.doc)
	main := p.main()
	for main.FirstChild != nil {
		main.RemoveChild(main.FirstChild)
	}
	put(main, nil, pieces...)
	title := first(p.doc, element("title", ""))
	for title.FirstChild != nil {
		title.RemoveChild(title.FirstChild)
	}
	title.AppendChild(textNode(p.name))
	return nil
}

// heading is an element of the page by its words.
func (p *page) heading() *html.Node { return first(p.main(), element("h1", "")) }

// title is what the page is called on itself.
func (p *page) title() string {
	if h := p.heading(); h != nil {
		return text(h)
	}
	return p.name
}

// has reports whether an element of the page has an id.
func (p *page) has(id string) bool {
	return first(p.doc, func(n *html.Node) bool { return attr(n, "id") == id }) != nil
}

// parsePage reads an exported page.
func parsePage(source []byte) (*html.Node, error) {
	doc, err := html.Parse(bytes.NewReader(source))
	if err != nil {
		return nil, err
	}
	if first(doc, element("main", "")) == nil {
		return nil, fmt.Errorf("site: an exported page has no content")
	}
	return doc, nil
}

// newElement is an element with a class.
func newElement(name, class string, words ...string) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: name, DataAtom: atom.Lookup([]byte(name))}
	if class != "" {
		n.Attr = []html.Attribute{{Key: "class", Val: class}}
	}
	if len(words) > 0 {
		n.AppendChild(textNode(strings.Join(words, " ")))
	}
	return n
}

func textNode(words string) *html.Node { return &html.Node{Type: html.TextNode, Data: words} }

package site

import (
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/network-fragility/fragility/kernel/live"
	"github.com/network-fragility/fragility/kernel/notebook"
	"github.com/network-fragility/fragility/protocols"
)

// dress makes an exported page one that a reader opens first: what it comes to, its
// picture or dials, its words; tables, code and how it was made are behind the switch.
func (b *book) dress(p *page) error {
	local(p)
	fold(p)
	if p.chapter == 0 {
		return nil
	}
	s := summary{Subjects: factOf(p, "Subjects")}
	if c := b.verdicts[p.chapter]; c != nil {
		s = summarise(c)
	}
	if !p.live() && slices.Contains(live.Chapters, p.chapter) {
		s.Still = live.Usual
	}
	s.Plain = plainWords(p)
	pieces, err := fill(summaryBlock, s)
	if err != nil {
		return err
	}
	title := p.heading()
	opening := title.Parent // the section that the page begins with
	head := newElement("section", "prose")
	put(p.main(), opening, head)
	put(head, nil, title)
	put(p.main(), opening, pieces...)
	if dials := p.section(); dials != nil {
		put(p.main(), opening, dials)
	} else if picture, err := b.picture(p); err != nil {
		return err
	} else if picture != nil {
		put(p.main(), opening, picture)
	}
	lead(p)
	return nil
}

// factOf is one of the facts below a page's title.
func factOf(p *page, name string) string {
	dt := first(p.main(), func(n *html.Node) bool { return n.Data == "dt" && text(n) == name })
	if dt == nil {
		return ""
	}
	return text(nextElement(dt))
}

// plainWords are what a notebook says of the book's claims in words: the list at its end
// of which each point begins with what the book says.
func plainWords(p *page) template.HTML {
	point := first(p.main(), func(n *html.Node) bool { return n.Data == "li" && strings.HasPrefix(text(n), "The book: ") })
	if point == nil {
		return ""
	}
	var b strings.Builder
	html.Render(&b, point.Parent)
	return template.HTML(b.String())
}

// lead puts what stands first into the page's contents first.
func lead(p *page) {
	contents := first(p.main(), element("nav", "contents"))
	if contents == nil {
		return
	}
	list := first(contents, element("ol", ""))
	dials := first(list, func(n *html.Node) bool { return attr(n, "href") == "#Turn-it-yourself" })
	if dials != nil {
		put(list, list.FirstChild, dials.Parent)
	}
	entry, link := newElement("li", ""), newElement("a", "", "In short")
	setAttr(link, "href", "#In-short")
	put(entry, nil, link)
	put(list, list.FirstChild, entry)
}

// local gives links to other pages of the site their address.
func local(p *page) {
	for _, a := range find(p.doc, element("a", "")) {
		if to, ok := strings.CutPrefix(attr(a, "href"), here); ok {
			setAttr(a, "href", to)
		}
	}
}

// fold closes what the switch opens.
func fold(p *page) {
	for _, t := range find(p.main(), element("div", "html")) {
		inside := first(t, element("div", "fragility-table"))
		switch {
		case inside != nil:
			number, title := "Table", ""
			if caption := first(inside, element("caption", "")); caption != nil {
				number, title = labelOf(caption)
			}
			summary := foldInto(t, number)
			put(summary, nil, newElement("span", "site-title", title))
			for _, table := range find(inside, element("table", "")) {
				stack(table)
			}
		case isRun(t):
			addClass(t, "site-made")
		}
	}
	for _, t := range find(p.main(), element("table", "")) {
		if !within(t, func(a *html.Node) bool { return hasClass(a, "html") || hasClass(a, "fragility-table") }) {
			wrap(t, newElement("div", "html site-wide")) // which scrolls on a narrow screen
			stackText(t)
		}
	}
	for _, d := range find(p.main(), element("details", "code")) {
		addClass(d, "site-made")
	}
	if facts := first(p.main(), element("dl", "facts")); facts != nil && strings.HasSuffix(p.source, ".ipynb") {
		foldInto(facts, "How this page was made")
	} else if facts != nil {
		facts.Parent.RemoveChild(facts)
	}
	// What to do in JupyterLab is of no use on a page.
	for _, para := range find(p.main(), element("p", "")) {
		if em := para.FirstChild; em != nil && em.Data == "em" && em.NextSibling == nil && strings.Contains(text(em), "JupyterLab") {
			addClass(para, "site-made")
		}
	}
}

// isRun reports whether an output is the line of a run: how much was computed.
func isRun(output *html.Node) bool {
	words := text(output)
	return strings.Contains(words, " stages: ") && strings.Contains(words, " reused, ")
}

// labelOf takes a table's caption apart, which begins with its number.
func labelOf(caption *html.Node) (number, title string) {
	whole := text(caption)
	number = "Table"
	if b := first(caption, element("b", "")); b != nil {
		number = strings.TrimSuffix(text(b), ".")
	}
	title = strings.TrimLeft(strings.TrimPrefix(whole, number), ". ")
	return number, ". " + title
}

// foldInto puts an element into one that opens and closes, and gives what it is opened by.
func foldInto(n *html.Node, words string) *html.Node {
	d, summary := newElement("details", "site-more"), newElement("summary", "", words)
	wrap(n, d)
	put(d, n, summary)
	return summary
}

// picture is a copy of the one that the notebook's dials turn, with its caption; where it
// has none, of the first below the protocol's; nil where the page has no such.
func (b *book) picture(p *page) (*html.Node, error) {
	nb, err := readSource(b.path(p))
	if err != nil {
		return nil, err
	}
	pictures := find(p.main(), func(n *html.Node) bool { return n.Data == "svg" && n.Parent.Data == "figure" })
	if len(pictures) < 2 {
		return nil, nil
	}
	chosen := pictures[1]
	for _, c := range nb.Cells {
		if c.Kind != notebook.CodeCell || !strings.Contains(c.Source, ".Turn(") {
			continue
		}
		for _, raw := range c.Outputs {
			if i := slices.IndexFunc(pictures, func(svg *html.Node) bool { return attr(svg, "aria-label") == plainText(raw) }); i >= 0 {
				chosen = pictures[i]
			}
		}
	}
	step := newElement("section", "step")
	output := clone(chosen.Parent.Parent)
	for _, n := range find(output, func(n *html.Node) bool { return n.Data == "figure" }) { // a page has an id once
		n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "id" })
	}
	put(step, nil, output)
	return step, nil
}

// plainText is an output in words.
func plainText(raw json.RawMessage) string {
	var o struct {
		Data map[string]any
	}
	if json.Unmarshal(raw, &o) != nil {
		return ""
	}
	switch v := o.Data["text/plain"].(type) {
	case string:
		return strings.TrimSpace(v)
	case []any: // lines
		var b strings.Builder
		for _, line := range v {
			b.WriteString(fmt.Sprint(line))
		}
		return strings.TrimSpace(b.String())
	}
	return ""
}

// nextElement is the one beside n, nil for none.
func nextElement(n *html.Node) *html.Node {
	for n = n.NextSibling; n != nil && n.Type != html.ElementNode; n = n.NextSibling {
	}
	return n
}

// verdictsOf are the claims of all chapters that have subjects.
func (b *book) verdictsOf() (list []protocols.Judged) {
	for _, n := range protocols.Chapters() {
		if c := b.verdicts[n]; c != nil {
			list = append(list, c.Claims...)
		}
	}
	return list
}

package site

import (
	_ "embed"
	"encoding/json"
	"strings"

	"golang.org/x/net/html"
)

//go:embed search.js
var searchScript string

// A section is what the search finds: the text below a heading.
type section struct {
	File, ID, Page, Title, Text string
}

// addIndex gives the page of the search the text of all others.
func (b *book) addIndex() error {
	var list []section
	for _, p := range b.pages {
		if p.file != "search.html" {
			list = append(list, sections(p)...)
		}
	}
	data, err := json.Marshal(list) // with <, > and & escaped, so that no text ends the element
	if err != nil {
		return err
	}
	p := b.page("search.html")
	texts := newElement("script", "", string(data))
	setAttr(texts, "type", "application/json")
	setAttr(texts, "id", "site-texts")
	put(p.main(), nil, texts)
	addScript(p.doc, p.main(), searchScript)
	return nil
}

// sections are those of a page: the text of each heading of the first three ranks, and
// of each word that is explained.
func sections(p *page) []section {
	list := []section{{File: p.file, Page: p.title(), Title: p.title()}}
	var words strings.Builder
	end := func() {
		last := &list[len(list)-1]
		last.Text = strings.Join(strings.Fields(words.String()), " ")
		words.Reset()
	}
	var read func(n *html.Node)
	read = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			words.WriteString(n.Data)
			return
		case n.Type != html.ElementNode:
		case silent(n):
			return
		case n.Data == "h2" || n.Data == "h3" || n.Data == "dt" && attr(n, "id") != "":
			end()
			list = append(list, section{File: p.file, ID: attr(n, "id"), Page: p.title(), Title: text(n)})
			return
		case n.Data == "svg":
			words.WriteString(" " + attr(n, "aria-label") + " ")
			return
		}
		for c := range n.ChildNodes() {
			read(c)
		}
		if n.Type == html.ElementNode && !inline[n.Data] {
			words.WriteString(" ")
		}
	}
	read(p.main())
	end()
	kept := list[:0]
	for _, s := range list {
		if s.Text != "" || s.ID != "" {
			kept = append(kept, s)
		}
	}
	return kept
}

// silent reports whether an element has nothing that anybody searches for.
func silent(n *html.Node) bool {
	switch n.Data {
	case "script", "style", "form", "nav", "math":
		return true
	case "details":
		return hasClass(n, "code")
	}
	return hasClass(n, "site-meaning") || hasClass(n, "fragility-numbers")
}

// inline are elements that stand within a word's line.
var inline = map[string]bool{"a": true, "b": true, "button": true, "code": true, "em": true, "i": true, "span": true, "strong": true, "sub": true, "sup": true}

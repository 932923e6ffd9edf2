package site

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// find lists the elements below a node that a condition holds for, in the order of the
// page.
func find(n *html.Node, is func(*html.Node) bool) []*html.Node {
	var list []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && is(d) {
			list = append(list, d)
		}
	}
	return list
}

// first is the first of them, nil where there is none.
func first(n *html.Node, is func(*html.Node) bool) *html.Node {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && is(d) {
			return d
		}
	}
	return nil
}

// element is the condition of an element's name, and a class where one is named.
func element(name, class string) func(*html.Node) bool {
	return func(n *html.Node) bool { return (name == "" || n.Data == name) && (class == "" || hasClass(n, class)) }
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func setAttr(n *html.Node, name, value string) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
	n.Attr = append(n.Attr, html.Attribute{Key: name, Val: value})
}

func hasClass(n *html.Node, class string) bool {
	return slices.Contains(strings.Fields(attr(n, "class")), class)
}

func addClass(n *html.Node, class string) {
	setAttr(n, "class", strings.TrimSpace(attr(n, "class")+" "+class))
}

// words are the text of an element in one line.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// within reports whether a node stands in an element that a condition holds for.
func within(n *html.Node, is func(*html.Node) bool) bool {
	for a := range n.Ancestors() {
		if a.Type == html.ElementNode && is(a) {
			return true
		}
	}
	return false
}

// fragment reads a piece of a page.
func fragment(source string) ([]*html.Node, error) {
	list, err := html.ParseFragment(strings.NewReader(source), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	return list, nil
}

// put puts pieces in front of a child of parent, at its end where before is nil.
func put(parent, before *html.Node, pieces ...*html.Node) {
	for _, p := range pieces {
		if p.Parent != nil {
			p.Parent.RemoveChild(p)
		}
		parent.InsertBefore(p, before)
	}
}

// wrap puts a node into an element that takes its place.
func wrap(n, around *html.Node) {
	n.Parent.InsertBefore(around, n)
	put(around, nil, n)
}

// clone copies a node with all that is below it.
func clone(n *html.Node) *html.Node {
	c := &html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Namespace: n.Namespace, Attr: slices.Clone(n.Attr)}
	for child := range n.ChildNodes() {
		c.AppendChild(clone(child))
	}
	return c
}

// fill makes pieces of a page from a template.
func fill(t *template.Template, data any) ([]*html.Node, error) {
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return nil, err
	}
	return fragment(b.String())
}

package site

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// longest is how many letters a first column has at most that shares its line with the
// words beside it, as the table of a figure does; a question has a line of its own.
const longest = 24

// stack makes a table that begins with several columns of words one that a narrow screen
// shows row below row: its words, and then each number with the name of its column. On a
// phone those columns fill the screen, and every number would be off it.
func stack(t *html.Node) {
	heads := headsOf(t)
	wordy := 0
	for wordy < len(heads) && ofWords(heads[wordy]) {
		wordy++
	}
	if wordy < 2 || wordy == len(heads) {
		return
	}
	stackFrom(t, heads, wordy)
}

// stackText does so with a table of text, which has sentences in several columns: it
// begins with a number and what that is of.
func stackText(t *html.Node) {
	heads := headsOf(t)
	sentences := map[int]bool{} // columns that have one
	for _, row := range rowsIn(t, "tbody") {
		for i, cell := range find(row, element("td", "")) {
			if utf8.RuneCountInString(text(cell)) > longest {
				sentences[i] = true
			}
		}
	}
	if len(sentences) > 3 {
		stackFrom(t, heads, 2)
	}
}

// stackFrom gives the cells from a column on the names of their columns.
func stackFrom(t *html.Node, heads []*html.Node, wordy int) {
	addClass(t, "site-stack")
	short := true
	for _, row := range rowsIn(t, "tbody") {
		cells := find(row, element("td", ""))
		for i, cell := range cells {
			column := len(heads) - len(cells) + i // a row of a part lacks the first cell, which stands above
			if column < 0 {
				continue
			}
			if column >= wordy {
				setAttr(cell, "data-head", text(heads[column]))
				continue
			}
			addClass(cell, "site-wordy")
			short = short && (column > 0 || utf8.RuneCountInString(text(cell)) <= longest)
		}
	}
	if short {
		addClass(t, "site-inline")
	}
}

// rowsIn are the rows of a part of a table.
func rowsIn(t *html.Node, part string) []*html.Node {
	return find(t, func(n *html.Node) bool { return n.Data == "tr" && n.Parent.Data == part })
}

// headsOf are the heads of a table's columns.
func headsOf(t *html.Node) []*html.Node {
	rows := rowsIn(t, "thead")
	if len(rows) == 0 {
		return nil
	}
	return find(rows[len(rows)-1], element("th", ""))
}

// ofWords reports whether a column that has this head holds words, which begin at its left.
func ofWords(head *html.Node) bool {
	return text(head) != "" && strings.Contains(attr(head, "style"), "text-align:left")
}

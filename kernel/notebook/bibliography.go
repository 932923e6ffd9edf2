package notebook

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
)

// referencesFile is the bibliography of an archive, in BibTeX.
const referencesFile = "references.bib"

// bibliographyText is the one place that says which works there are: the book, and
// the methods that tables and figures name by author and year.
//
//go:embed references.bib
var bibliographyText string

// A work is an entry of the bibliography.
type work struct {
	key    string // holm1979
	fields map[string]string
	words  *regexp.Regexp // how a text names it: Holm 1979
}

// in reports whether a text names the work. A search for the authors comes first, since
// it is many times as quick as the expression and mostly finds nothing.
func (w work) in(text string) bool {
	return strings.Contains(text, w.short()) && w.words.MatchString(text)
}

var (
	workHead  = regexp.MustCompile(`(?m)^@\w+\{(\w+),$`)
	workField = regexp.MustCompile(`(?m)^  (\w+) = \{(.*)\},$`)
	works     = readWorks(bibliographyText)
)

// readWorks reads BibTeX of our own making: a line a field.
func readWorks(text string) (list []work) {
	heads := workHead.FindAllStringSubmatchIndex(text, -1)
	for i, h := range heads {
		end := len(text)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		w := work{key: text[h[2]:h[3]], fields: map[string]string{}}
		for _, f := range workField.FindAllStringSubmatch(text[h[1]:end], -1) {
			w.fields[f[1]] = f[2]
		}
		w.words = regexp.MustCompile(`\b` + regexp.QuoteMeta(w.short()) + `(?:,? |’s [^.;()]{1,60}\()` + w.fields["year"] + `\b`)
		list = append(list, w)
	}
	return list
}

// authors are the family names, with the given ones behind a comma.
func (w work) authors() []string { return strings.Split(w.fields["author"], " and ") }

// short is how a text names the authors: Holm; Brown and Forsythe; Simonsohn, Simmons
// and Nelson; Agarwal et al.
func (w work) short() string {
	var names []string
	for _, a := range w.authors() {
		family, _, _ := strings.Cut(a, ",")
		names = append(names, family)
	}
	switch n := len(names); {
	case n > 3:
		return names[0] + " et al."
	case n > 1:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return names[0]
}

// markdown is the entry as a list of references has it.
func (w work) markdown() string {
	f := w.fields
	text := strings.Join(w.authors(), "; ") + " (" + f["year"] + "). "
	in := f["journal"] + f["booktitle"]
	if in == "" {
		text += "*" + f["title"] + "*"
		if f["edition"] != "" {
			text += ", edition " + f["edition"]
		}
		text += ". " + f["publisher"]
	} else {
		text += f["title"] + ". *" + in + "* " + f["volume"] + ", " + strings.ReplaceAll(f["pages"], "--", "–")
	}
	text += "."
	if f["doi"] != "" {
		text += " <" + doiAddress + f["doi"] + ">"
	}
	return text
}

// cite replaces what names a work by what as makes of it and of the words there; it
// returns the works too.
func cite(text string, as func(w work, words string) string) (string, []work) {
	var cited []work
	for _, w := range works {
		if !w.in(text) {
			continue
		}
		cited = append(cited, w)
		text = w.words.ReplaceAllStringFunc(text, func(words string) string { return as(w, words) })
	}
	return text, cited
}

// cited are the works that texts name, in the order of the bibliography; the book,
// which every chapter is of, is always among them.
func cited(texts ...string) []work {
	all := strings.Join(texts, "\n")
	return slices.DeleteFunc(slices.Clone(works), func(w work) bool {
		return doiAddress+w.fields["doi"] != bookAddress && !w.in(all)
	})
}

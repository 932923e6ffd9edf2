package words

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// NBSP is a space that does not break.
const NBSP = "\u00a0"

// Tie keeps a number and its unit, a dash and what it joins, and what is counted or set
// and its number on one line: it puts spaces there that do not break. Untie takes them
// out again.
func Tie(words string) string {
	return set.ReplaceAllString(tied.Replace(words), "$1"+NBSP+"$2")
}

// Untie makes every space one that breaks.
func Untie(words string) string { return strings.ReplaceAll(words, NBSP, " ") }

var set = regexp.MustCompile(`\b(at|cycle|trigger|bias) (\d)`)

var tied = strings.NewReplacer(" %", NBSP+"%", " ±", NBSP+"±", " − ", NBSP+"− ", "SD ", "SD"+NBSP)

// Flat puts words on one line.
func Flat(words string) string { return strings.Join(strings.Fields(words), " ") }

// Join joins the parts that are not empty.
func Join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

// Capital begins a sentence.
func Capital(words string) string {
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

// NoteStyle is how what stands below a table or a plot looks on a page.
const NoteStyle = "max-width:60em;margin:0 0 1em 0;font-size:90%;"

// HTML is words as a page has them.
func HTML(words string) string { return html.EscapeString(Tie(words)) }

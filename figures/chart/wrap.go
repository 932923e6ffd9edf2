package chart

import (
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/network-fragility/fragility/figures/words"
)

// run is a piece of a line in one style.
type run struct {
	style lettering
	rise  vg.Length
	words string
}

// runs splits a line at "^{...}", which is raised. The fonts lack half of
// Unicode's raised digits, and the minus among them.
func runs(s lettering, line string) []run {
	before, after, raised := strings.Cut(line, "^{")
	exponent, rest, closed := strings.Cut(after, "}")
	if !raised || !closed {
		return []run{{style: s, words: line}}
	}
	small := s
	small.font.Size *= 0.75
	return append([]run{{style: s, words: before}, {small, s.font.Size * 0.4, exponent}}, runs(s, rest)...)
}

func lineWidth(s lettering, line string) vg.Length {
	var w vg.Length
	for _, r := range runs(s, line) {
		w += r.style.width(r.words)
	}
	return w
}

func wordsWidth(s lettering, words string) vg.Length {
	var w vg.Length
	for line := range strings.SplitSeq(words, "\n") {
		w = max(w, lineWidth(s, line))
	}
	return w
}

// wordsHeight is from the last line's base to the top of the first line's
// capitals.
func wordsHeight(s lettering, words string) vg.Length {
	return vg.Length(strings.Count(words, "\n"))*lineHeight(s) + capHeight(s)
}

func lineHeight(s lettering) vg.Length { return 1.2 * s.font.Size }
func capHeight(s lettering) vg.Length  { return 0.72 * s.font.Size }
func descent(s lettering) vg.Length    { return 0.22 * s.font.Size }

// wrap breaks words into lines no wider than width, besides where they have
// line breaks of their own.
func wrap(s lettering, text string, width vg.Length) string {
	var lines []string
	for part := range strings.SplitSeq(text, "\n") {
		line := ""
		for word := range strings.SplitSeq(words.Tie(part), " ") {
			switch {
			case line == "":
				line = word
			case lineWidth(s, line+" "+word) > width:
				lines = append(lines, line)
				line = word
			default:
				line += " " + word
			}
		}
		lines = append(lines, line)
	}
	return words.Untie(strings.Join(lines, "\n"))
}

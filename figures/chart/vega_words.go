package chart

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot/vg"
)

// vegaLines are words by lines, for which a specification has a list; one line
// stands for itself.
func vegaLines(words string) any {
	words = plainWords(words)
	if !strings.Contains(words, "\n") {
		return words
	}
	var lines []any
	for line := range strings.SplitSeq(words, "\n") {
		lines = append(lines, line)
	}
	return lines
}

var raised = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹",
	"−", "⁻", "-", "⁻", "+", "⁺", "(", "⁽", ")", "⁾", "n", "ⁿ", "i", "ⁱ")

// plainWords are words in which what is raised is so by its characters: the
// text of a specification has one size. A browser finds a font that has them.
func plainWords(words string) string {
	before, after, found := strings.Cut(words, "^{")
	exponent, rest, closed := strings.Cut(after, "}")
	if !found || !closed {
		return words
	}
	return before + raised.Replace(exponent) + plainWords(rest)
}

// vegaText is words at a place of the panel in pixels, from its upper left. Of
// several lines they stand as words of the page do.
func vegaText(x, y float64, s lettering, along, across Place, words string) object {
	mark := vegaLettering(s, along, across, words)
	mark["x"], mark["y"] = x, y
	return object{"mark": mark}
}

func vegaLettering(s lettering, along, across Place, words string) object {
	mark := object{
		"type": "text", "text": vegaLines(words), "clip": false,
		"fontSize": px(s.font.Size), "lineHeight": px(lineHeight(s)), "color": string(s.colour),
		"align": "left", "baseline": "middle",
	}
	if s.font.Weight == bold(s).font.Weight {
		mark["fontWeight"] = "bold"
	}
	switch along {
	case Middle:
		mark["align"] = "center"
	case End:
		mark["align"] = "right"
	}
	more := lineHeight(s) * vg.Length(strings.Count(words, "\n"))
	switch across {
	case Level:
		mark["dy"] = 0 - px(more/2)
	case Above:
		mark["baseline"], mark["dy"] = "alphabetic", 0-px(more)
	case Below:
		mark["baseline"], mark["dy"] = "alphabetic", px(capHeight(s))
	}
	return mark
}

// vegaHead is the panel's letter and title above it.
func (l *layout) vegaHead(c *box) []any {
	var marks []any
	s := newLettering(panelSize, Ink)
	if c.letter != "" {
		marks = append(marks, vegaText(0, -px(c.above), bold(s), Start, Below, c.letter))
	}
	if c.title != "" {
		marks = append(marks, vegaText(px(l.letterWidth(c)), -px(c.above), s, Start, Below, c.title))
	}
	return marks
}

// vegaEndings writes the labels of lines beside the data area, as drawEndings
// does. They follow their lines when the ranges move, and go with them.
func (l *layout) vegaEndings(v *vegaView, list []ending) []any {
	var marks []any
	places := l.placeEndings(v.frame, list)
	for i, e := range list {
		p := places[i]
		datum := object{"y": v.y.vega(min(max(e.y, v.y.min), v.y.max))}
		shown := shownWhere(fmt.Sprintf("inrange(datum.y,domain('%s_y'))", v.name))
		if !e.level {
			datum["x"] = v.x.vega(min(e.x, v.x.max))
			shown = shownWhere(v.inside())
		}
		data := object{"values": []any{datum}}
		side, moved := px(v.area.Size().X), px(p.at.Y-p.end.Y)
		if p.tied() {
			tie := vegaStroke("rule", e.colour.Tint(0.5), 0.4, Solid)
			tie["clip"], tie["opacity"], tie["y2Offset"] = false, shown, -moved
			encoding := object{"y2": object{"field": "y"}, "x2": object{"value": side + px(endGap-1)}}
			if e.level {
				encoding["x"] = object{"value": side + px(1)}
			}
			marks = append(marks, object{"data": data, "mark": tie, "encoding": encoding})
		}
		text := vegaLettering(newLettering(smallSize, e.colour.forWords()), Start, Level, e.label)
		text["opacity"] = shown
		text["dy"] = text["dy"].(float64) - moved
		marks = append(marks, object{"data": data, "mark": text, "encoding": object{"x": object{"value": side + px(endGap)}}})
	}
	return marks
}

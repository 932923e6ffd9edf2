package table

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/network-fragility/fragility/figures/words"
)

// What a page of a manuscript has room for, in points: A4 with an inch of
// margin is a little wider and much higher.
const (
	lineLaTeX = 430.0
	pageLaTeX = 500.0
)

// Widths in digits: of the gap between columns in em, and of the least that a
// column of words is narrowed to. Cells from longCell characters break their
// lines, heads from headWidth, or from narrowHead where there are manyColumns.
const (
	gapLaTeX    = 0.8
	leastWords  = 15.0
	longCell    = 24
	headWidth   = 16
	manyColumns = 9
)

// latexSize is a size of print.
type latexSize struct {
	name               string
	digit, em, advance float64 // widths, and from line to line, in points
}

// latexSizes are those that a table may be set in, of Computer Modern at 10 pt.
var latexSizes = []latexSize{{`\small`, 4.63, 9.25, 11}, {`\footnotesize`, 4.25, 8.5, 9.5}, {`\scriptsize`, 3.99, 7.97, 8}}

// latexLayout is how a table is set.
type latexLayout struct {
	size    latexSize
	columns []string   // their types
	heads   [][]string // in lines
	long    bool       // higher than a page
	wide    bool       // wider than a line even in the smallest size
}

// layoutLaTeX takes the largest size in which the table is no wider than a line.
// Numbers stand right, short words left; columns of long words break their lines
// and share what the others leave, the longer ones having more of it.
func (t *Table) layoutLaTeX() latexLayout {
	l := latexLayout{columns: make([]string, len(t.Columns))}
	type column struct{ least, weight float64 }
	long := map[int]column{} // of long words
	least, weights := 0.0, 0.0
	for i, c := range t.Columns {
		limit := headWidth
		if len(t.Columns) >= manyColumns {
			limit = narrowHead
		}
		l.heads = append(l.heads, breakHead(c.Head, limit))
		widest, word, characters := 0.0, 0.0, 0
		for _, line := range l.heads[i] {
			widest, word = max(widest, digitsWide(line)), max(word, digitsWide(line))
		}
		for _, row := range t.Rows {
			strong := 1.0
			if row[i].Strong {
				strong = 1.15
			}
			text := row[i].String()
			widest, characters = max(widest, strong*digitsWide(text)), max(characters, utf8.RuneCountInString(text))
			for w := range strings.SplitSeq(words.Tie(text), " ") {
				word = max(word, strong*digitsWide(w))
			}
		}
		switch {
		case c.Align == Right:
			l.columns[i] = "r"
			least += widest
		case characters < longCell || word == widest:
			l.columns[i] = "l"
			least += widest
		default:
			long[i] = column{min(widest, max(word, leastWords)), math.Sqrt(widest)}
			least += long[i].least
			weights += long[i].weight
		}
	}
	left := 0.0 // in digits
	for _, l.size = range latexSizes {
		left = (lineLaTeX-gapLaTeX*float64(len(t.Columns)-1)*l.size.em)/l.size.digit - least
		if left >= 0 {
			break
		}
	}
	l.wide, left = left < 0, max(left, 0)
	share := func(c column) float64 { return c.least + left*c.weight/weights }
	for i, c := range long {
		l.columns[i] = fmt.Sprintf(`>{\raggedright\arraybackslash}p{%.3f\linewidth}`, share(c)*l.size.digit/lineLaTeX)
	}

	height := 0.0
	for r, row := range t.Rows {
		lines := 1.0
		for i, c := range long {
			lines = max(lines, math.Ceil(1.1*digitsWide(row[i].String())/share(c)))
		}
		if t.parted(r) {
			lines += 0.5
		}
		height += lines * l.size.advance
	}
	if l.long = height > pageLaTeX; l.long {
		l.wide = false // a box that is scaled does not go over pages
	}
	return l
}

// breakHead is a head in lines of at most so many characters, where its words
// and their hyphens allow it.
func breakHead(head string, limit int) []string {
	lines := []string{""}
	for word := range strings.FieldsSeq(head) {
		for k, part := range strings.SplitAfter(word, "-") {
			last := &lines[len(lines)-1]
			joined := *last + part
			if k == 0 && *last != "" {
				joined = *last + " " + part
			}
			if *last == "" || utf8.RuneCountInString(joined) <= limit || part == "" {
				*last = joined
			} else {
				lines = append(lines, part)
			}
		}
	}
	return lines
}

// digitsWide guesses how wide words are in Computer Modern, in digits.
func digitsWide(words string) float64 {
	w := 0.0
	for _, r := range words {
		switch {
		case strings.ContainsRune(".,:;'ijl", r):
			w += 0.56
		case strings.ContainsRune(" ()tfrsI-", r):
			w += 0.75
		case strings.ContainsRune("±−+×<>=%mMW", r):
			w += 1.6
		case unicode.IsUpper(r):
			w += 1.45
		default:
			w++
		}
	}
	return w
}

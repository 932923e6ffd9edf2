package table

import (
	"strings"
	"unicode/utf8"

	"github.com/network-fragility/fragility/figures/words"
)

// Widths of the terminal's table, in characters.
const (
	textWidth   = 110 // what is wider has the words of its widest columns wrapped
	textGap     = 2   // between columns
	narrowWords = 24  // no column of words is wrapped to less
	narrowHead  = 12  // no head is wrapped to less
)

// Text renders the table for a terminal: columns aligned by spaces, three
// rules.
func (t *Table) Text() (string, error) {
	if err := t.check(); err != nil {
		return "", err
	}
	s := newSheet(t)
	var b strings.Builder
	if t.Title != "" {
		b.WriteString(t.Title + "\n")
	}
	s.write(&b)
	if t.Caption != "" {
		b.WriteString(fill(t.Caption, 80) + "\n")
	}
	return b.String(), nil
}

// sheet is a table as characters. Heads and cells may have lines.
type sheet struct {
	*Table
	widths []int // of the columns
	heads  []string
	cells  [][]string
}

// newSheet lays a table out.
func newSheet(t *Table) *sheet {
	s := &sheet{Table: t, widths: make([]int, len(t.Columns)), cells: make([][]string, len(t.Rows))}
	for r, row := range t.Rows {
		for _, c := range row {
			s.cells[r] = append(s.cells[r], c.String())
		}
	}
	for i, c := range t.Columns {
		s.measure(i)
		s.heads = append(s.heads, fill(c.Head, max(s.widths[i], narrowHead)))
	}
	for i := range t.Columns {
		s.measure(i)
	}
	for _, g := range t.groups() { // a long group head widens its last column
		if short := utf8.RuneCountInString(g.head) - s.span(g.first, g.last); short > 0 {
			s.widths[g.last] += short
		}
	}
	s.narrow()
	return s
}

// measure sets the width of a column to its widest line.
func (s *sheet) measure(column int) {
	w := 0
	widen := func(text string) {
		for line := range strings.SplitSeq(text, "\n") {
			w = max(w, utf8.RuneCountInString(line))
		}
	}
	if column < len(s.heads) {
		widen(s.heads[column])
	}
	for _, row := range s.cells {
		widen(row[column])
	}
	s.widths[column] = w
}

// span is the width of some columns with the gaps between them.
func (s *sheet) span(first, last int) int {
	w := textGap * (last - first)
	for i := first; i <= last; i++ {
		w += s.widths[i]
	}
	return w
}

// narrow wraps the words of the widest columns of words, as far as is needed
// for the table to fit and they have room to give.
func (s *sheet) narrow() {
	for {
		excess := s.span(0, len(s.widths)-1) - textWidth
		widest := -1
		for i, c := range s.Columns {
			if c.Align == Left && s.widths[i] > narrowWords && (widest < 0 || s.widths[i] > s.widths[widest]) {
				widest = i
			}
		}
		if excess <= 0 || widest < 0 {
			return
		}
		before := s.widths[widest]
		for _, row := range s.cells {
			row[widest] = fill(row[widest], max(narrowWords, before-excess))
		}
		s.measure(widest)
		if s.widths[widest] == before { // words that cannot be broken
			return
		}
	}
}

func (s *sheet) write(b *strings.Builder) {
	line := func(parts []string) {
		b.WriteString(strings.TrimRight(strings.Join(parts, strings.Repeat(" ", textGap)), " ") + "\n")
	}
	// row writes cells as high as the highest; low ones stand at the bottom
	// where they are heads.
	row := func(text []string, bottom bool) {
		high := 1
		for _, cell := range text {
			high = max(high, 1+strings.Count(cell, "\n"))
		}
		for n := range high {
			parts := make([]string, len(text))
			for i, cell := range text {
				lines := strings.Split(cell, "\n")
				k := n
				if bottom {
					k -= high - len(lines)
				}
				if k >= 0 && k < len(lines) {
					parts[i] = lines[k]
				}
				parts[i] = pad(parts[i], s.widths[i], s.Columns[i].Align)
			}
			line(parts)
		}
	}
	rule := strings.Repeat("─", s.span(0, len(s.widths)-1)) + "\n"

	b.WriteString(rule)
	if groups := s.groups(); groups != nil {
		var heads, rules []string
		for _, g := range groups {
			w := s.span(g.first, g.last)
			heads = append(heads, pad(centre(g.head, w), w, Left))
			if g.head == "" {
				rules = append(rules, strings.Repeat(" ", w))
			} else {
				rules = append(rules, strings.Repeat("─", w))
			}
		}
		line(heads)
		line(rules)
	}
	row(s.heads, true)
	b.WriteString(rule)
	for r, text := range s.cells {
		if s.parted(r) {
			b.WriteByte('\n')
		}
		row(text, false)
	}
	b.WriteString(rule)
}

// pad sets text in a field of so many characters.
func pad(text string, width int, side Align) string {
	space := strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text)))
	if side == Right {
		return space + text
	}
	return text + space
}

func centre(text string, width int) string {
	return strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text))/2) + text
}

// fill breaks words into lines of at most width characters.
func fill(text string, width int) string {
	var b strings.Builder
	used := 0
	for word := range strings.SplitSeq(words.Tie(text), " ") {
		n := utf8.RuneCountInString(word)
		switch {
		case used == 0:
		case used+1+n > width:
			b.WriteByte('\n')
			used = 0
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += n
	}
	return words.Untie(b.String())
}

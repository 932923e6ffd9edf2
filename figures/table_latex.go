package figures

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// Widths in characters, as a guess of what fits: of a line of a manuscript in
// small print, of a head before it is broken, and of the cells from which a
// column of words breaks its lines.
const (
	lineWidthLaTeX = 120
	headWidth      = 16
	longCell       = 24
)

// LaTeX renders the table as a tabular that a manuscript can \input within a
// table of its own, with the manuscript's words above it. It needs the packages
// booktabs and array. The title and the caption stand in it as comments.
func (t *Table) LaTeX() (string, error) {
	if err := t.check(); err != nil {
		return "", err
	}
	var b strings.Builder
	for _, words := range []string{t.Title, t.Caption, `Needs \usepackage{booktabs,array}.`} {
		if words != "" {
			b.WriteString("% " + strings.Join(strings.Fields(words), " ") + "\n")
		}
	}
	fmt.Fprintf(&b, "\\begin{tabular}{@{}%s@{}}\n\\toprule\n", strings.Join(t.latexColumns(), ""))
	line := func(cells []string) { b.WriteString(strings.Join(cells, " & ") + ` \\` + "\n") }
	if groups := t.groups(); groups != nil {
		var heads, rules []string
		for _, g := range groups {
			heads = append(heads, fmt.Sprintf(`\multicolumn{%d}{c}{%s}`, g.last-g.first+1, escapeLaTeX(g.head)))
			if g.head != "" {
				rules = append(rules, fmt.Sprintf(`\cmidrule(lr){%d-%d}`, g.first+1, g.last+1))
			}
		}
		line(heads)
		b.WriteString(strings.Join(rules, " ") + "\n")
	}
	var heads []string
	for _, c := range t.Columns {
		heads = append(heads, latexHead(c))
	}
	line(heads)
	b.WriteString("\\midrule\n")
	for r, row := range t.Rows {
		if t.parted(r) {
			b.WriteString("\\addlinespace\n")
		}
		var cells []string
		for _, c := range row {
			text := escapeLaTeX(c.String())
			if c.Strong && text != "" {
				text = `\textbf{` + text + `}`
			}
			cells = append(cells, text)
		}
		// A bracket or a star that starts a row would belong to the \\ before it.
		if first := cells[0]; strings.HasPrefix(first, "[") || strings.HasPrefix(first, "*") {
			cells[0] = "{" + first[:1] + "}" + first[1:]
		}
		line(cells)
	}
	b.WriteString("\\bottomrule\n\\end{tabular}\n")
	return b.String(), nil
}

// latexHead is a column's head, in lines where it is long.
func latexHead(c Column) string {
	var lines []string
	for word := range strings.FieldsSeq(c.Head) {
		if n := len(lines); n > 0 && utf8.RuneCountInString(lines[n-1]+" "+word) <= headWidth {
			lines[n-1] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	if len(lines) < 2 {
		return escapeLaTeX(c.Head)
	}
	side := "l"
	if c.Align == Right {
		side = "r"
	}
	for i := range lines {
		lines[i] = escapeLaTeX(lines[i])
	}
	return `\begin{tabular}[b]{@{}` + side + `@{}}` + strings.Join(lines, `\\`) + `\end{tabular}`
}

// latexColumns are the column types: numbers right, short words left; columns
// of long words break their lines and share what the others leave of a page,
// the longer ones having more of it.
func (t *Table) latexColumns() []string {
	list := make([]string, len(t.Columns))
	long := map[int]float64{} // the weights of those columns
	left, weights := float64(lineWidthLaTeX), 0.0
	for i, c := range t.Columns {
		widest := min(utf8.RuneCountInString(c.Head), headWidth)
		for _, row := range t.Rows {
			widest = max(widest, utf8.RuneCountInString(row[i].String()))
		}
		left -= 2 // the gap
		switch {
		case c.Align == Right:
			list[i] = "r"
			left -= float64(widest)
		case widest < longCell:
			list[i] = "l"
			left -= float64(widest)
		default:
			long[i] = math.Sqrt(float64(widest))
			weights += long[i]
		}
	}
	for i, w := range long {
		share := max(left/lineWidthLaTeX*w/weights, 0.1)
		list[i] = fmt.Sprintf(`>{\raggedright\arraybackslash}p{%.2f\linewidth}`, share)
	}
	return list
}

// escapeLaTeX keeps every character what it is, and writes those that pdfLaTeX
// has no letter for as mathematics.
func escapeLaTeX(words string) string { return latexEscapes.Replace(tie(words)) }

var latexEscapes = strings.NewReplacer(
	`\`, `\textbackslash{}`, `{`, `\{`, `}`, `\}`, `$`, `\$`, `&`, `\&`, `%`, `\%`, `#`, `\#`, `_`, `\_`,
	`~`, `\textasciitilde{}`, `^`, `\textasciicircum{}`, `<`, `\textless{}`, `>`, `\textgreater{}`,
	`|`, `\textbar{}`, `"`, `\char34{}`, "`", `\textasciigrave{}`,
	"\n", " ", nbsp, "~",
	"−", `$-$`, "±", `$\pm$`, "×", `$\times$`, "·", `$\cdot$`, "≤", `$\leq$`, "≥", `$\geq$`, "≈", `$\approx$`,
	"→", `$\rightarrow$`, "∞", `$\infty$`, "Δ", `$\Delta$`, "α", `$\alpha$`, "β", `$\beta$`, "μ", `$\mu$`, "σ", `$\sigma$`,
	"²", `$^2$`, "³", `$^3$`, "–", "--", "—", "---", "’", "'", "“", "``", "”", "''", "…", `\dots{}`,
)

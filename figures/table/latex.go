package table

import (
	"fmt"
	"strings"

	"github.com/network-fragility/fragility/figures/words"
)

// LaTeX renders the table as a tabular that a manuscript can \input within a
// table of its own, with the manuscript's words above it. What is longer than a
// page is a longtable, which stands by itself and has the title as its caption.
// It needs the packages booktabs and array, and longtable or, to scale what is
// too wide, graphicx. The title and the caption stand in it as comments.
func (t *Table) LaTeX() (string, error) {
	if err := t.check(); err != nil {
		return "", err
	}
	l := t.layoutLaTeX()
	needs := `Needs \usepackage{booktabs,array}.`
	switch {
	case l.long:
		needs = `Needs \usepackage{booktabs,array,longtable}. It goes over pages: \input it outside of a table.`
	case l.wide:
		needs = `Needs \usepackage{booktabs,array,graphicx}.`
	}
	var b strings.Builder
	for _, words := range []string{t.Title, t.Caption, needs} {
		if words != "" {
			b.WriteString("% " + strings.Join(strings.Fields(words), " ") + "\n")
		}
	}
	environment, end := "tabular", "\\bottomrule\n\\end{tabular}%\n"
	if l.long {
		environment, end = "longtable", "\\end{longtable}\n"
	}
	fmt.Fprintf(&b, "\\begingroup%s\\setlength{\\tabcolsep}{%gem}%%\n", l.size.name, gapLaTeX/2)
	if l.wide {
		b.WriteString("\\resizebox{\\linewidth}{!}{%\n")
		end += "}%\n"
	}
	fmt.Fprintf(&b, "\\begin{%s}{@{}%s@{}}\n", environment, strings.Join(l.columns, ""))
	if l.long {
		fmt.Fprintf(&b, "\\caption{%s}\\\\\n%s\\endfirsthead\n%s\\endhead\n\\bottomrule\n\\endfoot\n", EscapeLaTeX(t.Title), t.latexHead(l), t.latexHead(l))
	} else {
		b.WriteString(t.latexHead(l))
	}
	for r, row := range t.Rows {
		if t.parted(r) {
			b.WriteString("\\addlinespace\n")
		}
		var cells []string
		for _, c := range row {
			text := EscapeLaTeX(c.String())
			if c.Strong && text != "" {
				text = `\textbf{` + text + `}`
			}
			cells = append(cells, text)
		}
		// A bracket or a star that starts a row would belong to the \\ before it.
		if first := cells[0]; strings.HasPrefix(first, "[") || strings.HasPrefix(first, "*") {
			cells[0] = "{" + first[:1] + "}" + first[1:]
		}
		b.WriteString(strings.Join(cells, " & ") + ` \\`)
		if l.long && t.Parts && r+1 < len(t.Rows) && t.part(r+1) == 0 {
			b.WriteByte('*') // no page ends here
		}
		b.WriteByte('\n')
	}
	b.WriteString(end + "\\endgroup\n")
	return b.String(), nil
}

// latexHead is what stands above the rows.
func (t *Table) latexHead(l latexLayout) string {
	var b strings.Builder
	b.WriteString("\\toprule\n")
	if groups := t.groups(); groups != nil {
		var heads, rules []string
		for _, g := range groups {
			heads = append(heads, fmt.Sprintf(`\multicolumn{%d}{c}{%s}`, g.last-g.first+1, EscapeLaTeX(g.head)))
			if g.head != "" {
				rules = append(rules, fmt.Sprintf(`\cmidrule(lr){%d-%d}`, g.first+1, g.last+1))
			}
		}
		b.WriteString(strings.Join(heads, " & ") + ` \\` + "\n" + strings.Join(rules, " ") + "\n")
	}
	var heads []string
	for i, lines := range l.heads {
		text := make([]string, len(lines))
		for k, line := range lines {
			text[k] = EscapeLaTeX(line)
		}
		head := strings.Join(text, `\\`)
		if len(lines) > 1 {
			side := "l"
			if t.Columns[i].Align == Right {
				side = "r"
			}
			head = `\begin{tabular}[b]{@{}` + side + `@{}}` + head + `\end{tabular}`
		}
		heads = append(heads, head)
	}
	return b.String() + strings.Join(heads, " & ") + ` \\` + "\n\\midrule\n"
}

// EscapeLaTeX writes words for LaTeX: it keeps every character what it is, and writes those that pdfLaTeX
// has no letter for as mathematics.
func EscapeLaTeX(text string) string { return latexEscapes.Replace(words.Tie(text)) }

var latexEscapes = strings.NewReplacer(
	`\`, `\textbackslash{}`, `{`, `\{`, `}`, `\}`, `$`, `\$`, `&`, `\&`, `%`, `\%`, `#`, `\#`, `_`, `\_`,
	`~`, `\textasciitilde{}`, `^`, `\textasciicircum{}`, `<`, `\textless{}`, `>`, `\textgreater{}`,
	`|`, `\textbar{}`, `"`, `\char34{}`, "`", `\textasciigrave{}`,
	"\n", " ", words.NBSP, "~",
	"−", `$-$`, "±", `$\pm$`, "×", `$\times$`, "·", `$\cdot$`, "≤", `$\leq$`, "≥", `$\geq$`, "≈", `$\approx$`,
	"→", `$\rightarrow$`, "∞", `$\infty$`, "Δ", `$\Delta$`, "α", `$\alpha$`, "β", `$\beta$`, "μ", `$\mu$`, "σ", `$\sigma$`,
	"²", `$^2$`, "³", `$^3$`, "–", "--", "—", "---", "’", "'", "“", "``", "”", "''", "…", `\dots{}`,
)

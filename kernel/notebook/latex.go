package notebook

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/protocols"
)

// supplementFile is the document that sets all tables and figures of a run.
const supplementFile = "supplement.tex"

// exportLaTeX writes a file for each table of a run, for a manuscript to \input, a
// picture for each figure, and a document that sets them all, with the numbers that they
// have on the notebook's page.
func exportLaTeX(r *Record, p protocols.Protocol, nb *Notebook, folder string) ([]string, error) {
	texts, err := latexFiles(r, p, nb)
	if err != nil {
		return nil, err
	}
	plots, err := r.plots(p)
	if err != nil {
		return nil, err
	}
	for _, f := range plots {
		png, err := f.value.PNG()
		if err != nil {
			return nil, err
		}
		texts = append(texts, member{name: fileName(f.name) + ".png", data: png})
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	var files []string
	for _, m := range texts {
		path := filepath.Join(folder, m.name)
		if err := os.WriteFile(path, m.data, 0o644); err != nil {
			return files, err
		}
		files = append(files, path)
	}
	return files, nil
}

// latexFiles are the tables of a run in LaTeX, the document, and its bibliography.
func latexFiles(r *Record, p protocols.Protocol, nb *Notebook) ([]member, error) {
	_, n, err := nb.number()
	if err != nil {
		return nil, err
	}
	if _, err := n.rest(r, p); err != nil {
		return nil, err
	}
	tables, err := r.tables(p)
	if err != nil {
		return nil, err
	}
	var list []member
	long := map[string]int{}
	for _, t := range tables {
		text, err := latexFile(p, t, *n.of("Table", t.name))
		if err != nil {
			return nil, err
		}
		name := fileName(t.name)
		if strings.Contains(text, `\begin{longtable}`) {
			long[name] = len(t.value.Columns)
		}
		list = append(list, member{name: name + ".tex", data: []byte(text)})
	}
	sizes := map[string]float64{}
	plots, err := r.plots(p)
	if err != nil {
		return nil, err
	}
	for _, f := range plots {
		width, _ := f.value.Size()
		sizes[fileName(f.name)] = float64(width) / 96 * 2.54
	}
	return append(list,
		member{name: supplementFile, data: []byte(latexDocument(p, n, long, sizes))},
		member{name: referencesFile, data: []byte(bibliographyText)}), nil
}

// latexFile is the file of a table.
func latexFile(p protocols.Protocol, t shown[*table.Table], l label) (string, error) {
	text, err := t.value.LaTeX()
	text = strings.Replace(text, `\caption{`, `\caption{\label{`+l.ID+`}`, 1) // of one that goes over pages
	return fmt.Sprintf("%% Chapter %d, table %q: %s, %s.\n", p.Chapter(), t.name, l, l.ID) + text, err
}

// manyColumns is from when on a table that goes over pages lies on its side.
const manyColumns = 10

// latexDocument sets everything that a run has; long are the tables that go over pages,
// with their columns, sizes the widths of the pictures in cm.
func latexDocument(p protocols.Protocol, n *numbering, long map[string]int, sizes map[string]float64) string {
	var b strings.Builder
	fmt.Fprintf(&b, latexHead, table.EscapeLaTeX(fmt.Sprintf("Chapter %d of Network Fragility: %s", p.Chapter(), p.Title())))
	for _, l := range n.labels {
		if !l.own || l.Name == "" {
			continue // a variation, of which there is no file
		}
		name := fileName(l.Name)
		caption := citeLaTeX(l.caption())
		switch width := sizes[name]; {
		case l.Kind == "Figure":
			size := `\linewidth`
			if width < lineLaTeX {
				size = fmt.Sprintf("%.1fcm", width)
			}
			fmt.Fprintf(&b, "\n\\renewcommand{\\thefigure}{%s}\n\\begin{figure}[htbp]\n\\centering\n\\includegraphics[width=%s,height=0.7\\textheight,keepaspectratio]{%s.png}\n\\caption{%s}\n\\label{%s}\n\\end{figure}\n", l.Number, size, name, caption, l.ID)
		case long[name] > 0:
			text := fmt.Sprintf("\\renewcommand{\\thetable}{%s}\n\\input{%s}\n{\\small %s\\par}\n", l.Number, name, citeLaTeX(l.Note))
			if long[name] >= manyColumns {
				text = "\\begin{landscape}\n" + text + "\\end{landscape}\n"
			}
			b.WriteString("\n" + text)
		default:
			fmt.Fprintf(&b, "\n\\renewcommand{\\thetable}{%s}\n\\begin{table}[htbp]\n\\centering\n\\caption{%s}\n\\label{%s}\n\\input{%s}\n\\end{table}\n", l.Number, caption, l.ID, name)
		}
	}
	return b.String() + latexEnd
}

// lineLaTeX is the width of the document's lines, in cm.
const lineLaTeX = 15.9

const latexHead = `%% Every table and figure of the run, with the numbers that they have in the notebook's other exports:
%%     pdflatex supplement && bibtex supplement && pdflatex supplement && pdflatex supplement
\documentclass[a4paper]{article}
\usepackage[margin=1in]{geometry}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{booktabs,array,longtable,graphicx,pdflscape,url}
\usepackage[round]{natbib}
\setcounter{totalnumber}{4}
\begin{document}
\section*{%s}
The protocol is that of the book \citep{cheung2026}.
`

const latexEnd = `
\clearpage
\bibliographystyle{plainnat}
\bibliography{references}
\end{document}
`

// citedLaTeX is a mark that no text has, for a work to be cited once the text is
// written for LaTeX.
var citedLaTeX = regexp.MustCompile("(\\()?\x01(\\w+)\x02(\\))?")

// citeLaTeX writes words for LaTeX, and what names a work as its citation.
func citeLaTeX(text string) string {
	text, _ = cite(text, func(w work, words string) string {
		if strings.HasPrefix(words, w.short()+" ") {
			return "\x01" + w.key + "\x02"
		}
		return words + "\x01nocite" + w.key + "\x02" // an author and a year apart
	})
	return citedLaTeX.ReplaceAllStringFunc(table.EscapeLaTeX(text), func(mark string) string {
		m := citedLaTeX.FindStringSubmatch(mark)
		if key, ok := strings.CutPrefix(m[2], "nocite"); ok {
			return m[1] + `\nocite{` + key + `}` + m[3]
		}
		if m[1] != "" && m[3] != "" {
			return `\citep{` + m[2] + `}`
		}
		return m[1] + `\citealp{` + m[2] + `}` + m[3]
	})
}

package table

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestLaTeX(t *testing.T) {
	got, err := sampleTable().LaTeX()
	if err != nil {
		t.Fatal(err)
	}
	want := `% Arms & <effects>
% n < 3 & more.
% Needs \usepackage{booktabs,array}.
\begingroup\small\setlength{\tabcolsep}{0.4em}%
\begin{tabular}{@{}lrrl@{}}
\toprule
\multicolumn{1}{c}{} & \multicolumn{2}{c}{accuracy (\%)} & \multicolumn{1}{c}{} \\
\cmidrule(lr){2-3}
arm & ours & difference & note \\
\midrule
a\textbar{}b \textless{}script\textgreater{} & 97.8~$\pm$ 0.2 & 0.0 & x\_y* \\
c & 100.0 & $-$0.3 &  \\
d & -- & +2.5 & \char34{}q\char34{} \\
\bottomrule
\end{tabular}%
\endgroup
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Nothing that a cell holds is a command, ends the row, or starts a comment.
func TestLaTeXEscapes(t *testing.T) {
	nasty := "100 % of $5 & #1_2^3 {x} ~ \\end{tabular}\\input{x}\nnew % line"
	table := &Table{
		Title:   "two\nlines \\",
		Columns: []Column{{Head: "a & b"}, {Group: "50 %", Head: "a head of_three lines, which are long"}},
		Rows:    [][]Cell{{Words("[2em]"), Words(nasty)}, {Words(""), Words(nasty).Bold()}, {Words("*"), Words("")}},
		Parts:   true,
	}
	got, err := table.LaTeX()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(got), "\n")
	for i, line := range lines {
		if line = strings.TrimSuffix(line, "}%"); strings.HasPrefix(line, "%") {
			continue
		}
		if regexp.MustCompile(`(^|[^\\])[%#_$^~]`).MatchString(strings.ReplaceAll(strings.ReplaceAll(line, "$-$", ""), "~", "")) {
			t.Errorf("line %d has a bare sign: %s", i+1, line)
		}
		if n := strings.Count(line, " & "); strings.HasSuffix(line, `\\`) && n != 1 {
			t.Errorf("line %d has %d separators for 2 columns: %s", i+1, n, line)
		}
	}
	if strings.Count(got, `\end{tabular}`) != 2 /* its own, and a head's */ || strings.Contains(got, `\input`) {
		t.Errorf("a cell's command is one:\n%s", got)
	}
	if !strings.Contains(got, `{[}2em] & `) || !strings.Contains(got, "\n{*} & ") || !strings.Contains(got, `p{0.922\linewidth}`) {
		t.Errorf("a bracket or a long column stands as it was:\n%s", got)
	}
}

// longTable has rows for two pages, in parts of three, and many columns.
func longTable(columns int) *Table {
	t := &Table{Title: "Long & wide", Columns: []Column{{Head: "what was measured"}}, Parts: true}
	for range columns {
		t.Columns = append(t.Columns, Column{Head: "neurosteroid-like, never maintained (ours)", Align: Right})
	}
	for i := range 90 {
		row := []Cell{Words("")}
		if i%3 == 0 {
			row[0] = Words("subjects below the threshold at some cycle (%)")
		}
		for range columns {
			row = append(row, MeanSD(97.8, 12.3, 1))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// What is longer than a page repeats its head, and is not cut within a part;
// what is too wide is set smaller, and at last scaled.
func TestLaTeXLongAndWide(t *testing.T) {
	long, wide := longTable(4), longTable(14)
	wide.Rows = wide.Rows[:6]
	for _, c := range []struct {
		table *Table
		want  []string
	}{
		{long, []string{`\begin{longtable}`, `\caption{Long \& wide}\\`, `\endfirsthead`, `\endhead`, `\endfoot`, `\end{longtable}`, `12.3 \\*` + "\n & "}},
		{wide, []string{`\scriptsize`, `\resizebox{\linewidth}{!}{%`, `\begin{tabular}`, "neurosteroid-\\\\like"}},
	} {
		got, err := c.table.LaTeX()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("lacks %q:\n%.1500s", want, got)
			}
		}
	}
}

// LaTeX sets every kind of table, none wider than the line. Where there is no
// LaTeX, the tests above are all that is done.
func TestLaTeXCompiles(t *testing.T) {
	latex, err := exec.LookPath("pdflatex")
	if err != nil {
		t.Skip("there is no pdflatex")
	}
	short := longTable(4)
	short.Rows = short.Rows[:6]
	wide := longTable(14)
	wide.Rows = wide.Rows[:6]
	document := `\documentclass[a4paper]{article}\usepackage[margin=1in]{geometry}\usepackage{booktabs,array,longtable,graphicx}\begin{document}` + "\n"
	for i, table := range []*Table{sampleTable(), short, longTable(4), wide} {
		text, err := table.LaTeX()
		if err != nil {
			t.Fatal(err)
		}
		if i == 2 { // long
			document += text
		} else {
			document += "\\begin{table}\n" + text + "\\end{table}\n"
		}
	}
	file := filepath.Join(t.TempDir(), "tables.tex")
	if err := os.WriteFile(file, []byte(document+"\\end{document}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(latex, "-interaction=nonstopmode", "-halt-on-error", file)
	c.Dir = filepath.Dir(file)
	said, err := c.CombinedOutput()
	if err != nil || strings.Contains(string(said), "Overfull") {
		t.Errorf("%v\n%s", err, said)
	}
}

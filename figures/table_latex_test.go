package figures

import (
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
\end{tabular}
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
		if strings.HasPrefix(line, "%") {
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
	if !strings.Contains(got, `{[}2em] & `) || !strings.Contains(got, "\n{*} & ") || !strings.Contains(got, `p{0.93\linewidth}`) {
		t.Errorf("a bracket or a long column stands as it was:\n%s", got)
	}
}

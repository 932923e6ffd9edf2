package cell

import (
	"fmt"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

const chapter5 = `import "github.com/network-fragility/fragility/kernel/nf"

// What the chapter is about.
var run = nf.Chapter(5).With(nf.Set{
	"Seeds":        "0-9", // ümlaut
	"KetamineGain": 1.25,
	"Controls":     true,
})
`

func TestParse(t *testing.T) {
	c := Parse(chapter5 + "run.With(nf.Set{\"Hidden\": []int{8, 4}})\n")
	if len(c.Calls) != 2 || c.Runs["run"] != 5 || c.Calls[0].Chapter != 5 || c.Calls[1].Of != "run" {
		t.Fatalf("%+v", c)
	}
	for i, want := range []string{"Seeds 5 0-9", "KetamineGain 6 1.25", "Controls 7 true"} {
		e := c.Calls[0].Entries[i]
		if got := fmt.Sprint(e.Name, " ", e.Line, " ", e.Text); got != want || chapter5[e.From:e.To] != e.Source {
			t.Errorf("%s, and %q at its place; want %s", got, chapter5[e.From:e.To], want)
		}
	}
	if e := c.Calls[1].Entries[0]; e.Text != "8,4" || !e.Plain {
		t.Errorf("a list: %+v", e)
	}
}

// Where the statements of a cell begin, and what GoNB is given for it.
func TestRunnable(t *testing.T) {
	for source, want := range map[string]string{
		`run.Show()`:                                "func main() { run.Show()\n}",
		"var x = 1\n\nx++\ny := 2":                  "var x = 1\n\nfunc main() { x++\ny := 2\n}",
		"// words\nfor {\n}":                        "// words\nfunc main() { for {\n}\n}",
		"%%\nrun.Show()":                            "",
		"var x = 1":                                 "",
		"%%bash\necho x":                            "",
		"func main() {\n\tx()\n}":                   "",
		"!ls\n%goflags\n":                           "",
		"func f(x int) {\n\tx++\n}":                 "",
		"func() { x() }()":                          "func main() { func() { x() }()\n}",
		"type t struct{}\nfunc (t) m() {}\nt{}.m()": "type t struct{}\nfunc (t) m() {}\nfunc main() { t{}.m()\n}",
		"run.Plot(\"":                               "func main() { run.Plot(\"\n}",
	} {
		if want == "" {
			want = source
		}
		if got, _, _ := Runnable(source); got != want {
			t.Errorf("%q becomes\n%s\nwant\n%s", source, got, want)
		}
	}
}

func with(line string) string {
	return strings.Replace(chapter5, `	"KetamineGain": 1.25,`, line, 1)
}

// What would be computed as something else than the page says is refused, with
// what to write.
func TestCheck(t *testing.T) {
	for source, want := range map[string]string{
		with(`"KetamineGain": 1,4,`):                            "line 6: KetamineGain takes one value, not 1,4: write 1.4",
		with(`"Hidden": 512,512,256,`):                          `line 6: Hidden takes one value, not 512,512,256: write it in quotes: "512,512,256"`,
		with(`"KetamineGian": 1.4,`):                            "line 6: KetamineGian is not a parameter of chapter 5; did you mean KetamineGain?",
		with(`"StressCycles": 3,`):                              "line 6: StressCycles is not a parameter of chapter 5; it takes ",
		with(`"KetamineGain": "1,4",`):                          `line 6: KetamineGain takes a number in [0.01,10] (factor), not "1,4": write 1.4`,
		with(`"KetamineGain": 1.4`):                             "line 6: each value in nf.Set{ } takes a comma after it",
		with(`"KetamineGain": 1.4, "KetamineGain": 2,`):         "line 6: KetamineGain stands twice",
		with(`"Profile": quick,`):                               `line 6: Profile takes text: write it in quotes: "quick"`,
		strings.Replace(chapter5, `"0-9"`, `0-1`, 1):            `line 5: Seeds takes text: write it in quotes: "0-1"`,
		strings.Replace(chapter5, `true`, `True`, 1):            `line 7: Controls takes true or false, not True`,
		strings.Replace(chapter5, `"0-9"`, `"0-9`, 1):           "line 5: a quotation mark is missing at the end of a text",
		"KetamineGain = 1,4":                                    `line 1: KetamineGain is a parameter of a run, not a variable: write "KetamineGain": 1.4 in the parameters cell, or run.With(nf.Set{"KetamineGain": 1.4})`,
		"var (\n\tx = 1\n\tKetamineGain = 1,4\n)":               "line 3: KetamineGain takes one value, not 1,4: write 1.4",
		"var Hidden = 512,512,256":                              `line 1: Hidden takes one value, not 512,512,256: write it in quotes: "512,512,256"`,
		"run.With(nf.Set{\"SSRIRte\": 1}).Run()":                "line 1: SSRIRte is not a parameter of chapter 5; did you mean SSRIRate?",
		"%%\nx := 1\nrun.With(nf.Set{\"SSRIRate\": 1,5}).Run()": "line 3: SSRIRate takes one value, not 1,5: write 1.5",
	} {
		known := Known{Names: map[string]bool{"run": true}, Runs: map[string]int{"run": 5}}
		err := Parse(source).Check(known)
		if !protocols.IsBadInput(err) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s\n%v\nwant %s", source, err, want)
		}
	}
	for _, source := range []string{
		chapter5, with(""), with(`"KetamineGain": gain,`), with(`"KetamineGain": 2.5/2,`), with(`"Arms": "ketamine then ssri(epochs=50)",`),
		strings.Replace(chapter5, `"0-9"`, `""`, 1),
		"var a, b = 1, 2", "KetamineGain := 1.4", "x = 1", "%%bash\nKetamineGain = 1,4", "var f = func() (int, int) { return 1, 4 }",
	} {
		if err := Parse(source).Check(Known{Names: map[string]bool{"gain": true}}); err != nil {
			t.Errorf("%s\n%v", source, err)
		}
	}
}

// A decimal comma is refused at every number of every chapter, wherever it
// stands.
func TestEveryNumberWithAComma(t *testing.T) {
	for _, n := range protocols.Chapters() {
		p, _ := protocols.Configure(n, nil)
		for _, q := range protocols.Parameters(p) {
			if q.Type != "number" && q.Type != "whole number" {
				continue
			}
			for _, source := range []string{
				fmt.Sprintf("var run = nf.Chapter(%d).With(nf.Set{\n\t%q: 1,4,\n})", n, q.Name),
				fmt.Sprintf("run.With(nf.Set{%q: 1,4}).Run()", q.Name),
				"var " + q.Name + " = 1,4",
				q.Name + " = 1,4",
			} {
				err := Parse(source).Check(Known{})
				if !protocols.IsBadInput(err) || !strings.Contains(err.Error(), "1.4") {
					t.Errorf("%s\n%v", source, err)
				}
			}
		}
	}
}

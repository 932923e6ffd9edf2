package plain

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/kernel/cell"
	"github.com/network-fragility/fragility/kernel/notebook"
)

// program is the file that GoNB makes of declarations and statements.
func program(declarations, statements string) string {
	return "package main\n\nimport (\n\t\"flag\"\n\t\"" + nfPath + "\"\n)\n\n" + declarations + "\n\nfunc main() {\n\tflag.Parse()\n" + statements + "\n}\n"
}

const run = `var run = nf.Chapter(5).With(nf.Set{"Profile": "smoke", "Seeds": "0-2", "KetamineGain": 1.4, "GRUHidden": 8, "Controls": true, "ManiaTestBias": -1})`

// example is a cell's program.
type example struct{ name, declarations, statements string }

var plainCells = []example{
	{"nothing", run, ``},
	{"shown", run, `run.Run(); run.Plot("gain").Show(); run.Table("claims").Show()`},
	{"dials", run, `run.Plot("biased").Turn(nf.Slider("ManiaTestBias", 0, 0.25), nf.Menu("TieRule", "random", "first"), nf.Slider("Steps", 1, 2))`},
	{"treatment", run, `run.Arms(nf.Treatment("mine", nf.Ketamine().Gain(1, 1.5), nf.SSRI().Epochs(5))).Table("treatments").Show()`},
	{"run of a run", run + "\nvar more = run.With(nf.Set{})", `more.Run()`},
	{"before what it needs", "var more = run.With(nf.Set{})\n" + run, `more.Run()`},
	{"two at once", `var a, b = nf.Chapter(1), nf.Chapter(2)`, `a.Run(); b.Run()`},
}

func TestWhatIsPlain(t *testing.T) {
	for _, c := range plainCells {
		t.Run(c.name, func(t *testing.T) {
			source := []byte(program(c.declarations, c.statements))
			if _, ok := Parse(source); !ok {
				t.Error("taken for one that needs the compiler")
			}
			if err := taken(t, source); err != nil {
				t.Errorf("Go does not take it: %v", err)
			}
		})
	}
}

// What Go would refuse, or might mean otherwise, is Go's.
var otherCells = []example{
	{"a loop", run, `for range 2 { run.Run() }`},
	{"a local name", run, `x := run.Table("claims"); x.Show()`},
	{"a package", run, `fmt.Println(run.Rows())`},
	{"a function", run + "\nfunc f() {}", `run.Run()`},
	{"what runs before each cell", run + "\nfunc init_x() { println() }", `run.Run()`},
	{"a constant", run + "\nconst x = 1", `run.Run()`},
	{"a type", run + "\ntype t int", `run.Run()`},
	{"a variable with a type", `var run nf.Run = nf.Chapter(5)`, `run.Run()`},
	{"a variable of no name", run + "\nvar _ = nf.Chapter(6).Run()", `run.Run()`},
	{"a variable that is a number", run + "\nvar x = 5", `run.Run()`},
	{"a sum", run, `nf.Chapter(2 + 3).Run()`},
	{"a value that is no call", run, `run`},
	{"a method that is not called", run, `run.Run`},
	{"a name that is not there", run, `other.Run()`},
	{"a method that is not there", run, `run.Graph("gain")`},
	{"a function that is not there", run, `nf.Book(5)`},
	{"a number for a text", run, `run.Table(5).Show()`},
	{"a text for a number", `var run = nf.Chapter("5")`, `run.Run()`},
	{"a fraction for a whole number", `var run = nf.Chapter(5.5)`, `run.Run()`},
	{"a number too large", `var run = nf.Chapter(99999999999999999999)`, `run.Run()`},
	{"a number beyond all", run, `run.With(nf.Set{"X": 1e999}).Run()`},
	{"too few", run, `run.Paired("ssri").Show()`},
	{"too many", run, `run.Table("a", "b").Show()`},
	{"a run for a set", run, `run.With(run).Run()`},
	{"a set of a name", run, `run.With(nf.Set{"X": run}).Run()`},
	{"a parameter twice", run, `run.With(nf.Set{"X": 1, "X": 2}).Run()`},
	{"a key without quotes", run, `run.With(nf.Set{X: 1}).Run()`},
	{"a variable twice", run + "\n" + run, `run.Run()`},
	{"a variable of itself", `var run = run.With(nf.Set{})`, `run.Run()`},
	{"variables of each other", "var a = b.With(nf.Set{})\nvar b = a.With(nf.Set{})", `a.Run()`},
	{"nothing for its values", run, `run.Plot("biased").Turn(nf.Slider("ManiaTestBias"))`},
	{"texts among numbers", run, `run.Plot("biased").Turn(nf.Menu("TieRule", "random", 1))`},
	{"a letter", run, `run.With(nf.Set{"X": 'a'}).Run()`},
	{"a list with dots", run, `run.Arms(arms...).Run()`},
	{"a call of no value", run, `run.Table("x").Show().Show()`},
	{"a package that is not used", ``, `println()`},
	{"a truth of one's own", run + "\nvar true = nf.Chapter(1)", `run.Run()`},
	{"no Go", run, `run.Run(`},
}

func TestWhatIsNotPlain(t *testing.T) {
	for _, c := range otherCells {
		t.Run(c.name, func(t *testing.T) {
			if _, ok := Parse([]byte(program(c.declarations, c.statements))); ok {
				t.Error("taken for plain")
			}
		})
	}
}

func TestVariablesAreMadeAsByGo(t *testing.T) {
	// The first that needs none of the rest, again and again: not a, but b; then c, and only then a.
	p, ok := Parse([]byte(program("var a = c.With(nf.Set{})\nvar b = nf.Chapter(1)\nvar c = nf.Chapter(2)", "a.Run()")))
	if !ok {
		t.Fatal("not plain")
	}
	var order string
	for _, v := range p.variables {
		order += v.name
	}
	if order != "bca" {
		t.Errorf("made in the order %s", order)
	}
}

// Every function that a cell can call stands among those that a plain cell may.
func TestFunctionsOfNF(t *testing.T) {
	files, err := filepath.Glob("../nf/*.go")
	if err != nil || files == nil {
		t.Fatal(files, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.IsExported() && functions[f.Name.Name] == nil && generic[f.Name.Name] == nil {
				t.Errorf("nf.%s is not known", f.Name.Name)
			}
		}
	}
}

// The cells of the notebooks need no compiler, which would take them.
func TestCellsOfTheNotebooks(t *testing.T) {
	names, err := filepath.Glob("../../notebooks/*.ipynb")
	if err != nil || len(names) < 12 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		nb, err := notebook.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		declared := map[string]string{} // by the names: parameters stand twice where a run has injected its own
		for _, c := range nb.Cells {
			if c.Kind != notebook.CodeCell {
				continue
			}
			text := c.Source
			declarations, statements := text, ""
			if at := cell.Split(text).Body; at >= 0 {
				declarations, statements = text[:at], text[at:]
			}
			declared[strings.Join(cell.Parse(text).Declares, " ")] = strings.Replace(declarations, "import \""+nfPath+"\"", "", 1)
			source := []byte(program(strings.Join(slices.Collect(maps.Values(declared)), "\n"), statements))
			if _, ok := Parse(source); !ok {
				t.Errorf("%s: not plain: %s", name, text)
			}
			if err := taken(t, source); err != nil {
				t.Errorf("%s: Go does not take %s: %v", name, text, err)
			}
		}
	}
}

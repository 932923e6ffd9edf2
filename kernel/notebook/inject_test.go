package notebook

import (
	"reflect"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

const parametersCell = `import "fmt"

var (
	Seeds   = "0-9" // subjects
	Epochs  = 15    // epochs of tuning
	Gain    = 1.25
	Share   float64 = 1
	Quick   = false
	Hidden  = []int{512, 256}
	Levels  = []float64{0, 0.5}
	Arms    = []string{"a"}
	Derived = fmt.Sprint(Epochs)
)`

func scratch() *Notebook {
	return &Notebook{Format: 4, FormatMinor: 5, Cells: []Cell{
		{ID: "title", Kind: MarkdownCell, Source: "# Scratch"},
		{ID: "values", Kind: CodeCell, Source: parametersCell, Metadata: map[string]any{"tags": []any{ParametersTag}}},
		{ID: "use", Kind: CodeCell, Source: "%%\nfmt.Println(Gain)"},
	}}
}

func TestInject(t *testing.T) {
	nb := scratch()
	for range 2 { // the second replaces the first's cell
		err := nb.Inject([]Assignment{
			{"Seeds", `0-1,42`}, {"Epochs", "-3"}, {"Gain", "2"}, {"Share", "1e-7"}, {"Quick", "true"},
			{"Hidden", "8,4"}, {"Levels", "[0, 0.25, 1]"}, {"Arms", "x, y"},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(nb.Cells) != 4 || !nb.Cells[2].HasTag(InjectedTag) {
		t.Fatalf("cells %v", nb.Cells)
	}
	want := `// The parameters of this run.
var (
	Seeds  = "0-1,42"
	Epochs = -3
	Gain   = 2.0
	Share  = 1e-07
	Quick  = true
	Hidden = []int{8, 4}
	Levels = []float64{0.0, 0.25, 1.0}
	Arms   = []string{"x", "y"}
)`
	if nb.Cells[2].Source != want {
		t.Errorf("injected\n%s\nwant\n%s", nb.Cells[2].Source, want)
	}
	// What was injected has the types that were declared.
	before, _ := nb.Cells[1].Parameters()
	after, err := nb.Cells[2].Parameters()
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range after {
		if p.Name != before[i].Name || p.Type.String() != before[i].Type.String() {
			t.Errorf("%s became %s %s", before[i].Name, p.Name, p.Type)
		}
	}
	noted := nb.Metadata["papermill"].(map[string]any)["parameters"].(map[string]any)
	if noted["Gain"] != 2.0 || noted["Seeds"] != "0-1,42" || !reflect.DeepEqual(noted["Hidden"], []int{8, 4}) {
		t.Errorf("papermill's parameters are %v", noted)
	}
}

func TestInjectNothing(t *testing.T) {
	nb := scratch()
	if err := nb.Inject(nil); err != nil || !reflect.DeepEqual(nb, scratch()) {
		t.Errorf("no parameters: %v, %v", nb, err)
	}
}

func TestInjectRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"Sead=1":           "Sead is not a parameter of the notebook; it takes Seeds, Epochs,",
		"Epochs=2.5":       `Epochs takes a whole number, not "2.5"`,
		"Epochs=":          `Epochs takes a whole number, not ""`,
		"Gain=high":        `Gain takes a number, not "high"`,
		"Gain=inf":         `Gain takes a number, not "inf"`,
		"Quick=yes":        `Quick takes true or false, not "yes"`,
		"Hidden=8,x":       `Hidden takes whole numbers like "1,2", not "8,x"`,
		"Levels=0,,1":      `Levels takes numbers like "0.5,1", not "0,,1"`,
		"Derived=3":        `Derived takes no value from outside, not "3"`,
		"Gain=1\nvar x = ": `Gain takes a number`,
	} {
		a, err := ParseAssignment(text)
		if err != nil {
			t.Fatal(err)
		}
		nb := scratch()
		err = nb.Inject([]Assignment{a})
		if !protocols.IsBadInput(err) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
		if len(nb.Cells) != 3 {
			t.Errorf("%q changed the notebook", text)
		}
	}
	if err := scratch().Inject([]Assignment{{"Gain", "1"}, {"Gain", "2"}}); !protocols.IsBadInput(err) {
		t.Errorf("two values: %v", err)
	}
	for _, text := range []string{"Gain", "=1", ""} {
		if _, err := ParseAssignment(text); !protocols.IsBadInput(err) {
			t.Errorf("ParseAssignment(%q) = %v", text, err)
		}
	}
	bare := &Notebook{Cells: []Cell{{Kind: CodeCell, Source: "%%"}}}
	if err := bare.Inject([]Assignment{{"Gain", "1"}}); !protocols.IsBadInput(err) {
		t.Errorf("no cell for parameters: %v", err)
	}
}

func TestParameters(t *testing.T) {
	list, err := scratch().Cells[1].Parameters()
	if err != nil {
		t.Fatal(err)
	}
	if p := list[0]; p.Name != "Seeds" || p.Value != `"0-9"` || p.Meaning != "subjects" {
		t.Errorf("the first parameter is %+v", p)
	}
	if _, err := (Cell{Source: "var ("}).Parameters(); err == nil {
		t.Error("broken Go went through")
	}
}

// A value outside its chapter's range is refused before anything runs.
func TestCheckRanges(t *testing.T) {
	if err := checkRanges(1, []Assignment{{"PruneSparsity", "1.5"}}); !protocols.IsBadInput(err) {
		t.Errorf("a sparsity of 1.5: %v", err)
	}
	for _, a := range []Assignment{{"Hidden", "[8, 4]"}, {"Colour", "red" /* the notebook's own */}} {
		if err := checkRanges(1, []Assignment{a}); err != nil {
			t.Errorf("%v: %v", a, err)
		}
	}
}

// A notebook is of the chapter that its name or, in a copy, its code tells.
func TestChapterOfNotebook(t *testing.T) {
	read := func(name string) *Notebook {
		nb, err := Read("../../notebooks/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return nb
	}
	for _, c := range []struct {
		nb   *Notebook
		path string
		want int
		says string
	}{
		{read("ch05.ipynb"), "x/ch05.ipynb", 5, ""},
		{read("ch05.ipynb"), "mine.ipynb", 5, ""},
		{read("ch10.ipynb"), "ch05 with less noise.ipynb", 10, ""},
		{read("beyond.ipynb"), "beyond.ipynb", 0, "beyond.ipynb runs something of its own with chapter 5: its parameters cell lacks the chapter's TrainSamples"},
		{&Notebook{Cells: []Cell{{Kind: MarkdownCell, Source: "nf.Chapter(1)"}, {Kind: CodeCell, Source: "x := 1 // nf.Chapter(2)"}}}, "a.ipynb", 0, "a.ipynb runs no chapter"},
		{&Notebook{Cells: []Cell{{Kind: CodeCell, Source: "a := nf.Chapter(7)\nb := nf.Chapter(5)"}, {Kind: CodeCell, Source: "nf.Chapter(5)"}}}, "b.ipynb", 0, "b.ipynb runs several chapters (5 7)"},
	} {
		got, err := c.nb.chapter(c.path)
		if got != c.want || (err != nil) != (c.says != "") || err != nil && (!protocols.IsBadInput(err) || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: chapter %d, %v; want %d, %q", c.path, got, err, c.want, c.says)
		}
	}
}

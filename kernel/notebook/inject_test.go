package notebook

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

func scratch() *Notebook {
	return &Notebook{Format: 4, FormatMinor: 5, Cells: []Cell{
		{ID: "title", Kind: MarkdownCell, Source: "# Scratch"},
		{ID: "values", Kind: CodeCell, Source: chapter5, Metadata: map[string]any{"tags": []any{ParametersTag}}},
		{ID: "use", Kind: CodeCell, Source: "run.Run()"},
	}}
}

func TestInject(t *testing.T) {
	nb := scratch()
	for range 2 { // the second replaces the first's cell
		err := nb.Inject([]Assignment{{"Seeds", "0-1,42"}, {"SSRIRate", "1e-7"}, {"KetamineGain", "2"}, {"Controls", "false"}, {"Hidden", "[8, 4]"}, {"Arms", `"a": ketamine`}})
		if err != nil && !strings.HasPrefix(err.Error(), "Arms ") {
			t.Fatal(err)
		}
		err = nb.Inject([]Assignment{{"Seeds", "0-1,42"}, {"SSRIRate", "1e-7"}, {"KetamineGain", "2"}, {"Controls", "false"}, {"Hidden", "[8, 4]"}})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(nb.Cells) != 4 || !nb.Cells[2].HasTag(InjectedTag) {
		t.Fatalf("cells %v", nb.Cells)
	}
	want := `import "github.com/network-fragility/fragility/kernel/nf"

var run = nf.Chapter(5).With(nf.Set{
	"KetamineGain": 2,        // gain that comes with the ketamine-like treatment; 1 is none (factor)
	"Seeds":        "0-1,42", // subjects, each with its own data, initial weights and noise
	"SSRIRate":     1e-7,     // rate of the SSRI-like training (Adam step size)
	"Controls":     false,    // whether our control arms, which the book lacks, are run too
	"Hidden":       "8, 4",   // hidden layers of the network (units)
})`
	if nb.Cells[2].Source != want {
		t.Errorf("injected\n%s\nwant\n%s", nb.Cells[2].Source, want)
	}
	noted := nb.Metadata["papermill"].(map[string]any)["parameters"].(map[string]any)
	if noted["KetamineGain"] != 2.0 || noted["Seeds"] != "0-1,42" || noted["Controls"] != false {
		t.Errorf("papermill's parameters are %v", noted)
	}
}

func TestInjectNothing(t *testing.T) {
	nb := scratch()
	if err := nb.Inject(nil); err != nil || !reflect.DeepEqual(nb, scratch()) {
		t.Errorf("no parameters: %v, %v", nb, err)
	}
}

// What a parameter does not take is refused before anything runs, with what to
// write.
func TestInjectRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"KetamineGian=1":           "KetamineGian is not a parameter of chapter 5; did you mean KetamineGain?",
		"StressCycles=1":           "StressCycles is not a parameter of chapter 5; it takes Profile, Seeds,",
		"KetamineGain=1,4":         `KetamineGain takes a number in [0.01,10] (factor), not "1,4": write 1.4`,
		"KetamineEpochs=2.5":       "KetamineEpochs takes a whole number",
		"KetamineEpochs=":          "KetamineEpochs takes a whole number",
		"KetamineGain=high":        "KetamineGain takes a number",
		"KetamineGain=99":          "KetamineGain takes a number in [0.01,10]",
		"Controls=yes":             "Controls takes true or false",
		"Hidden=8,x":               "Hidden takes a list of whole numbers",
		"KetamineGain=1\nvar x = ": "KetamineGain takes a number",
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
	if err := scratch().Inject([]Assignment{{"KetamineGain", "1"}, {"KetamineGain", "2"}}); !protocols.IsBadInput(err) {
		t.Errorf("two values: %v", err)
	}
	for _, text := range []string{"Gain", "=1", ""} {
		if _, err := ParseAssignment(text); !protocols.IsBadInput(err) {
			t.Errorf("ParseAssignment(%q) = %v", text, err)
		}
	}
	for source, want := range map[string]string{
		"%%":           "has no cell tagged",
		"var Gain = 1": "runs no chapter",
		strings.Replace(chapter5, "1.25", "gain()", 1): "KetamineGain is computed in the parameters cell (gain())",
	} {
		nb := &Notebook{Cells: []Cell{{Kind: CodeCell, Source: source}}}
		if source != "%%" {
			nb.Cells[0].Metadata = map[string]any{"tags": []any{ParametersTag}}
		}
		if err := nb.Inject([]Assignment{{"KetamineGain", "1"}}); !protocols.IsBadInput(err) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", source, err)
		}
	}
}

// What stands beside the values of every notebook's parameters cell is what the
// chapter's struct tags say, and a chapter's own lists what it is about.
func TestParametersCells(t *testing.T) {
	files, err := filepath.Glob("../../notebooks/*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, path := range files {
		nb, err := Read(path)
		if err != nil {
			t.Fatal(err)
		}
		changed, err := nb.Document(chapterOf(path))
		if err != nil || changed {
			t.Errorf("%s: run fragility notebook parameters on it (%v)", path, err)
		}
		at, call, _ := nb.parameters()
		if n := len(call.Entries); chapterOf(path) > 0 && (n < 6 || n > 12) {
			t.Errorf("%s lists %d parameters", path, n)
		}
		for i, c := range nb.Cells {
			for _, name := range protocols.Focus(call.Chapter) {
				if i > at && c.Kind == CodeCell && !c.HasTag(InjectedTag) && strings.Contains(c.Source, `"`+name+`": `+name) {
					t.Errorf("%s names %s again", path, name)
				}
			}
		}
	}
}

// A chapter's notebook is short: what it computes and shows, and nothing twice.
func TestLinesOfCode(t *testing.T) {
	for name, limit := range map[string]int{"ch05": 35, "ch10": 70} {
		nb, err := Read("../../notebooks/" + name + ".ipynb")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, c := range nb.Cells {
			for line := range strings.Lines(c.Source) {
				if c.Kind == CodeCell && !c.HasTag(InjectedTag) && strings.TrimSpace(line) != "" {
					n++
				}
			}
		}
		if n > limit {
			t.Errorf("%s has %d lines of code, %d at most", name, n, limit)
		}
	}
}

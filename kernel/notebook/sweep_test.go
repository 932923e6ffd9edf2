package notebook

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

func TestCombinations(t *testing.T) {
	names, points, err := combinations([]Assignment{{"A", "1"}, {"P", "smoke"}, {"B", "x"}, {"A", "2"}, {"B", "y"}})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(names, []string{"A", "B"}) {
		t.Errorf("swept are %v", names)
	}
	want := []string{"A = 1, B = x", "A = 1, B = y", "A = 2, B = x", "A = 2, B = y"}
	for i, p := range points {
		if i >= len(want) || inWords(names, p) != want[i] || len(p) != 3 {
			t.Errorf("run %d is %v", i, p)
		}
	}
	if got := folderName("ch05", names, points[1]); got != "ch05_A=1_B=y" {
		t.Errorf("the folder is %s", got)
	}
	for _, bad := range [][]Assignment{{}, {{"A", "1"}}, {{"A", "1"}, {"A", "1"}}} {
		if _, _, err := combinations(bad); !protocols.IsBadInput(err) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// A value that the chapter refuses stops a sweep before its first run.
func TestSweepRefuses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	o := Options{Root: root(t), Notebook: "ch05", Dir: dir, To: []string{"html"}, Parameters: []Assignment{{"KetamineGain", "1"}, {"KetamineGain", "99"}}}
	if files, err := Sweep(t.Context(), o); !protocols.IsBadInput(err) || files != nil {
		t.Errorf("%v, %v", files, err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("it wrote something")
	}
}

// The parts of a sweep: a run a value, each in its folder, and a page that
// links them.
func TestSweep(t *testing.T) {
	nb := &Notebook{Format: 4, FormatMinor: 5, Metadata: map[string]any{
		"kernelspec": map[string]any{"name": "fragility", "display_name": "Go", "language": "go"},
	}, Cells: []Cell{
		{ID: "a", Kind: MarkdownCell, Source: "# A <sweep>"},
		{ID: "b", Kind: CodeCell, Source: chapter5, Metadata: map[string]any{"tags": []any{ParametersTag}}},
		{ID: "c", Kind: CodeCell, Source: "fmt.Println(run)"},
	}}
	source := filepath.Join(t.TempDir(), "scratch.ipynb")
	if err := nb.Write(source); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files, err := Sweep(t.Context(), Options{Root: root(t), Notebook: source, Dir: dir, To: []string{"md"},
		Parameters: []Assignment{{"KetamineGain", "1.5"}, {"KetamineGain", "2"}, {"Seeds", "0-1"}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 5 || files[4] != filepath.Join(dir, "index.html") {
		t.Errorf("wrote %v", files)
	}
	for folder, want := range map[string]string{"scratch_KetamineGain=1.5": "KetamineGain:1.5 Seeds:0-1", "scratch_KetamineGain=2": "KetamineGain:2 Seeds:0-1"} {
		text, err := os.ReadFile(filepath.Join(dir, folder, "scratch.md"))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %q (%v)", folder, want, err)
		}
	}
	page, _ := os.ReadFile(files[4])
	for _, want := range []string{"<h1>A &lt;sweep&gt;</h1>", "2 runs, Seeds = 0-1.", "<td>1.5</td>", `href="scratch_KetamineGain=2/scratch.md"`} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
}

// The long tables of a sweep are one, with a column a parameter, and two
// parameters make a map.
func TestJoint(t *testing.T) {
	names := []string{"KetamineGain", "ManiaTestBias"}
	table := newJoint(names)
	for _, gain := range []string{"1", "1.4"} {
		for _, bias := range []string{"0.5", "1"} {
			p, err := protocols.Configure(5, map[string]string{"Profile": "smoke", "KetamineGain": gain, "ManiaTestBias": bias})
			if err != nil {
				t.Fatal(err)
			}
			if err := table.add(t.Context(), &job{Options: Options{Compute: fake}, protocol: p}, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	lines := strings.Split(string(table.bytes()), "\n")
	if lines[0] != "KetamineGain,ManiaTestBias,chapter,arm,condition,metric,seed,value" || !strings.HasPrefix(lines[1], "1,0.5,5,") || len(lines) != table.rows+2 {
		t.Errorf("%q, %q, %d lines", lines[0], lines[1], len(lines))
	}
	found := table.heatMaps()
	if len(found) == 0 || !reflect.DeepEqual(found[0].Heads, []string{"0.5", "1"}) || len(found[0].Rows) != 2 || found[0].Rows[1].Head != "1.4" {
		t.Errorf("%+v", found)
	}
}

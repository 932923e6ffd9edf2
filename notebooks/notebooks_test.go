package notebooks

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/notebook"
	"github.com/network-fragility/fragility/protocols"
)

// shows lists what each cell shows by its source: the title of a picture, and
// the title and column heads of a table, which are the same whatever the
// parameters but for numbers, and for how many columns a list of them makes.
func shows(t *testing.T, nb *notebook.Notebook) map[string][]string {
	t.Helper()
	list := map[string][]string{}
	for _, c := range nb.Cells {
		if c.Kind != notebook.CodeCell || !strings.Contains(c.Source, "()") || c.HasTag(notebook.ParametersTag) || c.HasTag(notebook.InjectedTag) {
			continue
		}
		list[c.Source] = nil
		for _, raw := range c.Outputs {
			var o struct {
				Data map[string]any `json:"data"`
			}
			if err := json.Unmarshal(raw, &o); err != nil {
				t.Fatal(err)
			}
			picture, page := text(o.Data["image/svg+xml"]), text(o.Data["text/html"])
			switch {
			case picture != "":
				list[c.Source] = append(list[c.Source], "picture: "+strings.Join(between(picture, "title"), ""))
			case strings.Contains(page, "<table"):
				list[c.Source] = append(list[c.Source], "table: "+strings.Join(append(between(page, "caption"), columns(page)...), " | "))
			}
		}
	}
	return list
}

// columns are the heads of a table's columns, neighbours that are alike once.
func columns(page string) []string {
	heads := slices.DeleteFunc(between(page, "th"), func(head string) bool { return head == "" })
	return slices.Compact(heads)
}

// text is an entry of an output, which a file may have as lines.
func text(entry any) string {
	switch v := entry.(type) {
	case string:
		return v
	case []any:
		var b strings.Builder
		for _, line := range v {
			b.WriteString(fmt.Sprint(line))
		}
		return b.String()
	}
	return ""
}

var (
	tagged  = regexp.MustCompile(`<[^>]*>`)
	numbers = regexp.MustCompile(`[0-9.,–-]+`)
)

// between lists what stands in elements of a kind, without its numbers.
func between(page, element string) []string {
	var list []string
	for _, m := range regexp.MustCompile(`(?s)<`+element+`[ >].*?</`+element+`>`).FindAllString(page, -1) {
		words := numbers.ReplaceAllString(tagged.ReplaceAllString(m, ""), "#")
		words = strings.ReplaceAll(words, "(subject #)", "(# subjects)")
		list = append(list, strings.TrimSpace(words))
	}
	return list
}

// tiny is a network whose pruned ones are all of one size, so that few programs
// are compiled for the tests of whole chapters.
const tiny = "8,8,8"

// tinyStore is the store of those tests. Its name is short, as a socket's must be.
var tinyStore string

// binary is the command of the checkout, which the tests run as a user does.
var binary string

// TestMain works in the checkout, above this folder. A look at the command lets
// the go tool see when it is another, so that no old success is told again.
func TestMain(m *testing.M) {
	err := os.Chdir("..")
	if err == nil {
		if binary, err = filepath.Abs("bin/fragility"); err == nil {
			_, err = os.Stat(binary)
		}
	}
	if err != nil {
		panic(err)
	}
	if tinyStore, err = os.MkdirTemp("", "nb"); err != nil {
		panic(err)
	}
	status := m.Run()
	os.RemoveAll(tinyStore)
	os.Exit(status)
}

// command is a command line with the store of the tests. The engine that cells
// start is that of the checkout. It computes on one core, as two would each
// compile the programs.
func command(args ...string) *exec.Cmd {
	c := exec.Command(binary, args...)
	c.Env = append(os.Environ(), client.StoreVariable+"="+tinyStore, client.BinaryVariable+"="+binary, "SLURM_CPUS_PER_TASK=1")
	return c
}

// Every notebook runs in its smoke profile, with the real kernel and engine,
// and whatever it shows is there: a picture or a table for each Show.
func TestNotebooks(t *testing.T) {
	files, err := filepath.Glob("notebooks/*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatalf("no notebooks (%v)", err)
	}
	t.Cleanup(func() { command("engine", "stop").Run() })
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".ipynb")
		t.Run(name, func(t *testing.T) {
			t.Parallel() // one starts its kernel while another computes
			dir := t.TempDir()
			if name == "beyond" { // a claim's curve has many networks of each subject, and shows the same of one
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				file = filepath.Join(t.TempDir(), name+".ipynb")
				if err := os.WriteFile(file, bytes.Replace(text, []byte(`\"Seeds\": \"0-5\"`), []byte(`\"Seeds\": \"0\"`), 1), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			args := []string{"notebook", "run", file, "-p", "Profile=smoke", "--out", dir}
			if name == "ch09" { // of a language model, and of one subject as the notebook is
				args = append(args, "-p", "Seeds=0")
			} else {
				args = append(args, "-p", "Hidden="+tiny)
			}
			if name == "ch01" { // the pages of all are made with the site
				args = append(args, "--to", "html")
			}
			said, err := command(args...).CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			nb, err := notebook.Read(filepath.Join(dir, name+".ipynb"))
			if err != nil {
				t.Fatal(err)
			}
			committed, err := notebook.Read(file)
			if err != nil {
				t.Fatal(err)
			}
			want := shows(t, committed)
			got := shows(t, nb)
			for source, outputs := range got {
				if n := strings.Count(source, ".Show()") + strings.Count(source, ".Turn("); len(outputs) != n {
					t.Errorf("a cell shows %d of %d:\n%s", len(outputs), n, source)
				}
				if fmt.Sprint(outputs) != fmt.Sprint(want[source]) {
					t.Errorf("a cell shows\n%s\nand with the notebook's own values\n%s\n%s", strings.Join(outputs, "\n"), strings.Join(want[source], "\n"), source)
				}
			}
			if info, err := os.Stat(filepath.Join(dir, name+".html")); name == "ch01" && (err != nil || info.Size() < 100_000) {
				t.Errorf("the page is missing or empty (%v)", err)
			}
		})
	}
}

// All chapters stand in one table of csv, each with every figure of the book;
// as text each has its own, and the verdicts are counted at the end. What the
// notebooks computed is taken from their store.
func TestCompareAll(t *testing.T) {
	run := func(args ...string) (out, said string) {
		t.Helper()
		c := command(args...)
		var stdout, stderr strings.Builder
		c.Stdout, c.Stderr = &stdout, &stderr
		if err := c.Run(); err != nil {
			t.Fatalf("%v: %s", err, stderr.String())
		}
		return stdout.String(), stderr.String()
	}
	// Controls is no parameter of chapter 1.
	args := []string{"compare", "all", "--workers", "1", "--seeds", "0", "--set", "Profile=smoke", "--set", "Hidden=" + tiny, "--set", "Controls=false"}
	out, _ := run(append(args, "--format", "csv")...)
	lines, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	figures, verdicts := map[string]int{}, map[string]int{}
	stored := 0
	for _, l := range lines[1:] {
		if l[13] != string(protocols.Book) {
			stored++
			continue
		}
		figures[l[0]]++
		verdicts[l[12]]++
	}
	if stored < 1500 {
		t.Errorf("%d stored figures", stored)
	}
	for _, n := range protocols.Chapters() {
		if want := len(protocols.PublishedFigures(n)); want == 0 || figures[strconv.Itoa(n)] != want {
			t.Errorf("chapter %d: %d figures, want %d", n, figures[strconv.Itoa(n)], want)
		}
	}
	out, stderr := run(args...)
	if strings.Contains(stderr, "trained 1") || !strings.Contains(stderr, "trained 0 epochs") {
		t.Errorf("the second run computed something: %s", stderr)
	}
	last := strings.TrimSpace(out[strings.LastIndexByte(strings.TrimSpace(out), '\n'):])
	want := fmt.Sprintf("%d matched, %d not matched, %d cannot tell, %d not comparable", verdicts["matched"], verdicts["not matched"], verdicts["cannot tell"], verdicts["not comparable"])
	if last != want {
		t.Errorf("last line %q, want %q", last, want)
	}
	if n := strings.Count(out, "Ours beside every published figure"); n != len(protocols.Chapters()) {
		t.Errorf("%d tables, want one a chapter", n)
	}
}

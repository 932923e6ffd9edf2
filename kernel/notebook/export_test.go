package notebook

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// fake makes up a run: every reading has numbers of its own, and none is
// computed.
func fake(_ context.Context, p protocols.Protocol) (*Record, error) {
	r := &protocols.Result{Chapter: p.Chapter()}
	r.Settings, r.Altered = protocols.Settings(p)
	record := &Record{Result: r, Platform: protocols.Platform{Precision: "float32", Plugin: "p", CPU: "c"}}
	x := 1.0 / 3
	for _, seed := range p.Cohort() {
		p.Plant(seed).Walk(func(n *protocols.Node) {
			for _, reading := range n.Readings {
				record.Readings = append(record.Readings, client.ReadingKey{Seed: seed, Arm: reading.Arm, Probe: reading.Probe.Kind(), Key: "k"})
				values := make([]float64, max(len(reading.Names), 8))
				for i := range values {
					x = 50 + (x-40)*0.99
					values[i] = x
				}
				if reading.Names == nil {
					r.Series = append(r.Series, protocols.Series{Arm: reading.Arm, Label: reading.Label, Seed: seed, Values: values})
				}
				r.Rows = append(r.Rows, reading.Rows(p.Chapter(), seed, values)...)
			}
		})
	}
	r.Rows = append(r.Rows, p.Derive(r.Rows)...)
	r.Cost = protocols.Cost{Readings: len(record.Readings)}
	return record, nil
}

// executed writes the notebook of chapter 5 as a run in the smoke profile would
// leave it, with outputs made up, into a new folder.
func executed(t *testing.T, assignments ...Assignment) string {
	t.Helper()
	nb, err := Read("../../notebooks/ch05.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	if err := nb.Inject(append([]Assignment{{"Profile", "smoke"}}, assignments...)); err != nil {
		t.Fatal(err)
	}
	for i := range nb.Cells {
		if nb.Cells[i].Kind == CodeCell {
			nb.Cells[i].ExecutionCount = &i
			nb.Cells[i].Outputs = []json.RawMessage{
				json.RawMessage(`{"output_type":"display_data","metadata":{},"data":{"image/svg+xml":"<svg xmlns=\"http://www.w3.org/2000/svg\"><text>x</text></svg>","text/plain":"Figure: [a] picture"}}`),
				json.RawMessage(`{"output_type":"display_data","metadata":{},"data":{"image/png":"aGVsbG8=\n","text/plain":"bitmap"}}`),
				json.RawMessage(`{"output_type":"display_data","metadata":{},"data":{"text/html":"<table><tr><td>1</td></tr></table>","text/markdown":["**T**\n","\n","| a |\n"],"text/plain":"T"}}`),
				json.RawMessage(`{"output_type":"stream","name":"stdout","text":["\u001b[31mred\u001b[0m\n","` + "```" + `\n"]}`),
			}
		}
	}
	path := filepath.Join(t.TempDir(), "ch05.ipynb")
	if err := nb.Write(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// The notebook's cells give the run that its cells compute: what a cell lists
// with the book's value is left to the profile, what is injected counts.
func TestNotebookProtocol(t *testing.T) {
	nb, err := Read(executed(t, Assignment{"KetamineGain", "1.4"}, Assignment{"Seeds", "3-4"}))
	if err != nil {
		t.Fatal(err)
	}
	got, err := nb.protocol(5)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := protocols.Configure(5, map[string]string{"Profile": "smoke", "KetamineGain": "1.4", "Seeds": "3-4"})
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if string(a) != string(b) {
		t.Errorf("the notebook's run is\n%s\nwant\n%s", a, b)
	}
	nb.Cells[nb.tagged(ParametersTag)].Source = "var KetamineGain = float64(len(\"ab\")) * someThing"
	if _, err := nb.protocol(5); !protocols.IsBadInput(err) || !strings.Contains(err.Error(), "KetamineGain is computed") {
		t.Errorf("a computed parameter: %v", err)
	}
	for _, n := range protocols.Chapters() {
		nb, err := Read(filepath.Join("../../notebooks", protocols.ChapterName(n)+".ipynb"))
		if err != nil {
			t.Fatal(err)
		}
		if p, err := nb.protocol(n); err != nil || p.Chapter() != n {
			t.Errorf("chapter %d: %v", n, err)
		}
	}
}

// A page of an executed notebook asks the network for nothing, names the run,
// and needs no kernel. asking finds what loads a script, a style, a font or a
// picture from elsewhere; it is tried on such things first.
func TestExportAsksForNothing(t *testing.T) {
	asking := regexp.MustCompile(`(?i)<script|<link|<iframe|<object|<embed|@import|` +
		`\b(?:src|srcset|poster|data|background)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?\s*(?:https?:)?//|<img[^>]*src="[^d]`)
	for _, bad := range []string{
		`<script src="https://cdn.example/MathJax.js">`, `<link rel="stylesheet" href="//x">`, `<img alt="a" src="http://x/y.png">`,
		`@font-face { src: url("https://fonts.example/f.woff2") }`, `background: url(//x/y.png)`, `<img src="ch05_files/a.png">`,
	} {
		if !asking.MatchString(bad) {
			t.Fatalf("%s is not found", bad)
		}
	}
	dir := t.TempDir()
	files, err := Run(t.Context(), Options{Root: root(t), Notebook: executed(t, Assignment{"KetamineGain", "1.4"}), To: []string{"md", "html"}, Dir: dir, Reuse: true})
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Base(files[1]) != "ch05.html" || filepath.Base(files[2]) != "ch05.md" {
		t.Errorf("wrote %v", files)
	}
	page, err := os.ReadFile(filepath.Join(dir, "ch05.html"))
	if err != nil {
		t.Fatal(err)
	}
	if found := asking.Find(page); found != nil {
		t.Errorf("the page asks for something: %s", found)
	}
	for _, want := range []string{
		"<dt>Chapter</dt><dd>5 of Network Fragility", "<dt>Profile</dt><dd>smoke", "<dt>Subjects</dt><dd>0-1 (2)",
		"<dt>Changed</dt><dd>KetamineGain = 1.4</dd>", "<dt>Date</dt>", "fragility 0.", `src="data:image/svg+xml;base64,`,
		`<span class="line" style="--hang:26"><span class="w">    </span><span class="nx">Profile</span>`, // a long comment goes on below its beginning
	} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestExportMarkdown(t *testing.T) {
	nb, err := Read(executed(t))
	if err != nil {
		t.Fatal(err)
	}
	nb.Cells = append(nb.Cells, Cell{Kind: MarkdownCell, Source: "See ![it](attachment:a.png)", Attachments: json.RawMessage(`{"a.png":{"image/png":"aGVsbG8="}}`)})
	dir := t.TempDir()
	files, err := ExportMarkdown(nb, filepath.Join(dir, "ch05.md"), []fact{{"Profile", "smoke"}, {"Date", "today"}})
	if err != nil {
		t.Fatal(err)
	}
	data, _ := os.ReadFile(files[0])
	text := string(data)
	for _, want := range []string{
		"# Chapter 5: gain, and a proxy of the manic switch\n\n- Profile: smoke\n- Date: today\n\nEach treatment", "```go\n%%\nrun.Plot(\"off\").Show()\n```", "![Figure: (a) picture](ch05_files/picture-01.svg)",
		"![bitmap](ch05_files/picture-02.png)", "**T**\n\n| a |", "````\nred\n```\n````", "<details><summary>code</summary>\n\n```go\nvar run",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q", want)
		}
	}
	if strings.Contains(text, "<table>") || strings.Contains(text, "attachment:") {
		t.Error("a table stands twice, or an attachment was left out")
	}
	// Every picture that the text names is there.
	named := regexp.MustCompile(`\]\((ch05_files/[^)]+)\)`).FindAllStringSubmatch(text, -1)
	if len(named) != len(files)-1 || len(named) == 0 {
		t.Errorf("%d pictures named, %d written", len(named), len(files)-1)
	}
	for _, n := range named {
		picture, err := os.ReadFile(filepath.Join(dir, n[1]))
		if err != nil || strings.HasSuffix(n[1], ".png") && string(picture) != "hello" {
			t.Errorf("%s holds %q (%v)", n[1], picture, err)
		}
	}
}

// archived exports a made-up run to a zip file with LaTeX tables in it.
func archived(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	_, err := Run(t.Context(), Options{Root: root(t), Notebook: executed(t), To: []string{"zip", "tex", "md"}, Dir: dir, Reuse: true, Compute: fake, By: "A. Reader (An Institute, https://institute.example)"})
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "ch05.zip")
}

// A copy of a chapter's notebook is exported as its original is, under its own
// name.
func TestArchiveOfCopy(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "mine.ipynb")
	if err := os.Link(executed(t, Assignment{"KetamineGain", "1.4"}), mine); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), Options{Root: root(t), Notebook: mine, To: []string{"tex", "zip"}, Dir: dir, Reuse: true, Compute: fake}); err != nil {
		t.Fatal(err)
	}
	files := unzip(t, filepath.Join(dir, "mine.zip"))
	var parameters archivedParameters
	if err := json.Unmarshal(files[parametersFile], &parameters); err != nil || parameters.Chapter != 5 || parameters.Parameters["KetamineGain"] != "1.4" {
		t.Errorf("the archive has chapter %d with %v (%v)", parameters.Chapter, parameters.Parameters, err)
	}
	if len(files["mine_tex/treatments.tex"]) == 0 || bytes.Contains(files[crateFile], []byte("notebooks/mine.ipynb")) {
		t.Error("the archive lacks a table, or gives an address to a notebook that has none")
	}
}

// members of a zip file by name.
func unzip(t *testing.T, path string) map[string][]byte {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	list := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		list[f.Name], _ = io.ReadAll(r)
		r.Close()
	}
	return list
}

func TestArchive(t *testing.T) {
	files := unzip(t, archived(t))
	for _, want := range []string{
		"ch05.ipynb", "ch05.md", "ch05_files/picture-01.svg", "ch05_tex/treatments.tex", "tables/treatments.csv", "tables/comparison.csv",
		"figures/biased.csv", "figures/biased.svg", longTableFile, parametersFile, environmentFile, crateFile, citationFile, readmeFile,
	} {
		if len(files[want]) == 0 {
			t.Errorf("the archive lacks %s", want)
		}
	}
	var environment archivedEnvironment
	if err := json.Unmarshal(files[environmentFile], &environment); err != nil {
		t.Fatal(err)
	}
	// A test's program does not say which modules are in it; the command does.
	if environment.Program.Go == "" || environment.Platform.Plugin != "p" || !slices.Equal(environment.Seeds, []int{0, 1}) ||
		len(environment.Readings) == 0 || environment.Readings[0].Key != "k" || environment.Machine.Cores == 0 {
		t.Errorf("environment %+v, %+v, %v, %d readings", environment.Platform, environment.Machine, environment.Seeds, len(environment.Readings))
	}

	// The crate names every file of the archive, and refers to nothing that it
	// does not describe.
	var crate struct {
		Graph []map[string]any `json:"@graph"`
	}
	if err := json.Unmarshal(files[crateFile], &crate); err != nil {
		t.Fatal(err)
	}
	known := map[string]map[string]any{}
	for _, e := range crate.Graph {
		if known[e["@id"].(string)] != nil {
			t.Errorf("%s is described twice", e["@id"])
		}
		known[e["@id"].(string)] = e
	}
	parts := map[string]bool{}
	for _, p := range known["./"]["hasPart"].([]any) {
		parts[p.(map[string]any)["@id"].(string)] = true
	}
	for name := range files {
		if name != crateFile && (!parts[name] || known[name] == nil) {
			t.Errorf("the crate does not describe %s", name)
		}
		delete(parts, name)
	}
	if len(parts) > 0 {
		t.Errorf("the crate has parts that are not there: %v", parts)
	}
	var check func(v any)
	check = func(v any) {
		switch x := v.(type) {
		case map[string]any:
			if id, ok := x["@id"].(string); ok && len(x) == 1 && known[id] == nil && !strings.HasPrefix(id, "https://") {
				t.Errorf("the crate refers to %s", id)
			}
			for _, w := range x {
				check(w)
			}
		case []any:
			for _, w := range x {
				check(w)
			}
		}
	}
	for _, e := range crate.Graph {
		check(e)
	}
	run := known[actionIdentifier]
	if run["instrument"].(map[string]any)["@id"] != "ch05.ipynb" || run["agent"].(map[string]any)["@id"] != personIdentifier ||
		known["#value-Profile"]["value"] != "smoke" || known["ch05.ipynb"]["programmingLanguage"] == nil {
		t.Errorf("the run is %v", run)
	}
	publisher := known["./"]["publisher"].(map[string]any)["@id"].(string)
	if known[publisher]["name"] != "An Institute" || known[publisher]["url"] != publisher || known[personIdentifier]["name"] != "A. Reader" {
		t.Errorf("the run is by %v for %v", known[personIdentifier], known[publisher])
	}
	if _, err := time.Parse(crateTime, run["endTime"].(string)); err != nil {
		t.Error(err)
	}
}

func TestParties(t *testing.T) {
	for by, want := range map[string][3]string{
		"A. Reader":                        {"A. Reader", "", ""},
		"A. Reader (An Institute, Town)":   {"A. Reader", "An Institute, Town", ""},
		"A. Reader (X, https://x.example)": {"A. Reader", "X", "https://x.example"},
		"(X)":                              {"(X)", "", ""},
	} {
		if name, organisation, address := parties(by); [3]string{name, organisation, address} != want {
			t.Errorf("%q is %q for %q at %q, want %q", by, name, organisation, address, want)
		}
	}
}

func TestExportRefuses(t *testing.T) {
	chapter := executed(t)
	const other = "../../notebooks/beyond.ipynb"
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{Notebook: chapter, To: []string{"html", "docx"}}, "--to takes html, pdf, md, tex and zip"},
		{Options{Notebook: other, To: []string{"zip"}}, "--to tex and zip take a chapter's notebook, or a copy of one: beyond.ipynb runs something of its own"},
		{Options{Notebook: chapter, Parameters: []Assignment{{"KetamineGain", "99"}}}, "KetamineGain"},
		{Options{Notebook: chapter, To: []string{"pdf"}}, "apt-get install chromium"},
		{Options{Notebook: chapter, Dir: chapter}, "--out takes a folder"},
	} {
		t.Setenv("PATH", t.TempDir()) // no Chromium
		c.o.Root, c.o.Reuse = root(t), true
		if c.o.Dir == "" {
			c.o.Dir = filepath.Join(t.TempDir(), "out")
		}
		if files, err := Run(t.Context(), c.o); !protocols.IsBadInput(err) || !strings.Contains(err.Error(), c.want) || files != nil {
			t.Errorf("%+v: %v, %v, want %q", c.o, files, err, c.want)
		}
	}
}

// A notebook that shows another number than its run gives is not archived.
func TestExportOfAnotherRun(t *testing.T) {
	p, err := protocols.Configure(5, map[string]string{"Profile": "smoke"})
	if err != nil {
		t.Fatal(err)
	}
	record, _ := fake(t.Context(), p)
	tables, err := record.tables(p)
	if err != nil {
		t.Fatal(err)
	}
	text, err := tables[1].value.Markdown()
	if err != nil {
		t.Fatal(err)
	}
	nb := &Notebook{Cells: []Cell{{Kind: CodeCell}}}
	show := func(text string) error {
		data, _ := json.Marshal(map[string]any{"output_type": "display_data", "data": map[string]string{"text/markdown": text}})
		nb.Cells[0].Outputs = append(nb.Cells[0].Outputs, data)
		return nb.agrees(record, p)
	}
	i := strings.LastIndexAny(text, "0123456789")
	if err := show(text[:i] + "x" + text[i+1:]); err == nil || !strings.Contains(err.Error(), "another table") {
		t.Errorf("another table: %v", err)
	}
	// Beside the run's own it is a variation of the user's.
	if err := show(text); err != nil {
		t.Error(err)
	}
}

func TestExecuted(t *testing.T) {
	nb, _ := Read(executed(t))
	if !nb.executed() {
		t.Error("an executed notebook is not taken for one")
	}
	nb.Cells[1].Outputs = []json.RawMessage{json.RawMessage(`{"output_type":"error","ename":"E","evalue":"","traceback":[]}`)}
	if nb.executed() {
		t.Error("a notebook with a failed cell is taken for an executed one")
	}
	nb.ClearOutputs()
	if nb.executed() {
		t.Error("a fresh notebook is taken for an executed one")
	}
}

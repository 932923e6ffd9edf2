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
	"sync"
	"testing"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/gate"
	"github.com/network-fragility/fragility/protocols"
)

// fake makes up a run: every reading has numbers of its own, and none is
// computed.
func fake(_ context.Context, p protocols.Protocol) (*Record, error) {
	r := &protocols.Result{Chapter: p.Chapter()}
	r.Settings, r.Altered = protocols.Settings(p)
	record := &Record{Result: r, Stamp: fakeStamp(p)}
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

// fakeStamp is the stamp of a made-up run.
func fakeStamp(p protocols.Protocol) client.Stamp {
	settings, _ := protocols.Settings(p)
	return client.Stamp{Chapter: p.Chapter(), Settings: client.SettingsText(settings), Subjects: len(p.Cohort()), Keys: "k",
		Platform: protocols.Platform{Precision: "float32", Plugin: "p", CPU: "c"}}
}

// executed writes the notebook of chapter 5 as a run in the smoke profile would
// leave it, with outputs made up, into a new folder.
func executed(t *testing.T, assignments ...Assignment) string {
	return executedOf(t, "ch05", assignments...)
}

func executedOf(t *testing.T, name string, assignments ...Assignment) string {
	t.Helper()
	nb, err := Read("../../notebooks/" + name + ".ipynb")
	if err != nil {
		t.Fatal(err)
	}
	assignments = append([]Assignment{{"Profile", "smoke"}}, assignments...)
	if err := nb.Inject(assignments); err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, a := range assignments {
		values[a.Name] = a.Value
	}
	_, call, err := nb.parameters()
	if err != nil {
		t.Fatal(err)
	}
	p, err := protocols.Configure(call.Chapter, values)
	if err != nil {
		t.Fatal(err)
	}
	var after []string
	for i := range nb.Cells {
		c := &nb.Cells[i]
		if c.Kind != CodeCell {
			continue
		}
		c.ExecutionCount = &i
		c.Outputs = nil
		stamp := fakeStamp(p).Metadata()
		stamp["cell"], stamp["after"] = gate.Digest(c.Source), strings.Join(after, " ")
		after = append(after, gate.Digest(c.Source))
		if c.HasTag(ParametersTag) || c.HasTag(InjectedTag) {
			continue
		}
		put := func(data string) {
			metadata, _ := json.Marshal(map[string]any{client.StampKey: stamp})
			c.Outputs = append(c.Outputs, json.RawMessage(`{"output_type":"display_data","metadata":`+string(metadata)+`,"data":`+data+`}`))
		}
		put(`{"image/svg+xml":"<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" font-family=\"Fragility Sans\"><title>T</title>\n<style>@font-face{}</style><text style=\"font-weight:normal\">x</text></svg>","text/plain":"Figure: [a] picture"}`)
		put(`{"image/png":"aGVsbG8=\n","text/plain":"bitmap"}`)
		put(`{"text/html":"<table><tr><td>1</td></tr></table>","text/markdown":["**T**\n","\n","| a |\n"],"text/plain":"T"}`)
		c.Outputs = append(c.Outputs, json.RawMessage(`{"output_type":"stream","name":"stdout","text":["\u001b[31mred\u001b[0m\n","`+"```"+`\n"]}`))
	}
	path := filepath.Join(t.TempDir(), name+".ipynb")
	if err := nb.Write(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// What a page says of its run is what the engine stamped, whatever the cells
// say, and an edit after the run is no part of a page: it is refused.
func TestExportOfAnEdit(t *testing.T) {
	for _, n := range protocols.Chapters() {
		for _, to := range formats {
			if to == "pdf" {
				continue // is made of the html
			}
			path := executedOf(t, protocols.ChapterName(n))
			nb, err := Read(path)
			if err != nil {
				t.Fatal(err)
			}
			at := nb.tagged(InjectedTag)
			nb.Cells[at].Source = strings.Replace(nb.Cells[at].Source, `"smoke"`, `"quick"`, 1)
			if err := nb.Write(path); err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(t.TempDir(), "out")
			o := Options{Root: root(t), Notebook: path, To: []string{to}, Dir: dir, Reuse: true, Compute: fake}
			files, err := Run(t.Context(), o)
			if !protocols.IsBadInput(err) || !strings.Contains(err.Error(), "cell 2 (") || !strings.Contains(err.Error(), "was changed, or not run, before what stands below it") || files != nil {
				t.Errorf("chapter %d to %s: %v, %v", n, to, files, err)
			}
			if _, err := os.Stat(dir); err == nil {
				t.Errorf("chapter %d to %s: something was written", n, to)
			}
		}
	}
}

func TestStale(t *testing.T) {
	const chapter = "var run = nf.Chapter(5).With(nf.Set{})"
	p, _ := protocols.Configure(5, nil)
	other, _ := protocols.Configure(5, map[string]string{"KetamineGain": "1.4"})
	show := func(source string, p protocols.Protocol, after ...string) Cell {
		stamp := fakeStamp(p).Metadata()
		for i := range after {
			after[i] = gate.Digest(after[i])
		}
		stamp["cell"], stamp["after"] = gate.Digest(source), strings.Join(after, " ")
		o, _ := json.Marshal(map[string]any{"output_type": "display_data", "metadata": map[string]any{client.StampKey: stamp}, "data": map[string]any{}})
		return Cell{Kind: CodeCell, Source: source, Outputs: []json.RawMessage{o}}
	}
	changed := func(c Cell, source string) Cell {
		c.Source = source
		return c
	}
	parameters := Cell{Kind: CodeCell, Source: chapter, Metadata: map[string]any{"tags": []any{ParametersTag}}}
	head := Cell{Kind: MarkdownCell, Source: "# T"}
	for _, c := range []struct {
		cells []Cell
		want  string
	}{
		{[]Cell{head, parameters, show("run.Run()", p, chapter), show(`run.Plot("biased").Show()`, p, chapter, "run.Run()")}, ""},
		// A picture that was asked for otherwise makes the others no less right.
		{[]Cell{parameters, show("run.Run()", p, chapter), show("run.Plot(1)", p, chapter), show("run.Plot(2)", p, chapter)}, ""},
		{[]Cell{head, changed(parameters, chapter+" "), show("run.Run()", p, chapter)}, "cell 1 (T) was changed, or not run, before what stands below it"},
		{[]Cell{head, parameters, changed(show("run.Run()", p, chapter), "run.Run() ")}, "cell 2 (T) was changed after it ran"},
		{[]Cell{parameters, show("run.Run()", p, chapter), show("run.Plot(1)", other, chapter)}, "cell 3 was run with KetamineGain 1.4, and the notebook with 1.25"},
		// What the text sets itself is no secret.
		{[]Cell{parameters, show("run.Run()", p, chapter), show(`run.With(nf.Set{"KetamineGain": 1.4}).Plot(1)`, other, chapter)}, ""},
		{[]Cell{parameters, {Kind: CodeCell, Source: "x()", Outputs: []json.RawMessage{json.RawMessage(`{"output_type":"display_data","metadata":{},"data":{}}`)}}}, "it was run by an older version, and no output says what made it"},
	} {
		nb := &Notebook{Cells: c.cells}
		if got := strings.Join(nb.stale(), "; "); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// A cell that asks for an export is running while it is made, so that it is no part
// of it; any other that did not run is a reason to refuse.
func TestExportFromACell(t *testing.T) {
	path := executed(t)
	nb, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ source, refused string }{
		{"nf.Export(\"pdf\")", ""},
		{"// for the journal\nnf.Export(\"zip\")\nnf.Export(\"html\", \"no code\")\n", ""},
		{"x := 1\nnf.Export(\"pdf\")", "was not run as a whole"},
		{"run.Run()", "was not run as a whole"},
	} {
		with := *nb
		with.Cells = append(slices.Clone(nb.Cells), Cell{Kind: CodeCell, Source: c.source})
		if err := with.Write(path); err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		_, err := Run(t.Context(), Options{Root: root(t), Notebook: path, To: []string{"md"}, Dir: dir, Reuse: true, Saved: true})
		if c.refused != "" {
			if !protocols.IsBadInput(err) || !strings.Contains(err.Error(), c.refused) {
				t.Errorf("%q: %v", c.source, err)
			}
			continue
		}
		if text, _ := os.ReadFile(filepath.Join(dir, "ch05.md")); err != nil || !bytes.Contains(text, []byte("run.Plot")) || bytes.Contains(text, []byte("nf.Export")) {
			t.Errorf("%q: %v; the page has %d bytes", c.source, err, len(text))
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
		"<dt>Changed</dt><dd>profile smoke; KetamineGain 1.4; 2 subjects</dd>", "<dt>Date</dt>", "fragility 0.",
		`<svg aria-label="Figure: [a] picture" font-family="Fragility Sans" role="img" xmlns="http://www.w3.org/2000/svg"><text`,
		`<nav class="contents prose" aria-label="Contents"><ol><li><a href="#The-protocol">The protocol</a></li>`, `<h2 id="The-protocol">`, "prefers-color-scheme: dark",
	} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if bytes.Contains(page, []byte("Turn it yourself")) {
		t.Error("the page has dials")
	}
	if n := bytes.Count(page, []byte("@font-face")); n != 2 { // regular and bold, once for all pictures
		t.Errorf("the page has %d fonts", n)
	}
	if bytes.Count(page, []byte("<details")) < 5 || bytes.Count(page, []byte(`open="">`)) != 1 {
		t.Error("another block of code than that of the parameters is open")
	}
	// A long comment goes on below its beginning.
	if !regexp.MustCompile(`--hang:3\d">`).Match(page) {
		t.Error("the comment beside Seeds does not hang")
	}
}

func TestExportMarkdown(t *testing.T) {
	nb, err := Read(executed(t))
	if err != nil {
		t.Fatal(err)
	}
	nb.Cells = append(nb.Cells, Cell{Kind: MarkdownCell, Source: "See ![it](attachment:a.png)", Attachments: json.RawMessage(`{"a.png":{"image/png":"aGVsbG8="}}`)})
	dir := t.TempDir()
	files, err := ExportMarkdown(nb, filepath.Join(dir, "ch05.md"), []fact{{"Profile", "smoke"}, {"Date", "today"}}, false)
	if err != nil {
		t.Fatal(err)
	}
	data, _ := os.ReadFile(files[0])
	text := string(data)
	for _, want := range []string{
		"# Chapter 5: gain, and a proxy of the manic switch\n\n- Profile: smoke\n- Date: today\n\nEach treatment", "```go\nrun.Plot(\"off\").Show()\n```", "![Figure: (a) picture](ch05_files/picture-01.svg)",
		"![bitmap](ch05_files/picture-02.png)", "**T**\n\n| a |", "````\nred\n```\n````",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q", want)
		}
	}
	if strings.Contains(text, "Turn it yourself") || strings.Contains(text, ".Turn(") {
		t.Error("the page has dials")
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

// archived is a zip file of the test's own: a made-up run with LaTeX tables in it,
// exported once for all tests.
func archived(t *testing.T) string {
	t.Helper()
	madeUp.Do(func() {
		dir := t.TempDir()
		_, err := Run(t.Context(), Options{Root: root(t), Notebook: executed(t), To: []string{"zip", "tex", "md"}, Dir: dir, Reuse: true, Compute: fake, By: "A. Reader (An Institute, https://institute.example)"})
		if err != nil {
			t.Fatal(err)
		}
		if madeUp.archive, err = os.ReadFile(filepath.Join(dir, "ch05.zip")); err != nil {
			t.Fatal(err)
		}
	})
	path := filepath.Join(t.TempDir(), "ch05.zip")
	if err := os.WriteFile(path, madeUp.archive, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

var madeUp struct {
	sync.Once
	archive []byte
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
	// As RO-Crate recommends: one thing is no list, and an organisation has an address.
	for id, e := range known {
		for property, v := range e {
			if list, ok := v.([]any); ok && len(list) == 1 && property != "hasPart" {
				t.Errorf("%s: %s is a list of one", id, property)
			}
		}
		if e["@type"] == "Organization" && e["url"] == nil {
			t.Errorf("the organisation %s has no address", id)
		}
	}
	publisher := known["./"]["publisher"].(map[string]any)["@id"].(string)
	if known[publisher]["name"] != "An Institute" || known[publisher]["url"] != publisher || known[personIdentifier]["name"] != "A. Reader" {
		t.Errorf("the run is by %v for %v", known[personIdentifier], known[publisher])
	}
	if _, err := time.Parse(crateTime, run["endTime"].(string)); err != nil {
		t.Error(err)
	}
}

func TestExportRefuses(t *testing.T) {
	chapter := executed(t)
	other := filepath.Join(t.TempDir(), "other.ipynb")
	if err := (&Notebook{Format: 4, FormatMinor: 5}).Write(other); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{Notebook: chapter, To: []string{"html", "docx"}}, "--to takes html, pdf, md, tex and zip"},
		{Options{Notebook: other, To: []string{"zip"}}, "--to tex and zip take a notebook that runs a chapter: the notebook has no cell tagged"},
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

package notebook

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/gate"
	"github.com/network-fragility/fragility/protocols"
)

// pictured writes the notebook of chapter 5 with what its cells show of a made-up run,
// drawn as the engine draws it.
func pictured(t *testing.T) string {
	t.Helper()
	nb, err := Read(executed(t))
	if err != nil {
		t.Fatal(err)
	}
	p, err := protocols.Configure(5, map[string]string{"Profile": "smoke"})
	if err != nil {
		t.Fatal(err)
	}
	record, _ := fake(t.Context(), p)
	var after []string
	for i := range nb.Cells {
		c := &nb.Cells[i]
		if c.Kind != CodeCell {
			continue
		}
		c.Outputs = nil
		before := strings.Join(after, " ")
		after = append(after, gate.Digest(c.Source))
		for _, ask := range shows(c.Source) {
			draw, err := Show(p, client.ShowRequest{Ask: ask})
			if err != nil {
				t.Fatal(err)
			}
			bundle, err := draw(record.Result)
			if err != nil {
				t.Fatal(err)
			}
			bundle.Stamp(record.Stamp)
			for _, b := range []*client.Bundle{bundle, bundle.Note} {
				if b == nil {
					continue
				}
				own := b.Metadata[client.StampKey].(map[string]any)
				own["cell"], own["after"] = gate.Digest(c.Source), before
				raw, err := json.Marshal(map[string]any{"output_type": "display_data", "metadata": b.Metadata, "data": b.Data})
				if err != nil {
					t.Fatal(err)
				}
				c.Outputs = append(c.Outputs, raw)
			}
		}
	}
	path := filepath.Join(t.TempDir(), "ch05.ipynb")
	if err := nb.Write(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// A figure has one number and one id, whatever the notebook is exported to, and in an
// archive's manifest; and a caption beside it.
func TestNumbers(t *testing.T) {
	dir := t.TempDir()
	if _, err := Run(t.Context(), Options{Root: root(t), Notebook: pictured(t), To: []string{"html", "md", "tex", "zip"}, Dir: dir, Reuse: true, Compute: fake}); err != nil {
		t.Fatal(err)
	}
	files := unzip(t, filepath.Join(dir, "ch05.zip"))
	// text has the ids and numbers in turn.
	numbers := func(text, pattern string) map[string]string {
		found := map[string]string{}
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
			if found[m[1]] != "" {
				t.Errorf("%s has two numbers", m[1])
			}
			found[m[1]] = m[2]
		}
		return found
	}
	page := numbers(string(files["ch05.html"]), `(?s)id="((?:fig|tab)-ch05-[a-z0-9-]+)".*?<b>(?:Figure|Table) (5\.\d+)\.</b> \S`)
	if page["fig-ch05-protocol"] != "5.1" || page["fig-ch05-profiles"] != "5.4" || page["tab-ch05-internal-noise"] != "5.2" || len(page) < 14 {
		t.Fatalf("the page has %v", page)
	}
	latexIDs := map[string]string{}
	for _, part := range strings.Split(string(files["ch05_tex/"+supplementFile]), `\renewcommand{\the`)[1:] {
		number := regexp.MustCompile(`\{(5\.\d+)\}`).FindStringSubmatch(part)[1]
		if m := regexp.MustCompile(`\\input\{(.*?)\}`).FindStringSubmatch(part); m != nil {
			part += string(files["ch05_tex/"+m[1]+".tex"]) // where the caption of a long table stands
		}
		for _, m := range regexp.MustCompile(`\\label\{(.*?)\}`).FindAllStringSubmatch(part, -1) {
			latexIDs[m[1]] = number
		}
	}
	for form, other := range map[string]map[string]string{
		"Markdown": numbers(string(files["ch05.md"]), `(?s)<a id="((?:fig|tab)-[a-z0-9-]+)"></a>.*?\*\*(?:Figure|Table) (5\.\d+)\.\*\* \S`),
		"LaTeX":    latexIDs,
	} {
		for id, number := range page {
			if other[id] != number {
				t.Errorf("%s is %s in the page and %q in %s", id, number, other[id], form)
			}
		}
	}
	var c struct {
		Manifest []struct{ File, Comment string }
	}
	if err := yaml.Unmarshal(files[codecheckFile], &c); err != nil {
		t.Fatal(err)
	}
	for _, m := range c.Manifest {
		if m.File == "figures/profiles.svg" && !strings.HasPrefix(m.Comment, "Figure 5.4. How many subjects") ||
			m.File != longTableFile && !regexp.MustCompile(`^(Figure|Table) 5\.\d+\. \S`).MatchString(m.Comment) {
			t.Errorf("%s is %q", m.File, m.Comment)
		}
	}
	// Where LaTeX is, it sets the document.
	latex, err := exec.LookPath("pdflatex")
	if err != nil {
		return
	}
	run := exec.Command(latex, "-interaction=nonstopmode", "-halt-on-error", supplementFile)
	run.Dir = filepath.Join(dir, "ch05_tex")
	if said, err := run.CombinedOutput(); err != nil || strings.Contains(string(said), "Overfull \\hbox") {
		t.Errorf("%v\n%s", err, said)
	}
}

// Everything that the notebooks show is known by its name, and its caption stands
// alone: it says of how many subjects it is, and each work that it names is in the
// bibliography.
func TestCaptionsOfTheNotebooks(t *testing.T) {
	work := regexp.MustCompile(`\p{Lu}[\p{L}’]+(?: et al\.| and \p{Lu}\p{L}+|, \p{Lu}\p{L}+ and \p{Lu}\p{L}+)?,? (?:19|20)\d\d\b`)
	files, _ := filepath.Glob("../../notebooks/*.ipynb")
	for _, file := range files {
		nb, err := Read(file)
		if err != nil {
			t.Fatal(err)
		}
		_, n, err := nb.number()
		if err != nil {
			t.Fatal(err)
		}
		prefix := ""
		if k := chapterOf(file); k > 0 {
			prefix = string([]byte(strings.TrimLeft(filepath.Base(file)[2:4], "0"))) + "."
		}
		ids := map[string]bool{}
		for _, l := range n.labels {
			if l.Name == "" || l.Title == "" || l.Note == "" || ids[l.ID] || !strings.HasPrefix(l.Number, prefix) {
				t.Errorf("%s: %+v", file, l.caption())
			}
			ids[l.ID] = true
			if !regexp.MustCompile(`subject|From the parameters`).MatchString(l.caption() + l.grid) {
				t.Errorf("%s, %s does not say of how many subjects it is: %s", file, l.ID, l.caption())
			}
			rest := l.caption() + l.grid
			for _, w := range works {
				rest = w.words.ReplaceAllString(rest, "")
			}
			if missing := work.FindString(rest); missing != "" && !strings.HasPrefix(missing, "Cheung") {
				t.Errorf("%s, %s: %s is in no bibliography", file, l.ID, missing)
			}
		}
	}
}

// The book in the bibliography is the one of CITATION.cff.
func TestBibliography(t *testing.T) {
	for _, r := range readCitation(root(t)).References {
		i := slices.IndexFunc(works, func(w work) bool { return w.fields["doi"] == r.DOI })
		if i < 0 || works[i].fields["title"] != r.Title || works[i].fields["author"] != r.Authors[0].Family+", "+r.Authors[0].Given {
			t.Errorf("%s differs", r.Title)
		}
	}
	for _, w := range works {
		for _, field := range []string{"author", "title", "year"} {
			if w.fields[field] == "" {
				t.Errorf("%s has no %s", w.key, field)
			}
		}
	}
	got, _ := cite("as said (Holm 1979), by Shoemaker’s test of the two SDs (2003) and Brown and Forsythe 1974", func(w work, _ string) string { return "<" + w.key + ">" })
	if got != "as said (<holm1979>), by <shoemaker2003>) and <brown1974>" {
		t.Error(got)
	}
	if got := citeLaTeX("as said (Holm 1979), by Shoemaker’s test (2003), 5 % (two; Agarwal et al. 2021)"); got != `as said \citep{holm1979}, by Shoemaker's test (2003\nocite{shoemaker2003}), 5~\% (two; \citealp{agarwal2021})` {
		t.Error(got)
	}
}

// Prose leads to a figure by its id, and gets the number that it has there.
func TestReferToFigure(t *testing.T) {
	nb, err := Read(pictured(t))
	if err != nil {
		t.Fatal(err)
	}
	nb.Cells = append(nb.Cells, Cell{Kind: MarkdownCell, Source: "As [Figure](#fig-ch05-gain) and [Table](#tab-ch05-claims) say, in [words](#fig-ch05-gain)."})
	path := filepath.Join(t.TempDir(), "a.md")
	if _, err := ExportMarkdown(nb, path, nil, false); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(path)
	if want := "As [Figure 5.6](#fig-ch05-gain) and [Table 5.6](#tab-ch05-claims) say, in [words](#fig-ch05-gain)."; !strings.Contains(string(text), want) {
		t.Errorf("the page lacks %q", want)
	}
	nb.Cells[len(nb.Cells)-1].Source = "[Figure](#fig-ch05-none)"
	if _, _, err := nb.numbered(); !protocols.IsBadInput(err) || !strings.Contains(err.Error(), "it has fig-ch05-protocol, ") {
		t.Errorf("a figure that is not there: %v", err)
	}
}

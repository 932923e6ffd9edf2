package site

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/network-fragility/fragility/kernel/cohort"
	"github.com/network-fragility/fragility/protocols"
)

// Only a new folder or one of a site is written to.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	if err := ours(dir); err != nil {
		t.Errorf("an empty folder: %v", err)
	}
	if err := ours(filepath.Join(dir, "new", "one")); err != nil {
		t.Errorf("a new folder: %v", err)
	}
	file := filepath.Join(dir, "index.html")
	for content, fine := range map[string]bool{
		`<meta content="fragility" name="generator"/>`: true,
		"<title>My garden</title>":                     false,
	} {
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := ours(dir); (err == nil) != fine || err != nil && !protocols.IsBadInput(err) {
			t.Errorf("an index.html of %q: %v", content, err)
		}
	}
	for _, bad := range []string{"", file} {
		if err := ours(bad); !protocols.IsBadInput(err) {
			t.Errorf("--out %q: %v", bad, err)
		}
	}
	os.Remove(file)
	if err := os.Mkdir(filepath.Join(dir, "ch01.html"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := ours(dir); !protocols.IsBadInput(err) {
		t.Errorf("a folder by a page's name: %v", err)
	}
}

// small is a page of some content.
func small(t *testing.T, content string) *page {
	t.Helper()
	doc, err := html.Parse(strings.NewReader("<main>" + content + "</main>"))
	if err != nil {
		t.Fatal(err)
	}
	return &page{file: "small.html", name: "Small", doc: doc}
}

// A word is explained where it first stands in a section, in running words alone, and a
// verdict's where it is set apart.
func TestExplain(t *testing.T) {
	words, err := readWords(checkout)
	if err != nil {
		t.Fatal(err)
	}
	p := small(t, `<section class="prose"><h1>Gain</h1><p>Gains and (gain), again gain; its opposite, a biased test.</p><p><a href="#">inhibition</a> <code>kindling</code></p>
		<h2>Gain</h2><p>Kindling by <em>gain</em> is <em>opposite</em> to regrowth.</p></section><p>maintenance</p>`)
	if err := explain(p, words); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range find(p.main(), element("button", "site-word")) {
		got = append(got, text(b)+" = "+attr(b, "popovertarget"))
		if !p.has(attr(b, "popovertarget")) {
			t.Errorf("%s opens nothing", text(b))
		}
	}
	want := "gain = word-gain, biased test = word-biased-noise, Kindling = word-kindling, gain = word-gain, opposite = word-opposite, regrowth = word-regrowth"
	if strings.Join(got, ", ") != want {
		t.Errorf("explained are %s", strings.Join(got, ", "))
	}
	if words := text(first(p.main(), element("p", ""))); words != "Gains and (gain), again gain; its opposite, a biased test." {
		t.Errorf("the text is now %q", words)
	}
	if together := first(p.main(), element("span", "site-together")); text(together) != "(gain)," {
		t.Errorf("kept together is %q", text(together))
	}
}

// A word that a chapter has in another sense is not explained there.
func TestExplainNotSo(t *testing.T) {
	words := []word{{Name: "gain", inText: true, not: []string{"9"}}, {Name: "kindling", inText: true}}
	for chapter, want := range map[int]int{5: 1, 9: 0} {
		p := small(t, `<section class="prose"><p>The one may gain on the other.</p></section>`)
		p.chapter = chapter
		if err := explain(p, words); err != nil {
			t.Fatal(err)
		}
		if n := len(find(p.main(), element("button", "site-word"))); n != want {
			t.Errorf("chapter %d explains %d words, want %d", chapter, n, want)
		}
	}
}

// Every word has one meaning, and one place.
func TestWords(t *testing.T) {
	words, err := readWords(checkout)
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]string{}
	for _, w := range words {
		if w.Meaning == "" || strings.ContainsAny(w.Meaning, "{*`") || strings.ContainsAny(w.ID(), " ,;") {
			t.Errorf("%s: %q, at %s", w.Name, w.Meaning, w.ID())
		}
		for _, form := range append([]string{w.Name}, w.Also...) {
			form = strings.ToLower(form)
			if of[form] != "" && w.inText {
				t.Errorf("%s stands under %s and %s", form, of[form], w.Name)
			}
			of[form] = w.Name
		}
	}
	for _, name := range []string{"scar", "subject", "supported", "kindling", "engine"} {
		if of[name] == "" {
			t.Errorf("%s is missing", name)
		}
	}
}

// A claim that goes on from another has its words before it; each counts once.
func TestInOrder(t *testing.T) {
	list := inOrder([]protocols.Judged{{Claim: "A is better than B"}, {Claim: "... and than C"}, {Claim: "... and than D"}, {Claim: "E"}})
	if list[1].Before != "A is better than B" || list[2].Before != "A is better than B" || list[2].Words != "and than D" || list[3].Before != "" {
		t.Errorf("%+v", list)
	}
	list = inOrder([]protocols.Judged{{Claim: "A loses less than B"}, {Claim: "... and less than C"}, {Claim: "... which loses less than B"}, {Claim: "F at 90 %"}, {Claim: "... which G"}})
	if list[2].Before != "A loses less than B … and less than C" || list[4].Before != "F at\u00a090\u00a0%" {
		t.Errorf("%+v", list)
	}
	counts, claims := counted([]protocols.Judged{{Verdict: protocols.Supported}, {Verdict: protocols.Supported, Repeats: "1.1"}, {Verdict: protocols.Opposite}})
	if claims != 2 || counts[0].N != 1 || counts[2].N != 1 {
		t.Errorf("%d claims, %v", claims, counts)
	}
}

// A table that begins with columns of words names the numbers of each row; one of arms
// keeps its rows.
func TestStack(t *testing.T) {
	const left, right = ` style="text-align:left;"`, ` style="text-align:right;"`
	p := small(t, `<table><thead><tr><th`+left+`>question</th><th`+left+`>difference between</th><th`+right+`>p</th></tr></thead>
		<tbody><tr><td rowspan="2">Does it help, and whom does it help?</td><td>a − b</td><td>0.1</td></tr><tr><td>a − c</td><td>0.2</td></tr></tbody></table>
		<table><thead><tr><th`+left+`></th><th`+left+`></th><th`+right+`>arm</th></tr></thead><tbody><tr><td>clean</td><td>ours</td><td>1</td></tr></tbody></table>
		<table><thead><tr><th`+left+`>table</th><th`+left+`>arm</th><th`+right+`>p</th></tr></thead><tbody><tr><td>T1</td><td>a</td><td>0.1</td></tr></tbody></table>`)
	plan := small(t, `<table><thead><tr><th></th><th>claim</th><th>section</th><th>margin</th><th>says</th></tr></thead>
		<tbody><tr><td>1.10, a number that is long enough</td><td>It is the regrown weights that do it</td><td>Interpretation of results, p. 22</td><td>0.5: two errors of an accuracy</td><td>same</td></tr></tbody></table>`)
	if stackText(first(plan.main(), element("table", ""))); len(find(plan.main(), element("table", "site-stack"))) != 1 {
		t.Error("a table of sentences keeps its rows")
	}
	tables := find(p.main(), element("table", ""))
	for i, want := range []string{"site-stack", "", "site-stack site-inline"} {
		stack(tables[i])
		if got := attr(tables[i], "class"); got != want {
			t.Errorf("table %d is %q, want %q", i, got, want)
		}
	}
	var got []string
	for _, cell := range find(tables[0], element("td", "")) {
		got = append(got, text(cell)+"="+attr(cell, "data-head")+attr(cell, "class"))
	}
	want := "Does it help, and whom does it help?=site-wordy; a − b=site-wordy; 0.1=p; a − c=site-wordy; 0.2=p"
	if strings.Join(got, "; ") != want {
		t.Errorf("cells are %s", strings.Join(got, "; "))
	}
}

// madeUp are chapters of ten subjects, whose arms have the values that are given.
func madeUp(t *testing.T, value func(arm string, seed int) float64) *book {
	t.Helper()
	b := &book{verdicts: map[int]*cohort.Chapter{}}
	for _, r := range risks {
		p, err := protocols.Configure(r.Chapter, map[string]string{"Seeds": "0-9"})
		if err != nil {
			t.Fatal(err)
		}
		c := b.verdicts[r.Chapter]
		if c == nil {
			c = &cohort.Chapter{Protocol: p, Result: &protocols.Result{Chapter: r.Chapter}}
			b.verdicts[r.Chapter] = c
		}
		for _, arm := range append(append([]string{}, treatments...), beside...) {
			for seed := range 10 {
				v := value(arm, seed)
				if r.less {
					v = 100 - v
				}
				c.Result.Rows = append(c.Result.Rows, protocols.Reading{Names: []protocols.Name{{Arm: arm, Metric: r.metric()}}}.Rows(r.Chapter, seed, []float64{v})...)
			}
		}
	}
	for _, c := range b.verdicts {
		c.Claims = protocols.Judge(c.Protocol, c.Result)
	}
	return b
}

// The comparison says of made-up numbers what they are.
func TestSafest(t *testing.T) {
	levels := map[string]float64{protocols.ArmKetamine: 20, protocols.ArmSSRI: 80, protocols.ArmNeurosteroid: 60, protocols.ArmTunedWithGain: 30}
	c, ok := madeUp(t, func(arm string, seed int) float64 { return levels[arm] + float64(seed*len(arm)%7)/10 }).compare()
	if !ok || c.Answers[0] != "By all four measures the SSRI-like treatment comes out safest." || !strings.HasPrefix(c.Answers[1], "By each of them ") ||
		!strings.Contains(c.Answers[2], "other treatments by none") || !strings.HasSuffix(c.Answers[2], "adds to it by none.") {
		t.Errorf("%q", c.Answers)
	}
	for i := range risks {
		if !c.Treatments[1].Cells[i].Best || c.Treatments[0].Cells[i].Best || c.Treatments[2].Cells[i].Even {
			t.Errorf("%s: %+v", risks[i].Name, c.Treatments)
		}
	}
	// Where subjects scatter, two that are near each other are as safe.
	levels[protocols.ArmNeurosteroid] = 78
	c, _ = madeUp(t, func(arm string, seed int) float64 {
		if arm == protocols.ArmNeurosteroid {
			return levels[arm] + float64(seed%2)*4
		}
		return levels[arm] + float64(seed)/10
	}).compare()
	if !c.Treatments[2].Cells[0].Even || c.Treatments[0].Cells[0].Even || !strings.HasPrefix(c.Answers[1], "By none of the four ") {
		t.Errorf("%+v; %q", c.Treatments, c.Answers)
	}
	if _, ok := (&book{}).compare(); ok {
		t.Error("treatments are compared without a subject")
	}
}

// The search has the text of each heading, without code and scripts.
func TestSections(t *testing.T) {
	p := small(t, `<h1>Title</h1><p>One <b>t</b>wo.</p><script>no</script><details class="code"><pre>no</pre></details>
		<h2 id="a">First</h2><svg aria-label="a picture"><text>no</text></svg><p>three</p><h3 id="b">Second</h3>`)
	got := sections(p)
	if len(got) != 3 || got[0].Text != "Title One two." || got[1] != (section{"small.html", "a", "Title", "First", "a picture three"}) || got[2].Title != "Second" {
		t.Errorf("%+v", got)
	}
}

// Links to sources lead to the pages that show them.
func TestLinked(t *testing.T) {
	got := linked("[a](../REPRODUCTION.md#x) [b](ch02.ipynb) [c](https://x.example/a.md) [d](#e) [f](../docs/probe.md)", "notebooks/index.ipynb")
	if got != "[a](site:reproduction.html#x) [b](site:ch02.html) [c](https://x.example/a.md) [d](#e) [f](../docs/probe.md)" {
		t.Error(got)
	}
}

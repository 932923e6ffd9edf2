package notebook

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// The archive is a project of MyST, whose article has the notebook's words, and
// figures and tables under the ids and numbers of the page.
func TestArticle(t *testing.T) {
	dir := t.TempDir()
	if _, err := Run(t.Context(), Options{Root: root(t), Notebook: pictured(t), To: []string{"md", "zip"}, Dir: dir, Reuse: true, Compute: fake, By: "J. Carberry, 0000-0002-1825-0097 (X, https://x.example)"}); err != nil {
		t.Fatal(err)
	}
	files := unzip(t, filepath.Join(dir, "ch05.zip"))
	var project mystProject
	if err := yaml.Unmarshal(files[projectFile], &project); err != nil {
		t.Fatal(err)
	}
	p := project.Project
	if len(p.Authors) != 1 || p.Authors[0].ORCID != "0000-0002-1825-0097" || p.Affiliations[0].ID != p.Authors[0].Affiliations[0] || p.License != "Apache-2.0" || p.TOC[0].File != articleFile || files[p.Bibliography[0]] == nil {
		t.Errorf("the project is %+v", p)
	}
	_, rest, _ := strings.Cut(string(files[articleFile]), "---\n")
	front, body, _ := strings.Cut(rest, "---\n")
	var head mystHead
	if err := yaml.Unmarshal([]byte(front), &head); err != nil || head.Numbering["figure"].Enumerator != "5.%s" || head.Exports[0].Format != "jats" {
		t.Errorf("the article begins with %+v (%v)", head, err)
	}
	// MyST counts what stands there: the n-th figure of the article is the n-th of the page.
	for kind, short := range map[string]string{"figure": "fig", "table": "tab"} {
		article := regexp.MustCompile(`(?s):::\{`+kind+`\} ([^\n]+)\n:label: (\S+)`).FindAllStringSubmatch(body, -1)
		page := regexp.MustCompile(`<a id="(`+short+`-[^"]+)">`).FindAllStringSubmatch(string(files["ch05.md"]), -1)
		if len(page) == 0 || len(article) < len(page) {
			t.Fatalf("the article has %d of %d, %ss", len(article), len(page), kind)
		}
		for i, m := range page {
			if article[i][2] != m[1] {
				t.Errorf("%s %d is %s in the article and %s in the page", kind, i+1, article[i][2], m[1])
			}
		}
		for _, m := range article {
			if kind == "figure" && files[m[1]] == nil {
				t.Errorf("the archive has no %s", m[1])
			}
		}
	}
	for _, want := range []string{"[@holm1979]", "{cite:year}`shoemaker2003`", "## The protocol", "```go\nrun.Plot(\"off\").Show()", "the numbers are in REPRODUCTION.md)", ":label: tab-ch05-parameters"} {
		if !strings.Contains(body, want) {
			t.Errorf("the article lacks %q", want)
		}
	}
	for _, m := range regexp.MustCompile(`@(\w+\d{4})\b`).FindAllStringSubmatch(body, -1) {
		if !strings.Contains(string(files[referencesFile]), "{"+m[1]+",") {
			t.Errorf("%s is in no bibliography", m[1])
		}
	}
}

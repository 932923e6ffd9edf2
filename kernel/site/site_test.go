package site

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/network-fragility/fragility/kernel/cohort"
	"github.com/network-fragility/fragility/protocols"
)

// checkout is that of the tests.
const checkout = "../.."

// The site of the notebooks here: every link and id leads somewhere, nothing on it asks
// for anything, each page says what the record comes to, and the file to take away is
// whole.
func TestSite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	files, err := Make(t.Context(), Options{Root: checkout, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	docs := map[string]*html.Node{}
	total := 0
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		total += len(data)
		if !strings.HasSuffix(path, ".html") {
			continue
		}
		if docs[filepath.Base(path)], err = html.Parse(bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
		for _, absent := range []string{"NaN", "&lt;no value&gt;", "%!", "ZgotmplZ"} {
			if bytes.Contains(data, []byte(absent)) {
				t.Errorf("%s has %q", path, absent)
			}
		}
	}
	if len(docs) != len(pagesOf()) || len(files) != len(docs)+1 || total > 60e6 {
		t.Errorf("%d files, %d pages, %d bytes", len(files), len(docs), total)
	}
	for name, doc := range docs {
		leadSomewhere(t, name, doc, docs)
		asksForNothing(t, name, doc)
		namesItsTables(t, name, doc)
	}
	shown, _, err := cohort.Recall(t.Context(), checkout+"/record")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range protocols.Chapters() {
		saysWhatItComesTo(t, docs[chapterFile(n)], shown[n])
	}
	carriesTheSearch(t, docs)
	isWhole(t, filepath.Join(dir, archiveName))
	// The same folder again, and with a stranger in it.
	if err := ours(dir); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "letter.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Make(t.Context(), Options{Root: "nowhere", Dir: dir}); !protocols.IsBadInput(err) || !strings.Contains(err.Error(), "letter.txt") {
		t.Errorf("a folder with a letter in it: %v", err)
	}
}

// leadSomewhere checks the links and ids of a page.
func leadSomewhere(t *testing.T, name string, doc *html.Node, docs map[string]*html.Node) {
	ids := map[string]bool{}
	for _, n := range find(doc, func(n *html.Node) bool { return attr(n, "id") != "" }) {
		if ids[attr(n, "id")] {
			t.Errorf("%s has the id %q twice", name, attr(n, "id"))
		}
		ids[attr(n, "id")] = true
	}
	links := 0
	for _, n := range find(doc, func(*html.Node) bool { return true }) {
		for _, reference := range []string{"popovertarget", "aria-labelledby", "aria-describedby", "aria-controls", "for"} {
			if to := attr(n, reference); to != "" && !ids[to] {
				t.Errorf("%s: %s=%q leads nowhere", name, reference, to)
			}
		}
		to := attr(n, "href")
		if to == "" || n.Namespace != "" && strings.HasPrefix(to, "#") {
			continue
		}
		links++
		u, err := url.Parse(strings.Replace(to, "?#", "#", 1))
		switch {
		case strings.HasPrefix(to, "data:"), strings.HasPrefix(to, "https://"):
			continue
		case err != nil || u.Scheme != "":
			t.Errorf("%s: a link to %q", name, to)
			continue
		}
		file, id, _ := strings.Cut(to, "#")
		target := doc
		switch {
		case file == archiveName:
			continue
		case file != "":
			target = docs[file]
		}
		if target == nil {
			t.Errorf("%s: a link to %q, which is none of the pages", name, to)
			continue
		}
		if id, err := url.PathUnescape(id); err != nil || id != "" && first(target, func(n *html.Node) bool { return attr(n, "id") == id }) == nil {
			t.Errorf("%s: %q leads to no place of the page", name, to)
		}
	}
	if links < 10 {
		t.Errorf("%s has %d links", name, links)
	}
}

// namesItsTables checks that a table that is closed goes by the words of its caption, once.
func namesItsTables(t *testing.T, name string, doc *html.Node) {
	for _, caption := range find(doc, element("caption", "")) {
		var folded *html.Node
		for a := range caption.Ancestors() {
			if hasClass(a, "site-more") {
				folded = a
			}
		}
		if folded != nil {
			if got := text(first(folded, element("summary", ""))); got != text(caption) {
				t.Errorf("%s: a table goes by %q, and its caption is %q", name, got, text(caption))
			}
		}
	}
}

// asksForNothing checks that a page has all in it, and a policy that names its scripts.
func asksForNothing(t *testing.T, name string, doc *html.Node) {
	policy := first(doc, func(n *html.Node) bool { return attr(n, "http-equiv") == "Content-Security-Policy" })
	if policy == nil {
		t.Errorf("%s has no policy", name)
		return
	}
	scripts := 0
	for _, n := range find(doc, func(*html.Node) bool { return true }) {
		for _, a := range []string{"src", "srcset", "poster", "data", "action", "background"} {
			if v := attr(n, a); v != "" && !strings.HasPrefix(v, "data:") {
				t.Errorf("%s asks for %s=%q", name, a, v)
			}
		}
		if n.Data == "link" || n.Data == "style" && strings.Contains(text(n), "@import") {
			t.Errorf("%s has a style from elsewhere", name)
		}
		if n.Data != "script" || attr(n, "type") != "" {
			continue
		}
		scripts++
		sum := sha256.Sum256([]byte(n.FirstChild.Data))
		if !strings.Contains(attr(policy, "content"), "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
			t.Errorf("%s: its policy forbids its script", name)
		}
	}
	if scripts == 0 || !strings.HasPrefix(attr(policy, "content"), "default-src 'none'") {
		t.Errorf("%s: %d scripts under %q", name, scripts, attr(policy, "content"))
	}
}

var summaryNumbers = regexp.MustCompile(`Of (\d+) claims of the chapter: (\d+) supported, (\d+) equivalent, (\d+) opposite, (\d+) undecided`)

// saysWhatItComesTo checks the first section of a chapter against the record.
func saysWhatItComesTo(t *testing.T, doc *html.Node, c *cohort.Chapter) {
	short := first(doc, element("section", "site-short"))
	if short == nil {
		t.Fatal("a chapter does not say what it comes to")
	}
	if len(find(short, element("li", ""))) == 0 {
		t.Errorf("no words of the notebook: %s", text(short))
	}
	if c == nil {
		if !strings.Contains(text(short), "wait for their subjects") {
			t.Errorf("a chapter that is not recorded says: %s", text(short))
		}
		return
	}
	counts, claims := counted(c.Claims)
	got := summaryNumbers.FindStringSubmatch(text(short))
	want := fmt.Sprint(claims, counts[0].N, counts[1].N, counts[2].N, counts[3].N)
	if got == nil || strings.Join(got[1:], " ") != want || !strings.HasPrefix(protocols.TallyClaims(c.Claims), fmt.Sprintf("%d claims: %d supported", claims, counts[0].N)) {
		t.Errorf("chapter %d says %q, and the record %s", c.Protocol.Chapter(), got, want)
	}
	if tags := find(short, element("span", "site-tag")); len(tags) != claims {
		t.Errorf("chapter %d lists %d of %d claims", c.Protocol.Chapter(), len(tags), claims)
	}
	// The picture or the dials stand before the rest of the notebook.
	if svg, contents := first(doc, element("svg", "")), first(doc, element("nav", "contents")); svg == nil || !comesBefore(svg, contents) {
		t.Errorf("chapter %d begins without its picture", c.Protocol.Chapter())
	}
}

// comesBefore reports whether a stands above b on the page.
func comesBefore(a, b *html.Node) bool {
	root := a
	for root.Parent != nil {
		root = root.Parent
	}
	for d := range root.Descendants() {
		if d == a || d == b {
			return d == a
		}
	}
	return false
}

// carriesTheSearch checks that every page can be found.
func carriesTheSearch(t *testing.T, docs map[string]*html.Node) {
	texts := first(docs["search.html"], func(n *html.Node) bool { return attr(n, "id") == "site-texts" })
	var list []section
	if err := json.Unmarshal([]byte(texts.FirstChild.Data), &list); err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, s := range list {
		found[s.File]++
		if s.ID != "" && first(docs[s.File], func(n *html.Node) bool { return attr(n, "id") == s.ID }) == nil {
			t.Errorf("%s has no place %q", s.File, s.ID)
		}
	}
	for name := range docs {
		if found[name] == 0 && name != "search.html" {
			t.Errorf("%s cannot be found", name)
		}
	}
}

// isWhole checks the archive against its own list.
func isWhole(t *testing.T, path string) {
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	sums, names := map[string]string{}, []string{}
	var list string
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		sums[f.Name] = fmt.Sprintf("%x", sha256.Sum256(data))
		names = append(names, f.Name)
		if f.Name == "SHA256SUMS" {
			list = string(data)
		}
		if strings.HasPrefix(f.Name, "numbers/") && !bytes.HasPrefix(data, []byte("chapter,arm,condition,metric,seed,value\n")) {
			t.Errorf("%s is no long table", f.Name)
		}
	}
	for line := range strings.Lines(list) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		if sums[name] != sum {
			t.Errorf("%s has another digest than the list says", name)
		}
	}
	if strings.Count(list, "\n") != len(names)-1 {
		t.Errorf("the list has %d of %d files", strings.Count(list, "\n"), len(names))
	}
	for _, name := range []string{"README.md", "claims.csv", "numbers/ch05.csv", "dictionary/ch10.csv", "notebooks/ch09.ipynb", "plan/README.md", "LICENSE"} {
		if !slices.Contains(names, name) {
			t.Errorf("the archive lacks %s", name)
		}
	}
}

//go:build slow

package notebook

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/figures/words"
)

// mystmdVersion is the mystmd that the archive's project is tried with.
const mystmdVersion = "1.8.3"

// MyST makes JATS and MECA of an unpacked archive without a network: well-formed, with
// the numbers of the page, every picture there, and every reference leading somewhere.
// It needs npm, which fetches mystmd.
func TestJATS(t *testing.T) {
	dir := t.TempDir()
	if _, err := Run(t.Context(), Options{Root: root(t), Notebook: pictured(t), To: []string{"html", "md", "tex", "zip"}, Dir: dir, Reuse: true, Compute: fake, By: "J. Carberry, 0000-0002-1825-0097 (X, https://x.example)"}); err != nil {
		t.Fatal(err)
	}
	project := filepath.Join(dir, "project")
	for name, data := range unzip(t, filepath.Join(dir, "ch05.zip")) {
		path := filepath.Join(project, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tools := filepath.Join(dir, "tools")
	npm := exec.Command("npm", "install", "--no-audit", "--no-fund", "--prefix", tools, "mystmd@"+mystmdVersion)
	if said, err := npm.CombinedOutput(); err != nil {
		t.Fatalf("npm cannot fetch mystmd %s, without which JATS and MECA are not tried; install Node.js with npm, and let it reach its registry: %v\n%s", mystmdVersion, err, said)
	}
	for _, form := range []string{"--jats", "--meca"} {
		args := []string{filepath.Join(tools, "node_modules", ".bin", "myst"), "build", form}
		if exec.Command("unshare", "--user", "--net", "true").Run() == nil { // no network at all, where the system lets one ask for that
			args = append([]string{"unshare", "--user", "--map-root-user", "--net"}, args...)
		}
		myst := exec.Command(args[0], args[1:]...)
		myst.Dir = project
		said, err := myst.CombinedOutput()
		if err != nil || strings.Contains(string(said), "⚠") || strings.Contains(string(said), "⛔") {
			t.Fatalf("myst build %s: %v\n%s", form, err, said)
		}
	}
	article, err := os.ReadFile(filepath.Join(project, articleJATS))
	if err != nil {
		t.Fatal(err)
	}
	ids, rids, places, labels := readJATS(t, article)
	for _, rid := range rids {
		if !ids[rid] {
			t.Errorf("a reference leads to %s, which is not there", rid)
		}
	}
	for _, place := range places {
		if _, err := os.Stat(filepath.Join(project, filepath.FromSlash(place))); err != nil {
			t.Error(err)
		}
	}
	_, n, err := must(Read(filepath.Join(dir, "ch05.ipynb"))).number()
	if err != nil {
		t.Fatal(err)
	}
	has := words.Untie(strings.Join(labels, "|")) + "|"
	for _, l := range n.labels {
		if !strings.Contains(has, l.String()+":|") {
			t.Errorf("the article has no %s: %s", l, has)
		}
	}
	meca, err := zip.OpenReader(filepath.Join(project, articleMECA))
	if err != nil {
		t.Fatal(err)
	}
	defer meca.Close()
	parts := map[string]bool{}
	for _, f := range meca.File {
		parts[f.Name] = true
	}
	if !parts["manifest.xml"] || !parts[articleJATS] || !parts["bundle/"+articleFile] || !parts["bundle/"+referencesFile] {
		t.Errorf("the MECA has %v", parts)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// readJATS reads an article: the ids in it, what leads to one, the places of pictures,
// and the labels of figures and tables.
func readJATS(t *testing.T, article []byte) (ids map[string]bool, rids, places, labels []string) {
	ids = map[string]bool{}
	d := xml.NewDecoder(bytes.NewReader(article))
	label := false
	for {
		token, err := d.Token()
		if err == io.EOF {
			return ids, rids, places, labels
		}
		if err != nil {
			t.Fatalf("the article is not well-formed: %v", err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			label = e.Name.Local == "label"
			for _, a := range e.Attr {
				switch {
				case a.Name.Local == "id":
					if ids[a.Value] {
						t.Errorf("two things are %s", a.Value)
					}
					ids[a.Value] = true
				case a.Name.Local == "rid":
					rids = append(rids, a.Value)
				case a.Name.Local == "href" && e.Name.Local == "graphic":
					places = append(places, a.Value)
				}
			}
		case xml.CharData:
			if label {
				labels = append(labels, string(e))
			}
		case xml.EndElement:
			label = false
		}
	}
}

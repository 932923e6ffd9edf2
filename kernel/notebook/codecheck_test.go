package notebook

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// An archive's codecheck.yml keeps the rules of CODECHECK's specification 2.0 that
// are an author's: an explicit document in UTF-8 with its version, a manifest of files
// that are there, each with a comment, and the article. The codechecker's fields are
// left to the codechecker, and nothing stands in for them.
func TestCodecheck(t *testing.T) {
	files := unzip(t, archived(t))
	text := files[codecheckFile]
	if !utf8.Valid(text) || !strings.Contains("\n"+string(text), "\n---\n") {
		t.Errorf("no explicit document in UTF-8:\n%s", text)
	}
	var c struct {
		Version  string
		Manifest []struct{ File, Comment string }
		Paper    struct {
			Title, Reference string
			Authors          []map[string]string
		}
		Codechecker, Report, Summary, Certificate any
	}
	if err := yaml.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	if c.Version != "https://codecheck.org.uk/spec/config/2.0/" {
		t.Errorf("version %q", c.Version)
	}
	listed := map[string]bool{}
	for _, m := range c.Manifest {
		listed[m.File] = true
		if path.IsAbs(m.File) || files[m.File] == nil || m.Comment == "" {
			t.Errorf("manifest: %+v", m)
		}
	}
	for _, want := range []string{longTableFile, "tables/treatments.csv", "figures/biased.svg"} {
		if !listed[want] {
			t.Errorf("the manifest lacks %s", want)
		}
	}
	if !strings.HasPrefix(c.Paper.Title, "Network Fragility") || c.Paper.Reference != bookAddress || len(c.Paper.Authors) == 0 {
		t.Errorf("paper: %+v", c.Paper)
	}
	for _, a := range c.Paper.Authors {
		if orcid, ok := a["ORCID"]; a["name"] != "Ngo Cheung" || ok && !regexp.MustCompile(`^(\d{4}-){3}\d{3}[\dX]$`).MatchString(orcid) {
			t.Errorf("author %v", a)
		}
	}
	if c.Codechecker != nil || c.Report != nil || c.Summary != nil || c.Certificate != nil {
		t.Errorf("it speaks for the codechecker: %v, %v, %v, %v", c.Codechecker, c.Report, c.Summary, c.Certificate)
	}
	if regexp.MustCompile(`FIXME|TODO|XXX`).Match(text) {
		t.Error("it has a placeholder")
	}
}

// What data editors look for: a licence, sums that sha256sum checks, and a README
// with the machine and the time that a run takes.
func TestArchiveForEditors(t *testing.T) {
	files := unzip(t, archived(t))
	if !strings.Contains(string(files[licenceFile]), "Apache License") {
		t.Error("there is no licence")
	}
	sums := map[string]bool{}
	for line := range strings.Lines(string(files[sumsFile])) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		digest := sha256.Sum256(files[name])
		if sum != hex.EncodeToString(digest[:]) {
			t.Errorf("%s has another sum", name)
		}
		sums[name] = true
	}
	for name := range files {
		if !sums[name] && name != sumsFile && name != crateFile {
			t.Errorf("%s has no sum", name)
		}
	}
	for _, want := range []string{"Expected time: ", " cores", "GB of memory", "notebook verify ch05.zip"} {
		if !strings.Contains(string(files[readmeFile]), want) {
			t.Errorf("the README lacks %q", want)
		}
	}
}

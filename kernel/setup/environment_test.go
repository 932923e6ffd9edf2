package setup

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestRealEnvironment reads the project's own list.
func TestRealEnvironment(t *testing.T) {
	packages, err := Packages(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"jupyterlab", "jupyter_client", "nbclient", "nbconvert", "papermill"} {
		if !slices.ContainsFunc(packages, func(p Package) bool { return p.Name == name }) {
			t.Errorf("%s does not list %s", environmentFile, name)
		}
	}
	seen := make(map[string]bool)
	for _, p := range packages {
		if seen[normal(p.Name)] {
			t.Errorf("%s lists %s twice", environmentFile, p.Name)
		}
		seen[normal(p.Name)] = true
	}
}

func TestParsePackages(t *testing.T) {
	tests := []struct {
		name, yaml string
		want       []Package
		err        string // part of the sentence
	}{
		{"conda's own packages are skipped", "dependencies:\n- python>=3.11\n- pip\n- pip:\n  - a==1\n  - B.c==2.0.post1\n", []Package{{"a", "1"}, {"B.c", "2.0.post1"}}, ""},
		{"range", "dependencies:\n- pip:\n  - a>=1\n", nil, `"a>=1" is not pinned`},
		{"pip is no list", "dependencies:\n- pip: {a: 1}\n", nil, "line 2"},
		{"no packages", "dependencies: [python]\n", nil, "no packages"},
		{"not YAML", "a: [", nil, "not YAML"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := parsePackages([]byte(test.yaml))
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			wantSentence(t, err, test.err)
		})
	}
}

func TestAbsent(t *testing.T) {
	prefix := t.TempDir()
	site := filepath.Join(prefix, "lib", "python3.12", "site-packages")
	for _, dir := range []string{"jupyter_client-8.10.0.dist-info", "Jinja2-3.1.6.dist-info", "jaraco.text-1.0.dist-info", "old-1.0.dist-info"} {
		if err := os.MkdirAll(filepath.Join(site, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	got := absent(prefix, []Package{{"jupyter-client", "8.10.0"}, {"jinja2", "3.1.6"}, {"jaraco.text", "1.0"}, {"old", "2.0"}, {"none", "1"}})
	if want := []Package{{"old", "2.0"}, {"none", "1"}}; !slices.Equal(got, want) {
		t.Errorf("absent: %v, want %v", got, want)
	}
}

// wantSentence checks that err is nil where part is "", and else one line that contains part.
func wantSentence(t *testing.T, err error, part string) {
	t.Helper()
	switch {
	case part == "" && err != nil:
		t.Errorf("unexpected error: %v", err)
	case part != "" && err == nil:
		t.Errorf("no error, want one with %q", part)
	case part != "" && (!strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "\n")):
		t.Errorf("error %q, want one line with %q", err, part)
	}
}

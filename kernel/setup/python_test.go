package setup

import (
	"os"
	"path/filepath"
	"testing"
)

// script writes an executable shell script.
func script(t *testing.T, path, body string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestFindPython(t *testing.T) {
	tests := []struct {
		name    string
		pythons map[string]string // folder/name, and what it does
		want    string            // the one that is found
		err     string            // part of the sentence
	}{
		{"none", nil, "", "no Python was found on PATH; install Python 3.11 or newer"},
		{"good", map[string]string{"a/python3": "echo 3.12.1"}, "a/python3", ""},
		{"the first on PATH", map[string]string{"a/python3": "echo 3.11.0", "b/python3": "echo 3.14.0"}, "a/python3", ""},
		{"a newer one under its own name", map[string]string{"a/python3": "echo 3.9.2", "b/python3.12": "echo 3.12.0"}, "b/python3.12", ""},
		{"too old", map[string]string{"a/python3": "echo 3.10.9"}, "", "Python is too old: found 3.10.9"},
		{"Python 2", map[string]string{"a/python": "echo 2.7.18"}, "", "Python is too old: found 2.7.18"},
		{"no venv", map[string]string{"a/python3": "echo 3.12.1; exit 1"}, "", "apt install python3-venv"},
		{"no venv, but another has it", map[string]string{"a/python3": "echo 3.12.1; exit 1", "b/python3": "echo 3.12.1"}, "b/python3", ""},
		{"launcher with nothing behind it", map[string]string{"a/python3": "echo command not found >&2; exit 127"}, "", "no Python was found"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, body := range test.pythons {
				script(t, filepath.Join(dir, name), body)
			}
			path := filepath.Join(dir, "a") + string(os.PathListSeparator) + filepath.Join(dir, "b")
			got, _, err := findPython(t.Context(), path)
			if want := test.want; want != "" && got != filepath.Join(dir, want) {
				t.Errorf("found %q, want %q", got, want)
			}
			wantSentence(t, err, test.err)
		})
	}
}

func TestPipSentences(t *testing.T) {
	tests := []struct{ said, err string }{
		{"WARNING: Retrying ... NewConnectionError ...\nERROR: No matching distribution found for a==1", "connect to a network"},
		{"ERROR: No matching distribution found for a==1", "nothing for this machine and Python: ERROR: No matching distribution found for a==1"},
		{"OSError: [Errno 28] No space left on device", "disk is full"},
		{"ERROR: it broke\n  a note", "pip failed: ERROR: it broke (everything it said is in "},
	}
	for _, test := range tests {
		root := t.TempDir()
		script(t, filepath.Join(root, ".venv", "bin", "python"), "printf '%s\\n' '"+test.said+"'; exit 1")
		s := &setup{root: root, out: t.Output()}
		wantSentence(t, s.pip(t.Context(), "a==1"), test.err)
	}
}

func TestPrefixPrefersVenv(t *testing.T) {
	root, conda := t.TempDir(), t.TempDir()
	write(t, filepath.Join(root, environmentFile), "dependencies:\n- pip:\n  - a==1\n")
	t.Setenv("CONDA_PREFIX", conda)
	if got := Prefix(root); got != stateDir(root) {
		t.Errorf("a conda environment without the packages was taken: %s", got)
	}
	write(t, filepath.Join(conda, "lib/python3.12/site-packages/a-1.dist-info/METADATA"), "")
	if got := Prefix(root); got != conda {
		t.Errorf("prefix is %s, want the conda environment %s", got, conda)
	}
	script(t, filepath.Join(root, ".venv", "bin", "python"), "")
	if got := Prefix(root); got != stateDir(root) {
		t.Errorf("prefix is %s, want .venv, which is there", got)
	}
}

// write creates a file and the folders above it.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

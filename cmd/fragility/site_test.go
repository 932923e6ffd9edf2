package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/live"
	"github.com/network-fragility/fragility/protocols"
)

// The command makes a site and lists its files, the page to open first; which chapters
// stay still for want of networks is said once.
func TestNotebookSite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "site")
	status, out, said := built(t, "notebook", "site", "--out", dir)
	if status != 0 {
		t.Fatalf("status %d: %s", status, said)
	}
	files := strings.Fields(out)
	if len(files) < len(protocols.Chapters())+2 || files[0] != filepath.Join(dir, "index.html") {
		t.Errorf("files: %q", files)
	}
	for _, f := range files {
		if info, err := os.Stat(f); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", f, err)
		}
	}
	var still []string
	for line := range strings.Lines(said) {
		if strings.Contains(line, "still") {
			still = append(still, line)
		}
	}
	if want := "The pages of chapters 1, 4, 5, 7, 8 are still"; len(live.Chapters) != 5 || len(still) != 1 || !strings.HasPrefix(still[0], want) {
		t.Errorf("said %q, want once %q", still, want)
	}
}

// The sentence about one page, and no more subjects than it has.
func TestSayStill(t *testing.T) {
	p, err := protocols.Configure(7, map[string]string{"Seeds": "3-4"})
	if err != nil {
		t.Fatal(err)
	}
	said := capture(t, &os.Stderr)
	(&livePage{}).sayStill()
	(&livePage{without: []protocols.Protocol{p}}).sayStill()
	want := "The page of chapter 7 is still: the store has readings of it and no trained networks; with --live-subjects 2 those are trained, and the dials answer.\n"
	if got := said(); got != want {
		t.Errorf("said %q, want %q", got, want)
	}
}

// What it does not take ends with status 2 and one sentence, before any work.
func TestNotebookSiteRefuses(t *testing.T) {
	dir := t.TempDir()
	letter := filepath.Join(dir, "letter.txt")
	if err := os.WriteFile(letter, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"ch01"}, "notebook site [flags]"},
		{[]string{"--out"}, "--out"},
		{[]string{"--out="}, "--out takes the name of a folder"},
		{[]string{"--out", letter}, "--out takes a folder, and " + letter + " is a file"},
		{[]string{"--out", filepath.Join(letter, "site")}, "--out takes a folder, and " + letter + " is a file"},
		{[]string{"--out", dir}, "has letter.txt, which is none of a site's files"},
		{[]string{"--out", "/proc/site"}, "--out takes a folder that can be written"},
		{[]string{"--live-subjects", "0"}, "--live-subjects takes a number from 1 to 10"},
		{[]string{"--live-subjects", "2", "--still"}, "choose one"},
		{[]string{"--chapter", "ch99"}, "unknown flag"},
	} {
		status, out, said := built(t, append([]string{"notebook", "site"}, c.args...)...)
		if status != 2 || out != "" || strings.Count(said, "\n") != 1 || !strings.Contains(said, c.says) {
			t.Errorf("%q: status %d, %q, %q; want 2 and one sentence with %q", c.args, status, out, said, c.says)
		}
	}
	if names, _ := os.ReadDir(dir); len(names) != 1 {
		t.Errorf("left behind: %v", names)
	}
}

// built runs the command that stands in the checkout, which knows where the notebooks
// are, with an empty store.
func built(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, said strings.Builder
	c := exec.Command("../../bin/fragility", args...)
	c.Env = append(os.Environ(), client.StoreVariable+"="+t.TempDir())
	c.Stdout, c.Stderr = &out, &said
	if err := c.Run(); c.ProcessState == nil {
		t.Fatalf("%v; `make setup` builds the command", err)
	}
	return c.ProcessState.ExitCode(), out.String(), said.String()
}

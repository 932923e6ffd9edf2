package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/notebook"
)

// shows lists what each cell shows by its source: the title of a picture, and
// the title and column heads of a table, which are the same whatever the
// parameters but for numbers, and for how many columns a list of them makes.
func shows(t *testing.T, nb *notebook.Notebook) map[string][]string {
	t.Helper()
	list := map[string][]string{}
	for _, c := range nb.Cells {
		if c.Kind != notebook.CodeCell || !strings.Contains(c.Source, "()") || c.HasTag(notebook.ParametersTag) || c.HasTag(notebook.InjectedTag) {
			continue
		}
		list[c.Source] = nil
		for _, raw := range c.Outputs {
			var o struct {
				Data map[string]any `json:"data"`
			}
			if err := json.Unmarshal(raw, &o); err != nil {
				t.Fatal(err)
			}
			picture, page := text(o.Data["image/svg+xml"]), text(o.Data["text/html"])
			switch {
			case picture != "":
				list[c.Source] = append(list[c.Source], "picture: "+strings.Join(between(picture, "title"), ""))
			case strings.Contains(page, "<table"):
				list[c.Source] = append(list[c.Source], "table: "+strings.Join(append(between(page, "caption"), columns(page)...), " | "))
			}
		}
	}
	return list
}

// columns are the heads of a table's columns, neighbours that are alike once.
func columns(page string) []string {
	heads := slices.DeleteFunc(between(page, "th"), func(head string) bool { return head == "" })
	return slices.Compact(heads)
}

// text is an entry of an output, which a file may have as lines.
func text(entry any) string {
	switch v := entry.(type) {
	case string:
		return v
	case []any:
		var b strings.Builder
		for _, line := range v {
			b.WriteString(fmt.Sprint(line))
		}
		return b.String()
	}
	return ""
}

var (
	tagged  = regexp.MustCompile(`<[^>]*>`)
	numbers = regexp.MustCompile(`[0-9.,–-]+`)
)

// between lists what stands in elements of a kind, without its numbers.
func between(page, element string) []string {
	var list []string
	for _, m := range regexp.MustCompile(`(?s)<`+element+`[ >].*?</`+element+`>`).FindAllString(page, -1) {
		words := numbers.ReplaceAllString(tagged.ReplaceAllString(m, ""), "#")
		words = strings.ReplaceAll(words, "(subject #)", "(# subjects)")
		list = append(list, strings.TrimSpace(words))
	}
	return list
}

// Every notebook runs in its smoke profile, with the real kernel and engine,
// and whatever it shows is there: a picture or a table for each Show.
func TestNotebooks(t *testing.T) {
	files, err := filepath.Glob("notebooks/*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatalf("no notebooks (%v)", err)
	}
	// A short name, as a socket's must be; the engine that the cells start is
	// that of the checkout and goes with the store.
	store, err := os.MkdirTemp("", "nb")
	if err != nil {
		t.Fatal(err)
	}
	binary, _ := filepath.Abs("bin/fragility")
	command := func(args ...string) *exec.Cmd {
		c := exec.Command(binary, args...)
		c.Env = append(os.Environ(), client.StoreVariable+"="+store, client.BinaryVariable+"="+binary)
		return c
	}
	t.Cleanup(func() {
		command("engine", "stop").Run()
		os.RemoveAll(store)
	})
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".ipynb")
		t.Run(name, func(t *testing.T) {
			t.Parallel() // a notebook waits for the Go compiler half of its time
			dir := t.TempDir()
			said, err := command("notebook", "run", name, "-p", "Profile=smoke", "--to", "html", "--out", dir).CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			nb, err := notebook.Read(filepath.Join(dir, name+".ipynb"))
			if err != nil {
				t.Fatal(err)
			}
			committed, err := notebook.Read(file)
			if err != nil {
				t.Fatal(err)
			}
			want := shows(t, committed)
			got := shows(t, nb)
			for source, outputs := range got {
				if n := strings.Count(source, ".Show()") + strings.Count(source, ".Turn("); len(outputs) != n {
					t.Errorf("a cell shows %d of %d:\n%s", len(outputs), n, source)
				}
				if fmt.Sprint(outputs) != fmt.Sprint(want[source]) {
					t.Errorf("a cell shows\n%s\nand with the notebook's own values\n%s\n%s", strings.Join(outputs, "\n"), strings.Join(want[source], "\n"), source)
				}
			}
			if info, err := os.Stat(filepath.Join(dir, name+".html")); err != nil || info.Size() < 100_000 {
				t.Errorf("the page is missing or empty (%v)", err)
			}
		})
	}
}

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/notebook"
)

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
			for _, c := range nb.Cells {
				want := strings.Count(c.Source, ".Show()") + strings.Count(c.Source, ".Turn(")
				shown := 0
				for _, raw := range c.Outputs {
					var o struct {
						Data map[string]json.RawMessage `json:"data"`
					}
					if err := json.Unmarshal(raw, &o); err != nil {
						t.Fatal(err)
					}
					if o.Data["image/svg+xml"] != nil || strings.Contains(string(o.Data["text/html"]), "<table") {
						shown++
					}
				}
				if shown != want && c.Kind == notebook.CodeCell {
					t.Errorf("a cell shows %d of %d:\n%s", shown, want, c.Source)
				}
			}
			if info, err := os.Stat(filepath.Join(dir, name+".html")); err != nil || info.Size() < 100_000 {
				t.Errorf("the page is missing or empty (%v)", err)
			}
		})
	}
}

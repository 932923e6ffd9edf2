package main

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/figures"
	"github.com/network-fragility/fragility/kernel/engine"
	"github.com/network-fragility/fragility/protocols"
)

// The command runs the chapter of an archive again: status 0 where every number
// comes back to the last bit, 1 where one was changed by hand.
func TestNotebookVerify(t *testing.T) {
	warmStore(t)
	status, table, stderr := fragility(t, append([]string{"run", "ch01", "--seeds", "0", "--format", "csv"}, small...)...)
	if status != 0 {
		t.Fatal(stderr)
	}
	values := map[string]string{"Seeds": "0"}
	for i := 1; i < len(small); i += 2 {
		name, value, _ := strings.Cut(small[i], "=")
		values[name] = value
	}
	p, err := protocols.Configure(1, values)
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	platform, keys, err := e.Keys(p)
	if err != nil || len(keys) == 0 {
		t.Fatalf("%d keys, %v", len(keys), err)
	}
	result, err := e.Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	drawn := drawings(t, p, result)
	settings, _ := protocols.Settings(p)
	for _, n := range protocols.Chapters() {
		p, _ := protocols.Configure(n, nil)
		if _, products := protocols.Effort(p); products > mostAsked/2 {
			t.Errorf("chapter %d asks for %g", n, products)
		}
	}
	archive := func(table string) string {
		path := filepath.Join(t.TempDir(), "ch01.zip")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		z := zip.NewWriter(f)
		crate := []map[string]any{}
		parts := []map[string]string{}
		add := func(name string, data []byte) {
			w, _ := z.Create(name)
			w.Write(data)
			sum := sha256.Sum256(data)
			crate = append(crate, map[string]any{"@id": name, "@type": "File", "sha256": hex.EncodeToString(sum[:])})
			parts = append(parts, map[string]string{"@id": name})
		}
		for name, content := range map[string]any{
			"longtable.csv":    table,
			"parameters.json":  map[string]any{"chapter": 1, "parameters": settings},
			"environment.json": map[string]any{"platform": platform},
		} {
			data, ok := content.(string)
			if !ok {
				b, _ := json.Marshal(content)
				data = string(b)
			}
			add(name, []byte(data))
		}
		for name, data := range drawn {
			add(name, data)
		}
		crate = append(crate, map[string]any{"@id": "./", "@type": "Dataset", "hasPart": parts})
		graph, _ := json.Marshal(map[string]any{"@graph": crate})
		w, _ := z.Create("ro-crate-metadata.json")
		w.Write(graph)
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	// Computed anew, not read from the store.
	status, out, stderr := fragility(t, "notebook", "verify", archive(table), "--anew")
	if status != 0 || !strings.Contains(out, "equal to the last bit") || !strings.Contains(out, " 0 of ") {
		t.Errorf("status %d: %s%s", status, out, stderr)
	}
	lines := strings.Split(table, "\n")
	lines[3] = lines[3][:strings.LastIndex(lines[3], ",")] + ",12.25"
	status, out, stderr = fragility(t, "notebook", "verify", archive(strings.Join(lines, "\n")))
	if status != 1 || strings.Count(out, "differs: ") != 1 || !strings.Contains(out, "12.25 in the archive") || !strings.Contains(stderr, "1 of the ") {
		t.Errorf("a changed number: status %d: %s%s", status, out, stderr)
	}
	changed := archive(strings.Join(lines, "\n"))
	status, out, stderr = fragility(t, "notebook", "compare", archive(table), changed)
	if status != 1 || !strings.Contains(out, "12.25") || !strings.Contains(stderr, "the two archives differ") {
		t.Errorf("compared with a changed number: status %d: %s%s", status, out, stderr)
	}
	if status, out, stderr = fragility(t, "notebook", "compare", changed, changed, "--format", "csv"); status != 0 || out != "kind,name,arm,condition,seed,a,b,difference\n" {
		t.Errorf("compared with itself: status %d: %s%s", status, out, stderr)
	}
	for _, args := range [][]string{{changed, "none.zip"}, {changed, changed, "--format", "json"}} {
		if status, _, stderr = fragility(t, append([]string{"notebook", "compare"}, args...)...); status != 2 {
			t.Errorf("%v: status %d: %s", args, status, stderr)
		}
	}
	for name := range drawn {
		drawn[name] = append(drawn[name], 'x')
		status, out, stderr = fragility(t, "notebook", "verify", archive(table))
		if status != 1 || !strings.Contains(out, "file: "+name) {
			t.Errorf("%s was changed: status %d: %s%s", name, status, out, stderr)
		}
		break
	}
	settings["Hidden"], settings["Seeds"], settings["TrainSamples"] = "8192,8192,8192", "0-9999", "12000"
	if status, _, stderr = fragility(t, "notebook", "verify", archive(table)); status != 2 || !strings.Contains(stderr, "--yes") {
		t.Errorf("days of work: status %d: %s", status, stderr)
	}
	if status, _, stderr = fragility(t, "notebook", "verify", "none.zip"); status != 2 {
		t.Errorf("no file: status %d: %s", status, stderr)
	}
}

// drawings are the files of tables and figures that an archive has.
func drawings(t *testing.T, p protocols.Protocol, r *protocols.Result) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	add := func(folder, name string, shown figures.Figure, kinds ...string) {
		for _, kind := range kinds {
			content, err := figures.Encode(shown, kind)
			if err != nil {
				t.Fatal(err)
			}
			files[folder+"/"+strings.NewReplacer(" ", "-", "/", "-", ":", "-").Replace(name)+"."+kind] = content
		}
	}
	for _, e := range figures.Tables(p) {
		if shown, err := e.Make(r); !protocols.IsBadInput(err) {
			add("tables", e.Name, shown, "csv")
		}
	}
	for _, e := range figures.Plots(p) {
		if shown, err := e.Make(r); !protocols.IsBadInput(err) {
			add("figures", e.Name, shown, "csv", "svg")
		}
	}
	return files
}

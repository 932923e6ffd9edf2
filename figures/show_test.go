package figures

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

func TestShowRefuses(t *testing.T) {
	p, r := fakeRun(t, map[string]string{"Seeds": "42"})
	for _, c := range []struct{ what, name, lists string }{
		{"table", "tabel 1", "table 1"},
		{"plot", "nonsense", "sweep"},
		{"picture", "sweep", "plot"},
	} {
		_, err := Show(p, r, c.what, c.name)
		if !protocols.IsBadInput(err) || !strings.Contains(err.Error(), c.lists) {
			t.Errorf("%s %q: %v; want bad input that names %q", c.what, c.name, err, c.lists)
		}
	}
}

func TestNames(t *testing.T) {
	tables, plots := Names(1)
	for _, want := range []string{"parameters", "table 1", "weights", "sweep", "contrasts", "comparison"} {
		if !slices.Contains(tables, want) {
			t.Errorf("no table %q in %q", want, tables)
		}
	}
	for _, want := range []string{"task", "regions", "weights", "losses", "recovery", "sweep"} {
		if !slices.Contains(plots, want) {
			t.Errorf("no plot %q in %q", want, plots)
		}
	}
	if tables, plots := Names(99); tables != nil || plots != nil {
		t.Error("a chapter that does not exist has figures")
	}
}

func TestBundle(t *testing.T) {
	figure, err := Bundle(samplePlot(), "file")
	if err != nil {
		t.Fatal(err)
	}
	png, err := base64.StdEncoding.DecodeString(figure["image/png"].(string))
	if err != nil || !strings.HasPrefix(string(png), "\x89PNG") {
		t.Errorf("image/png is no PNG (%v)", err)
	}
	if !strings.HasPrefix(figure["image/svg+xml"].(string), "<svg") || figure["text/plain"] == "" {
		t.Error("a figure's bundle lacks its SVG or its words")
	}
	table, err := Bundle(sampleTable(), "file")
	if err != nil {
		t.Fatal(err)
	}
	for _, mime := range []string{"text/html", "text/markdown", "text/plain"} {
		if s, _ := table[mime].(string); s == "" {
			t.Errorf("a table's bundle lacks %s", mime)
		}
	}
	if _, err := Bundle(3, "file"); err == nil {
		t.Error("a number was bundled")
	}
}

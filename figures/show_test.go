package figures

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/protocols"
)

func TestShowRefuses(t *testing.T) {
	p, r := fakeRun(t, map[string]string{"Seeds": "42"})
	for _, c := range []struct{ what, name, lists string }{
		{"table", "tabel 1", "table 1"},
		{"plot", "nonsense", "sweep"},
		{"picture", "sweep", "plot"},
	} {
		_, err := found(p, r, protocols.Ask{What: protocols.What(c.what), Name: c.name})
		if !protocols.IsBadInput(err) || !strings.Contains(err.Error(), c.lists) {
			t.Errorf("%s %q: %v; want bad input that names %q", c.what, c.name, err, c.lists)
		}
	}
}

func TestNames(t *testing.T) {
	tables, plots := namesOf(1)
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
}

func TestBundle(t *testing.T) {
	figure, _, _, err := Bundle(&chart.Plot{Panels: []chart.Panel{{Layers: []chart.Layer{chart.HLine{At: 1}}}}}, "file")
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
	table, _, _, err := Bundle(&table.Table{Columns: []table.Column{{Head: "arm"}}}, "file")
	if err != nil {
		t.Fatal(err)
	}
	for _, mime := range []string{"text/html", "text/markdown", "text/plain"} {
		if s, _ := table[mime].(string); s == "" {
			t.Errorf("a table's bundle lacks %s", mime)
		}
	}
}

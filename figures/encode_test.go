package figures

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/protocols"
)

// Every kind of file begins as such a file does.
func TestEncode(t *testing.T) {
	table := &table.Table{Title: "A table", Columns: []table.Column{{Head: "arm"}, {Head: "value"}}, Rows: [][]table.Cell{{table.Words("full"), table.Words("99")}}}
	plot := &chart.Plot{Title: "A plot", Caption: "What it shows.", Panels: []chart.Panel{{Layers: []chart.Layer{chart.Line{X: []float64{0, 1}, Y: []float64{2, 3}}}}}}
	for _, c := range []struct {
		shown       Figure
		kind, begin string
	}{
		{table, "csv", "arm,value"}, {table, "html", "<div"}, {table, "md", "**A table**"}, {table, "tex", "%"}, {table, "txt", "A table"},
		{plot, "csv", "panel,mark"}, {plot, "svg", "<svg"}, {plot, "png", "\x89PNG"}, {plot, "json", "{"},
	} {
		data, err := Encode(c.shown, c.kind)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(data), c.begin) {
			t.Errorf("%T as %s begins with %.40q, want %q", c.shown, c.kind, data, c.begin)
		}
	}
	if data, _ := Encode(plot, "json"); !json.Valid(data) {
		t.Error("the Vega-Lite file is no JSON")
	}
	for shown, want := range map[Figure]string{
		table: `a table is saved as a file whose name ends in csv, html, md, tex, txt, not "svg"`,
		plot:  `a plot is saved as a file whose name ends in csv, json, png, svg, not "tex"`,
	} {
		kind := regexp.MustCompile(`"(.*)"`).FindStringSubmatch(want)[1]
		if _, err := Encode(shown, kind); !protocols.IsBadInput(err) || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// Below a picture stand its caption and its numbers.
func TestNote(t *testing.T) {
	plot := &chart.Plot{Title: "A plot", Caption: "What <it> shows.", Panels: []chart.Panel{{Layers: []chart.Layer{chart.Line{X: []float64{0, 1}, Y: []float64{2, 3}}}}}}
	_, _, note, err := Bundle(plot, "ch05 gain")
	if err != nil {
		t.Fatal(err)
	}
	page := note["text/html"].(string)
	if !strings.Contains(page, "What &lt;it&gt; shows.") || !strings.Contains(page, `aria-label="Numbers of the plot ch05 gain (CSV)" download="ch05-gain-plot.csv"`) {
		t.Errorf("the note is %s", page)
	}
	link := regexp.MustCompile(`base64,([^"]*)`).FindStringSubmatch(page)
	numbers, err := base64.StdEncoding.DecodeString(link[1])
	if want, _ := plot.CSV(); err != nil || string(numbers) != want {
		t.Errorf("the link has %q (%v), want %q", numbers, err, want)
	}

	long := make([]float64, 20000)
	plot.Panels[0].Layers = []chart.Layer{chart.Line{X: long, Y: long}}
	if _, _, note, err = Bundle(plot, "x"); err != nil || strings.Contains(note["text/html"].(string), "<a") {
		t.Errorf("a page would carry %d bytes (%v)", len(note["text/html"].(string)), err)
	}
}

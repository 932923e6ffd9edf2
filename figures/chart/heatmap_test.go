package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

// svgWords are the pieces of text of a plot's picture, which has to be
// well-formed and to lack coordinates that are no numbers.
func svgWords(t *testing.T, p *Plot) []string {
	t.Helper()
	svg, err := p.SVG()
	if err != nil {
		t.Fatal(err)
	}
	if numberless(svg) {
		t.Error("the picture has a coordinate that is no number")
	}
	var words []string
	inText := false
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return words
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		switch k := token.(type) {
		case xml.StartElement:
			inText = k.Name.Local == "text"
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				words = append(words, string(k))
			}
		}
	}
}

func sampleMap() HeatMap {
	return HeatMap{
		Rows:     []string{"full network", "pruned"},
		Columns:  []string{"clean", "input noise, SD 1", "stress"},
		Values:   [][]float64{{99.94, 80, -5}, {40, math.NaN(), 12.5}},
		Decimals: 1,
		Label:    "accuracy (%)",
	}
}

func mapPlot(h HeatMap) *Plot {
	return &Plot{Title: "A map", Width: SingleColumn, Panels: []Panel{{X: Axis{Label: "test"}, Layers: []Layer{h}}}}
}

func TestHeatMap(t *testing.T) {
	words := strings.Join(svgWords(t, mapPlot(sampleMap())), "|")
	for _, w := range []string{"full network", "pruned", "clean", "SD 1", "test", "99.9", "80.0", "−5.0", "40.0", "12.5", "accuracy (%)", "no value"} {
		if !strings.Contains(words, w) {
			t.Errorf("the picture lacks %q: %s", w, words)
		}
	}
	whole := sampleMap()
	whole.Values[1][1] = 3
	if words := strings.Join(svgWords(t, mapPlot(whole)), "|"); strings.Contains(words, "no value") {
		t.Error("the key explains missing values where none are missing")
	}
}

func TestHeatMapText(t *testing.T) {
	want := "Figure: A map. It shows accuracy (%) in a map, 2 rows (full network; pruned), test in 3 columns (clean; input noise, SD 1; stress), " +
		"from −5.0 (full network; stress) to 99.9 (full network; clean)."
	if got := mapPlot(sampleMap()).Text(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Maps of one kind are described once, and each has its own lowest and highest value.
func TestHeatMapsText(t *testing.T) {
	h := HeatMap{Label: "accuracy", Rows: []string{"mean"}, Columns: []string{"1", "2"}, Values: [][]float64{{3, 4}}}
	other := h
	other.Values = [][]float64{{6, 5}}
	p := mapPlot(h)
	p.Panels[0].Title = "first"
	p.Panels = append(p.Panels, Panel{Title: "second", X: p.Panels[0].X, Layers: []Layer{other}})
	want := "Figure: A map. 2 panels: (a) first: from 3 (mean; 1) to 4 (mean; 2); (b) second: from 5 (mean; 2) to 6 (mean; 1). " +
		"Each shows accuracy in a map, 1 row (mean), test in 2 columns (1; 2)."
	if got := p.Text(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestHeatMapIsRefused(t *testing.T) {
	for _, h := range []HeatMap{
		{},
		{Rows: []string{"a"}, Columns: []string{"b"}},
		{Rows: []string{"a"}, Columns: []string{"b"}, Values: [][]float64{{1, 2}}},
	} {
		if _, err := mapPlot(h).PNG(); err == nil {
			t.Errorf("map %+v was drawn", h)
		}
	}
}

// A map without a value, and one of one value, are drawn.
func TestHeatMapOfLittle(t *testing.T) {
	for _, v := range []float64{math.NaN(), 7, math.Inf(1)} {
		h := HeatMap{Rows: []string{"a"}, Columns: []string{"b"}, Values: [][]float64{{v}}}
		if _, err := mapPlot(h).SVG(); err != nil {
			t.Error(err)
		}
		if text := mapPlot(h).Text(); text == "" {
			t.Error("no text")
		}
	}
}

// Numbers shrink to fit their cells, and are left out rather than illegible.
func TestHeatMapNumbersFit(t *testing.T) {
	h := sampleMap()
	for _, c := range []struct {
		width vg.Length
		size  float64 // at most
		least float64
	}{{200, smallSize, smallSize}, {48, smallSize - 0.5, 5}, {20, 0, 0}} {
		f := &frame{
			page: new(page), area: vg.Rectangle{Max: vg.Point{X: c.width, Y: 60}},
			x: scale{min: -0.5, max: 2.5}, y: scale{min: -1.5, max: 0.5},
		}
		s := h.numbers(f)
		if size := s.font.Size.Points(); size > c.size || size < c.least {
			t.Errorf("in %g points the numbers have a size of %g", c.width, size)
		} else if size > 0 && s.width("99.9") > c.width/3 {
			t.Errorf("in %g points a number is wider than its cell", c.width)
		}
	}
}

// A long label at the end does not leave the page, though it has room beside
// its neighbour.
func TestLastColumnLabel(t *testing.T) {
	h := HeatMap{Rows: []string{"a"}, Columns: []string{"b", "c", "longer than its neighbours"}, Values: [][]float64{{1, 2, 3}}}
	p := mapPlot(h)
	p.Width = 7
	l := newLayout(p)
	c := l.panels[0]
	last := c.xTicks[2]
	end := c.area.Min.X + c.area.Size().X*vg.Length(c.x.at(last.At)) + wordsWidth(newLettering(smallSize, Ink), last.Label)/2
	if end > l.width {
		t.Errorf("%q ends at %g of %g", last.Label, end, l.width)
	}
}

// Labels of columns stay apart: they are wrapped, or stand upright.
func TestColumnLabels(t *testing.T) {
	h := sampleMap()
	h.Columns = []string{"tuned without regrowth", "regrown without tuning", "gradient-guided regrowth"}
	s := newLettering(smallSize, Ink)
	for _, c := range []struct {
		width   float64
		upright bool
	}{{SingleColumn, false}, {5.5, true}} {
		p := mapPlot(h)
		p.Width = c.width
		b := newLayout(p).panels[0]
		if b.upright != c.upright {
			t.Errorf("at %g cm upright is %t", c.width, b.upright)
		}
		cell := b.area.Size().X / 3
		for _, k := range b.xTicks {
			taken := wordsWidth(s, k.Label)
			if b.upright {
				taken = wordsHeight(s, k.Label)
			}
			if taken > cell {
				t.Errorf("at %g cm the label %q is wider than its cell", c.width, k.Label)
			}
		}
	}
}

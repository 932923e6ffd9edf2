package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"
)

// samplePlot has a layer of every kind.
func samplePlot() *Plot {
	return &Plot{
		Title:   "Everything <at> once & more",
		Caption: "A caption.",
		Width:   SingleColumn,
		Columns: 2,
		Panels: []Panel{
			{
				Title: "lines",
				X:     Axis{Label: "epoch", Whole: true},
				Y:     Axis{Label: "loss (nats)", Log: true},
				Layers: []Layer{
					Trend{X: []float64{1, 2, 3}, Y: []float64{1, 0.1, 0.01}, Low: []float64{0.5, 0.05, 0.005}, High: []float64{2, 0.2, 0.02}, Label: "one"},
					Line{X: []float64{1, 2, 3}, Y: []float64{1, math.NaN(), 0.01}, Colour: Blue, Dash: Dashed, Label: "two"},
					HLine{At: 0.1, Label: "level"},
					VLine{At: 2, Label: "place"},
				},
			},
			{
				Title: "marks",
				X:     Axis{Label: "x"},
				Y:     Axis{Label: "y"},
				Layers: []Layer{
					Cells{Columns: 2, Rows: 1, X: [2]float64{0, 4}, Y: [2]float64{0, 4}, Class: []int{0, 1}, Colours: []Colour{SkyBlue, Orange}},
					Bars{Edges: []float64{0, 1, 2}, Heights: []float64{1, 2}, Label: "bars"},
					Points{X: []float64{1, 2}, Y: []float64{3, 3}, Low: []float64{2, 2}, High: []float64{4, 4}, JitterX: 0.1, Label: "points"},
					Text{X: 1, Y: 1, Words: "10^{−3}"},
				},
			},
		},
	}
}

func TestPlotIsDeterministic(t *testing.T) {
	for _, render := range []func(*Plot) ([]byte, error){(*Plot).SVG, (*Plot).PNG} {
		a, err := render(samplePlot())
		if err != nil {
			t.Fatal(err)
		}
		b, err := render(samplePlot())
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Error("the same plot rendered twice gave different bytes")
		}
	}
}

func TestSVG(t *testing.T) {
	svg, err := samplePlot().SVG()
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(svg))
	words := ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		switch k := token.(type) {
		case xml.CharData:
			words += string(k) + "|"
		case xml.StartElement:
			for _, a := range k.Attr {
				if a.Name.Local != "xmlns" && strings.Contains(a.Value, "//") || a.Name.Local == "href" {
					t.Errorf("<%s %s=%q> names something outside", k.Name.Local, a.Name.Local, a.Value)
				}
			}
		}
	}
	for _, w := range []string{"Everything <at> once & more", "epoch", "loss (nats)", "level", "place", "points", "bars", "one", "two"} {
		if !strings.Contains(words, w) {
			t.Errorf("the picture lacks the words %q", w)
		}
	}
	if numberless(svg) {
		t.Error("the picture has a coordinate that is no number")
	}
	if !bytes.Contains(svg, []byte(`font-family="Fragility Sans, `)) || bytes.Contains(svg, []byte("font-family:Liberation")) {
		t.Error("words have no fallback font")
	}
}

func TestPNGSize(t *testing.T) {
	b, err := samplePlot().PNG()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if want := int(math.Round(SingleColumn / 2.54 * printDPI)); img.Width != want {
		t.Errorf("%d pixels wide, want %d", img.Width, want)
	}
	if w, _ := samplePlot().Size(); w != int(math.Round(SingleColumn/2.54*96)) {
		t.Errorf("shown %d pixels wide", w)
	}
}

func TestPlotIsRefused(t *testing.T) {
	for _, p := range []*Plot{
		{Title: "empty"},
		{Panels: []Panel{{Layers: []Layer{Line{X: []float64{1}}, Points{X: []float64{1, 2}, Y: []float64{1}}}}}},
		{Panels: []Panel{{Layers: []Layer{Cells{Columns: 2, Rows: 2, Class: []int{0}}}}}},
	} {
		if _, err := p.SVG(); err == nil {
			t.Errorf("plot %+v was drawn", p)
		}
	}
}

// A panel with nothing or one value on it still has axes.
func TestPlotOfLittle(t *testing.T) {
	for _, layers := range [][]Layer{
		nil,
		{Line{X: []float64{1}, Y: []float64{5}, Label: "alone"}},
		{Points{X: []float64{math.NaN()}, Y: []float64{math.Inf(1)}}},
		{Bars{}},
	} {
		p := &Plot{Panels: []Panel{{X: Axis{Label: "x"}, Y: Axis{Label: "y", Log: true}, Layers: layers}}}
		svg, err := p.SVG()
		if err != nil {
			t.Fatal(err)
		}
		if numberless(svg) {
			t.Errorf("layers %+v gave a coordinate that is no number", layers)
		}
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		scale scale
		n     int
		whole bool
		want  string
	}{
		{scale{min: 0, max: 100}, 4, false, "0 25 50 75 100"},
		{scale{min: -1, max: 1}, 4, false, "−1.0 −0.5 0 0.5 1.0"},
		{scale{min: 0.5, max: 3.5}, 6, true, "1 2 3"},
		{scale{min: 1, max: 20}, 5, true, "5 10 15 20"},
		{scale{min: 0, max: 30000}, 3, false, "0 10,000 20,000 30,000"},
		{scale{min: 1e-5, max: 0.2, log: true}, 4, false, "10^{−5} 10^{−4} 10^{−3} 10^{−2} 10^{−1}"},
		{scale{min: 0.01, max: 100, log: true}, 5, false, "0.01 0.1 1 10 100"},
		{scale{min: 1, max: 8, log: true}, 5, false, "1 2 5"},
	} {
		var labels []string
		for _, k := range c.scale.ticks(c.n, c.whole) {
			labels = append(labels, k.Label)
		}
		if got := strings.Join(labels, " "); got != c.want {
			t.Errorf("%+v, %d: ticks %s, want %s", c.scale, c.n, got, c.want)
		}
	}
}

func TestSpread(t *testing.T) {
	wanted := []float64{10, 10.5, 30, 0.2, 99}
	heights := []float64{4, 4, 4, 4, 4}
	placed := spread(wanted, heights, 0, 100)
	for i := range placed {
		if placed[i] < 0 || placed[i] > 100 {
			t.Errorf("label %d at %g is outside", i, placed[i])
		}
		for j := range i {
			if math.Abs(placed[i]-placed[j]) < 4-1e-9 {
				t.Errorf("labels %d and %d overlap: %v", i, j, placed)
			}
		}
	}
	if placed[2] != 30 {
		t.Errorf("a label with room around it was moved to %g", placed[2])
	}
}

func TestPlotText(t *testing.T) {
	p := samplePlot()
	want := "Figure: Everything <at> once & more. 2 panels: (a) lines: loss (nats), on a logarithmic scale, against epoch; (b) marks: y against x. A caption."
	if got := p.Text(); got != want {
		t.Errorf("panels of two kinds: got  %s\nwant %s", got, want)
	}
	p.Panels[1].X, p.Panels[1].Y = p.Panels[0].X, p.Panels[0].Y
	want = "Figure: Everything <at> once & more. 2 panels: (a) lines; (b) marks. Each shows loss (nats), on a logarithmic scale, against epoch. A caption."
	if got := p.Text(); got != want {
		t.Errorf("panels of one kind: got  %s\nwant %s", got, want)
	}
	p.Panels[1].Y.Label = ""
	if got := p.Text(); got != want {
		t.Errorf("an axis with one label: got  %s\nwant %s", got, want)
	}
}

func BenchmarkSVG(b *testing.B) {
	for b.Loop() {
		if _, err := samplePlot().SVG(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPNG(b *testing.B) {
	for b.Loop() {
		if _, err := samplePlot().PNG(); err != nil {
			b.Fatal(err)
		}
	}
}

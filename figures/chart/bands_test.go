package chart

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

func unitFrame() *frame {
	return &frame{
		page: new(page), area: vg.Rectangle{Max: vg.Point{X: 100, Y: 100}},
		x: scale{max: 10}, y: scale{max: 10},
	}
}

func TestBandsOverlap(t *testing.T) {
	f := unitFrame()
	level := Band{X: []float64{0, 10}, Low: []float64{4, 4}, High: []float64{6, 6}}
	rising := Band{X: []float64{0, 5, 10}, Low: []float64{-1, 4, 9}, High: []float64{1, 6, 11}}
	parts := level.areas(f)[0].overlaps(rising.areas(f)[0])
	if len(parts) != 1 {
		t.Fatalf("%d parts", len(parts))
	}
	// The rising band enters at x = 3 and has left at x = 7.
	p := parts[0]
	first, last := p.low[0].X, p.low[len(p.low)-1].X
	if math.Abs(float64(first-30)) > 1e-6 || math.Abs(float64(last-70)) > 1e-6 {
		t.Errorf("they overlap from %g to %g", first, last)
	}
	var surface vg.Length
	for i := 1; i < len(p.low); i++ {
		surface += (p.low[i].X - p.low[i-1].X) * (p.high[i].Y - p.low[i].Y + p.high[i-1].Y - p.low[i-1].Y) / 2
	}
	if math.Abs(float64(surface-400)) > 1e-6 {
		t.Errorf("they share %g", surface)
	}
	apart := Band{X: []float64{0, 10}, Low: []float64{7, 7}, High: []float64{8, 8}}
	if parts := level.areas(f)[0].overlaps(apart.areas(f)[0]); parts != nil {
		t.Errorf("bands apart share %v", parts)
	}
	later := Band{X: []float64{11, 12}, Low: []float64{4, 4}, High: []float64{6, 6}}
	if parts := level.areas(f)[0].overlaps(later.areas(f)[0]); parts != nil {
		t.Errorf("bands after each other share %v", parts)
	}
}

func TestBands(t *testing.T) {
	nan := math.NaN()
	b := Bands{
		{X: []float64{0, 1, 2, 3, 4}, Low: []float64{1, 1, nan, 1, 1}, High: []float64{3, 3, nan, 3, 3}, Colour: Blue},
		{X: []float64{0, 4}, Low: []float64{2, 2}, High: []float64{4, 4}, Colour: Orange},
		{X: []float64{0, 4}, Low: []float64{2.5, 2.5}, High: []float64{5, 5}, Colour: Green},
	}
	if n := len(b[0].areas(unitFrame())); n != 2 {
		t.Errorf("a gap leaves %d areas", n)
	}
	p := &Plot{Panels: []Panel{{Layers: []Layer{b, Line{X: []float64{0, 4}, Y: []float64{2, 2}, Label: "mean"}}}}}
	svgWords(t, p)
	svg, err := p.SVG()
	if err != nil {
		t.Fatal(err)
	}
	blue, orange, green := Blue.Tint(0.22), Orange.Tint(0.22), Green.Tint(0.22)
	for _, c := range []Colour{blue, orange, green, orange.over(blue), green.over(orange), green.over(orange.over(blue))} {
		if !strings.Contains(string(svg), "fill:"+string(c)) {
			t.Errorf("nothing has the colour %s", c)
		}
	}
	if strings.Contains(string(svg), "opacity") {
		t.Error("something is translucent")
	}
	for _, b := range []Bands{
		{{X: []float64{0, 1}, Low: []float64{0}, High: []float64{1, 1}}},
		{{X: []float64{1, 0}, Low: []float64{0, 0}, High: []float64{1, 1}}},
	} {
		if _, err := (&Plot{Panels: []Panel{{Layers: []Layer{b}}}}).SVG(); err == nil {
			t.Errorf("bands %v were drawn", b)
		}
	}
}

// Labels of lines never overlap: beside the panel where they fit, else in the
// key.
func TestLineLabelsStayApart(t *testing.T) {
	seen := map[bool]bool{}
	for n := 1; n < 30; n++ {
		panel := Panel{}
		for i := range n {
			panel.Layers = append(panel.Layers, Line{X: []float64{0, 1}, Y: []float64{0, float64(i) / 100}, Label: "arm " + strings.Repeat("x", i)})
		}
		l := newLayout(&Plot{Width: SingleColumn, Panels: []Panel{panel}})
		seen[l.lineKey] = true
		c := l.panels[0]
		if !l.lineKey {
			s := newLettering(smallSize, Ink)
			if len(c.endings) != n || l.key != nil {
				t.Errorf("%d lines have %d labels beside the panel", n, len(c.endings))
			}
			if need, have := vg.Length(n)*(wordsHeight(s, "a")+0.4*s.font.Size), c.area.Size().Y; need > have {
				t.Errorf("%d labels need %g of %g", n, need, have)
			}
			continue
		}
		var labels int
		for _, row := range l.key {
			labels += len(row)
		}
		if labels != n || len(c.endings) > 0 {
			t.Errorf("%d lines have %d labels in the key and %d beside the panel", n, labels, len(c.endings))
		}
	}
	if !seen[true] || !seen[false] {
		t.Error("labels never change their place")
	}
}

// Panels that share their lines name them once.
func TestSharedLinesStandInKey(t *testing.T) {
	line := Line{X: []float64{0, 1}, Y: []float64{0, 1}, Label: "gradient-guided", Dash: Dashed}
	p := &Plot{Panels: []Panel{{Layers: []Layer{line}}, {Layers: []Layer{HLine{At: 0.5, Label: "chance"}, line}}}}
	words := strings.Join(svgWords(t, p), "|")
	for _, w := range []string{"gradient-guided", "chance"} {
		if n := strings.Count(words, w); n != 1 {
			t.Errorf("%q is written %d times", w, n)
		}
	}
}

package figures

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestGrouped(t *testing.T) {
	layers := Grouped([]string{"clean", "input noise"}, []Bar{
		{"pruned", Grey, [][]float64{{40, 44}, {30}}},
		{"recovered", Blue, [][]float64{{90, 94, 98}, nil}},
	})
	p := &Plot{Title: "Bars", Width: SingleColumn, Panels: []Panel{{Y: Axis{Label: "accuracy (%)"}, Layers: layers}}}
	words := svgWords(t, p)
	order := -1
	for _, w := range []string{"pruned", "recovered", "one subject"} {
		i := slices.Index(words, w)
		if i <= order {
			t.Errorf("%q stands at %d in %q", w, i, words)
		}
		order = i
	}
	for _, w := range []string{"clean", "input noise"} {
		if !slices.Contains(words, w) {
			t.Errorf("no category %q in %q", w, words)
		}
	}
	var heights, whiskers, edges []float64
	dots := 0
	for _, l := range layers {
		switch k := l.(type) {
		case Bars:
			heights, edges = append(heights, k.Heights...), append(edges, k.Edges...)
		case Points:
			dots += len(k.X)
		case Line:
			if k.X[0] == k.X[1] {
				whiskers = append(whiskers, (k.Y[1]-k.Y[0])/2)
			}
		}
	}
	if want := []float64{42, 94, 30}; !slices.Equal(heights, want) {
		t.Errorf("bars are %v high, want %v", heights, want)
	}
	if dots != 6 {
		t.Errorf("%d dots", dots)
	}
	// One subject has no deviation.
	if len(whiskers) != 2 || math.Abs(whiskers[0]-math.Sqrt(8)) > 1e-12 || math.Abs(whiskers[1]-4) > 1e-12 {
		t.Errorf("whiskers are %v long", whiskers)
	}
	if !slices.IsSorted(edges) {
		t.Errorf("bars overlap: edges %v", edges)
	}
	if text := p.Text(); !strings.Contains(text, "accuracy (%)") {
		t.Errorf("text %q", text)
	}
}

package chart

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

func sampleDiagram() Diagram {
	tags := []string{"accuracy", "weights"}
	return Diagram{{Label: "initialise", Sub: "2-512-512-256-4", Next: []Box{
		{Label: "baseline training", Sub: "20 epochs, Adam 0.001", Arm: "full network", Tags: append(tags, "regions"), Next: []Box{
			{Label: "prune", Sub: "95 % of each matrix", Arm: "pruned", Tags: tags, Next: []Box{
				{Label: "regrow", Sub: "half, at random", Tags: tags, Next: []Box{
					{Label: "fine-tune", Sub: "15 epochs, Adam 0.0005", Arm: "recovered", Tags: tags},
					{Arm: "regrown without tuning", Ours: true},
				}},
				{Label: "fine-tune", Sub: "15 epochs, Adam 0.0005", Arm: "tuned without regrowth, which is a long name", Tags: tags, Ours: true},
			}},
			{Label: "prune", Sub: "0, 50, 70, 80, 90, 95, 97, 99 %", Times: 8, Arm: "sparsity sweep", Tags: []string{"accuracy"}},
		}},
	}}}
}

// sampleChain is a course of n stages in which every third has a branch.
func sampleChain(n int) Diagram {
	b := Box{Label: fmt.Sprintf("stage %d", n), Sub: "15 epochs, Adam 0.0005", Tags: []string{"accuracy"}}
	if n%3 == 0 {
		b.Next = []Box{{Label: "scar", Sub: "5 % for good", Arm: fmt.Sprintf("scarred at %d", n), Ours: true}}
	}
	if n == 1 {
		b.Arm = "end of course"
		return Diagram{b}
	}
	b.Next = append(sampleChain(n-1), b.Next...)
	return Diagram{b}
}

// Nothing in a diagram overlaps anything else or leaves the page, and every
// box is drawn once, however deep the tree and however narrow the page.
func TestDiagramHasRoomForAll(t *testing.T) {
	trees := map[string]Diagram{
		"sample": sampleDiagram(),
		"one":    {{Label: "alone"}},
		"two":    {{Label: "first", Next: sampleDiagram()}, {Label: "second", Arm: "other"}},
	}
	for _, n := range []int{2, 5, 9, 20} {
		trees[fmt.Sprintf("chain of %d", n)] = sampleChain(n)
	}
	for name, d := range trees {
		for _, width := range []float64{SingleColumn, 13, DoubleColumn} {
			c := newChart(d, vg.Length(width)*vg.Centimeter)
			type part struct {
				name string
				vg.Rectangle
			}
			var parts []part
			boxes := 0
			for _, s := range c.strips {
				for _, n := range s.nodes {
					middle := vg.Point{X: s.left[n.column], Y: c.height - s.top - s.rows[n.row]}
					put := func(name string, left, right, down, up vg.Length) {
						parts = append(parts, part{name, vg.Rectangle{
							Min: middle.Add(vg.Point{X: left, Y: -down}), Max: middle.Add(vg.Point{X: right, Y: up}),
						}})
					}
					if !n.end() {
						boxes++
						if w := wordsWidth(boxLettering(), n.label); w > s.widths[n.column] {
							t.Errorf("%s at %g cm: the words %q are wider than their box", name, width, n.label)
						}
						put(n.Label, 0, s.widths[n.column], n.height/2+n.tagsHeight(), n.height/2)
					}
					if n.mark > 0 {
						put("mark", 0, 2*markRadius, markRadius, markRadius)
					}
					if n.arm != "" {
						half := wordsHeight(armLettering(), n.arm) / 2
						left := s.namesX - s.left[n.column]
						put(n.arm, left, left+wordsWidth(armLettering(), n.arm), half, half)
					}
				}
			}
			if want := strings.Count(d.Text(), "\n") - strings.Count(d.Text(), "- arm:"); boxes != want {
				t.Errorf("%s at %g cm: %d boxes of %d", name, width, boxes, want)
			}
			page := vg.Rectangle{Max: vg.Point{X: c.width + 1e-6, Y: c.height + 1e-6}}
			for i, p := range parts {
				if p.Min.X < -1e-6 || p.Min.Y < -1e-6 || p.Max.X > page.Max.X || p.Max.Y > page.Max.Y {
					t.Errorf("%s at %g cm: %q leaves the page: %v", name, width, p.name, p.Rectangle)
				}
				for _, q := range parts[:i] {
					if p.Min.X < q.Max.X && q.Min.X < p.Max.X && p.Min.Y < q.Max.Y && q.Min.Y < p.Max.Y {
						t.Errorf("%s at %g cm: %q overlaps %q", name, width, p.name, q.name)
					}
				}
			}
		}
	}
}

// A tree is cut no more than it must be, and every mark is found twice.
func TestDiagramIsCut(t *testing.T) {
	for _, c := range []struct {
		diagram Diagram
		width   float64
		strips  int
	}{{sampleDiagram(), DoubleColumn, 1}, {sampleDiagram(), SingleColumn, 3}, {sampleChain(2), SingleColumn, 1}} {
		if n := len(newChart(c.diagram, vg.Length(c.width)*vg.Centimeter).strips); n != c.strips {
			t.Errorf("%q at %g cm has %d strips, want %d", c.diagram[0].Label, c.width, n, c.strips)
		}
	}
	p := &Plot{Title: "A course", Width: SingleColumn, Diagram: sampleChain(12)}
	words := svgWords(t, p)
	marks := 0
	for slices.Contains(words, fmt.Sprint(marks+1)) {
		marks++
		n := 0
		for _, w := range words {
			if w == fmt.Sprint(marks) {
				n++
			}
		}
		if n != 2 {
			t.Errorf("mark %d stands %d times", marks, n)
		}
	}
	if strips := len(newLayout(p).chart.strips); marks != strips-1 || marks == 0 {
		t.Errorf("%d marks for %d strips", marks, strips)
	}
}

// A diagram is as low as columns of different widths make it, and what several arms share
// takes no room from the tree's columns.
func TestDiagramIsLow(t *testing.T) {
	width := vg.Length(DoubleColumn) * vg.Centimeter
	var d Diagram
	for k := range 5 { // short words in every other column, and long ones between them
		b := Box{Label: "episode", Sub: "1.5, 1.3, 1.1, 0.9, 0.7, 0.5, 0.3, 0.2, 0.1, 0.09, 0.08, 0.07", Next: d}
		if k%2 == 1 {
			b = Box{Label: "train", Sub: strings.Repeat("a few more words ", 14), Next: d}
		}
		d = Diagram{b}
	}
	c := newMeasures().lowest(d, width, widestBox)
	for box := widestBox; box >= leastBox; box -= 3 {
		even := &chart{width: width, height: topGap}
		heads := newMeasures().growNodes(d, false, []vg.Length{box}, widestArm)
		even.plan(heads, false)
		if even.cut(heads); len(even.strips) <= len(c.strips) && even.height <= c.height {
			t.Errorf("boxes of %v all over take %v, those of the chart %v", box, even.height, c.height)
		}
	}
	shared := append(slices.Clone(d), Box{Label: "then, in each of", Sub: "ketamine-like; SSRI-like; neurosteroid-like; tuned without regrowth", Next: []Box{{Label: "prune"}}})
	together, apart := newMeasures().lowest(shared, width, widestBox), newChart(shared, width)
	if len(apart.strips) != len(c.strips)+1 || apart.height >= together.height {
		t.Errorf("%d strips take %v, in the tree's columns %v", len(apart.strips), apart.height, together.height)
	}
}

func TestDiagram(t *testing.T) {
	p := &Plot{Title: "The protocol", Diagram: sampleDiagram()}
	words := strings.Join(svgWords(t, p), "|")
	for _, w := range []string{"initialise", "2-512-512-256-4", "prune × 8", "accuracy", "full network", "regrown without tuning", OursLabel, "reading"} {
		if !strings.Contains(words, w) {
			t.Errorf("the picture lacks %q: %s", w, words)
		}
	}
	bundle, _, _, err := p.Bundle("")
	if err != nil {
		t.Fatal(err)
	}
	for _, mime := range []string{"image/svg+xml", "image/png", "text/plain"} {
		if s, _ := bundle[mime].(string); s == "" {
			t.Errorf("the bundle lacks %s", mime)
		}
	}
	plain := strings.Join(svgWords(t, &Plot{Diagram: Diagram{{Label: "train", Arm: "full"}}}), "|")
	if plain != "train|full" {
		t.Errorf("a box and its arm are drawn as %s", plain)
	}
}

func TestDiagramText(t *testing.T) {
	p := &Plot{Title: "The protocol", Caption: "A caption.", Diagram: Diagram{{Label: "train", Sub: "20 epochs", Tags: []string{"accuracy", "losses"}, Arm: "full", Next: []Box{
		{Label: "prune", Times: 8, Arm: "pruned"},
		{Label: "regrow", Ours: true, Next: []Box{{Label: "fine-tune", Arm: "recovered"}}},
		{Arm: "idle", Ours: true},
	}}}}
	want := `Figure: The protocol. It shows these stages, what follows one further in:
- train (20 epochs); readings: accuracy, losses; arm: full
  - prune × 8; arm: pruned
  - regrow [ours, not in the book]
    - fine-tune; arm: recovered
  - arm: idle [ours, not in the book]
A caption.`
	if got := p.Text(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestDiagramIsRefused(t *testing.T) {
	for _, p := range []*Plot{
		{Diagram: Diagram{}},
		{Diagram: Diagram{{Arm: "nothing", Next: []Box{{Label: "train"}}}}},
		{Diagram: Diagram{{Label: "train", Next: []Box{{Sub: "20 epochs"}}}}},
		{Diagram: Diagram{{Label: "train"}}, Panels: []Panel{{}}},
	} {
		if _, err := p.SVG(); err == nil {
			t.Errorf("plot %+v was drawn", p)
		}
	}
}

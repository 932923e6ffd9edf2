package chart

import (
	"slices"

	"gonum.org/v1/plot/vg"
)

// entry is a line of the key: a sample of the mark and its label.
type entry struct {
	label string
	width vg.Length // of the sample, the gap after it included
	draw  func(*page, vg.Point)
	vega  func(x, y float64) []any // the same in pixels; a diagram has none
	x     vg.Length                // where it starts
}

const (
	sampleWidth vg.Length = 9
	lineSample  vg.Length = 18 // long enough for every dash
	sampleGap   vg.Length = 3
	entryGap    vg.Length = 14
	keySide               = 3 // half the side of a filled sample
)

// keyRows lists what stands in the key, each label once, in rows that fit the
// page: the labelled points, bars and heat maps of all panels, the lines that
// cannot be named at their ends, and the marks of a diagram.
func (l *layout) keyRows() [][]entry {
	entries := l.plot.Diagram.entries()
	for _, panel := range l.plot.Panels {
		for _, layer := range slices.Concat(panel.Key, panel.Layers) {
			if k, ok := layer.(keyed); ok {
				entries = append(entries, k.entries(l.lineKey)...)
			}
		}
	}
	var rows [][]entry
	seen := map[string]bool{}
	x := edge
	for _, e := range entries {
		if e.label == "" || seen[e.label] {
			continue
		}
		seen[e.label] = true
		width := e.width + wordsWidth(newLettering(smallSize, Ink), e.label)
		if len(rows) == 0 || x+width > l.width-edge {
			rows, x = append(rows, nil), edge
		}
		last := len(rows) - 1
		e.x = x
		rows[last] = append(rows[last], e)
		x += width + entryGap
	}
	return rows
}

func lineEntry(label string, c Colour, d Dash, width float64) entry {
	const half = (lineSample - sampleGap) / 2
	return entry{label: label, width: lineSample,
		draw: func(p *page, at vg.Point) {
			p.stroke(c, width, d, []vg.Point{at.Sub(vg.Point{X: half}), at.Add(vg.Point{X: half})})
		},
		vega: func(x, y float64) []any {
			return []any{vegaSample(vegaStroke("rule", c, vg.Length(width), d), object{"x": x - px(half), "x2": x + px(half), "y": y})}
		},
	}
}

// around is a rectangle with a point in its middle, from its lower left.
func around(at vg.Point, halfWidth, halfHeight vg.Length) []vg.Point {
	half := vg.Point{X: halfWidth, Y: halfHeight}
	return corners(vg.Rectangle{Min: at.Sub(half), Max: at.Add(half)})
}

// drawKey draws the key with the middle of its first row at a height.
func (l *layout) drawKey(y vg.Length) {
	s := newLettering(smallSize, Ink)
	for _, row := range l.key {
		for _, e := range row {
			e.draw(l.page, vg.Point{X: e.x + (e.width-sampleGap)/2, Y: y})
			l.words(s, vg.Point{X: e.x + e.width, Y: y}, Start, Level, e.label)
		}
		y -= lineHeight(s)
	}
}

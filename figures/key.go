package figures

import "gonum.org/v1/plot/vg"

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
)

// keyRows lists what stands in the key, each label once, in rows that fit the
// page: the labelled points, bars and heat maps of all panels, the lines that
// cannot be named at their ends, and the marks of a diagram.
func (l *layout) keyRows() [][]entry {
	entries := l.plot.Diagram.entries()
	for _, panel := range l.plot.Panels {
		for _, layer := range panel.Layers {
			entries = append(entries, l.entries(layer)...)
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

// entries are what a layer has in the key.
func (l *layout) entries(layer Layer) []entry {
	const r = 3
	switch k := layer.(type) {
	case Points:
		k.Size = min(k.Size, 7)
		return []entry{{label: k.Label, width: sampleWidth,
			draw: func(p *page, at vg.Point) { k.mark(p, []vg.Point{at}) },
			vega: func(x, y float64) []any {
				return []any{vegaSample(k.vegaMark(), object{"x": x, "y": y})}
			}}}
	case Bars:
		return []entry{{label: k.Label, width: sampleWidth,
			draw: func(p *page, at vg.Point) { p.fill(k.Colour.or(Grey), around(at, r, r)) },
			vega: func(x, y float64) []any { return []any{vegaBox(k.Colour.or(Grey), x, y, px(r), px(r))} },
		}}
	case HeatMap:
		list := []entry{{label: k.Label, width: lineSample,
			draw: func(p *page, at vg.Point) { rampSample(p, at, (lineSample-sampleGap)/2, r) },
			vega: func(x, y float64) []any { return vegaRamp(x, y, px((lineSample-sampleGap)/2), px(r)) },
		}}
		if k.gaps() {
			c := around(vg.Point{}, r+1, r)
			cell := vg.Rectangle{Min: c[0], Max: c[2]}
			list = append(list, entry{label: "no value", width: sampleWidth + 2,
				draw: func(p *page, at vg.Point) { drawMissing(p, cell.Add(at)) },
				vega: func(x, y float64) []any { return vegaMissing(x, y, cell) },
			})
		}
		return list
	case Line:
		if l.lineKey {
			width := k.Width
			if width == 0 {
				width = 1
			}
			return []entry{lineEntry(k.Label, k.Colour.or(Black), k.Dash, width)}
		}
	case HLine:
		if l.lineKey {
			return []entry{lineEntry(k.Label, k.Colour.or(Grey), k.Dash, 0.6)}
		}
	}
	return nil
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

package figures

import "gonum.org/v1/plot/vg"

// entry is a line of the key: a sample of the mark and its label.
type entry struct {
	layer Layer
	label string
	x     vg.Length // where it starts
}

const (
	sampleWidth vg.Length = 9
	entryGap    vg.Length = 14
)

// keyRows lists the labelled points and bars of all panels, each label once,
// in rows that fit the page.
func (l *layout) keyRows() [][]entry {
	var rows [][]entry
	seen := map[string]bool{}
	x := edge
	for _, panel := range l.plot.Panels {
		for _, layer := range panel.Layers {
			label := ""
			switch k := layer.(type) {
			case Points:
				label = k.Label
			case Bars:
				label = k.Label
			}
			if label == "" || seen[label] {
				continue
			}
			seen[label] = true
			width := sampleWidth + wordsWidth(newLettering(smallSize, Ink), label)
			if len(rows) == 0 || x+width > l.width-edge {
				rows, x = append(rows, nil), edge
			}
			last := len(rows) - 1
			rows[last] = append(rows[last], entry{layer, label, x})
			x += width + entryGap
		}
	}
	return rows
}

// drawKey draws the key with the middle of its first row at a height.
func (l *layout) drawKey(y vg.Length) {
	s := newLettering(smallSize, Ink)
	for _, row := range l.key {
		for _, e := range row {
			middle := vg.Point{X: e.x + sampleWidth/2 - 1.5, Y: y}
			switch k := e.layer.(type) {
			case Points:
				k.Size = min(k.Size, 7)
				k.mark(l.page, []vg.Point{middle})
			case Bars:
				const r = 3
				l.fill(k.Colour.or(Grey), []vg.Point{
					middle.Add(vg.Point{X: -r, Y: -r}), middle.Add(vg.Point{X: r, Y: -r}),
					middle.Add(vg.Point{X: r, Y: r}), middle.Add(vg.Point{X: -r, Y: r}),
				})
			}
			l.words(s, vg.Point{X: e.x + sampleWidth, Y: y}, Start, Level, e.label)
		}
		y -= lineHeight(s)
	}
}

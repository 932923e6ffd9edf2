package chart

import (
	"encoding/csv"
	"strconv"
	"strings"

	"github.com/network-fragility/fragility/figures/words"
)

// CSV gives the numbers that the plot draws, for other programs: a line for
// each mark, with the panel, the kind of mark, its label, and its place. A place
// that an axis names has its name too. Regions have a line for each run of equal
// cells in a row: the row's middle as y, the run's borders as low and high, which
// are places on the x axis, and the class. A diagram has a line for each box.
func (p *Plot) CSV() (string, error) {
	if err := p.check(); err != nil {
		return "", err
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	if p.Diagram != nil {
		w.Write([]string{"path", "settings", "times", "readings", "arm", "ours"})
		for _, box := range p.Diagram {
			writeBox(w, "", box)
		}
	} else {
		w.Write([]string{"panel", "mark", "label", "x", "x name", "y", "y name", "low", "high", "value"})
		for i, panel := range p.Panels {
			name := panel.Title
			if name == "" {
				name = strconv.Itoa(i + 1)
			}
			panel.write(w, name)
		}
	}
	w.Flush()
	return b.String(), w.Error()
}

func writeBox(w *csv.Writer, path string, b Box) {
	if b.Label != "" {
		path = strings.TrimPrefix(path+" > "+b.Label, " > ")
	}
	w.Write([]string{path, b.Sub, strconv.Itoa(max(b.Times, 1)), strings.Join(b.Tags, "; "), b.Arm, strconv.FormatBool(b.Ours)})
	for _, next := range b.Next {
		writeBox(w, path, next)
	}
}

// write writes a panel's marks.
func (p Panel) write(w *csv.Writer, panel string) {
	xNames, yNames := ticks(p.X.Ticks), ticks(p.Y.Ticks)
	for _, l := range p.Layers {
		if c, ok := l.(categorical); ok {
			x, y := c.categories()
			for at, name := range ticks(x) {
				xNames[at] = name
			}
			for at, name := range ticks(y) {
				yNames[at] = name
			}
		}
	}
	for _, l := range p.marks() {
		for _, d := range l.data() {
			x, y := words.Exact(d.x), words.Exact(d.y)
			w.Write([]string{panel, d.mark, strings.ReplaceAll(d.label, "\n", " "), x, xNames[x], y, yNames[y], words.Exact(d.low), words.Exact(d.high), words.Exact(d.value)})
		}
	}
}

// ticks are the names of places that an axis gives in words, by the place as it
// stands in a field (0 for the -0 of a heat map's first row).
func ticks(list []Tick) map[string]string {
	names := map[string]string{}
	for _, t := range list {
		names[words.Exact(0+t.At)] = strings.ReplaceAll(t.Label, "\n", " ")
	}
	return names
}

package figures

import (
	"encoding/csv"
	"strconv"
	"strings"
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
		if c, ok := l.(interface{ categories() (x, y []Tick) }); ok {
			x, y := c.categories()
			for at, name := range ticks(x) {
				xNames[at] = name
			}
			for at, name := range ticks(y) {
				yNames[at] = name
			}
		}
	}
	// No number is an empty field.
	line := func(mark, label, x, y, low, high, value string) {
		w.Write([]string{panel, mark, strings.ReplaceAll(label, "\n", " "), x, xNames[x], y, yNames[y], low, high, value})
	}
	for _, l := range p.Layers {
		switch m := l.(type) {
		case Line:
			for i := range m.X {
				line("line", m.Label, exact(m.X[i]), exact(m.Y[i]), nth(m.Low, i), nth(m.High, i), "")
			}
		case Points:
			for i := range m.X {
				line("point", m.Label, exact(m.X[i]), exact(m.Y[i]), nth(m.Low, i), nth(m.High, i), "")
			}
		case Bars:
			for i, h := range m.Heights {
				line("bar", m.Label, exact((m.Edges[i]+m.Edges[i+1])/2), exact(h), "", "", "")
			}
		case Bands:
			for _, b := range m {
				for i := range b.X {
					line("band", "", exact(b.X[i]), "", exact(b.Low[i]), exact(b.High[i]), "")
				}
			}
		case HLine:
			line("level", m.Label, "", exact(m.At), "", "", "")
		case VLine:
			line("place", m.Label, exact(m.At), "", "", "", "")
		case Text:
			line("text", m.Words, exact(m.X), exact(m.Y), "", "", "")
		case HeatMap:
			for i, row := range m.Values {
				for j, v := range row {
					line("cell", m.Label, exact(float64(j)), exact(0-float64(i)), "", "", exact(v))
				}
			}
		case Cells:
			dx, dy := (m.X[1]-m.X[0])/float64(m.Columns), (m.Y[1]-m.Y[0])/float64(m.Rows)
			for row := range m.Rows {
				y := m.Y[0] + (float64(row)+0.5)*dy
				for from, to := 0, 0; from < m.Columns; from = to {
					class := m.Class[row*m.Columns+from]
					for to < m.Columns && m.Class[row*m.Columns+to] == class {
						to++
					}
					line("region", "", "", exact(y), exact(m.X[0]+float64(from)*dx), exact(m.X[0]+float64(to)*dx), strconv.Itoa(class))
				}
			}
		}
	}
}

// ticks are the names of places that an axis gives in words, by the place as it
// stands in a field (0 for the -0 of a heat map's first row).
func ticks(list []Tick) map[string]string {
	names := map[string]string{}
	for _, t := range list {
		names[exact(0+t.At)] = strings.ReplaceAll(t.Label, "\n", " ")
	}
	return names
}

// nth is a number of an optional list as a field.
func nth(list []float64, i int) string {
	if list == nil {
		return ""
	}
	return exact(list[i])
}

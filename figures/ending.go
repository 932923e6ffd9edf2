package figures

import "gonum.org/v1/plot/vg"

// ending is a label at the right end of a line. Reading it there is quicker
// than matching colours with a legend.
type ending struct {
	label  string
	colour Colour
	x, y   float64 // the line's end; x is NaN for one that spans the panel
	level  bool
}

// endings lists the labels of a panel's lines.
func (l *layout) endings(p Panel) []ending {
	var list []ending
	for _, layer := range p.Layers {
		switch k := layer.(type) {
		case Line:
			for i := len(k.X) - 1; i >= 0 && k.Label != ""; i-- {
				if k.X[i] == k.X[i] && k.Y[i] == k.Y[i] {
					list = append(list, ending{label: k.Label, colour: k.Colour.or(Black), x: k.X[i], y: k.Y[i]})
					break
				}
			}
		case HLine:
			if k.Label != "" {
				list = append(list, ending{label: k.Label, colour: k.Colour.or(Grey), y: k.At, level: true})
			}
		}
	}
	return list
}

// endingsWidth is the room that the labels take beside the data area.
func (l *layout) endingsWidth(c *box) vg.Length {
	var w vg.Length
	for _, e := range c.endings {
		w = max(w, endGap+wordsWidth(newLettering(smallSize, Ink), e.label))
	}
	return w
}

// drawEndings writes the labels beside the ends of their lines, moved apart
// where they would overlap, and tied to the lines that they were moved from.
func (l *layout) drawEndings(f *frame, list []ending) {
	if len(list) == 0 {
		return
	}
	s := newLettering(smallSize, Ink)
	ends := make([]vg.Point, len(list))
	wanted, heights := make([]float64, len(list)), make([]float64, len(list))
	for i, e := range list {
		x := e.x
		if e.level {
			x = f.x.max
		}
		ends[i] = f.at(x, e.y)
		ends[i].X = min(ends[i].X, f.area.Max.X)
		ends[i].Y = min(max(ends[i].Y, f.area.Min.Y), f.area.Max.Y)
		wanted[i] = float64(ends[i].Y)
		heights[i] = float64(wordsHeight(s, e.label) + 0.4*s.font.Size)
	}
	placed := spread(wanted, heights, float64(f.area.Min.Y), float64(f.area.Max.Y))
	for i, e := range list {
		at := vg.Point{X: f.area.Max.X + endGap, Y: vg.Length(placed[i])}
		moved := at.Y - ends[i].Y
		if moved < -2 || moved > 2 || at.X-ends[i].X > 3*endGap {
			l.stroke(e.colour.Tint(0.5), 0.4, Solid, []vg.Point{
				ends[i].Add(vg.Point{X: 1}), at.Add(vg.Point{X: -1})})
		}
		s.colour = e.colour
		l.words(s, at, Start, Level, e.label)
	}
}

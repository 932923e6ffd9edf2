package chart

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
func (p Panel) endings() []ending {
	var list []ending
	for _, layer := range p.Layers {
		if k, ok := layer.(ended); ok {
			list = append(list, k.endings()...)
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

// endingPlace is where a line ends on the page, and where its label starts.
type endingPlace struct{ end, at vg.Point }

// tied reports whether the label is too far from the line's end to be read
// without a line between them.
func (p endingPlace) tied() bool {
	moved := p.at.Y - p.end.Y
	return moved < -2 || moved > 2 || p.at.X-p.end.X > 3*endGap
}

// placeEndings moves labels apart where they would overlap.
func (l *layout) placeEndings(f *frame, list []ending) []endingPlace {
	if len(list) == 0 {
		return nil
	}
	s := newLettering(smallSize, Ink)
	places := make([]endingPlace, len(list))
	wanted, heights := make([]float64, len(list)), make([]float64, len(list))
	for i, e := range list {
		x := e.x
		if e.level {
			x = f.x.max
		}
		end := f.at(x, e.y)
		end.X = min(end.X, f.area.Max.X)
		end.Y = min(max(end.Y, f.area.Min.Y), f.area.Max.Y)
		places[i].end = end
		wanted[i] = float64(end.Y)
		heights[i] = float64(wordsHeight(s, e.label) + 0.4*s.font.Size)
	}
	placed := spread(wanted, heights, float64(f.area.Min.Y), float64(f.area.Max.Y))
	for i := range places {
		places[i].at = vg.Point{X: f.area.Max.X + endGap, Y: vg.Length(placed[i])}
	}
	return places
}

// drawEndings writes the labels beside the ends of their lines, tied to those
// that they were moved from.
func (l *layout) drawEndings(f *frame, list []ending) {
	places := l.placeEndings(f, list)
	for i, e := range list {
		p := places[i]
		if p.tied() {
			l.stroke(e.colour.Tint(0.5), 0.4, Solid, []vg.Point{
				p.end.Add(vg.Point{X: 1}), p.at.Add(vg.Point{X: -1})})
		}
		l.words(newLettering(smallSize, e.colour.forWords()), p.at, Start, Level, e.label)
	}
}

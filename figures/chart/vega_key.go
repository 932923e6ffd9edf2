package chart

import "gonum.org/v1/plot/vg"

// vegaTop is the title and the key above the panels, as marks of the first one:
// a title of the specification would move with what a zoom takes away.
func (l *layout) vegaTop() []any {
	var marks []any
	corner := vg.Point{X: l.panels[0].area.Min.X, Y: l.panels[0].area.Max.Y}
	if l.title != "" {
		marks = append(marks, vegaText(px(edge-corner.X), px(corner.Y-l.height+edge), bold(newLettering(titleSize, Ink)), Start, Below, l.title))
	}
	s := newLettering(smallSize, Ink)
	y := l.keyHeight()
	for _, row := range l.key {
		for _, e := range row {
			left, down := px(e.x-corner.X), px(corner.Y-y)
			marks = append(marks, e.vega(left+px((e.width-sampleGap)/2), down)...)
			marks = append(marks, vegaText(left+px(e.width), down, s, Start, Level, e.label))
		}
		y -= lineHeight(s)
	}
	return marks
}

// vegaSample is a mark at places of the page.
func vegaSample(mark, places object) object {
	mark["clip"] = false
	encoding := object{}
	for channel, at := range places {
		encoding[channel] = object{"value": at}
	}
	return object{"mark": mark, "encoding": encoding}
}

// vegaBox is a filled rectangle around a place of the page.
func vegaBox(c Colour, x, y, halfWidth, halfHeight float64) object {
	return vegaSample(object{"type": "rect", "opacity": 1.0, "color": string(c)},
		object{"x": x - halfWidth, "x2": x + halfWidth, "y": y - halfHeight, "y2": y + halfHeight})
}

// vegaRamp is rampSample in pixels.
func vegaRamp(x, y, halfWidth, halfHeight float64) []any {
	const steps = 5
	var marks []any
	for i := range steps {
		middle := x + halfWidth*float64(2*i+1-steps)/steps
		marks = append(marks, vegaBox(ramp(float64(i)/(steps-1)), middle, y, halfWidth/steps, halfHeight))
	}
	return marks
}

// vegaMissing is drawMissing in pixels; cell is in points around the place.
func vegaMissing(x, y float64, cell vg.Rectangle) []any {
	marks := []any{vegaBox(noValueColour, x, y, px(cell.Max.X), px(cell.Max.Y))}
	for _, line := range hatch(cell) {
		marks = append(marks, vegaSample(vegaStroke("rule", Light, hatchWidth, Solid),
			object{"x": x + px(line[0].X), "y": y - px(line[0].Y), "x2": x + px(line[1].X), "y2": y - px(line[1].Y)}))
	}
	return marks
}

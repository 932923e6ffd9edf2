package chart

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/network-fragility/fragility/figures/words"
)

// HeatMap is a table of numbers whose cells are coloured by them, the first
// row at the top. The rows and columns are one apart, the j-th column at x = j
// and the i-th row at y = -i; they are the panel's ticks where its axes name
// none.
type HeatMap struct {
	Rows, Columns []string
	Values        [][]float64 // by row, then column; NaN is a missing one
	Decimals      int
	Min, Max      float64 // ends of the colours; both 0 fits the values
	Label         string  // what the numbers are, with the unit; stands in the key
}

func (h HeatMap) extend(x, y *span) {
	x.pin(-0.5, float64(len(h.Columns))-0.5)
	y.pin(0.5-float64(len(h.Rows)), 0.5)
}

func (h HeatMap) check() error {
	if len(h.Rows) == 0 || len(h.Columns) == 0 {
		return errors.New("a heat map has no cells")
	}
	if len(h.Values) != len(h.Rows) {
		return errors.New("a heat map's values are not those of its rows")
	}
	for _, row := range h.Values {
		if len(row) != len(h.Columns) {
			return errors.New("a heat map's values are not those of its columns")
		}
	}
	return nil
}

// categories implements categorical.
func (h HeatMap) categories() (x, y []Tick) {
	for j, label := range h.Columns {
		x = append(x, Tick{float64(j), label})
	}
	for i, label := range h.Rows {
		y = append(y, Tick{-float64(i), label})
	}
	return x, y
}

func (h HeatMap) draw(f *frame) {
	low, high := h.ends()
	s := h.numbers(f)
	for i, row := range h.Values {
		for j, v := range row {
			cell := h.cell(f, i, j)
			if math.IsNaN(v) {
				drawMissing(f.page, cell)
				continue
			}
			colour := ramp(shareOf(v, low, high))
			f.fill(colour, corners(cell))
			if s.font.Size > 0 {
				s.colour = colour.on()
				f.words(s, f.at(float64(j), -float64(i)), Middle, Level, words.Number(v, h.Decimals))
			}
		}
	}
}

// cellGap is the white around each cell, in points, which keeps equal ones apart.
const cellGap = 0.4

// cell is what the j-th value of the i-th row fills on the page.
func (h HeatMap) cell(f *frame, i, j int) vg.Rectangle {
	gap := vg.Point{X: cellGap, Y: cellGap}
	return vg.Rectangle{
		Min: f.at(float64(j)-0.5, -float64(i)-0.5).Add(gap),
		Max: f.at(float64(j)+0.5, -float64(i)+0.5).Sub(gap),
	}
}

// shareOf is where a value lies between the ends of the colours, 0 to 1.
func shareOf(v, low, high float64) float64 {
	if high <= low {
		return 0.5
	}
	return (v - low) / (high - low)
}

// numbers is the lettering in which the longest number fits a cell. Below what
// can be read its size is 0: the colours must do.
func (h HeatMap) numbers(f *frame) lettering {
	const least = 5
	s := newLettering(smallSize, Ink)
	cell := f.at(1, 1).Sub(f.at(0, 0))
	widest := vg.Length(1)
	for _, row := range h.Values {
		for _, v := range row {
			widest = max(widest, s.width(words.Number(v, h.Decimals)))
		}
	}
	s.font.Size *= min(1, (cell.X-3)/widest, (cell.Y-2)/lineHeight(s))
	if s.font.Size < least {
		s.font.Size = 0
	}
	return s
}

// ends are the values of the first and the last colour.
func (h HeatMap) ends() (low, high float64) {
	if h.Min != 0 || h.Max != 0 {
		return h.Min, h.Max
	}
	s := newSpan(false)
	for _, row := range h.Values {
		s.include(row...)
	}
	return s.low, s.high
}

// words say what the map shows, for the text of a plot.
func (h HeatMap) words(x, y string) (shown, ranges string) {
	side := func(axis, kind string, labels []string) string {
		if len(labels) != 1 {
			kind += "s"
		}
		list := fmt.Sprintf("%d %s (%s)", len(labels), kind, words.Flat(strings.Join(labels, "; ")))
		if axis != "" {
			return axis + " in " + list
		}
		return list
	}
	return words.Join(words.Flat(h.Label), "in a map,", side(y, "row", h.Rows)+",", side(x, "column", h.Columns)+","), h.extremes()
}

// extremes say where the lowest and the highest value are.
func (h HeatMap) extremes() string {
	var low, high string
	s := newSpan(false)
	for i, row := range h.Values {
		for j, v := range row {
			place := fmt.Sprintf("%s (%s; %s)", words.Number(v, h.Decimals), words.Flat(h.Rows[i]), words.Flat(h.Columns[j]))
			if v < s.low {
				low = place
			}
			if v > s.high {
				high = place
			}
			s.include(v)
		}
	}
	if low == "" {
		return "without a value"
	}
	return "from " + low + " to " + high
}

// gaps reports whether a value is missing.
func (h HeatMap) gaps() bool {
	return slices.ContainsFunc(h.Values, func(row []float64) bool { return slices.ContainsFunc(row, math.IsNaN) })
}

// drawMissing draws a cell without a value: no colour of the ramp, and hatched, so
// that it is no value in grey print either.
func drawMissing(p *page, cell vg.Rectangle) {
	p.fill(noValueColour, corners(cell))
	for _, line := range hatch(cell) {
		p.stroke(Light, hatchWidth, Solid, line)
	}
}

var noValueColour = Light.Tint(0.25)

const hatchWidth = 0.5

// hatch are the strokes over a cell without a value.
func hatch(cell vg.Rectangle) [][]vg.Point {
	var lines [][]vg.Point
	size := cell.Size()
	const step = 3.5
	for d := vg.Length(step); d < size.X+size.Y; d += step {
		// From the upper left to the lower right, as far as the cell goes.
		lines = append(lines, []vg.Point{
			cell.Min.Add(vg.Point{X: max(0, d-size.Y), Y: min(d, size.Y)}),
			cell.Min.Add(vg.Point{X: min(d, size.X), Y: max(0, d-size.X)}),
		})
	}
	return lines
}

// rampSample draws the colours of a heat map for the key.
func rampSample(p *page, at vg.Point, halfWidth, halfHeight vg.Length) {
	const steps = 5
	for i := range steps {
		middle := at.X + halfWidth*vg.Length(2*i+1-steps)/steps
		p.fill(ramp(float64(i)/(steps-1)), around(vg.Point{X: middle, Y: at.Y}, halfWidth/steps, halfHeight))
	}
}

// corners of a rectangle, in order around it.
func corners(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}}
}

func (h HeatMap) data() []datum {
	var list []datum
	for i, row := range h.Values {
		for j, v := range row {
			d := datumOf("cell", h.Label, float64(j), 0-float64(i))
			d.value = v
			list = append(list, d)
		}
	}
	return list
}

// rows implements rowed.
func (h HeatMap) rows() int { return len(h.Rows) }

// entries implements keyed.
func (h HeatMap) entries(bool) []entry {
	const r = keySide
	list := []entry{{label: h.Label, width: lineSample,
		draw: func(p *page, at vg.Point) { rampSample(p, at, (lineSample-sampleGap)/2, r) },
		vega: func(x, y float64) []any { return vegaRamp(x, y, px((lineSample-sampleGap)/2), px(r)) },
	}}
	if h.gaps() {
		c := around(vg.Point{}, r+1, r)
		cell := vg.Rectangle{Min: c[0], Max: c[2]}
		list = append(list, entry{label: "no value", width: sampleWidth + 2,
			draw: func(p *page, at vg.Point) { drawMissing(p, cell.Add(at)) },
			vega: func(x, y float64) []any { return vegaMissing(x, y, cell) },
		})
	}
	return list
}

// vega is a rectangle a cell, the hatching of missing values, and the numbers.
func (h HeatMap) vega(v *vegaView) []any {
	low, high := h.ends()
	cells := v.rows("", nil, nil, true, true)
	var hatching []any
	for i, row := range h.Values {
		for j, value := range row {
			x, y := float64(j), -float64(i)
			cell := cells.addAt(x, y, x, y)
			if math.IsNaN(value) {
				cell["value"], cell["colour"], cell["ink"] = "", string(noValueColour), string(Ink)
				hatching = append(hatching, v.hatching(h.cell(v.frame, i, j))...)
				continue
			}
			colour := ramp(shareOf(value, low, high))
			cell["value"], cell["colour"], cell["ink"] = words.Number(value, h.Decimals), string(colour), string(colour.on())
		}
	}
	label := words.Flat(plainWords(h.Label))
	cells.more = []string{quoted(cmp.Or(label, "value")) + `:datum.value||"no value"`}
	colour := func(field string) object { return object{"field": field, "type": "nominal", "scale": nil} }
	marks := []any{object{
		"mark": object{"type": "rect", "clip": true, "opacity": 1.0, "stroke": "#FFFFFF", "strokeWidth": px(2 * cellGap)},
		"encoding": object{
			"x": object{"field": "left"}, "x2": object{"field": "right"}, "y": object{"field": "bottom"}, "y2": object{"field": "top"},
			"fill": colour("colour"), "tooltip": cells.tooltip(""),
		},
		"transform": []any{
			object{"calculate": "datum.x-0.5", "as": "left"}, object{"calculate": "datum.x+0.5", "as": "right"},
			object{"calculate": "datum.y-0.5", "as": "bottom"}, object{"calculate": "datum.y+0.5", "as": "top"},
		},
	}}
	if len(hatching) > 0 {
		marks = append(marks, object{
			"data":     object{"values": hatching},
			"mark":     vegaStroke("rule", Light, hatchWidth, Solid),
			"encoding": object{"x2": object{"field": "x2"}, "y2": object{"field": "y2"}},
		})
	}
	if s := h.numbers(v.frame); s.font.Size > 0 {
		marks = append(marks, object{
			"mark":     object{"type": "text", "clip": true, "fontSize": px(s.font.Size), "baseline": "middle"},
			"encoding": object{"text": object{"field": "value", "type": "nominal"}, "color": colour("ink")},
		})
	}
	return cells.drawn(marks...)
}

// hatching are the strokes of a cell without a value, from place to place.
func (v *vegaView) hatching(cell vg.Rectangle) []any {
	var list []any
	for _, line := range hatch(cell) {
		x, y := v.back(line[0])
		x2, y2 := v.back(line[1])
		list = append(list, object{"x": vegaNumber(x), "y": vegaNumber(y), "x2": vegaNumber(x2), "y2": vegaNumber(y2)})
	}
	return list
}

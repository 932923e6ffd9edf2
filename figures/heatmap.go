package figures

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
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
			a, b := f.at(float64(j)-0.5, -float64(i)-0.5), f.at(float64(j)+0.5, -float64(i)+0.5)
			// White between the cells keeps equal ones apart.
			const gap = 0.4
			cell := vg.Rectangle{Min: a.Add(vg.Point{X: gap, Y: gap}), Max: b.Sub(vg.Point{X: gap, Y: gap})}
			if math.IsNaN(v) {
				drawMissing(f.page, cell)
				continue
			}
			share := 0.5
			if high > low {
				share = (v - low) / (high - low)
			}
			colour := ramp(share)
			f.fill(colour, corners(cell))
			if s.font.Size > 0 {
				s.colour = colour.on()
				f.words(s, vg.Point{X: (a.X + b.X) / 2, Y: (a.Y + b.Y) / 2}, Middle, Level, number(v, h.Decimals))
			}
		}
	}
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
			widest = max(widest, s.width(number(v, h.Decimals)))
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
func (h HeatMap) words(x, y string) string {
	side := func(axis, kind string, labels []string) string {
		list := fmt.Sprintf("%d %ss (%s)", len(labels), kind, flat(strings.Join(labels, "; ")))
		if axis != "" {
			return axis + " in " + list
		}
		return list
	}
	return joinWords(flat(h.Label), "in a map,", side(y, "row", h.Rows)+",", side(x, "column", h.Columns)+",", h.extremes())
}

// extremes say where the lowest and the highest value are.
func (h HeatMap) extremes() string {
	var low, high string
	s := newSpan(false)
	for i, row := range h.Values {
		for j, v := range row {
			place := fmt.Sprintf("%s (%s; %s)", number(v, h.Decimals), flat(h.Rows[i]), flat(h.Columns[j]))
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
	for _, row := range h.Values {
		for _, v := range row {
			if math.IsNaN(v) {
				return true
			}
		}
	}
	return false
}

// drawMissing draws a cell without a value: no colour of the ramp, and hatched, so
// that it is no value in grey print either.
func drawMissing(p *page, cell vg.Rectangle) {
	p.fill(Light.Tint(0.25), corners(cell))
	size := cell.Size()
	const step = 3.5
	for d := vg.Length(step); d < size.X+size.Y; d += step {
		// From the upper left to the lower right, as far as the cell goes.
		p.stroke(Light, 0.5, Solid, []vg.Point{
			cell.Min.Add(vg.Point{X: max(0, d-size.Y), Y: min(d, size.Y)}),
			cell.Min.Add(vg.Point{X: min(d, size.X), Y: max(0, d-size.X)}),
		})
	}
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

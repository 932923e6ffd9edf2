package chart

import (
	"cmp"
	"math"

	"gonum.org/v1/plot/vg"
)

// Points marks places, each with an error bar where Low and High say so.
type Points struct {
	X, Y      []float64
	Low, High []float64 // ends of the error bars, where not nil
	Colour    Colour
	Marker    Marker
	Hollow    bool    // the outline alone: what it stands on shows through
	Size      float64 // across, in points; 0 is 3.5
	// JitterX and JitterY move the i-th point by up to so much (in units of
	// the axis), by i alone: marks that would hide each other come apart, and
	// the same subject stands at the same place in every group.
	JitterX, JitterY float64
	Label            string // stands in the key
}

func (p Points) extend(x, y *span) {
	for i := range p.X {
		at, level := p.at(i)
		x.include(at)
		y.include(level)
	}
	y.include(p.Low...)
	y.include(p.High...)
}

func (p Points) check() error { return sameLength(p.X, p.Y, p.Low, p.High) }

// at is the place of the i-th point, jitter included. Multiples of the golden
// ratio spread any number of points evenly.
func (p Points) at(i int) (x, y float64) {
	_, frac := math.Modf(float64(i)*math.Phi + 0.5)
	offset := 2*frac - 1
	return p.X[i] + p.JitterX*offset, p.Y[i] + p.JitterY*offset
}

func (p Points) draw(f *frame) {
	colour := p.Colour.or(Black)
	var places []vg.Point
	for i := range p.X {
		x, y := p.at(i)
		if p.Low != nil && p.High != nil && f.drawable(x, p.Low[i]) && f.drawable(x, p.High[i]) {
			f.stroke(colour, 0.75, Solid, []vg.Point{f.at(x, p.Low[i]), f.at(x, p.High[i])})
		}
		if f.x.holds(x) && f.y.holds(y) {
			places = append(places, f.at(x, y))
		}
	}
	p.mark(f.page, places)
}

// mark draws the marker at places on the page: the key uses it too.
func (p Points) mark(page *page, at []vg.Point) {
	page.markers(p.Colour.or(Black), p.Marker, p.Hollow, p.across()/2, at)
}

func (p Points) across() vg.Length { return vg.Length(cmp.Or(p.Size, 3.5)) }

func (p Points) data() []datum {
	list := dataOf("point", p.Label, p.X, p.Y, p.Low, p.High)
	for i := range list {
		list[i].atX, list[i].atY = p.at(i)
	}
	return list
}

// vega is a rule for each error bar, and the marks over them.
func (p Points) vega(v *vegaView) []any { return p.told(v, p.Label, p.Low, p.High) }

// told is vega with what the marks tell: a label and an interval.
func (p Points) told(v *vegaView, label string, low, high []float64) []any {
	rows := v.rows(label, p.X, p.Y, p.JitterX != 0, p.JitterY != 0)
	data := p.data()
	for i := range data {
		if low != nil && high != nil {
			data[i].low, data[i].high = low[i], high[i]
		}
	}
	rows.add(data...)
	var marks []any
	if p.Low != nil && p.High != nil {
		marks = append(marks, object{
			"mark":     vegaStroke("rule", p.Colour.or(Black), 0.75, Solid),
			"encoding": object{"y": object{"field": "low"}, "y2": object{"field": "high"}},
		})
	}
	// A mark at the end of an axis is whole: it is not clipped, but hidden where
	// its middle is outside.
	mark := p.vegaMark()
	mark["clip"] = false
	mark["opacity"] = shownWhere(v.inside())
	tooltip := rows.tooltip(v.inside())
	return rows.drawn(append(marks, object{"mark": mark, "encoding": object{"tooltip": tooltip}})...)
}

// entries implements keyed.
func (p Points) entries(bool) []entry {
	p.Size = min(p.Size, 7)
	return []entry{{label: p.Label, width: sampleWidth,
		draw: func(page *page, at vg.Point) { p.mark(page, []vg.Point{at}) },
		vega: func(x, y float64) []any { return []any{vegaSample(p.vegaMark(), object{"x": x, "y": y})} },
	}}
}

// vegaMark is the marker as a symbol.
func (p Points) vegaMark() object {
	across, colour := px(p.across()), string(p.Colour.or(Black))
	mark := object{"type": "point", "shape": p.Marker.vega(), "size": vegaNumber(across * across), "opacity": 1.0}
	if p.Hollow || p.Marker.open() {
		mark["filled"], mark["stroke"], mark["strokeWidth"] = false, colour, px(0.9)
		if p.Marker == Stroke {
			mark["strokeWidth"] = px(1.5)
		}
		return mark
	}
	// A rim that is not seen makes small marks easier to point at.
	mark["filled"], mark["fill"], mark["stroke"], mark["strokeWidth"] = true, colour, "transparent", 4.0
	return mark
}

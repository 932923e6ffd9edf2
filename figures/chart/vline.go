package chart

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
)

// VLine is a place that the whole panel knows: a threshold, a change of
// stage.
type VLine struct {
	At     float64
	Colour Colour
	Dash   Dash
	Label  string // stands beside its top
}

func (v VLine) extend(x, _ *span) { x.include(v.At) }
func (v VLine) check() error      { return nil }

func (v VLine) draw(f *frame) {
	if !f.x.holds(v.At) {
		return
	}
	x := f.at(v.At, f.y.min).X
	f.stroke(v.Colour.or(Grey), 0.6, v.Dash, []vg.Point{{X: x, Y: f.area.Min.Y}, {X: x, Y: f.area.Max.Y}})
	place, gap := v.beside(f)
	f.words(newLettering(smallSize, v.Colour.or(Grey).forWords()), vg.Point{X: x + gap, Y: f.area.Max.Y}, place, Below, v.Label)
}

// beside is where the label stands and how far away: on the right, away from
// the axis, unless there is clearly less room.
func (v VLine) beside(f *frame) (Place, vg.Length) {
	const gap = vg.Length(2)
	x := f.at(v.At, f.y.min).X
	left, right := x-f.area.Min.X, f.area.Max.X-x
	width := wordsWidth(newLettering(smallSize, v.Colour.or(Grey).forWords()), v.Label) + gap
	if right < width && (left >= width || left > 2*right) {
		return End, -gap
	}
	return Start, gap
}

func (v VLine) data() []datum { return []datum{datumOf("place", v.Label, v.At, math.NaN())} }

// vega is a rule from the bottom of the panel to its top.
func (v VLine) vega(view *vegaView) []any {
	rows := view.rows(v.Label, nil, nil, false, false)
	rows.add(v.data()...)
	marks := []any{object{
		"mark":     vegaStroke("rule", v.Colour.or(Grey), 0.6, v.Dash),
		"encoding": object{"y": object{"value": 0.0}, "y2": object{"value": "height"}},
	}}
	if v.Label != "" {
		place, gap := v.beside(view.frame)
		words := vegaLettering(newLettering(smallSize, v.Colour.or(Grey).forWords()), place, Below, v.Label)
		words["dx"] = px(gap)
		words["opacity"] = shownWhere(fmt.Sprintf("inrange(datum.x,domain('%s_x'))", view.name))
		marks = append(marks, object{"mark": words, "encoding": object{"y": object{"value": 0.0}}})
	}
	return rows.drawn(marks...)
}

package figures

import "gonum.org/v1/plot/vg"

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
	// On the side where there is more room.
	place, gap := Start, vg.Length(2)
	if f.x.at(v.At) > 0.5 {
		place, gap = End, -2
	}
	f.words(newLettering(smallSize, v.Colour.or(Grey)), vg.Point{X: x + gap, Y: f.area.Max.Y}, place, Below, v.Label)
}

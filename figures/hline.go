package figures

// HLine is a level across the panel: chance, a limit.
type HLine struct {
	At     float64
	Colour Colour
	Dash   Dash
	Label  string // stands at its right end
}

func (h HLine) extend(_, y *span) { y.include(h.At) }
func (h HLine) check() error      { return nil }

func (h HLine) draw(f *frame) {
	if f.y.holds(h.At) {
		y := f.at(f.x.min, h.At).Y
		f.stroke(h.Colour.or(Grey), 0.6, h.Dash, f.across(y))
	}
}

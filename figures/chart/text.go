package chart

// Text is words at a place in the panel; a line break starts a new line.
type Text struct {
	X, Y   float64
	Words  string
	Place  Place // of the words: where they begin, end or have their middle
	Colour Colour
	Strong bool
}

func (t Text) extend(x, y *span) {
	x.include(t.X)
	y.include(t.Y)
}

func (t Text) check() error { return nil }

func (t Text) draw(f *frame) {
	if !f.x.holds(t.X) || !f.y.holds(t.Y) {
		return
	}
	s := newLettering(smallSize, t.Colour.or(Ink).forWords())
	if t.Strong {
		s = bold(s)
	}
	f.words(s, f.at(t.X, t.Y), t.Place, Level, t.Words)
}

func (t Text) data() []datum { return []datum{datumOf("text", t.Words, t.X, t.Y)} }

func (t Text) vega(v *vegaView) []any {
	s := newLettering(smallSize, t.Colour.or(Ink).forWords())
	if t.Strong {
		s = bold(s)
	}
	words := vegaLettering(s, t.Place, Level, t.Words)
	words["opacity"] = shownWhere(v.inside())
	return []any{object{
		"data": object{"values": []any{object{"x": v.x.vega(t.X), "y": v.y.vega(t.Y)}}},
		"mark": words,
	}}
}

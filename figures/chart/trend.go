package chart

// Trend is a line with points on it, and with a band behind everything in the
// panel, or bars at the points: a course with its spread.
type Trend struct {
	X, Y      []float64
	Low, High []float64 // ends of the band, where not nil
	Bars      bool      // Low and High are the ends of bars at the points
	Colour    Colour
	Dash      Dash
	Width     float64 // of the line, in points; 0 is 1
	Marker    Marker
	Hollow    bool
	Size      float64 // of the points
	Label     string  // stands at the line's end
}

func (t Trend) line() Line {
	return Line{X: t.X, Y: t.Y, Colour: t.Colour, Dash: t.Dash, Width: t.Width, Label: t.Label}
}

func (t Trend) points() Points {
	p := Points{X: t.X, Y: t.Y, Colour: t.Colour, Marker: t.Marker, Hollow: t.Hollow, Size: t.Size}
	if t.Bars {
		p.Low, p.High = t.Low, t.High
	}
	return p
}

// ground implements grounded.
func (t Trend) ground() []Band {
	if t.Low == nil || t.Bars {
		return nil
	}
	return []Band{{t.X, t.Low, t.High, t.Colour}}
}

func (t Trend) extend(x, y *span) {
	t.line().extend(x, y)
	t.points().extend(x, y)
}

func (t Trend) check() error { return sameLength(t.X, t.Y, t.Low, t.High) }

func (t Trend) draw(f *frame) {
	t.line().draw(f)
	t.points().draw(f)
}

func (t Trend) data() []datum { return append(t.line().data(), t.points().data()...) }

// vega is both; the points tell what the line does, which they lie over.
func (t Trend) vega(v *vegaView) []any {
	var low, high []float64
	if !t.Bars {
		low, high = t.Low, t.High
	}
	return append(t.line().told(v, low, high), t.points().told(v, t.Label, t.Low, t.High)...)
}

// named implements lined.
func (t Trend) named() string { return t.Label }

// entries implements keyed.
func (t Trend) entries(lineKey bool) []entry { return t.line().entries(lineKey) }

// endings implements ended.
func (t Trend) endings() []ending { return t.line().endings() }

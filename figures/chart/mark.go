package chart

import "math"

// Layer is a kind of mark: Line, Trend, Bands, Points, Bars, Cells, HeatMap, HLine,
// VLine, Text or Categories. A new one is a file with a type that has these methods,
// and those of keyed, ended, lined, grounded, categorical, rowed or worded, as far as
// it has what they ask for.
//
// Marks that carry a Label are named in the picture: lines at their right end,
// points, bars and heat maps in a key above the panels. Lines stand in the key too
// where several panels share them, or where a panel has more of them than its
// height has room for.
type Layer interface {
	// extend widens the ranges of the axes to what the layer shows.
	extend(x, y *span)
	// check refuses a layer whose parts do not fit together.
	check() error
	draw(*frame)
	// data are the numbers that the layer draws.
	data() []datum
	// vega is the layer as marks of a Vega-Lite specification.
	vega(*vegaView) []any
}

// keyed is a layer that may stand in the key. Lines do where lineKey is set.
type keyed interface{ entries(lineKey bool) []entry }

// ended is a layer of lines with labels at their ends.
type ended interface{ endings() []ending }

// grounded is a layer with a part behind all that the panel draws.
type grounded interface{ ground() []Band }

// categorical is a layer whose places have names.
type categorical interface{ categories() (x, y []Tick) }

// rowed is a layer with rows that have to be high enough to be read.
type rowed interface{ rows() int }

// lined is a line, with its label.
type lined interface{ named() string }

// worded is a layer that says in words what it shows against the axes, and from where to
// where.
type worded interface {
	words(x, y string) (shown, ranges string)
}

// A datum is one number that a mark draws: its place, and where it has them an
// interval and a value; NaN is none.
type datum struct {
	mark, label            string
	x, y, low, high, value float64
	atX, atY               float64 // where it is drawn, if moved from its place
}

// datumOf is a number without an interval.
func datumOf(mark, label string, x, y float64) datum {
	none := math.NaN()
	return datum{mark, label, x, y, none, none, none, x, y}
}

// dataOf are those of a series, with intervals where there are such.
func dataOf(mark, label string, x, y, low, high []float64) []datum {
	list := make([]datum, len(x))
	for i := range x {
		list[i] = datumOf(mark, label, x[i], y[i])
		if low != nil && high != nil {
			list[i].low, list[i].high = low[i], high[i]
		}
	}
	return list
}

// marks are all layers of the panel: first the grounds of the others, which mix
// their colours.
func (p Panel) marks() []Layer {
	var ground Bands
	for _, l := range p.Layers {
		if g, ok := l.(grounded); ok {
			ground = append(ground, g.ground()...)
		}
	}
	if ground == nil {
		return p.Layers
	}
	return append([]Layer{ground}, p.Layers...)
}

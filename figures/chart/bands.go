package chart

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// Bands are areas around lines, as of mean ± SD: put them before the lines.
// Where they overlap their colours mix as inks do, so that one shows through
// the other without being translucent.
type Bands []Band

// Band is the area between Low and High over X, which ascends. A NaN
// interrupts it.
type Band struct {
	X, Low, High []float64
	Colour       Colour
}

func (b Bands) extend(x, y *span) {
	for _, k := range b {
		x.include(k.X...)
		y.include(k.Low...)
		y.include(k.High...)
	}
}

func (b Bands) check() error {
	for _, k := range b {
		if len(k.Low) != len(k.X) || len(k.High) != len(k.X) {
			return errLengths
		}
		if !slices.IsSorted(k.X) {
			return errors.New("the coordinates of a band do not ascend")
		}
	}
	return nil
}

// bandTint is how strong the colour of a band is.
const bandTint = 0.22

// deepest is how many bands mix their colours at one place: more cannot be
// told apart, and every combination is an area of its own.
const deepest = 4

func (b Bands) draw(f *frame) {
	var all []area
	for _, k := range b {
		for _, a := range k.areas(f) {
			for _, o := range all {
				if o.depth < deepest {
					all = append(all, a.overlaps(o)...)
				}
			}
			all = append(all, a)
		}
	}
	// What more bands share lies over what fewer do, so that no seam shows.
	slices.SortStableFunc(all, func(a, b area) int { return cmp.Compare(a.depth, b.depth) })
	for _, a := range all {
		outline := slices.Clone(a.high)
		for _, p := range slices.Backward(a.low) {
			outline = append(outline, p)
		}
		f.fill(a.colour, f.clipped(outline))
	}
	for _, k := range b {
		for _, a := range k.areas(f) {
			edge := k.Colour.or(Black).Tint(0.5)
			f.stroke(edge, 0.35, Solid, a.low)
			f.stroke(edge, 0.35, Solid, a.high)
		}
	}
}

// area is what one band or several cover on the page: two lines through the
// same places along x, one below the other.
type area struct {
	low, high []vg.Point
	colour    Colour
	depth     int // how many bands
}

// areas are the uninterrupted parts of the band on the page.
func (b Band) areas(f *frame) []area {
	var list []area
	a := area{colour: b.Colour.or(Black).Tint(bandTint), depth: 1}
	for i := range b.X {
		if f.drawable(b.X[i], b.Low[i]) && f.drawable(b.X[i], b.High[i]) {
			a.low, a.high = append(a.low, f.at(b.X[i], b.Low[i])), append(a.high, f.at(b.X[i], b.High[i]))
		} else if a.low != nil {
			list = append(list, a)
			a.low, a.high = nil, nil
		}
	}
	if a.low != nil {
		list = append(list, a)
	}
	return list
}

// overlaps are the parts that two areas share. Between the places where either
// has a corner or their lines cross, everything is straight.
func (a area) overlaps(b area) []area {
	lines := [][]vg.Point{a.low, a.high, b.low, b.high}
	from := max(a.low[0].X, b.low[0].X)
	to := min(a.low[len(a.low)-1].X, b.low[len(b.low)-1].X)
	var bends []vg.Length
	for _, line := range [][]vg.Point{a.low, b.low} {
		for _, p := range line {
			bends = append(bends, p.X)
		}
	}
	bends = append(bends, from, to)
	bends = slices.DeleteFunc(bends, func(x vg.Length) bool { return x < from || x > to })
	slices.Sort(bends)
	places := slices.Clone(bends)
	for k := 1; k < len(bends); k++ {
		x0, x1 := bends[k-1], bends[k]
		for i, p := range lines {
			for _, q := range lines[:i] {
				d0, d1 := heightAt(p, x0)-heightAt(q, x0), heightAt(p, x1)-heightAt(q, x1)
				if d0*d1 < 0 {
					places = append(places, x0+(x1-x0)*d0/(d0-d1))
				}
			}
		}
	}
	slices.Sort(places)
	places = slices.Compact(places)

	mixed := area{colour: a.colour.over(b.colour), depth: a.depth + b.depth}
	var list []area
	part := mixed
	add := func(x vg.Length) {
		part.low = append(part.low, vg.Point{X: x, Y: max(heightAt(a.low, x), heightAt(b.low, x))})
		part.high = append(part.high, vg.Point{X: x, Y: min(heightAt(a.high, x), heightAt(b.high, x))})
	}
	for k := 1; k < len(places); k++ {
		middle := (places[k-1] + places[k]) / 2
		if min(heightAt(a.high, middle), heightAt(b.high, middle)) <= max(heightAt(a.low, middle), heightAt(b.low, middle)) {
			if part.low != nil {
				list, part = append(list, part), mixed
			}
			continue
		}
		if part.low == nil {
			add(places[k-1])
		}
		add(places[k])
	}
	if part.low != nil {
		list = append(list, part)
	}
	return list
}

// heightAt is the height of a line at x, which lies along it.
func heightAt(line []vg.Point, x vg.Length) vg.Length {
	i, _ := slices.BinarySearchFunc(line, x, func(p vg.Point, x vg.Length) int { return cmp.Compare(p.X, x) })
	switch {
	case i == 0:
		return line[0].Y
	case i == len(line):
		return line[i-1].Y
	}
	p, q := line[i-1], line[i]
	return p.Y + (q.Y-p.Y)*(x-p.X)/(q.X-p.X)
}

func (b Bands) data() []datum {
	var list []datum
	for _, k := range b {
		list = append(list, dataOf("band", "", k.X, slices.Repeat([]float64{math.NaN()}, len(k.X)), k.Low, k.High)...)
	}
	return list
}

// vega is an area a band. They are translucent, so that none hides another: on
// white a band has the colour that draw gives it, and only on a screen need the
// colours mix. Blending them as draw does would depend on the front end.
func (b Bands) vega(v *vegaView) []any {
	var marks []any
	for _, k := range b {
		rows := v.rows("", nil, nil, false, false)
		rows.add(dataOf("band", "", k.X, k.High, k.Low, k.High)...)
		colour := k.Colour.or(Black)
		marks = append(marks, rows.drawn(object{
			"mark": object{
				"type": "area", "clip": true, "opacity": 1.0,
				"fill": string(colour), "fillOpacity": bandTint, "stroke": string(colour.Tint(0.5)), "strokeWidth": px(0.35),
			},
			"encoding": object{"y": object{"field": "high"}, "y2": object{"field": "low"}, "order": object{"value": nil}},
		})...)
	}
	return marks
}

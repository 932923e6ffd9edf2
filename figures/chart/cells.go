package chart

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	"image/png"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// Cells fills a grid with colours by class, row by row from the lower left:
// decision regions. X and Y are the borders of the grid.
type Cells struct {
	Columns, Rows int
	X, Y          [2]float64
	Class         []int
	Colours       []Colour // of each class
}

func (c Cells) extend(x, y *span) {
	x.pin(c.X[0], c.X[1])
	y.pin(c.Y[0], c.Y[1])
}

func (c Cells) check() error {
	if len(c.Class) != c.Columns*c.Rows {
		return errors.New("cells do not fill their grid")
	}
	for _, k := range c.Class {
		if k < 0 || k >= len(c.Colours) {
			return errors.New("a cell's class has no colour")
		}
	}
	return nil
}

// draw gives each class one path of the rectangles that it fills, which keeps
// seams away and the file small. The first class is laid under everything, so
// that no white shows where two classes meet.
func (c Cells) draw(f *frame) {
	dx, dy := (c.X[1]-c.X[0])/float64(c.Columns), (c.Y[1]-c.Y[0])/float64(c.Rows)
	for class, colour := range c.Colours {
		var path vg.Path
		add := func(from, to, bottom, top int) {
			a := f.at(c.X[0]+float64(from)*dx, c.Y[0]+float64(bottom)*dy)
			b := f.at(c.X[0]+float64(to)*dx, c.Y[0]+float64(top)*dy)
			path.Move(a)
			path.Line(vg.Point{X: b.X, Y: a.Y})
			path.Line(b)
			path.Line(vg.Point{X: a.X, Y: b.Y})
			path.Close()
		}
		if class == 0 {
			add(0, c.Columns, 0, c.Rows)
		} else {
			c.rectangles(class, add)
		}
		f.fillPath(colour, path)
	}
}

// rectangles covers the cells of a class: runs along a row, grown upwards
// while the row above has the same run.
func (c Cells) rectangles(class int, add func(from, to, bottom, top int)) {
	type run struct{ from, to, bottom int }
	same := func(r run) func(run) bool {
		return func(o run) bool { return o.from == r.from && o.to == r.to }
	}
	var open []run
	for row := 0; row <= c.Rows; row++ {
		var runs []run
		for x := 0; row < c.Rows && x < c.Columns; x++ {
			if c.Class[row*c.Columns+x] != class {
				continue
			}
			r := run{from: x, bottom: row}
			for x+1 < c.Columns && c.Class[row*c.Columns+x+1] == class {
				x++
			}
			r.to = x + 1
			if i := slices.IndexFunc(open, same(r)); i >= 0 {
				r.bottom = open[i].bottom
			}
			runs = append(runs, r)
		}
		for _, o := range open {
			if !slices.ContainsFunc(runs, same(o)) {
				add(o.from, o.to, o.bottom, row)
			}
		}
		open = runs
	}
}

// data has a line for each run of equal cells in a row: the row's middle as y, the
// run's borders, which are places along x, as low and high, and the class.
func (c Cells) data() []datum {
	var list []datum
	dx, dy := (c.X[1]-c.X[0])/float64(c.Columns), (c.Y[1]-c.Y[0])/float64(c.Rows)
	for row := range c.Rows {
		y := c.Y[0] + (float64(row)+0.5)*dy
		for from, to := 0, 0; from < c.Columns; from = to {
			class := c.Class[row*c.Columns+from]
			for to < c.Columns && c.Class[row*c.Columns+to] == class {
				to++
			}
			d := datumOf("region", "", math.NaN(), y)
			d.low, d.high, d.value = c.X[0]+float64(from)*dx, c.X[0]+float64(to)*dx, float64(class)
			list = append(list, d)
		}
	}
	return list
}

// vega is a picture of one pixel a cell, stretched over the grid, whose axes are
// linear: some hundred bytes where rectangles would take as many thousands.
func (c Cells) vega(v *vegaView) []any {
	if len(c.Class) == 0 {
		return nil
	}
	picture := image.NewPaletted(image.Rect(0, 0, c.Columns, c.Rows), nil)
	for _, colour := range c.Colours {
		picture.Palette = append(picture.Palette, colour.rgb())
	}
	for i, class := range c.Class {
		picture.SetColorIndex(i%c.Columns, c.Rows-1-i/c.Columns, uint8(class)) // the first row is at the bottom
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		panic(err) // there are cells, and not so many colours that they want another form
	}
	return []any{object{
		"data": object{"values": []any{object{
			"x": v.x.vega(c.X[0]), "y": v.y.vega(c.Y[1]), "right": v.x.vega(c.X[1]), "bottom": v.y.vega(c.Y[0]),
		}}},
		"mark": object{"type": "image", "clip": true, "aspect": false, "smooth": false},
		"encoding": object{
			"x2": object{"field": "right"}, "y2": object{"field": "bottom"},
			"url": object{"value": "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())},
		},
	}}
}

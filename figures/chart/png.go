package chart

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
	"iter"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/plot/vg/vgimg"
)

// Resolutions, in pixels to the inch.
const (
	printDPI  = 300    // what journals ask for
	screenDPI = 2 * 96 // two pixels to a CSS pixel
)

// PNG renders the plot as a bitmap for print, 300 pixels to the inch; see Size
// for how large to show it.
func (p *Plot) PNG() ([]byte, error) {
	img, err := p.bitmap(printDPI)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = png.Encode(&b, img)
	return b.Bytes(), err
}

// screenPNG is a smaller bitmap, for a page: a notebook has one for every plot.
func (p *Plot) screenPNG() ([]byte, error) {
	img, err := p.bitmap(screenDPI)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = png.Encode(&b, paletted(img)) // the best compression saves a twentieth and takes as long as all else
	return b.Bytes(), err
}

func (p *Plot) bitmap(dpi int) (*image.RGBA, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	l := newLayout(p)
	c := vgimg.NewWith(vgimg.UseWH(l.width, l.height), vgimg.UseDPI(dpi))
	l.drawOn(c)
	return c.Image().(*image.RGBA), nil // what vgimg makes where it is given none
}

// paletted is an image in its 256 most frequent colours, the others as the
// nearest of them. A plot has few colours; the rare ones are blends along edges.
func paletted(img *image.RGBA) *image.Paletted {
	count := map[color.RGBA]int{}
	for c, n := range stretches(img) {
		count[c] += n
	}
	code := func(c color.RGBA) int { return int(c.R)<<24 | int(c.G)<<16 | int(c.B)<<8 | int(c.A) }
	colours := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(count[b]-count[a], code(a)-code(b))
	})
	var palette color.Palette
	for _, c := range colours[:min(256, len(colours))] {
		palette = append(palette, c)
	}
	nearest := map[color.RGBA]uint8{}
	for c := range count {
		nearest[c] = uint8(palette.Index(c))
	}
	out := image.NewPaletted(img.Rect, palette)
	at := 0
	for c, n := range stretches(img) {
		if i := nearest[c]; i != 0 {
			for k := range n {
				out.Pix[at+k] = i
			}
		}
		at += n
	}
	return out
}

// stretches are the colours of an image in the order of its pixels, each with how many
// of it follow one another: a plot has long ones.
func stretches(img *image.RGBA) iter.Seq2[color.RGBA, int] {
	return func(yield func(color.RGBA, int) bool) {
		var last color.RGBA
		n := 0
		for y := range img.Rect.Dy() {
			row := img.Pix[y*img.Stride:][:4*img.Rect.Dx()]
			for ; len(row) > 0; row = row[4:] {
				c := color.RGBA{row[0], row[1], row[2], row[3]}
				if n > 0 && c != last {
					if !yield(last, n) {
						return
					}
					n = 0
				}
				last = c
				n++
			}
		}
		if n > 0 {
			yield(last, n)
		}
	}
}

// Size is the width and height of the plot on a screen, in CSS pixels (96 to
// the inch): that of the SVG, and the one at which to show the PNG.
func (p *Plot) Size() (width, height int) {
	if p.check() != nil {
		return 0, 0
	}
	l := newLayout(p)
	px := func(points float64) int { return int(math.Round(points * 96 / 72)) }
	return px(l.width.Points()), px(l.height.Points())
}

package chart

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
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
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, paletted(img))
	return b.Bytes(), err
}

func (p *Plot) bitmap(dpi int) (image.Image, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	l := newLayout(p)
	c := vgimg.NewWith(vgimg.UseWH(l.width, l.height), vgimg.UseDPI(dpi))
	l.drawOn(c)
	return c.Image(), nil
}

// paletted is an image in its 256 most frequent colours, the others as the
// nearest of them. A plot has few colours; the rare ones are blends along edges.
func paletted(img image.Image) *image.Paletted {
	bounds := img.Bounds()
	count := map[color.RGBA]int{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)]++
		}
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
	out := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			out.SetColorIndex(x, y, nearest[color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)])
		}
	}
	return out
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

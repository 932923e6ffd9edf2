package figures

import (
	"bytes"
	"image/png"
	"math"

	"gonum.org/v1/plot/vg/vgimg"
)

const dpi = 300 // what journals ask for

// PNG renders the plot as a bitmap for print, 300 pixels to the inch; see Size
// for how large to show it.
func (p *Plot) PNG() ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	l := newLayout(p)
	c := vgimg.NewWith(vgimg.UseWH(l.width, l.height), vgimg.UseDPI(dpi))
	l.drawOn(c)
	var b bytes.Buffer
	err := png.Encode(&b, c.Image())
	return b.Bytes(), err
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

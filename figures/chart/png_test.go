package chart

import (
	"image"
	"image/color"
	"testing"
)

// An image of few colours keeps every pixel; a plot loses blends along edges,
// which are rare, to colours close by.
func TestPaletted(t *testing.T) {
	few := image.NewRGBA(image.Rect(0, 0, 255, 2))
	for x := range 255 {
		few.Set(x, 1, color.RGBA{uint8(x), 0, 0, 255})
	}
	plot, err := samplePlot().bitmap(screenDPI)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		img    *image.RGBA
		off    int     // by more than so much of 255
		pixels float64 // may be at most this share
	}{
		"few colours": {few, 0, 0},
		"plot":        {plot, 8, 0.001},
	} {
		out := paletted(c.img)
		size := c.img.Bounds()
		off := 0
		for x := range size.Dx() {
			for y := range size.Dy() {
				if distance(c.img.At(x, y), out.At(x, y)) > c.off {
					off++
				}
			}
		}
		if share := float64(off) / float64(size.Dx()*size.Dy()); len(out.Palette) > 256 || share > c.pixels {
			t.Errorf("%s: %d colours, %.3g of the pixels are off", name, len(out.Palette), share)
		}
	}
}

// distance is the largest difference in one of red, green and blue.
func distance(a, b color.Color) int {
	x, y := color.RGBAModel.Convert(a).(color.RGBA), color.RGBAModel.Convert(b).(color.RGBA)
	d := 0
	for _, v := range []int{int(x.R) - int(y.R), int(x.G) - int(y.G), int(x.B) - int(y.B)} {
		d = max(d, v, -v)
	}
	return d
}

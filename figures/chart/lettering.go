package chart

import (
	"sync"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"
)

// Sizes of the words, in points: what journals ask for (6 to 9) at the width
// where the figure is printed.
const (
	titleSize = 9.5
	panelSize = 8.5
	labelSize = 8
	smallSize = 7.5
)

// lettering is the size, weight and colour of words.
type lettering struct {
	font   font.Font
	colour Colour
}

// The fonts are part of the program: the same words take the same room on
// every machine. They are read when the first figure needs them.
var fonts = sync.OnceValue(func() *font.Cache { return font.NewCache(liberation.Collection()) })

func newLettering(size float64, c Colour) lettering {
	return lettering{font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size)}, c}
}

func bold(s lettering) lettering {
	s.font.Weight = xfont.WeightBold
	return s
}

func (s lettering) face() font.Face { return fonts().Lookup(s.font, s.font.Size) }

// width of a piece of text without raised parts; see lineWidth.
func (s lettering) width(text string) vg.Length {
	face := s.face()
	return face.Width(text)
}

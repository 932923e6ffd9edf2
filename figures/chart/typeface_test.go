package chart

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// A picture brings a font with it in which every word is as wide as the layout
// took it to be: glyphs and the distances between them are those of the whole font.
func TestFontOfAPicture(t *testing.T) {
	svg, err := samplePlot().SVG()
	if err != nil {
		t.Fatal(err)
	}
	regular, bold := WordsOf(string(svg))
	if !strings.Contains(regular, "loss (nats)") || !strings.Contains(bold, "Everything <at> once & more") {
		t.Errorf("the words are %q and %q", regular, bold)
	}
	faces := regexp.MustCompile(`font-weight:(\w+);src:url\(data:font/woff;base64,([^)]*)\)`).FindAllStringSubmatch(string(svg), -1)
	if len(faces) != 2 {
		t.Fatalf("the picture has %d fonts", len(faces))
	}
	for i, words := range []string{regular, bold} {
		data, err := base64.StdEncoding.DecodeString(faces[i][2])
		if err != nil {
			t.Fatal(err)
		}
		part, err := sfnt.Parse(unpacked(t, data))
		if err != nil {
			t.Fatal(err)
		}
		whole, err := sfnt.Parse([][]byte{liberationsansregular.TTF, liberationsansbold.TTF}[i])
		if err != nil {
			t.Fatal(err)
		}
		var b sfnt.Buffer
		em := fixed.Int26_6(part.UnitsPerEm()) << 6
		characters := []rune(words)
		slices.Sort(characters)
		for _, r := range slices.Compact(characters) {
			want, _ := whole.GlyphIndex(&b, r)
			got, _ := part.GlyphIndex(&b, r)
			if got != want {
				t.Errorf("%q is glyph %d, want %d", r, got, want)
			}
			for _, next := range "ATVo.1 " {
				k, _ := whole.GlyphIndex(&b, next)
				there, _ := part.GlyphIndex(&b, next)
				if there == 0 {
					continue
				}
				width := func(f *sfnt.Font) fixed.Int26_6 {
					w, err := f.GlyphAdvance(&b, want, em, font.HintingNone)
					if err != nil {
						t.Fatal(err)
					}
					near, err := f.Kern(&b, want, k, em, font.HintingNone)
					if err != nil && err != sfnt.ErrNotFound {
						t.Fatal(err)
					}
					return w + near
				}
				if width(part) != width(whole) {
					t.Errorf("%q before %q is %v wide, want %v", r, next, width(part), width(whole))
				}
			}
			shape, err := part.LoadGlyph(&b, got, em, nil)
			if err != nil {
				t.Fatal(err)
			}
			drawn := slices.Clone(shape)
			if shape, err = whole.LoadGlyph(&b, want, em, nil); err != nil || !slices.Equal(drawn, shape) {
				t.Errorf("%q is drawn otherwise (%v)", r, err)
			}
		}
	}
}

// unpacked is a WOFF file as the TrueType font that was packed.
func unpacked(t *testing.T, woff []byte) []byte {
	t.Helper()
	n := int(binary.BigEndian.Uint16(woff[12:]))
	if total := int(binary.BigEndian.Uint32(woff[8:])); total != len(woff) {
		t.Fatalf("the file says it has %d bytes, and has %d", total, len(woff))
	}
	ttf := append([]byte{0, 1, 0, 0}, woff[12:14]...)
	ttf = append(ttf, make([]byte, 6+16*n)...)
	for i := range n {
		entry := woff[44+20*i:]
		number := func(k int) int { return int(binary.BigEndian.Uint32(entry[k:])) }
		data := woff[number(4) : number(4)+number(8)]
		if number(8) < number(12) {
			r, err := zlib.NewReader(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			if data, err = io.ReadAll(r); err != nil {
				t.Fatal(err)
			}
		}
		if len(data) != number(12) || checksum(data) != uint32(number(16)) {
			t.Errorf("the table %s is damaged", entry[:4])
		}
		place := ttf[12+16*i:]
		copy(place, entry[:4])
		binary.BigEndian.PutUint32(place[4:], checksum(data))
		binary.BigEndian.PutUint32(place[8:], uint32(len(ttf)))
		binary.BigEndian.PutUint32(place[12:], uint32(len(data)))
		ttf = append(ttf, data...)
		ttf = append(ttf, make([]byte, -len(ttf)&3)...)
	}
	return ttf
}

// Words in pictures are dark enough to be read, whatever the colour of their mark.
func TestWordsAreReadable(t *testing.T) {
	for _, c := range []Colour{Black, Orange, SkyBlue, Green, Yellow, Blue, Vermillion, Purple, Ink, Grey, Light, Green.Tint(0.6)} {
		got := c.forWords()
		if got.contrast() < 4.5 {
			t.Errorf("%s as words is %s, with a contrast of %.2f", c, got, got.contrast())
		}
		if c.contrast() >= 4.5 && got != c {
			t.Errorf("%s is dark enough, and is written %s", c, got)
		}
	}
	p := samplePlot()
	svg, err := p.SVG()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`<text [^>]*fill:(#\w+)`).FindAllStringSubmatch(string(svg), -1) {
		if c := Colour(strings.ToUpper(m[1])); c.contrast() < 4.5 {
			t.Errorf("words are %s", c)
		}
	}
}

// numberless reports whether a picture has a coordinate that is no number. Its
// font may spell one.
func numberless(svg []byte) bool {
	drawn := regexp.MustCompile(`(?s)<style>.*</style>`).ReplaceAll(svg, nil)
	return bytes.Contains(drawn, []byte("NaN")) || bytes.Contains(drawn, []byte("Inf"))
}

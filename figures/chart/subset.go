package chart

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"unicode/utf16"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// subset makes a WOFF file of the glyphs of a TrueType font that some characters
// need, under a name of its own, as the licence of the font asks where it is cut
// down. Glyphs keep their numbers, so that nothing in them has to be rewritten;
// what rasterizers on small screens are told of them goes. The distances between
// neighbours are those that the layout measures with.
//
// Source: OpenType 1.9, and W3C WOFF 1.0.
func subset(ttf []byte, name string, characters []rune) ([]byte, error) {
	font, err := sfnt.Parse(ttf)
	if err != nil {
		return nil, err
	}
	old, err := tablesOf(ttf)
	if err != nil {
		return nil, err
	}
	var b sfnt.Buffer
	glyphs := map[rune]uint16{}
	for _, r := range characters {
		if i, err := font.GlyphIndex(&b, r); err == nil && i != 0 && r <= 0xFFFF {
			glyphs[r] = uint16(i)
		}
	}
	wanted := map[uint16]bool{0: true}
	for _, i := range glyphs {
		wanted[i] = true
	}
	loca, glyf := outlines(old["loca"], old["glyf"], wanted)
	hmtx := bytes.Clone(old["hmtx"])
	for i := range len(hmtx) / 4 {
		if !wanted[uint16(i)] {
			clear(hmtx[4*i : 4*i+4])
		}
	}
	head := bytes.Clone(old["head"])
	clear(head[8:12])                        // the sum of the file, of which no browser makes use
	binary.BigEndian.PutUint16(head[50:], 1) // long places
	return woff(map[string][]byte{
		"OS/2": old["OS/2"], "head": head, "hhea": old["hhea"], "maxp": old["maxp"], "hmtx": hmtx, "loca": loca, "glyf": glyf,
		"cmap": characterMap(glyphs),
		"kern": kerning(font, glyphs),
		"name": naming(name),
		"post": append([]byte{0, 3, 0, 0}, old["post"][4:32]...), // without names of glyphs
	})
}

// tablesOf are the tables of a font file by their tags.
func tablesOf(ttf []byte) (map[string][]byte, error) {
	tables := map[string][]byte{}
	for i := range int(binary.BigEndian.Uint16(ttf[4:])) {
		entry := ttf[12+16*i:]
		at, length := binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
		tables[string(entry[:4])] = ttf[at : at+length]
	}
	if head := tables["head"]; len(head) < 54 || head[51] != 1 || len(tables["post"]) < 32 {
		return nil, fmt.Errorf("the font has another form than it used to")
	}
	return tables, nil
}

// outlines are the tables loca and glyf with the wanted glyphs alone, and with
// those that they are composed of.
func outlines(loca, glyf []byte, wanted map[uint16]bool) (places, shapes []byte) {
	n := len(loca)/4 - 1
	shape := func(i int) []byte {
		return glyf[binary.BigEndian.Uint32(loca[4*i:]):binary.BigEndian.Uint32(loca[4*i+4:])]
	}
	kept := map[uint16][]byte{}
	var keep func(i uint16)
	keep = func(i uint16) {
		if kept[i] != nil || int(i) >= n {
			return
		}
		var parts []uint16
		kept[i], parts = unhinted(shape(int(i)))
		for _, k := range parts {
			keep(k)
		}
	}
	for i := range wanted {
		keep(i)
	}
	for i := range n {
		places = binary.BigEndian.AppendUint32(places, uint32(len(shapes)))
		shapes = append(shapes, kept[uint16(i)]...)
		shapes = append(shapes, make([]byte, -len(shapes)&3)...)
	}
	return binary.BigEndian.AppendUint32(places, uint32(len(shapes))), shapes
}

// unhinted is a glyph without its instructions, and what it is composed of.
func unhinted(glyph []byte) (shape []byte, parts []uint16) {
	if len(glyph) == 0 {
		return []byte{}, nil
	}
	const (
		wide, moreParts, scaled, scaledXY, twoByTwo, instructed = 1, 1 << 5, 1 << 3, 1 << 6, 1 << 7, 1 << 8
	)
	if contours := int(int16(binary.BigEndian.Uint16(glyph))); contours >= 0 {
		at := 10 + 2*contours
		length := int(binary.BigEndian.Uint16(glyph[at:]))
		return slices.Concat(glyph[:at], []byte{0, 0}, glyph[at+2+length:]), nil
	}
	shape = bytes.Clone(glyph)
	for at := 10; ; {
		flags := binary.BigEndian.Uint16(shape[at:])
		binary.BigEndian.PutUint16(shape[at:], flags&^instructed)
		parts = append(parts, binary.BigEndian.Uint16(shape[at+2:]))
		at += 6
		if flags&wide != 0 {
			at += 2
		}
		switch {
		case flags&scaled != 0:
			at += 2
		case flags&scaledXY != 0:
			at += 4
		case flags&twoByTwo != 0:
			at += 8
		}
		if flags&moreParts == 0 {
			return shape[:at], parts
		}
	}
}

// characterMap is the table cmap, of format 4, with a segment a character.
func characterMap(glyphs map[rune]uint16) []byte {
	characters := slices.Sorted(maps.Keys(glyphs))
	var ends, starts, deltas []uint16
	for _, r := range characters {
		ends, starts, deltas = append(ends, uint16(r)), append(starts, uint16(r)), append(deltas, glyphs[r]-uint16(r))
	}
	ends, starts, deltas = append(ends, 0xFFFF), append(starts, 0xFFFF), append(deltas, 1)
	n := len(ends)
	segments := slices.Concat([]uint16{4, uint16(16 + 8*n), 0}, searching(n, 2), ends, []uint16{0}, starts, deltas, make([]uint16, n))
	return words16(append([]uint16{0, 1, 3, 1, 0, 12}, segments...)) // one table, for Windows and Unicode
}

// searching are the fields by which a list of n entries is searched by halves.
func searching(n, size int) []uint16 {
	steps := int(math.Log2(float64(n)))
	whole := size << steps
	if size == 2 { // cmap gives twice the number first
		return []uint16{uint16(2 * n), uint16(whole), uint16(steps), uint16(2*n - whole)}
	}
	return []uint16{uint16(n), uint16(whole), uint16(steps), uint16(size*n - whole)}
}

// kerning is the table kern: how much nearer two glyphs stand than by their widths.
func kerning(font *sfnt.Font, glyphs map[rune]uint16) []byte {
	all := slices.Sorted(maps.Values(glyphs))
	all = slices.Compact(all)
	var b sfnt.Buffer
	var pairs []uint16
	for _, left := range all {
		for _, right := range all {
			k, err := font.Kern(&b, sfnt.GlyphIndex(left), sfnt.GlyphIndex(right), fixed.Int26_6(font.UnitsPerEm())<<6, xfont.HintingNone)
			if err == nil && k != 0 {
				pairs = append(pairs, left, right, uint16(int16(k.Round())))
			}
		}
	}
	n := len(pairs) / 3
	if n == 0 {
		return nil
	}
	return words16(slices.Concat([]uint16{0, 1, 0, uint16(14 + 6*n), 1}, searching(n, 6), pairs))
}

// naming is the table name: whose the font is, under what licence, and its own
// name, in English for Windows.
func naming(name string) []byte {
	entries := []struct {
		id   uint16
		text string
	}{
		{0, fontCopyright}, {1, name}, {2, "Regular"}, {3, name}, {4, name}, {5, "Version 1"}, {6, "FragilitySans"},
		{13, "Licensed under the SIL Open Font License, Version 1.1"}, {14, "https://openfontlicense.org"},
	}
	fields := []uint16{0, uint16(len(entries)), uint16(6 + 12*len(entries))}
	var texts []uint16
	for _, e := range entries {
		text := utf16.Encode([]rune(e.text))
		fields = append(fields, 3, 1, 0x409, e.id, uint16(2*len(text)), uint16(2*len(texts)))
		texts = append(texts, text...)
	}
	return words16(append(fields, texts...))
}

func words16(list []uint16) []byte {
	var b []byte
	for _, w := range list {
		b = binary.BigEndian.AppendUint16(b, w)
	}
	return b
}

// woff packs tables into a file; those without bytes are left out.
func woff(tables map[string][]byte) ([]byte, error) {
	var tags []string
	for tag, data := range tables {
		if len(data) > 0 {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	whole := 12 + 16*len(tags) // of the font unpacked
	at := 44 + 20*len(tags)
	var directory, body []byte
	w, err := zlib.NewWriterLevel(nil, zlib.BestCompression)
	if err != nil {
		return nil, err
	}
	for _, tag := range tags {
		data := tables[tag]
		packed := data
		if len(data) > 200 { // the short ones would get longer
			var b bytes.Buffer
			w.Reset(&b)
			if _, err := w.Write(data); err != nil {
				return nil, err
			}
			if err := w.Close(); err != nil {
				return nil, err
			}
			packed = b.Bytes()
		}
		directory = append(directory, tag...)
		for _, v := range []uint32{uint32(at + len(body)), uint32(len(packed)), uint32(len(data)), checksum(data)} {
			directory = binary.BigEndian.AppendUint32(directory, v)
		}
		body = append(body, packed...)
		body = append(body, make([]byte, -len(body)&3)...)
		whole += (len(data) + 3) &^ 3
	}
	file := []byte("wOFF\x00\x01\x00\x00")
	file = binary.BigEndian.AppendUint32(file, uint32(at+len(body)))
	file = binary.BigEndian.AppendUint16(file, uint16(len(tags)))
	file = binary.BigEndian.AppendUint16(file, 0)
	file = binary.BigEndian.AppendUint32(file, uint32(whole))
	file = append(file, 0, 1, 0, 0)
	file = append(file, make([]byte, 20)...) // neither metadata nor private data
	return slices.Concat(file, directory, body), nil
}

// checksum is the sum of a table's 32-bit words.
func checksum(data []byte) (sum uint32) {
	data = append(bytes.Clone(data), 0, 0, 0)
	for ; len(data) >= 4; data = data[4:] {
		sum += binary.BigEndian.Uint32(data)
	}
	return sum
}

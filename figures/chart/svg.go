package chart

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// SVG renders the plot as a vector image. Its words stay words, in a font that it
// brings with it; it refers to nothing outside itself.
func (p *Plot) SVG() ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	l := newLayout(p)
	c := vgsvg.New(l.width, l.height)
	l.drawOn(c)
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return nil, err
	}
	_, body, found := strings.Cut(b.String(), "xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n")
	if !found {
		return nil, fmt.Errorf("vgsvg writes another head than it used to")
	}
	// vgsvg names one family at each word, which most systems lack.
	body = strings.ReplaceAll(body, "font-family:Liberation Sans;font-variant:normal;", "")
	fonts, err := FontFaces(WordsOf(body))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	// The width holds for print; on a narrow page the picture shrinks.
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="%.2fpt" height="%.2fpt" viewBox="0 0 %[1]g %[2]g" font-family="%[3]s" style="max-width:100%%;height:auto">`+"\n<title>",
		l.width/vg.Length(1), l.height/vg.Length(1), families)
	if err := xml.EscapeText(&out, []byte(p.Title)); err != nil {
		return nil, err
	}
	out.WriteString("</title>\n<desc>")
	if err := xml.EscapeText(&out, []byte(p.Text())); err != nil {
		return nil, err
	}
	out.WriteString("</desc>\n<style>" + fonts + "</style>\n")
	out.WriteString(body)
	return out.Bytes(), nil
}

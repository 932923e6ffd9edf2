package chart

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
)

// typeface is the name of the font that pictures bring with them: what the
// layout measured with, cut down to the characters that are needed. Those after
// it have the same widths, for where a picture is shown without its style.
const (
	typeface      = "Fragility Sans"
	families      = typeface + ", Liberation Sans, Arial, Helvetica, sans-serif"
	fontCopyright = "Digitized data copyright (c) 2010 Google Corporation. Copyright (c) 2012 Red Hat, Inc. A part of Liberation Sans 2.1.4."
)

// PageCharacters are those that a page of pictures may need which are drawn
// after it was made: Latin, Greek, and the signs of captions and axes.
func PageCharacters() string {
	var b strings.Builder
	for _, r := range [][2]rune{{0x20, 0x7E}, {0xA0, 0x17F}, {0x391, 0x3C9}, {0x2010, 0x2026}} {
		for c := r[0]; c <= r[1]; c++ {
			b.WriteRune(c)
		}
	}
	return b.String() + "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ₀₁₂₃→←↑↓↔≈≠≤≥−×÷±∞√∑∂∆∏∫◊"
}

// FontFaces is the style sheet that gives a page the font of the pictures, for
// regular words and for bold ones.
func FontFaces(regular, bold string) (string, error) {
	var b strings.Builder
	for _, weight := range []struct {
		name, words string
		ttf         []byte
	}{{"normal", regular, liberationsansregular.TTF}, {"bold", bold, liberationsansbold.TTF}} {
		if weight.words == "" {
			continue
		}
		characters := []rune(weight.words)
		slices.Sort(characters)
		font, err := subset(weight.ttf, typeface, slices.Compact(characters))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "@font-face{font-family:'%s';font-weight:%s;src:url(data:font/woff;base64,%s) format('woff')}\n",
			typeface, weight.name, base64.StdEncoding.EncodeToString(font))
	}
	return b.String(), nil
}

var textElement = regexp.MustCompile(`(?s)<text [^>]*font-weight:(normal|bold)[^>]*>(.*?)</text>`)

// WordsOf are the words of pictures in SVG, regular and bold.
func WordsOf(svg string) (regular, bold string) {
	var list [2]strings.Builder
	for _, m := range textElement.FindAllStringSubmatch(svg, -1) {
		i := 0
		if m[1] == "bold" {
			i = 1
		}
		list[i].WriteString(unescaped(m[2]))
	}
	return list[0].String(), list[1].String()
}

func unescaped(text string) string {
	var words string
	if xml.Unmarshal([]byte("<w>"+text+"</w>"), &words) != nil {
		return text
	}
	return words
}

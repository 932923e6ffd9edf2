// Package words says how numbers and words are printed, in pictures, tables and
// sentences alike.
package words

import (
	"math"
	"strconv"
	"strings"
)

// Number prints v with so many decimals, for people: a true minus sign, no
// minus before a rounded zero, thousands apart by commas, and a dash for what
// is no number.
func Number(v float64, decimals int) string {
	if math.IsNaN(v) {
		return "–"
	}
	text := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	whole, rest := text, ""
	if i := strings.IndexByte(text, '.'); i >= 0 {
		whole, rest = text[:i], text[i:]
	}
	if !math.IsInf(v, 0) {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
	}
	if v < 0 && strings.ContainsAny(text, "123456789I") {
		return "−" + whole + rest
	}
	return whole + rest
}

// Minus replaces the hyphen of a printed number by a minus sign.
func Minus(text string) string { return strings.ReplaceAll(text, "-", "−") }

// Exact prints a number so that it reads back the same; nothing for no number.
func Exact(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

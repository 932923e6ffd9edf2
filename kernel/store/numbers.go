package store

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Numbers are float64s in JSON, each to the last bit, with the values that
// JSON has no numbers for as the texts "NaN", "+Inf" and "-Inf".
type Numbers []float64

// MarshalJSON implements json.Marshaler.
func (n Numbers) MarshalJSON() ([]byte, error) {
	b := []byte{'['}
	for i, x := range n {
		if i > 0 {
			b = append(b, ',')
		}
		if special := math.IsNaN(x) || math.IsInf(x, 0); special {
			b = strconv.AppendQuote(b, strconv.FormatFloat(x, 'g', -1, 64))
		} else {
			b = strconv.AppendFloat(b, x, 'g', -1, 64)
		}
	}
	return append(b, ']'), nil
}

// UnmarshalJSON implements json.Unmarshaler. A picture has 20,000 numbers, so
// they are not taken apart by reflection.
func (n *Numbers) UnmarshalJSON(b []byte) error {
	*n = nil
	text, ok := strings.CutPrefix(string(b), "[")
	if !ok {
		if text == "null" {
			return nil
		}
		return fmt.Errorf("%.20s is no list of numbers", text)
	}
	text = strings.TrimSpace(strings.TrimSuffix(text, "]"))
	if text == "" {
		return nil
	}
	*n = make(Numbers, 0, strings.Count(text, ",")+1)
	for item := range strings.SplitSeq(text, ",") {
		x, err := strconv.ParseFloat(strings.Trim(strings.TrimSpace(item), `"`), 64)
		if err != nil {
			return fmt.Errorf("%.20s is no number", item)
		}
		*n = append(*n, x)
	}
	return nil
}

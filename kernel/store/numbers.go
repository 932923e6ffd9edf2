package store

import (
	"encoding/json"
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

// UnmarshalJSON implements json.Unmarshaler.
func (n *Numbers) UnmarshalJSON(b []byte) error {
	*n = nil
	var raw []json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	for _, r := range raw {
		x, err := strconv.ParseFloat(strings.Trim(string(r), `"`), 64)
		if err != nil {
			return fmt.Errorf("%s is no number", r)
		}
		*n = append(*n, x)
	}
	return nil
}

package table

import (
	"math"

	"github.com/network-fragility/fragility/figures/words"
)

// Cell is an entry of a table: words, or numbers with the decimals to print.
type Cell struct {
	Words    string // printed where there are no numbers
	Numbers  []float64
	Decimals int
	Form     Form
	Strong   bool // set in bold: what the reader should see first
}

// Form is how a cell prints its numbers.
type Form string

// A cell is one number unless it says otherwise.
const (
	Plain        Form = ""
	Signed       Form = "signed"        // a difference, with its sign
	Spread       Form = "spread"        // mean ± SD
	SignedSpread Form = "signed spread" // mean ± SD of differences
	Interval     Form = "interval"      // from, to
)

// Words is a cell of text.
func Words(text string) Cell { return Cell{Words: text} }

// Number is a cell of one number; a count has no decimals.
func Number(v float64, decimals int) Cell {
	return Cell{Numbers: []float64{v}, Decimals: decimals}
}

// Difference is a cell of one number with its sign.
func Difference(v float64, decimals int) Cell {
	return Cell{Numbers: []float64{v}, Decimals: decimals, Form: Signed}
}

// MeanSD is a cell of a mean and its standard deviation. A NaN for the
// deviation, as one subject has none, prints the mean alone.
func MeanSD(mean, sd float64, decimals int) Cell {
	return Cell{Numbers: []float64{mean, sd}, Decimals: decimals, Form: Spread}
}

// Range is a cell of an interval.
func Range(low, high float64, decimals int) Cell {
	return Cell{Numbers: []float64{low, high}, Decimals: decimals, Form: Interval}
}

// Apart is how many decimals an interval is printed with: so many, and one more where
// its ends would look the same and are not.
func Apart(low, high float64, decimals int) int {
	if low != high && words.Number(low, decimals) == words.Number(high, decimals) {
		return decimals + 1
	}
	return decimals
}

// Bold is the cell, set in bold.
func (c Cell) Bold() Cell {
	c.Strong = true
	return c
}

// String is the cell as it is printed.
func (c Cell) String() string {
	if len(c.Numbers) == 0 {
		return c.Words
	}
	first := words.Number(c.Numbers[0], c.Decimals)
	if (c.Form == Signed || c.Form == SignedSpread) && c.Numbers[0] > 0 && first != words.Number(0, c.Decimals) {
		first = "+" + first
	}
	if !c.Form.pair() || len(c.Numbers) < 2 {
		return first
	}
	second := words.Number(c.Numbers[1], c.Decimals)
	switch {
	case c.Form == Interval:
		return first + " to " + second
	case math.IsNaN(c.Numbers[1]):
		return first
	}
	return first + " ± " + second
}

// pair reports whether the form takes two numbers.
func (f Form) pair() bool { return f == Spread || f == SignedSpread || f == Interval }

package protocols

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
)

// Published is one figure that the book prints.
type Published struct {
	Chapter int
	Table   string // "T1", or "text" where the figure stands in a sentence
	Arm     string
	Metric  string
	Mean    float64
	Unit    float64 // of the last printed digit: .1 for "83.6", 100 for "187700"
	SD      float64 // over subjects, population; NaN where none is printed
	N       int     // subjects behind it
	Kind    string  // "figure", "bound" (a text's "at least"), "contradicted" (by the author's own outputs)
}

//go:embed published.csv
var publishedCSV string

// PublishedFigures returns the figures of a chapter in the book's order.
func PublishedFigures(chapter int) []Published {
	var list []Published
	for _, f := range publishedAll() {
		if f.Chapter == chapter {
			list = append(list, f)
		}
	}
	return list
}

var publishedAll = sync.OnceValue(func() []Published {
	list, err := parsePublished(publishedCSV)
	if err != nil {
		panic(fmt.Sprintf("protocols: published.csv: %v", err))
	}
	return list
})

func parsePublished(text string) ([]Published, error) {
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, err
	}
	list := make([]Published, 0, len(records)-1)
	for i, r := range records[1:] {
		f := Published{Table: r[1], Arm: r[2], Metric: r[3], SD: nan, Kind: r[7], Unit: printedUnit(r[4])}
		var errs [4]error
		f.Chapter, errs[0] = strconv.Atoi(r[0])
		f.Mean, errs[1] = strconv.ParseFloat(r[4], 64)
		if r[5] != "" {
			f.SD, errs[2] = strconv.ParseFloat(r[5], 64)
		}
		f.N, errs[3] = strconv.Atoi(r[6])
		for _, err := range errs {
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", i+2, err)
			}
		}
		list = append(list, f)
	}
	return list, nil
}

// printedUnit is the unit of the last digit of a printed number. Two zeros or
// more at the end of a whole number are a rounding: chapter 2 writes "about
// 187,700" for 187,749 weights. One zero is taken for a digit, as one count in
// ten has it: 21,050 active parameters is exact.
func printedUnit(text string) float64 {
	whole, decimals, _ := strings.Cut(text, ".")
	unit := 1.0
	for range decimals {
		unit /= 10
	}
	if zeros := len(whole) - len(strings.TrimRight(whole, "0")); decimals == "" && zeros > 1 {
		unit = math.Pow10(zeros)
	}
	return unit
}

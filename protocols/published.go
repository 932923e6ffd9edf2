package protocols

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
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
	// Condition that our arm is measured under; "" for what the book prints.
	Condition string `json:",omitempty"`
	Mean      float64
	Unit      float64 // of the last printed digit: .1 for "83.6", 100 for "187700"
	SD        float64 // over subjects, population; NaN where none is printed
	N         int     // subjects behind it
	Source    Source  // where it is printed
	place     int     // of its line
	Kind      string  // "figure", "bound" (a text's "at least"), "contradicted" (by the author's own outputs)
}

// Source is where a figure of the author's stands.
type Source string

const (
	Book    Source = "book"
	Outputs Source = "outputs" // stored with his notebooks; some of them are in the book as well
)

//go:embed published.csv
var publishedCSV string

//go:embed outputs.csv
var outputsCSV string

// StoredFigures returns the numbers that the outputs of the author's notebook of
// a chapter have, under our names of arms and metrics where there are such; what
// its table says is the experiment.
func StoredFigures(chapter int) []Published {
	var list []Published
	for _, f := range storedAll() {
		if f.Chapter == chapter {
			list = append(list, f)
		}
	}
	return list
}

var storedAll = sync.OnceValue(func() []Published {
	list, err := parsePublished(outputsCSV, Outputs)
	if err != nil {
		panic(fmt.Sprintf("protocols: outputs.csv: %v", err))
	}
	return list
})

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
	list, err := parsePublished(publishedCSV, Book)
	if err != nil {
		panic(fmt.Sprintf("protocols: published.csv: %v", err))
	}
	return list
})

// parsePublished reads figures; those of outputs have a column for a condition
// after the arm.
func parsePublished(text string, source Source) ([]Published, error) {
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, err
	}
	list := make([]Published, 0, len(records)-1)
	for i, r := range records[1:] {
		condition := ""
		if source == Outputs {
			condition = r[3]
			r = slices.Delete(r, 3, 4)
		}
		f := Published{Source: source, Condition: condition, place: i, Table: r[1], Arm: r[2], Metric: r[3], SD: nan, Kind: r[7], Unit: printedUnit(r[4])}
		var errs [4]error
		f.Chapter, errs[0] = strconv.Atoi(r[0])
		f.Mean, errs[1] = strconv.ParseFloat(r[4], 64)
		if r[5] != "" {
			f.Unit = min(f.Unit, printedUnit(r[5])) // 0.39 ± 0.078 is 0.390
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

// printed is what of a figure is compared to tell whether it is printed twice.
func (f Published) printed() [3]string {
	return [3]string{number(f.Mean), number(f.SD), strconv.Itoa(f.N)}
}

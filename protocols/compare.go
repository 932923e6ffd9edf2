package protocols

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/stat"
)

// Verdict is what a comparison with a published figure comes to.
type Verdict string

// A figure is not comparable where we have no value, or one subject only and a
// figure that varies from subject to subject.
const (
	Matched       Verdict = "matched"
	NotMatched    Verdict = "not matched"
	NotComparable Verdict = "not comparable"
)

// Confidence of the prediction interval that a published figure must lie in.
const Confidence = 0.99

// Comparison is a published figure with ours beside it.
type Comparison struct {
	Published
	Ours      float64 // mean over subjects; NaN where we have none
	OursSD    float64 // population SD over subjects
	OursN     int
	Low, High float64 // prediction interval, widened by half the printed unit
	Verdict   Verdict
}

// Difference is ours less the published figure.
func (c Comparison) Difference() float64 { return c.Ours - c.Mean }

// Compare joins a result with the published figures of its chapter.
//
// The published figure is a mean over its own subjects, so it is held against
// the 99 % prediction interval for the mean of as many further subjects of
// ours. What is the same for every subject, a count, has no spread: there the
// figure must be ours, rounded as printed.
func Compare(r *Result) []Comparison {
	var list []Comparison
	for _, f := range PublishedFigures(r.Chapter) {
		list = append(list, compare(f, r.Values(f.Arm, "", f.Metric)))
	}
	return list
}

func compare(f Published, ours []float64) Comparison {
	c := Comparison{Published: f, Ours: nan, OursSD: nan, OursN: len(ours), Low: nan, High: nan, Verdict: NotComparable}
	if len(ours) == 0 {
		return c
	}
	c.Ours, c.OursSD = stat.Mean(ours, nil), PopulationSD(ours)
	half := f.Unit / 2
	if isConstant(ours) && (len(ours) > 1 || math.Abs(c.Difference()) <= half) {
		c.Low, c.High = c.Ours-half, c.Ours+half
	} else if len(ours) > 1 {
		low, high := PredictionInterval(ours, f.N, Confidence)
		c.Low, c.High = low-half, high+half
	} else {
		return c
	}
	// Rounding as printed, and a hair for the float arithmetic of the bounds.
	const hair = 1e-9
	c.Verdict = NotMatched
	if c.Low-hair <= f.Mean && f.Mean <= c.High+hair {
		c.Verdict = Matched
	}
	return c
}

func isConstant(x []float64) bool {
	for _, v := range x {
		if v != x[0] {
			return false
		}
	}
	return true
}

// Tally counts verdicts in one line: "17 matched, 1 not matched, 0 not
// comparable".
func Tally(list []Comparison) string {
	count := map[Verdict]int{}
	for _, c := range list {
		count[c.Verdict]++
	}
	var parts []string
	for _, v := range []Verdict{Matched, NotMatched, NotComparable} {
		parts = append(parts, fmt.Sprintf("%d %s", count[v], v))
	}
	return strings.Join(parts, ", ")
}

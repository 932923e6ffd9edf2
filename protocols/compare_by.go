package protocols

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/network-fragility/fragility/protocols/stats"
)

// Test is what a comparison rests on.
type Test string

const (
	WelchTest    Test = "Welch"                   // two means with an SD each
	Prediction   Test = "prediction"              // a mean of which no SD is printed
	OneSubject   Test = "prediction, one subject" // the book's only one
	BookSpread   Test = "the book's spread"       // ours has none by chance
	ByDesign     Test = "exact"                   // the same for every subject
	Extreme      Test = "extreme"
	BetaBinomial Test = "beta-binomial"
)

// Could says whether a match could have failed.
type Could string

const (
	Informative   Could = "informative"
	ExactByDesign Could = "exact by design"
	AtCeiling     Could = "ceiling" // or the floor, on both sides
	RepeatOf      Could = "repeat"  // printed before, with the same value
	TooWide       Could = "interval too wide"
)

// testPoints are those of the test set (chapter 1), which an accuracy is counted
// on.
const testPoints = 4000

// floor is the least SD that an accuracy about a mean can be taken to have over
// subjects: what counting on a finite test set makes of it. 0 for all else.
func (c *Comparison) floor(mean float64) float64 {
	if !accuracy.MatchString(c.Measure) {
		return 0
	}
	return stats.BinomialError(mean, testPoints)
}

// scattered holds the mean of subjects of ours that differ against the figure,
// which has further subjects behind it.
func (c *Comparison) scattered(ours stats.Summary, further int) {
	ours = ours.WithFloor(c.floor(ours.Mean))
	theirs := stats.Summary{Mean: c.Published.Mean, SD: ours.SD, N: further}
	var half float64
	// What rounding may have moved counts as no difference.
	if d := theirs.Mean - ours.Mean; math.Abs(d) > c.Unit/2 {
		theirs.Mean -= math.Copysign(c.Unit/2, d)
	} else {
		theirs.Mean = ours.Mean
	}
	switch {
	case c.SD > 0 && c.N > 1 && c.N == further:
		c.Test = WelchTest
		theirs.SD = stats.Printed(0, c.SD, c.N).WithFloor(c.floor(c.Published.Mean)).SD
		half, c.P = stats.WelchReach(ours, theirs, Confidence)
	default:
		if c.Test = Prediction; c.N == 1 {
			c.Test = OneSubject
		}
		half, c.P = stats.PredictionReach(ours, theirs.Mean, further, Confidence)
	}
	if c.Bound != Exactly {
		c.P = nan
	}
	c.Low, c.High = c.Ours-half, c.Ours+half
}

// spread compares the scatter of subjects, where the book prints it: Shoemaker's
// F test with the kurtosis of ours. An SD of 0 is one that rounds to it.
func (c *Comparison) spread(ours []float64) {
	if math.IsNaN(c.SD) || c.N < 2 || len(ours) < 2 {
		return
	}
	least := c.Unit / 2
	c.SpreadP = stats.Spread(stats.Summarise(ours).WithFloor(least), stats.Printed(0, max(c.SD, least), c.N), stats.Kurtosis(ours))
}

// widest is how wide an interval may be, in points of a percentage, for its match
// to tell something.
const widest = 10

// could says whether the match of a figure could have failed.
func (c *Comparison) could() Could {
	end := func(v float64) bool { return v >= 99.5 || v <= 0.5 }
	percent := accuracy.MatchString(c.Measure) || c.Statistic != Mean && c.Statistic != Count
	switch {
	case c.Verdict == NotComparable:
		return ""
	case c.Verdict == CannotTell:
		return TooWide
	case c.Exact:
		return ExactByDesign
	case c.repeats():
		return RepeatOf
	case c.Verdict == NotMatched:
		return Informative
	case percent && end(c.Ours) && end(c.Published.Mean):
		return AtCeiling
	case percent && c.High-c.Low > widest, !percent && c.High-c.Low > math.Abs(c.Published.Mean):
		return TooWide
	}
	return Informative
}

// repeats reports whether the author has the same value of the same arm and
// measure before: in an earlier chapter, earlier in this one, or, of what is
// stored, in the book.
func (c *Comparison) repeats() bool {
	same := func(f Published) bool {
		return f.Arm == c.Arm && f.Metric == c.Metric && f.Condition == c.Condition && f.printed() == c.printed()
	}
	before := publishedAll()
	if c.Source == Outputs {
		before = append(slices.Clone(before), storedAll()...)
	}
	for _, f := range before {
		if f.Source == c.Source && (f.Chapter > c.Chapter || f.Chapter == c.Chapter && f.place == c.place) {
			return false
		}
		if f.Chapter <= c.Chapter && same(f) {
			return true
		}
	}
	return false
}

// Expected is how many figures that are not exact may miss by chance, at the
// level of the comparison, and how many do.
func Expected(list []Comparison) (expected float64, observed int) {
	for _, c := range list {
		if c.Exact || c.Verdict != Matched && c.Verdict != NotMatched {
			continue
		}
		expected += 1 - Confidence
		if c.Verdict == NotMatched {
			observed++
		}
	}
	return expected, observed
}

// together gives the figures of each arm the p value of all its means at once:
// of those that vary over subjects and have the same number behind them. Many
// metrics of one arm share the luck of its subjects, so that one unusual cohort
// misses in all of them; this counts it once. Rounding is not allowed for.
func together(r *Result, list []Comparison) {
	type group struct {
		arm string
		n   int
	}
	groups := map[group][]int{}
	var order []group
	for i, c := range list {
		if c.Statistic != Mean || c.Bound != Exactly || c.N < 2 || c.Test != WelchTest && c.Test != Prediction {
			continue
		}
		g := group{c.Arm, c.N}
		if groups[g] == nil {
			order = append(order, g)
		}
		groups[g] = append(groups[g], i)
	}
	for _, g := range order {
		var means []float64
		var ours []map[string]float64
		seen := map[[2]string]bool{}
		for _, i := range groups[g] {
			c := list[i]
			if k := [2]string{c.Measure, c.Condition}; !seen[k] {
				seen[k] = true
				means, ours = append(means, c.Published.Mean), append(ours, r.of(c.Arm, c.Condition, c.Measure))
			}
		}
		p := stats.Joint(complete(ours, r), means, g.n, fmt.Sprint(cmp.Or(g.arm, "all"), r.Chapter))
		for _, i := range groups[g] {
			list[i].JointP = p
		}
	}
}

// of is a measure of an arm by subject.
func (r *Result) of(arm, condition, metric string) map[string]float64 {
	values := map[string]float64{}
	for _, row := range r.Rows {
		if row.Arm == arm && row.Condition == condition && row.Metric == metric && row.Seed != "all" {
			values[row.Seed] = row.Value
		}
	}
	return values
}

// complete are the subjects that have all metrics, a row each, in the order of the
// result.
func complete(metrics []map[string]float64, r *Result) [][]float64 {
	var rows [][]float64
	seen := map[string]bool{}
	for _, row := range r.Rows {
		if seen[row.Seed] {
			continue
		}
		seen[row.Seed] = true
		var values []float64
		for _, m := range metrics {
			if v, ok := m[row.Seed]; ok {
				values = append(values, v)
			}
		}
		if len(values) == len(metrics) {
			rows = append(rows, values)
		}
	}
	return rows
}

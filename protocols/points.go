package protocols

import (
	"math"
	"regexp"
)

// Points reports whether a difference of a metric is one in percentage points: the metric
// is a percentage, or a difference of two.
func Points(metric string) bool { return reach(metric) <= 200 }

var (
	// What percentages are called: accuracies, shares of subjects, answers and weights.
	percentage = regexp.MustCompile(`(^|_)(clean|standard|combined|held|biased|accuracy|noise|relapsed?|relapsed_from_remission|autonomous|probability|order_as_printed|every_subject|deviation|after|before)$` +
		`|^(input|internal|state|jailbreak|weak|strong|medium|repetition|verbosity|sycophancy)_|_(jailbreak|repetition|verbosity|sycophancy)(_|$)` +
		`|(hardest|right|refused|kept|hints|violated|missed|false|share|neither|surface|unprompted)$|(^|_)scar(_|$)|sparsity|threshold|_at_level_|_at_\d+$|beyond_\d+$`)
	losses  = regexp.MustCompile(`drop|fall|collapse|advantage|_points$`) // a percentage less another
	isCycle = regexp.MustCompile(`^mean_cycle_`)                          // a number of cycles
)

// reach is how far two values of a metric can be apart: 100 for percentages, 200 for
// differences of two, and without an end for what is neither.
func reach(metric string) float64 {
	switch {
	case isCycle.MatchString(metric):
	case losses.MatchString(metric):
		return 200
	case percentage.MatchString(metric):
		return 100
	}
	return math.Inf(1)
}

// possible holds an interval within what its metric can be. Intervals of few subjects
// reach further, and say nothing there.
func possible(metric string, low, high float64) (float64, float64) {
	switch reach(metric) {
	case 100:
		return max(low, 0), min(high, 100)
	case 200:
		return max(low, -100), min(high, 100)
	}
	return low, high
}

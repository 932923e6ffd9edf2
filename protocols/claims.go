package protocols

import (
	"regexp"
	"strconv"
)

// vs is the contrast of two arms in a metric.
func vs(arm, against, metric string) Contrast {
	return Contrast{Arm: arm, Against: against, Metric: metric}
}

// change is the contrast of two metrics of an arm: metric less before.
func change(arm, metric, before string) Contrast {
	return Contrast{Arm: arm, Against: arm, Metric: metric, AgainstMetric: before}
}

// settled gives claims what is the same for many: the margin of their metric,
// and the family of outcomes, or that of what was said before.
func settled(list []Claim) []Claim {
	for i := range list {
		c := &list[i]
		if c.Reason == "" && c.Arm != "" {
			c.Margin, c.Reason = smallestThatMatters(c.Metric)
		}
		switch {
		case c.Repeats != "":
			c.Family = Repeated
		case c.Family == "":
			c.Family = Outcomes
		}
	}
	return list
}

// margins are the smallest differences that matter, by what is measured. A test
// set has 4,000 points (chapter 1), so an accuracy p has the error sqrt(p (1-p) /
// 4000); arms share the noise, and a difference of less than two such errors is
// one that the next test set may turn about.
var margins = []struct {
	metric *regexp.Regexp
	margin float64
	reason string
}{
	{regexp.MustCompile(`^(jailbreak|weak|strong|medium|repetition|verbosity|sycophancy)|_(jailbreak_.*|repetition|verbosity|sycophancy)$`), 5, "the book's own rule: arms differ beyond 5 points"},
	{regexp.MustCompile(`^slope_`), 0.02, "logits a cycle: over ten cycles, 3 points at a rate of 20 %"},
	{regexp.MustCompile(`relapses$`), 0.5, "half a relapse of six; the book reads 3.9 and 2.9 as an order"},
	{regexp.MustCompile(`(relapsed|relapse|relapsed_from_remission|autonomous|probability|_as_printed|relapse_at_level_.*)$`), 10, "one subject in ten, the book's cohort"},
	{regexp.MustCompile(`scar$`), 0.5, "half a point of all weights; the book reads 4.6 and 3.7 as an order"},
	{regexp.MustCompile(`scar_per_relapse$`), 0.2, "the book's SSRI-like and neurosteroid-like arms differ by 0.23"},
	{regexp.MustCompile(`severity`), 0.1, "a fifteenth of the range that severities are held in"},
	{regexp.MustCompile(`activation_magnitude`), 0.05, "a tenth of the range of the book's arms"},
	{regexp.MustCompile(`(biased|autonomy_accuracy|after|before|biased_deviation)$|^biased_at_level_|^state_`), 2, "two errors of an accuracy of 50 % on 4,000 points are 1.6"},
	{regexp.MustCompile(`^internal_(1_5|2_5)$|^input_2|noise_drop$|fall|collapse`), 1, "two errors of an accuracy of 84 % on 4,000 points are 1.2"},
	{regexp.MustCompile(`^internal_1_0$`), 0.3, "two errors of an accuracy of 99 % on 4,000 points are 0.3; the book reads 0.5 as an order"},
	{regexp.MustCompile(`clean|standard|combined|internal|input|drop|final|post_relapse`), 0.5, "two errors of an accuracy of 97 % on 4,000 points are 0.54"},
}

// smallestThatMatters is the margin of a metric, and why it is that.
func smallestThatMatters(metric string) (float64, string) {
	for _, m := range margins {
		if m.metric.MatchString(metric) {
			return m.margin, m.reason
		}
	}
	return 0, ""
}

// shifted is a number of an ID, counted from first.
func shifted(id string, first int) string {
	n, _ := strconv.Atoi(id)
	return strconv.Itoa(first + n)
}

// sign is -1, 0 or 1.
func sign(x float64) int {
	switch {
	case x < 0:
		return -1
	case x > 0:
		return 1
	}
	return 0
}

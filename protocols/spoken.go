package protocols

import (
	"regexp"
	"strings"
)

// spoken are words for metrics that stand in no table of their chapter, and that claims,
// contrasts, published figures and the dictionary name. $1 is a number with a point.
var spoken = []struct {
	name  *regexp.Regexp
	words string
}{
	{regexp.MustCompile(`^sparsity_layer$`), "sparsity of the layer (%)"},
	{regexp.MustCompile(`^regrown_weights$`), "regrown weights"},
	{regexp.MustCompile(`^still_pruned_weights$`), "weights that are still cut"},
	{regexp.MustCompile(`^(combined|biased)_drop_points$`), "$1, lost when taken off (points)"},
	{regexp.MustCompile(`^cycle_(\d+)_jailbreak_(strong|medium)_(low|high)$`), "cycle $1, $2, $3"},
	{regexp.MustCompile(`^noise_drop$`), "loss under the strongest input noise (points)"},
	{regexp.MustCompile(`^standard_fall_to_(.*)$`), "fall of the standard accuracy to a sparsity of $1 (points)"},
	{regexp.MustCompile(`^fall_between_(\d+)_and_(\d+)_points$`), "fall from $1 to $2 % (points)"},
	{regexp.MustCompile(`^standard_at_(\d+)$`), "standard at $1 %"},
	{regexp.MustCompile(`^post_relapse_same_noise$`), "combined after the second pruning, under the same noise"},
	{regexp.MustCompile(`^biased_order_as_printed$`), "order of the arms as printed, biased (% of subjects)"},
	{regexp.MustCompile(`^internal_(.*)_order_as_printed$`), "order of the arms as printed, internal noise, SD $1 (% of subjects)"},
	{regexp.MustCompile(`^every_subject$`), "100 %"},
	{regexp.MustCompile(`^biased_deviation$`), "distance of the biased accuracy from the arm's median (points)"},
	{regexp.MustCompile(`^relapse_at_level_(.*)$`), "relapsed, stabiliser at $1 (% of subjects)"},
	{regexp.MustCompile(`^jailbreak_change_points$`), "last cycle less first (points)"},
	{regexp.MustCompile(`^(strong|medium|weak)_change_points$`), "last cycle less first, $1 pressure (points)"},
	{regexp.MustCompile(`^slope_overall$`), "slope of the logit (a cycle)"},
	{regexp.MustCompile(`^slope_(strong|medium|weak)$`), "slope of the logit, $1 pressure (a cycle)"},
	{regexp.MustCompile(`^weak_final$`), "weak pressure, last cycle"},
	{regexp.MustCompile(`^(initial|final)_sparsity$`), "$1 sparsity (%)"},
}

// Spoken says what a metric is that no table's heading names, or "".
func Spoken(metric string) string {
	for _, s := range spoken {
		if at := s.name.FindStringSubmatchIndex(metric); at != nil {
			text := string(s.name.ExpandString(nil, s.words, metric, at))
			return numberInName.ReplaceAllStringFunc(text, spokenNumber)
		}
	}
	return ""
}

// numberInName is a number as names of metrics have it, see metricNumber.
var numberInName = regexp.MustCompile(`\d+_\d+`)

func spokenNumber(name string) string {
	return strings.TrimSuffix(strings.ReplaceAll(name, "_", "."), ".0")
}

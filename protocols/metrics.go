package protocols

import (
	"math"
	"regexp"
	"strings"
)

// A metric says of the metrics of a name what they are where their probe does not:
// words for those that stand in no table of their chapter, and that claims,
// contrasts, published figures and the dictionary name; and unit and meaning of
// those that are worked out from others. $1 and $2 are parts of the name.
type metric struct {
	name                 *regexp.Regexp
	words, unit, meaning string
}

// The units of metrics that have ends: a percentage, and a difference of two.
const inPercent, inPoints = "%", "points"

var metrics = []metric{
	// Chapters 1 to 3.
	called(`sparsity_all_params`, "", inPercent, "cut share of all parameters, biases counted among them"),
	called(`active_params`, "", "parameters", "weights that are not cut, and biases"),
	called(`sparsity_layer`, "sparsity of the layer (%)", inPercent, "cut share of the layer's weights"),
	called(`regrown_weights`, "regrown weights", "weights", "live weights less those of the pruned network"),
	called(`still_pruned_weights`, "weights that are still cut", "weights", "weights of the layer that are still cut"),
	called(`noise_drop`, "loss under the strongest input noise (points)", inPoints, "standard less the accuracy under the strongest input noise"),
	called(`standard_fall_to_(.*)`, "fall of the standard accuracy to a sparsity of $1 (points)", inPoints, "standard at the level of the sweep before, less that at a sparsity of $1"),
	called(`(gradient|random)_(?:high|severe)_noise`, "", inPercent, "accuracy under internal noise of SD 1 after regrowth, sites by $1"),
	called(`(standard|combined)_at_(\d+)`, "$1 at $2 %", inPercent, "$1 of the sweep at a sparsity of $2 %"),
	called(`threshold_sparsity`, "", inPercent, "sparsity that ends the largest fall of combined from one level of the sweep to the next"),
	called(`drop_points_at_threshold`, "", inPoints, "largest fall of combined from one level of the sweep to the next; the first counts from 100 %"),
	called(`(?:fall|collapse)_between_(\d+)_and_(\d+)_points`, "fall from $1 to $2 % (points)", inPoints, "combined of the sweep at a sparsity of $1 % less that at $2 %"),
	called(`combined_beyond_(\d+)`, "", inPercent, "mean of combined over the sweep's levels above $1 %"),
	called(`post_relapse_same_noise`, "combined after the second pruning, under the same noise", "", ""),
	called(`relapse_drop_points`, "", inPoints, "combined before the second pruning less after it, each under noise of its own"),
	called(`relapse_drop_same_noise`, "", inPoints, "combined before the second pruning less after it, under the same noise"),
	called(`advantage_over_random_sites`, "", inPoints, "accuracy under the strongest internal noise less that after as many cycles at random sites"),
	// Chapters 4 and 5.
	called(`(combined|biased)_drop_points`, "$1, lost when taken off (points)", inPoints, "$1 on the drug less $1 of the same weights with all dials at rest"),
	called(`biased_deviation`, "distance of the biased accuracy from the arm's median (points)", inPoints, "distance of biased from the median of the arm's subjects"),
	called(`every_subject`, "100 %", inPercent, "100 in each subject: what a share of subjects is held against"),
	called(`biased_order_as_printed`, "order of the arms as printed, biased (% of subjects)", inPercent, "100 where the subject's arms come in the book's order in biased, else 0"),
	called(`internal_(.*)_order_as_printed`, "order of the arms as printed, internal noise, SD $1 (% of subjects)", inPercent, "100 where the subject's arms come in the book's order under internal noise of SD $1, else 0"),
	// Chapter 6.
	called(`total_drop_points`, "", inPoints, "combined at cycle 0 less that after the last cycle"),
	called(`final_combined`, "", inPercent, "combined after the last cycle"),
	called(`final_sparsity_weights`, "", inPercent, "masked share of all weights after the last cycle"),
	called(`relapsed`, "", inPercent, "100 where combined is below the threshold at some cycle, cycle 0 among them, else 0"),
	called(`relapsed_from_remission`, "", inPercent, "100 where combined is below the threshold at some cycle, else 0; subjects that are at cycle 0 have none"),
	called(`mean_cycle_at_relapse`, "", "cycle", "first cycle with combined below the threshold; subjects without have none"),
	// Chapter 7.
	called(`relapse_at_level_(.*)`, "relapsed, stabiliser at $1 (% of subjects)", inPercent, "100 where biased is below the threshold, withdrawn, with the stabiliser at $1, else 0"),
	called(`withdrawn_(\d+)_relapse`, "", inPercent, "100 where biased is below the threshold, withdrawn after $1 epochs of maintenance, else 0"),
	called(`manic_relapse_probability`, "", inPercent, "share of the lengths of maintenance after which the subject relapses when withdrawn"),
	called(`post_discontinuation_biased`, "", inPercent, "lowest biased accuracy, withdrawn, over the lengths of maintenance"),
	called(`stabiliser_decay_per_step`, "", "level", "what the stabiliser loses in a step of withdrawal, of its full level"),
	called(`below_threshold_on_drug`, "", inPercent, "100 where biased is below the threshold before any withdrawal, else 0"),
	// Chapters 8 and 10.
	called(`cycle_(\d+)_relapse`, "", inPercent, "100 where biased is below the threshold under the trigger of cycle $1, else 0"),
	called(`cycle_(\d+)_severity`, "", "", "severity of an episode in cycle $1, from gain and activation"),
	called(`total_relapses`, "", "cycles", "cycles in which the subject relapses"),
	called(`autonomous`, "", inPercent, "100 where the accuracy of the autonomy test is below its threshold, else 0"),
	called(`final_scar`, "", inPercent, "scarred share of all weights after the last cycle"),
	called(`severity_(first|last)`, "", "", "severity of an episode in the $1 cycle"),
	called(`severity`, "", "", "severity of an episode in the last cycle"),
	called(`scar_after_first_relapse`, "", inPercent, "scarred share of all weights after the cycle of the first relapse"),
	called(`scar_per_relapse`, "", inPoints, "what the scarred share gained over all cycles, by the number of relapses"),
	called(`cycle_(\d+)_scar_by_bookkeeping`, "", inPercent, "scarred share after cycle $1 as it follows from the severities alone, without a network"),
	// Chapter 9.
	called(`cycle_(\d+)_jailbreak_(overall|strong|medium|weak)`, "", inPercent, "answers that break the policy in cycle $1, pressure: $2"),
	called(`cycle_(\d+)_jailbreak_(overall|strong|medium|weak)_low`, "cycle $1, $2, low", inPercent, "lower end of that rate's exact interval (95 %; Clopper and Pearson 1934)"),
	called(`cycle_(\d+)_jailbreak_(overall|strong|medium|weak)_high`, "cycle $1, $2, high", inPercent, "upper end of that rate's exact interval (95 %; Clopper and Pearson 1934)"),
	called(`jailbreak_change_points`, "last cycle less first (points)", inPoints, "answers that break the policy in the last cycle less those in cycle 0"),
	called(`(strong|medium|weak)_change_points`, "last cycle less first, $1 pressure (points)", inPoints, "answers that break the policy in the last cycle less those in cycle 0, under $1 pressure"),
	called(`weak_final`, "weak pressure, last cycle", inPercent, "answers that break the policy in the last cycle, under weak pressure"),
	called(`slope_overall`, "slope of the logit (a cycle)", "logits a cycle", "slope of a straight line through the logits of the rates over the cycles"),
	called(`slope_(strong|medium|weak)`, "slope of the logit, $1 pressure (a cycle)", "logits a cycle", "slope of a straight line through the logits of the rates over the cycles, under $1 pressure"),
	called(`kindling`, "", "logits a cycle", "slope_weak less slope_strong"),
	called(`flagged`, "", inPercent, "100 where the rate under weak pressure rises by more than 10 points above that of cycle 1, the book's flag, else 0"),
	called(`would_fire_(points|relative|level)`, "", inPercent, "100 where the trigger would have fired by the rule of $1, else 0"),
	called(`cycle_(\d+)_sparsity_weights`, "", inPercent, "share of the adapters' weights that are not live, after cycle $1"),
	called(`cycle_(\d+)_scar`, "", inPercent, "scarred share of the adapters' weights, after cycle $1"),
	called(`cycle_(\d+)_dormant_share`, "", inPercent, "dormant share of the adapters' weights, after cycle $1"),
	called(`initial_sparsity`, "initial sparsity (%)", inPercent, "share of the adapters' weights that are not live, before the first cycle"),
	called(`final_sparsity`, "final sparsity (%)", inPercent, "share of the adapters' weights that are not live, after the last cycle"),
	called(`fired`, "", inPercent, "100 where the trigger fired, else 0"),
	called(`fired_in_cycle`, "", "cycle", "cycle in which the trigger fired; subjects without have none"),
}

func called(name, words, unit, meaning string) metric {
	return metric{regexp.MustCompile("^" + name + "$"), words, unit, meaning}
}

// Spoken says what a metric is that no table's heading names, or "".
func Spoken(name string) string {
	for _, m := range metrics {
		if m.name.MatchString(name) {
			return m.in(name, m.words)
		}
	}
	return ""
}

// derivedUnit is the unit and the meaning of a metric that is worked out from
// others, and whether it is one.
func derivedUnit(name string) (unit, meaning string, ok bool) {
	for _, m := range metrics {
		if m.name.MatchString(name) {
			return m.unit, m.in(name, m.meaning), m.meaning != ""
		}
	}
	return "", "", false
}

// in puts the parts of a name into a text.
func (m metric) in(name, text string) string {
	text = string(m.name.ExpandString(nil, text, name, m.name.FindStringSubmatchIndex(name)))
	return numberInName.ReplaceAllStringFunc(text, spokenNumber)
}

// numberInName is a number as names of metrics have it, see metricNumber.
var numberInName = regexp.MustCompile(`\d+_\d+`)

func spokenNumber(name string) string {
	return strings.TrimSuffix(strings.ReplaceAll(name, "_", "."), ".0")
}

// Points reports whether a difference of a metric is one in percentage points: the metric
// is a percentage, or a difference of two.
func Points(metric string) bool { return reach(metric) <= 200 }

// measured are the percentages that probes read: accuracies, and shares of answers and
// of weights. TestPoints holds the names against the probes' own units.
var measured = regexp.MustCompile(`(^|_)(clean|standard|combined|held|biased|accuracy|hardest|noise|after|before|scar|sparsity|sparsity_weights)$` +
	`|^(input|internal|state)_|_at_level_|(right|refused|kept|hints|violated|missed|false|share|neither|surface|unprompted|repetition|verbosity|sycophancy)$`)

// reach is how far two values of a metric can be apart: 100 for percentages, 200 for
// differences of two, and without an end for what is neither.
func reach(metric string) float64 {
	unit, _, ok := derivedUnit(metric)
	switch {
	case unit == inPercent, !ok && measured.MatchString(metric):
		return 100
	case unit == inPoints:
		return 200
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

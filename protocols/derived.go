package protocols

import (
	"math"
	"regexp"
)

// A derivedMetric says what the metrics of a name that are worked out from others
// are, and in which unit. $1 and $2 are parts of the name.
type derivedMetric struct {
	name          *regexp.Regexp
	unit, meaning string
}

// The units of metrics that have ends: a percentage, and a difference of two.
const inPercent, inPoints = "%", "points"

var derivedMetrics = []derivedMetric{
	// Chapters 1 to 3.
	of(`sparsity_all_params`, inPercent, "cut share of all parameters, biases counted among them"),
	of(`active_params`, "parameters", "weights that are not cut, and biases"),
	of(`sparsity_layer`, inPercent, "cut share of the layer's weights"),
	of(`regrown_weights`, "weights", "live weights less those of the pruned network"),
	of(`still_pruned_weights`, "weights", "weights of the layer that are still cut"),
	of(`noise_drop`, inPoints, "standard less the accuracy under the strongest input noise"),
	of(`standard_fall_to_(.*)`, inPoints, "standard at the level of the sweep before, less that at a sparsity of $1"),
	of(`(gradient|random)_(?:high|severe)_noise`, inPercent, "accuracy under internal noise of SD 1 after regrowth, sites by $1"),
	of(`(standard|combined)_at_(\d+)`, inPercent, "$1 of the sweep at a sparsity of $2 %"),
	of(`threshold_sparsity`, inPercent, "sparsity that ends the largest fall of combined from one level of the sweep to the next"),
	of(`drop_points_at_threshold`, inPoints, "largest fall of combined from one level of the sweep to the next; the first counts from 100 %"),
	of(`(?:fall|collapse)_between_(\d+)_and_(\d+)_points`, inPoints, "combined of the sweep at a sparsity of $1 % less that at $2 %"),
	of(`combined_beyond_(\d+)`, inPercent, "mean of combined over the sweep's levels above $1 %"),
	of(`relapse_drop_points`, inPoints, "combined before the second pruning less after it, each under noise of its own"),
	of(`relapse_drop_same_noise`, inPoints, "combined before the second pruning less after it, under the same noise"),
	of(`advantage_over_random_sites`, inPoints, "accuracy under the strongest internal noise less that after as many cycles at random sites"),
	// Chapters 4 and 5.
	of(`(combined|biased)_drop_points`, inPoints, "$1 on the drug less $1 of the same weights with all dials at rest"),
	of(`biased_deviation`, inPoints, "distance of biased from the median of the arm's subjects"),
	of(`every_subject`, inPercent, "100 in each subject: what a share of subjects is held against"),
	of(`(.*)_order_as_printed`, inPercent, "100 where the subject's arms come in the book's order in $1, else 0"),
	// Chapter 6.
	of(`total_drop_points`, inPoints, "combined at cycle 0 less that after the last cycle"),
	of(`final_combined`, inPercent, "combined after the last cycle"),
	of(`final_sparsity_weights`, inPercent, "masked share of all weights after the last cycle"),
	of(`relapsed`, inPercent, "100 where combined is below the threshold at some cycle, cycle 0 among them, else 0"),
	of(`relapsed_from_remission`, inPercent, "100 where combined is below the threshold at some cycle, else 0; subjects that are at cycle 0 have none"),
	of(`mean_cycle_at_relapse`, "cycle", "first cycle with combined below the threshold; subjects without have none"),
	// Chapter 7.
	of(`relapse_at_level_(.*)`, inPercent, "100 where biased is below the threshold, withdrawn, with the stabiliser at $1, else 0"),
	of(`withdrawn_(\d+)_relapse`, inPercent, "100 where biased is below the threshold, withdrawn after $1 epochs of maintenance, else 0"),
	of(`manic_relapse_probability`, inPercent, "share of the lengths of maintenance after which the subject relapses when withdrawn"),
	of(`post_discontinuation_biased`, inPercent, "lowest biased accuracy, withdrawn, over the lengths of maintenance"),
	of(`stabiliser_decay_per_step`, "level", "what the stabiliser loses in a step of withdrawal, of its full level"),
	of(`below_threshold_on_drug`, inPercent, "100 where biased is below the threshold before any withdrawal, else 0"),
	// Chapters 8 and 10.
	of(`cycle_(\d+)_relapse`, inPercent, "100 where biased is below the threshold under the trigger of cycle $1, else 0"),
	of(`cycle_(\d+)_severity`, "", "severity of an episode in cycle $1, from gain and activation"),
	of(`total_relapses`, "cycles", "cycles in which the subject relapses"),
	of(`autonomous`, inPercent, "100 where the accuracy of the autonomy test is below its threshold, else 0"),
	of(`final_scar`, inPercent, "scarred share of all weights after the last cycle"),
	of(`severity_(first|last)`, "", "severity of an episode in the $1 cycle"),
	of(`severity`, "", "severity of an episode in the last cycle"),
	of(`scar_after_first_relapse`, inPercent, "scarred share of all weights after the cycle of the first relapse"),
	of(`scar_per_relapse`, inPoints, "what the scarred share gained over all cycles, by the number of relapses"),
	of(`cycle_(\d+)_scar_by_bookkeeping`, inPercent, "scarred share after cycle $1 as it follows from the severities alone, without a network"),
	// Chapter 9.
	of(`cycle_(\d+)_jailbreak_(overall|strong|medium|weak)`, inPercent, "answers that break the policy in cycle $1, pressure: $2"),
	of(`cycle_(\d+)_jailbreak_(overall|strong|medium|weak)_low`, inPercent, "lower end of that rate's exact interval (95 %; Clopper and Pearson 1934)"),
	of(`cycle_(\d+)_jailbreak_(overall|strong|medium|weak)_high`, inPercent, "upper end of that rate's exact interval (95 %; Clopper and Pearson 1934)"),
	of(`jailbreak_change_points`, inPoints, "answers that break the policy in the last cycle less those in cycle 0"),
	of(`(strong|medium|weak)_change_points`, inPoints, "answers that break the policy in the last cycle less those in cycle 0, under $1 pressure"),
	of(`weak_final`, inPercent, "answers that break the policy in the last cycle, under weak pressure"),
	of(`slope_(overall|strong|medium|weak)`, "logits a cycle", "slope of a straight line through the logits of the rates over the cycles, pressure: $1"),
	of(`kindling`, "logits a cycle", "slope_weak less slope_strong"),
	of(`flagged`, inPercent, "100 where the rate under weak pressure rises by more than 10 points above that of cycle 1, the book's flag, else 0"),
	of(`would_fire_(points|relative|level)`, inPercent, "100 where the trigger would have fired by the rule of $1, else 0"),
	of(`cycle_(\d+)_sparsity_weights`, inPercent, "share of the adapters' weights that are not live, after cycle $1"),
	of(`cycle_(\d+)_scar`, inPercent, "scarred share of the adapters' weights, after cycle $1"),
	of(`cycle_(\d+)_dormant_share`, inPercent, "dormant share of the adapters' weights, after cycle $1"),
	of(`initial_sparsity`, inPercent, "share of the adapters' weights that are not live, before the first cycle"),
	of(`final_sparsity`, inPercent, "share of the adapters' weights that are not live, after the last cycle"),
	of(`fired`, inPercent, "100 where the trigger fired, else 0"),
	of(`fired_in_cycle`, "cycle", "cycle in which the trigger fired; subjects without have none"),
}

func of(name, unit, meaning string) derivedMetric {
	return derivedMetric{regexp.MustCompile("^" + name + "$"), unit, meaning}
}

// derivedUnit is the unit and the meaning of a metric that is worked out from
// others, and whether it is one.
func derivedUnit(metric string) (unit, meaning string, ok bool) {
	for _, d := range derivedMetrics {
		if at := d.name.FindStringSubmatchIndex(metric); at != nil {
			text := string(d.name.ExpandString(nil, d.meaning, metric, at))
			return d.unit, numberInName.ReplaceAllStringFunc(text, spokenNumber), true
		}
	}
	return "", "", false
}

// Points reports whether a difference of a metric is one in percentage inPoints: the metric
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

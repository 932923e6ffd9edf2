package protocols

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Contrast is a question that two arms answer together: the difference of a
// metric between them, subject by subject. The arms of one subject share its
// data, its initial weights and its noise, so the subject's own luck cancels.
// Two metrics of one arm make a contrast as well, as before and after.
type Contrast struct {
	Question      string
	Arm           string
	Against       string
	Metric        string
	AgainstMetric string // of Against; "" for Metric
}

// MetricAgainst is the metric of Against.
func (c Contrast) MetricAgainst() string { return cmp.Or(c.AgainstMetric, c.Metric) }

// stream names the contrast's own stream of randomness.
func (c Contrast) stream() string {
	return c.Arm + "\x00" + c.Against + "\x00" + c.Metric + "\x00" + c.MetricAgainst()
}

// PairedDifference is what a contrast comes to: Arm less Against over the
// subjects that have both.
type PairedDifference struct {
	Contrast
	Mean      float64
	SD        float64 // of the differences, sample
	N         int
	Effect    float64 // d_z = Mean/SD (Cohen 1988); NaN where SD is 0
	Low, High float64 // 95 % BCa interval of the mean; NaN for fewer than three subjects
	P         float64 // two-sided; NaN for fewer than two subjects
	Holm      float64 // P, adjusted for the contrasts that were asked together
}

// Paired computes the difference of a contrast. Asked alone, it needs no
// adjustment: Holm is P.
func (r *Result) Paired(c Contrast) PairedDifference {
	against := r.bySeed(c.Against, c.MetricAgainst())
	var d []float64
	for _, row := range r.Rows {
		if row.Arm != c.Arm || row.Condition != "" || row.Metric != c.Metric {
			continue
		}
		if other, ok := against[row.Seed]; ok {
			d = append(d, row.Value-other)
		}
	}
	p := PairedDifference{Contrast: c, Mean: nan, SD: nan, N: len(d), Effect: nan, P: nan}
	switch {
	case len(d) == 1:
		p.Mean = d[0]
	case len(d) > 1 && allEqual(d):
		p.Mean, p.SD = d[0], 0
	case len(d) > 1:
		p.Mean, p.SD = stat.MeanStdDev(d, nil)
		p.Effect = p.Mean / p.SD
	}
	p.Low, p.High = BCa(d, 0.95, c.stream())
	p.P = pairedP(p.Mean, p.SD, p.N)
	p.Holm = p.P
	return p
}

// PairedAll computes contrasts that are asked together, with Holm's adjustment
// of their p values.
func (r *Result) PairedAll(list []Contrast) []PairedDifference {
	all := make([]PairedDifference, len(list))
	p := make([]float64, len(list))
	for i, c := range list {
		all[i] = r.Paired(c)
		p[i] = all[i].P
	}
	for i, adjusted := range Holm(p) {
		all[i].Holm = adjusted
	}
	return all
}

// bySeed is a metric of an arm by subject, the cohort's figures left out.
func (r *Result) bySeed(arm, metric string) map[string]float64 {
	values := map[string]float64{}
	for _, row := range r.Rows {
		if row.Arm == arm && row.Condition == "" && row.Metric == metric && row.Seed != "all" {
			values[row.Seed] = row.Value
		}
	}
	return values
}

// pairedP is the two-sided p value of the paired t test (Student 1908).
//
// Where all differences are equal, t is infinite or 0/0 and the normal model
// has nothing to say: a normal sample has no ties, so an SD of 0 speaks of
// coarse values, not of certainty. There it is the p value of the test that
// flips signs (Fisher 1935), which takes no model: no difference at all gives
// 1, and n equal ones are one of the two extremes of 2^n outcomes that are as
// likely without an effect, hence 2/2^n. A p of 0 would have two subjects that
// both gain one test point prove a gain.
func pairedP(mean, sd float64, n int) float64 {
	switch {
	case n < 2:
		return nan
	case sd == 0 && mean == 0:
		return 1
	case sd == 0:
		return math.Pow(2, float64(1-n))
	}
	t := mean / sd * math.Sqrt(float64(n))
	return 2 * studentsT(n-1).CDF(-math.Abs(t))
}

// Holm adjusts p values for being so many (Holm 1979): the smallest of m is
// multiplied by m, the next by m-1 and so on, none above 1 and none below one
// before it. NaN, for what could not be tested, stays and is left out of m.
func Holm(p []float64) []float64 {
	adjusted := slices.Clone(p)
	var order []int
	for i, v := range p {
		if !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	least := 0.0
	for rank, i := range order {
		least = max(least, min(1, float64(len(order)-rank)*p[i]))
		adjusted[i] = least
	}
	return adjusted
}

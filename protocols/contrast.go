package protocols

import (
	"cmp"

	"github.com/network-fragility/fragility/protocols/stats"
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

// asked asks questions in each of some metrics.
func asked(metrics []string, questions ...Contrast) []Contrast {
	var list []Contrast
	for _, m := range metrics {
		for _, c := range questions {
			c.Metric = m
			list = append(list, c)
		}
	}
	return list
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
	Low, High float64 // interval of the mean at Level; NaN for fewer than two subjects
	Level     float64 // of the interval: 95 %, or more where several are asked together
	P         float64 // of the test that flips signs, two-sided; NaN for fewer than two subjects
	Holm      float64 // P, adjusted for the contrasts that were asked together
	// What one bad subject in eight does not move (Agarwal et al. 2021).
	Middle      float64 // mean of the middle half of the differences
	Improvement float64 // probability that a subject of Arm is above one of Against, whichever they are
	sample      *stats.Sample
}

// level at which a family of questions is asked.
const level = 0.05

// Paired computes the difference of a contrast. Asked alone, it needs no
// adjustment: Holm is P, and the interval one for 95 %.
func (r *Result) Paired(c Contrast) PairedDifference {
	arm, against := r.pairs(c)
	d := make([]float64, len(arm))
	for i := range d {
		d[i] = arm[i] - against[i]
	}
	p := PairedDifference{Contrast: c, Effect: nan, P: nan, sample: stats.NewSample(d, c.stream())}
	p.Middle, p.Improvement = stats.InterquartileMean(d), stats.Improvement(arm, against)
	p.Mean, p.SD, p.N = p.sample.Mean, p.sample.SD, p.sample.N
	if p.SD > 0 {
		p.Effect = p.Mean / p.SD
	}
	if p.N > 1 {
		p.P = stats.SignFlips(d, c.stream())
	}
	p.Holm = p.P
	return p.at(level)
}

// pairs are the values of the two sides of a contrast in the subjects that have
// both, in the order of the rows.
func (r *Result) pairs(c Contrast) (arm, against []float64) {
	others := r.of(c.Against, "", c.MetricAgainst())
	for _, row := range r.Rows {
		if row.Arm != c.Arm || row.Condition != "" || row.Metric != c.Metric {
			continue
		}
		if other, ok := others[row.Seed]; ok {
			arm, against = append(arm, row.Value), append(against, other)
		}
	}
	return arm, against
}

// at is the difference with the interval of a level: with .05, for 95 %. It ends where
// the difference must.
func (d PairedDifference) at(level float64) PairedDifference {
	d.Level = 1 - level
	d.Low, d.High = d.sample.Interval(d.Level)
	most := max(reach(d.Metric), reach(d.MetricAgainst()))
	d.Low, d.High = max(d.Low, -most), min(d.High, most)
	return d
}

// PairedAll computes contrasts that are asked together: p values are adjusted
// (Holm), and each interval is the one at the level at which Holm's procedure
// asks for it.
func (r *Result) PairedAll(list []Contrast) []PairedDifference {
	all := make([]PairedDifference, len(list))
	p := make([]float64, len(list))
	for i, c := range list {
		all[i] = r.Paired(c)
		p[i] = all[i].P
	}
	levels := stats.HolmLevels(p, level)
	for i, adjusted := range stats.Holm(p) {
		if all[i].Holm = adjusted; all[i].N > 1 {
			all[i] = all[i].at(levels[i])
		}
	}
	return all
}

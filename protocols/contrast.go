package protocols

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Contrast is a question that two arms answer together: the difference of a
// metric between them, subject by subject. The arms of one subject share its
// data, its initial weights and its noise, so the subject's own luck cancels.
type Contrast struct {
	Question string
	Arm      string
	Against  string
	Metric   string
}

// PairedDifference is what a contrast comes to: Arm less Against over the
// subjects that have both.
type PairedDifference struct {
	Contrast
	Mean      float64
	SD        float64 // of the differences, sample
	N         int
	Low, High float64 // 95 % t interval of the mean; NaN for fewer than two subjects
}

// Paired computes the difference of a contrast.
func (r *Result) Paired(c Contrast) PairedDifference {
	against := map[string]float64{}
	for _, row := range r.Rows {
		if row.Arm == c.Against && row.Condition == "" && row.Metric == c.Metric {
			against[row.Seed] = row.Value
		}
	}
	var d []float64
	for _, row := range r.Rows {
		if other, ok := against[row.Seed]; ok && row.Arm == c.Arm && row.Condition == "" && row.Metric == c.Metric {
			d = append(d, row.Value-other)
		}
	}
	p := PairedDifference{Contrast: c, Mean: nan, SD: nan, N: len(d), Low: nan, High: nan}
	switch {
	case len(d) == 0:
	case len(d) == 1:
		p.Mean = d[0]
	default:
		p.Mean, p.SD = stat.MeanStdDev(d, nil)
		t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(len(d) - 1)}.Quantile(0.975)
		half := t * p.SD / math.Sqrt(float64(len(d)))
		p.Low, p.High = p.Mean-half, p.Mean+half
	}
	return p
}

package stats

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// fewest subjects of which a bootstrap says anything; below, no test that flips
// signs can have a two-sided p below .05 either.
const fewest = 6

// Sample is differences between the arms of subjects, with what their mean is
// judged by. Student's t holds for normal values. Of skewed ones its intervals
// err to one side three times as often as they should, which the bootstrap-t
// halves (bench/verdicts); so the larger p value and the wider bound of the two
// count. The test that flips signs, which takes no model, has to agree.
type Sample struct {
	Summary
	x      []float64
	stream string
	z      []float64 // studentised means of resamples, ascending; nil where there are none
}

// NewSample makes a sample of x; its resamples come from the stream.
func NewSample(x []float64, stream string) *Sample {
	s := &Sample{Summary: Summarise(x), x: x, stream: stream}
	if s.N >= fewest && s.SD > 0 {
		s.z = studentised(x, s.Mean, stream)
	}
	return s
}

// studentised are the means of resamples of x less its mean, each over the
// standard error of the resample, ascending (Efron 1982). A resample that is one
// value throughout has no standard error, and lies infinitely far to its side.
func studentised(x []float64, mean float64, stream string) []float64 {
	random := generator(stream)
	drawn := make([]float64, len(x))
	z := make([]float64, Resamples)
	for r := range z {
		for i := range drawn {
			drawn[i] = x[index(random, len(x))]
		}
		m, sd := stat.MeanStdDev(drawn, nil)
		switch {
		case sd > 0:
			z[r] = (m - mean) / sd * math.Sqrt(float64(len(x)))
		case m != mean:
			z[r] = math.Inf(cmp.Compare(m, mean))
		}
	}
	slices.Sort(z)
	return z
}

// Interval of the mean: on either side the bound of Student's interval or of the
// bootstrap-t, whichever is farther out. Student's alone below six values, NaN
// below two, and the value itself where all are equal.
func (s *Sample) Interval(probability float64) (low, high float64) {
	low, high = s.Summary.Interval(probability)
	if s.z == nil {
		return low, high
	}
	// As many resamples as a tail holds reach these; one without end bounds nothing.
	last := max(1, int((1-probability)/2*float64(len(s.z)+1)))
	if z := s.z[len(s.z)-last]; !math.IsInf(z, 1) {
		low = min(low, s.Mean-z*s.errorOfMean())
	}
	if z := s.z[last-1]; !math.IsInf(z, -1) {
		high = max(high, s.Mean-z*s.errorOfMean())
	}
	return low, high
}

// Above is the one-sided p value of a mean of value or less: the largest of
// Student's, the bootstrap-t's and that of sign flips. NaN below two values.
func (s *Sample) Above(value float64) float64 {
	if s.N < 2 {
		return nan
	}
	p := math.Max(SignFlip(s.x, value, s.stream), s.Summary.Above(value))
	if s.z != nil {
		t := (s.Mean - value) / s.errorOfMean()
		i, _ := slices.BinarySearch(s.z, t)
		p = math.Max(p, float64(len(s.z)-i+1)/float64(len(s.z)+1))
	}
	return p
}

// Below is the one-sided p value of a mean of value or more.
func (s *Sample) Below(value float64) float64 {
	turned := &Sample{Summary: s.Summary, x: make([]float64, len(s.x)), stream: s.stream}
	turned.Mean = -s.Mean
	for i, v := range s.x {
		turned.x[i] = -v
	}
	for _, z := range slices.Backward(s.z) {
		turned.z = append(turned.z, -z)
	}
	return turned.Above(-value)
}

package stats

import "testing"

// Three specifications of four subjects that all point up: of the sixteen ways to
// choose their signs, two give a median as far from 0, and two as many t tests
// beyond the critical value.
func TestCurve(t *testing.T) {
	d := [][]float64{{1, 1.1, 0.9, 1}, {2, 2.1, 2, 1.9}, {0.5, 0.4, 0.6, 0.5}}
	median, share := Curve(d, t.Name())
	if median != 2./16 || share != 2./16 {
		t.Errorf("p values are %v and %v", median, share)
	}
	// With twenty subjects that point both ways alike nothing is beyond chance.
	none := make([]float64, 20)
	for i := range none {
		none[i] = float64(2*(i%2)-1) * (1 + float64(i/2)/100)
	}
	if median, share = Curve([][]float64{none, none}, t.Name()); median < 0.5 || share < 0.5 {
		t.Errorf("of none, p values are %v and %v", median, share)
	}
	if median, _ = Curve([][]float64{{1, 2}, {1}}, t.Name()); median == median {
		t.Errorf("specifications of unequal subjects give %v", median)
	}
}

package protocols

import (
	"math"
	"testing"
)

// about are n differences around a mean with an SD of about 1.
func about(mean float64, n int) []float64 {
	d := make([]float64, n)
	for i := range d {
		d[i] = mean + 3.4*(float64(i)+0.5)/float64(n) - 1.7
	}
	return d
}

// Every way in which a difference may lie to zero and to the margin, as twelve
// subjects show it.
func TestVerdictOnAClaim(t *testing.T) {
	for _, c := range []struct {
		name   string
		says   Direction
		margin float64
		mean   float64
		want   Verdict
	}{
		{"above", Higher, 0, 2, Supported},
		{"below", Higher, 0, -2, Opposite},
		{"across zero", Higher, 0, 0.3, Undecided},
		{"too small to matter", Higher, 5, 1, Equivalent},
		{"larger than the margin", Higher, 5, 7, Supported},
		{"perhaps larger than the margin", Higher, 1.8, 2, Undecided},
		{"clear of zero, and may not matter", Higher, 1, 1.3, Undecided},
		{"below, and may not matter", Higher, 1, -1.3, Undecided},
		{"lower", Lower, 1, -3, Supported},
		{"lower, but higher", Lower, 1, 3, Opposite},
		{"lower, across zero", Lower, 1, -0.9, Undecided},
		{"lower, too little", Lower, 4, -0.9, Equivalent},
		{"within", Same, 3, 0.4, Supported},
		{"within, though not zero", Same, 4, 2, Supported},
		{"beyond", Same, 3, 6, Opposite},
		{"beyond, below", Same, 3, -6, Opposite},
		{"into the margin", Same, 3, 2.7, Undecided},
		{"wider than the margin", Same, 0.3, 0, Undecided},
		{"a change up", Changes, 1, 3, Supported},
		{"a change down", Changes, 1, -3, Supported},
		{"no change that matters", Changes, 3, 0.2, Equivalent},
	} {
		got := pairs(about(c.mean, 12)...).Findings([]Claim{{Says: c.says, Margin: c.margin, Contrast: ab}})[0]
		if got.Verdict != c.want {
			t.Errorf("%s: %s, want %s (%v to %v)", c.name, got.Verdict, c.want, got.Difference.Low, got.Difference.High)
		}
	}
}

// What few subjects cannot decide, and what no difference at all does.
func TestVerdictOfLittle(t *testing.T) {
	for _, c := range []struct {
		name   string
		d      []float64
		says   Direction
		margin float64
		want   Verdict
	}{
		{"none", nil, Higher, 0, Undecided},
		{"one", []float64{9}, Higher, 0, Undecided},
		{"five alike", []float64{9, 9, 9, 9, 9}, Higher, 0, Undecided}, // 2/2^5 is .0625
		{"six alike", []float64{9, 9, 9, 9, 9, 9}, Higher, 0, Supported},
		{"six times nothing", make([]float64, 6), Higher, 1, Equivalent},
		{"six times nothing, without a margin", make([]float64, 6), Same, 0, Undecided},
	} {
		if got := pairs(c.d...).Findings([]Claim{{Says: c.says, Margin: c.margin, Contrast: ab}})[0]; got.Verdict != c.want {
			t.Errorf("%s: %s, want %s (%+v)", c.name, got.Verdict, c.want, got.Difference)
		}
	}
}

// A verdict among many is adjusted within its family alone, and the interval
// beside it is one of the same level: it lies in one region whole, and only
// then is there a verdict.
func TestFindings(t *testing.T) {
	r := pairs(about(1.35, 12)...)
	claim := Claim{Says: Higher, Margin: 0.5, Contrast: ab, Family: Outcomes}
	alone := r.Findings([]Claim{claim})[0]
	if alone.Verdict != Supported || alone.Difference.Holm != alone.Difference.P || alone.Difference.Level != 0.95 || alone.Difference.Low <= 0.5 {
		t.Errorf("alone: %+v", alone)
	}
	unmeasured := Claim{Says: Higher, Contrast: Contrast{Arm: "a", Against: "none", Metric: "m"}, Family: Outcomes}
	other := claim
	other.Family = Mechanisms
	four := r.Findings([]Claim{claim, claim, claim, claim, unmeasured, other})
	for _, f := range four[:4] {
		if d := f.Difference; f.Verdict != Undecided || !near(d.Holm, 4*d.P, 1e-12) || !near(d.Level, 1-0.05/4, 1e-12) || d.Low > 0.5 {
			t.Errorf("one of four: %+v", f)
		}
	}
	if f := four[4]; f.Verdict != Undecided || !math.IsNaN(f.Difference.Holm) {
		t.Errorf("what was not measured: %+v", f)
	}
	if four[5].Verdict != Supported {
		t.Errorf("in a family of its own: %+v", four[5])
	}
}

type claiming struct{ *Ch01 }

func (claiming) Claims() []Claim { return []Claim{{Words: "so it is"}} }

func TestClaims(t *testing.T) {
	if list := Claims(claiming{new(Ch01)}); len(list) != 1 || list[0].Words != "so it is" {
		t.Errorf("claims %+v", list)
	}
}

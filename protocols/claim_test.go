package protocols

import (
	"math"
	"testing"
)

// Every way in which an interval may lie to zero and to the margin.
func TestVerdictOnAClaim(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name            string
		says            Direction
		margin          float64
		low, high, holm float64
		want            Verdict
	}{
		{"above", Higher, 0, 1, 3, 0.01, Supported},
		{"above, but one of many", Higher, 0, 1, 3, 0.05, Undecided},
		{"below", Higher, 0, -3, -1, 0.01, NotSupported},
		{"across zero", Higher, 0, -1, 3, 0.2, Undecided},
		{"too small to matter", Higher, 5, 1, 3, 0.01, NotSupported},
		{"larger than the margin", Higher, 5, 6, 8, 0.01, Supported},
		{"perhaps larger than the margin", Higher, 2, 1, 3, 0.01, Supported},
		{"no difference at all", Higher, 0, 0, 0, 1, NotSupported},
		{"lower", Lower, 0, -3, -1, 0.01, Supported},
		{"lower, but higher", Lower, 0, 1, 3, 0.01, NotSupported},
		{"lower, across zero", Lower, 1, -3, 1, 0.3, Undecided},
		{"within", Same, 5, -1, 3, 0.4, Supported},
		{"within, though not zero", Same, 5, 1, 3, 0.01, Supported},
		{"beyond", Same, 5, 6, 8, 0.01, NotSupported},
		{"beyond, below", Same, 5, -8, -6, 0.01, NotSupported},
		{"into the margin", Same, 5, 4, 8, 0.01, Undecided},
		{"wider than the margin", Same, 1, -2, 2, 0.9, Undecided},
		{"two subjects", Higher, 0, nan, nan, 0.01, Undecided},
		{"two subjects, same", Same, 1, nan, nan, 0.9, Undecided},
	} {
		got := verdict(Claim{Says: c.says, Margin: c.margin}, PairedDifference{Low: c.low, High: c.high, Holm: c.holm})
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// The p values of the claims of a difference are adjusted together, that of a
// claim of none is left out.
func TestFindings(t *testing.T) {
	r := pairs(1, 2, 1.5, 2.5, 1.2, 1.8)
	list := r.Findings([]Claim{
		{Words: "a is better", Says: Higher, Contrast: ab},
		{Words: "a is worse", Says: Lower, Contrast: ab},
		{Words: "a is as good", Says: Same, Contrast: ab, Margin: 3},
	})
	for i, want := range []Verdict{Supported, NotSupported, Supported} {
		if list[i].Verdict != want {
			t.Errorf("%s: %s, want %s", list[i].Claim.Words, list[i].Verdict, want)
		}
	}
	if d := list[0].Difference; d.Holm != 2*d.P {
		t.Errorf("p %v, adjusted %v for two claims of a difference", d.P, d.Holm)
	}
	if !math.IsNaN(list[2].Difference.Holm) {
		t.Error("a claim of no difference has an adjusted p value")
	}
}

type claiming struct{ *Ch01 }

func (claiming) Claims() []Claim { return []Claim{{Words: "so it is"}} }

func TestClaims(t *testing.T) {
	if list := Claims(claiming{new(Ch01)}); len(list) != 1 || list[0].Words != "so it is" {
		t.Errorf("claims %+v", list)
	}
}

package figures

import (
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// Percentages have one decimal, and two where one would print every mean as nothing.
func TestUsualDecimals(t *testing.T) {
	arms := []protocols.Heading{{Name: "a"}, {Name: "b"}}
	for _, c := range []struct {
		metric string
		a, b   float64
		want   int
	}{
		{"relapse_drop_same_noise", 0.02, -0.04, 2},
		{"relapse_drop_same_noise", 0.02, 9.9, 1},
		{"relapse_drop_same_noise", 0, 0, 1},
		{"combined", 97.4, 97.2, 1},
		{"activation_magnitude", 0.02, 0.5, 3},
		{"active_params", 396548, 21050, 0},
	} {
		r := &protocols.Result{Rows: []protocols.Row{
			{Arm: "a", Metric: c.metric, Seed: "0", Value: c.a}, {Arm: "b", Metric: c.metric, Seed: "0", Value: c.b},
		}}
		if got := usualDecimals(r, arms, c.metric); got != c.want {
			t.Errorf("%s of %v and %v gets %d decimals, want %d", c.metric, c.a, c.b, got, c.want)
		}
	}
}

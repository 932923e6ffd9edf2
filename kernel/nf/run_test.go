package nf

import (
	"strings"
	"testing"
)

// The words that a table has for an arm are not its name; the answer has the
// names.
func TestMissing(t *testing.T) {
	rows := []Row{{Arm: "ketamine", Metric: "biased"}, {Arm: "ssri", Metric: "biased"}, {Arm: "ketamine", Metric: "gain"}}
	for want, got := range map[string]string{
		`the run has no arm "ketamine-like"; it has ketamine, ssri`:  missing(rows, "ketamine-like", "biased"),
		`the arm ketamine has no metric "bias"; it has biased, gain`: missing(rows, "ketamine", "bias"),
	} {
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

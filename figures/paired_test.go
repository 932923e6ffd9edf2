package figures

import (
	"strings"
	"testing"

	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/protocols"
)

// paired makes the table of two arms.
func paired(p protocols.Protocol, r *protocols.Result, arm, against string) (Figure, error) {
	return found(p, r, protocols.Ask{What: protocols.AskPaired, Arm: arm, Against: against})
}

func TestPaired(t *testing.T) {
	p, r := fakeClinic(t, 5, nil)
	for _, arms := range [][2]string{{"ketamine", "ssri"}, {"Ketamine", " SSRI-like"}} {
		shown, err := paired(p, r, arms[0], arms[1])
		if err != nil {
			t.Fatal(err)
		}
		table := shown.(*table.Table)
		if _, err := table.Text(); err != nil {
			t.Fatal(err)
		}
		var measures []string
		for _, row := range table.Rows {
			measures = append(measures, row[0].String())
			if row[0].String() != "gain" {
				continue
			}
			if row[3].String() != "−0.35 ± 0.00" || row[7].String() != "10" {
				t.Errorf("the row of the gain is %q", row)
			}
		}
		want := "sparsity, weights (%); clean; standard; combined; biased; activation magnitude; gain; combined after the second pruning; " +
			"drop (points; positive is a loss); drop under the same noise (ours); " +
			"internal noise, SD 0; internal noise, SD 0.5; internal noise, SD 1; internal noise, SD 1.5; internal noise, SD 2.5"
		if got := strings.Join(measures, "; "); got != want {
			t.Errorf("measures %s, want %s", got, want)
		}
	}
}

// Metrics that two tables call alike are parted by the names of these.
func TestPairedWords(t *testing.T) {
	p, r := fakeClinic(t, 6, map[string]string{"Seeds": "0-1", "StressCycles": "1"})
	shown, err := paired(p, r, "ketamine", "ketamine_unmaintained")
	if err != nil {
		t.Fatal(err)
	}
	var measures []string
	for _, row := range shown.(*table.Table).Rows {
		measures = append(measures, row[0].String())
	}
	if got := strings.Join(measures, "; "); !strings.HasPrefix(got, "cycles, cycle 0; cycles, cycle 1; sparsity, cycle 0; ") {
		t.Errorf("measures %s", got)
	}
}

// What is no pair of arms is refused before anything is run.
func TestPairedRefuses(t *testing.T) {
	p, _ := fakeClinic(t, 4, map[string]string{"Seeds": "42"})
	for arms, want := range map[[2]string]string{
		{"ketamine", "cocaine"}:  `no arm "cocaine"; it has untreated, ketamine, ssri, neurosteroid_on`,
		{"", "ssri"}:             `no arm ""`,
		{"ketamine", "Ketamine"}: `two arms that differ`,
	} {
		_, err := Find(p, protocols.Ask{What: protocols.AskPaired, Arm: arms[0], Against: arms[1]})
		if !protocols.IsBadInput(err) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want bad input with %s", arms, err, want)
		}
	}
}

// Arms that share no measure give a sentence.
func TestPairedOfNothing(t *testing.T) {
	p, r := fakeClinic(t, 4, map[string]string{"Seeds": "42"})
	r.Rows = nil
	if _, err := paired(p, r, "ketamine", "ssri"); err == nil {
		t.Error("a table of nothing was made")
	}
}

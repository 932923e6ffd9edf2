package figures

import (
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// The curve has a mark for each specification, by verdict, and below it a mark for
// each choice of each; its table has a row for each.
func TestRobust(t *testing.T) {
	p, err := protocols.Configure(5, map[string]string{"Profile": "smoke", "Seeds": "0-6", "Robust": "5.25"})
	if err != nil {
		t.Fatal(err)
	}
	r := &protocols.Result{Chapter: 5}
	for _, seed := range p.Cohort() {
		protocols.Plant(p, seed).Walk(func(n *protocols.Node) {
			for _, reading := range n.Readings {
				if reading.Names == nil {
					continue
				}
				values := make([]float64, len(reading.Names))
				for i, name := range reading.Names {
					values[i] = 60 + float64(seed)/10
					if strings.HasPrefix(name.Arm, protocols.ArmKetamine+" @") {
						values[i] += 9
					}
				}
				r.Rows = append(r.Rows, reading.Rows(5, seed, values)...)
			}
		})
	}
	plot, err := Plot(p, r, "robust")
	if err != nil {
		t.Fatal(err)
	}
	specifications := protocols.Specifications(protocols.Choices(p), 5)
	csv, err := Encode(plot, "csv")
	if err != nil {
		t.Fatal(err)
	}
	want := len(specifications) * (1 + len(protocols.Choices(p)))
	if got := strings.Count(string(csv), "\n") - 1; got < want {
		t.Errorf("the plot's numbers have %d lines, fewer than %d:\n%s", got, want, csv)
	}
	if !strings.Contains(plot.Caption, "supported in 23, undecided in 1 of 24") && !strings.Contains(plot.Caption, "supported in 23, equivalent in 1 of 24") {
		t.Errorf("the caption does not count the verdicts: %s", plot.Caption)
	}
	if _, err := plot.SVG(); err != nil {
		t.Error(err)
	}
	numbers, err := Table(p, r, "robust")
	if err != nil {
		t.Fatal(err)
	}
	if len(numbers.Rows) != len(specifications) {
		t.Errorf("the table has %d rows for %d specifications", len(numbers.Rows), len(specifications))
	}
	plain, _ := protocols.Configure(5, nil)
	if _, err := Plot(plain, r, "robust"); !protocols.IsBadInput(err) {
		t.Errorf("a run that asks for no claim: %v", err)
	}
}

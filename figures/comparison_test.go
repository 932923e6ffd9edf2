package figures

import (
	"slices"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/protocols"
)

// row finds a line of the comparison by its arm and measure.
func row(t *testing.T, table *table.Table, arm, measure string) []table.Cell {
	t.Helper()
	for _, r := range table.Rows {
		if r[1].Words == arm && r[2].Words == measure {
			return r
		}
	}
	t.Fatalf("no line for %s, %s", arm, measure)
	panic("unreachable")
}

func TestComparisonTable(t *testing.T) {
	r := contrasted()
	for _, seed := range strings.Split("01234567", "") {
		r.Rows = append(r.Rows,
			protocols.Row{Chapter: 1, Arm: protocols.ArmFull, Metric: "active_params", Seed: seed, Value: 396549},
			protocols.Row{Chapter: 1, Arm: protocols.ArmFull, Metric: "sparsity_all_params", Seed: seed, Value: 0})
	}
	table, err := comparisonTable(configured(t), r)
	if err != nil {
		t.Fatal(err)
	}
	count := row(t, table, "full network", "active parameters")
	if got, want := printed(count)[3:], []string{"396,549", "8", "396,548", "+1", "exact", "–", "not matched", "exact by design"}; !slices.Equal(got, want) || !count[9].Strong {
		t.Errorf("a count that is off: %q, want %q", got, want)
	}
	if got, want := printed(row(t, table, "full network", "input noise, SD 1"))[3:], []string{"–", "0", "97.8", "–", "–", "–", "not comparable", ""}; !slices.Equal(got, want) {
		t.Errorf("what was not measured: %q, want %q", got, want)
	}
	if !strings.Contains(table.Caption, "2 matched, 3 not matched, 13 not comparable") {
		t.Errorf("the caption lacks the count of verdicts: %q", table.Caption)
	}
	if heads := len(table.Columns); heads != 11 {
		t.Errorf("%d columns; chapter 1 prints no SD, so that the p of the spread has nothing to say", heads)
	}
	for _, absent := range []string{"Shoemaker", "beta-binomial", "bound", "contradict", "normal"} {
		if strings.Contains(table.Caption, absent) {
			t.Errorf("the caption of chapter 1 explains %q, which it has not", absent)
		}
	}
}

// Chapter 8 has bounds and rates.
func TestComparisonTableOfRates(t *testing.T) {
	p, err := protocols.Configure(8, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &protocols.Result{Chapter: 8, Settings: map[string]string{"Seeds": "0-4"}}
	for i, v := range []float64{0, 100, 0, 0, 0} {
		r.Rows = append(r.Rows, protocols.Row{Chapter: 8, Arm: "ketamine", Metric: "cycle_0_relapse", Seed: string(rune('0' + i)), Value: v})
	}
	table, err := comparisonTable(p, r)
	if err != nil {
		t.Fatal(err)
	}
	arm := headings(p).arm("ketamine")
	measure := headings(p).metric("cycle_0_relapse") + ", share of subjects"
	// 1 of 5 predicts 0 to 8 of 10.
	for bound, published := range map[string]string{", at least": "20.0", ", at most": "30.0"} {
		got := printed(row(t, table, arm, measure+bound))
		if got[3] != "20.0" || got[5] != published || got[7] != "0.00 to 80.05" && got[7] != "0.00 to 90.05" || got[10] != "matched" || got[11] != "interval too wide" {
			t.Errorf("%s: %q", bound, got)
		}
	}
	for _, present := range []string{"beta-binomial", "A bound matches"} {
		if !strings.Contains(table.Caption, present) {
			t.Errorf("the caption does not explain %q: %q", present, table.Caption)
		}
	}
}

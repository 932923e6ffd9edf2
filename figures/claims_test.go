package figures

import (
	"slices"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/protocols"
)

// claiming is chapter 1 with claims on the arms of contrasted.
type claiming struct{ *protocols.Ch01 }

func (claiming) Claims() []protocols.Claim {
	full, pruned := protocols.ArmFull, "pruned95"
	return []protocols.Claim{
		{Words: "pruning costs", Says: protocols.Lower, Margin: 5, Family: protocols.Outcomes, Contrast: protocols.Contrast{Arm: pruned, Against: full, Metric: "standard"}, Control: "nothing is trained in between"},
		{Words: "pruning helps", Says: protocols.Higher, Family: protocols.Outcomes, Contrast: protocols.Contrast{Arm: pruned, Against: full, Metric: "standard"}},
		{Words: "cleaning changes nothing", Says: protocols.Same, Margin: 1, Family: protocols.Mechanisms, Contrast: protocols.Contrast{Arm: full, Against: full, Metric: "clean", AgainstMetric: "standard"}},
	}
}

// contrasted is a result of chapter 1 in which pruning costs 60 points on average and
// clean is standard plus a tenth.
func contrasted() *protocols.Result {
	r := &protocols.Result{Chapter: 1, Settings: map[string]string{"Seeds": "0-7"}}
	for i, cost := range []float64{60, 61, 58, 63, 59.5, 60.5, 62, 56} {
		seed := string(rune('0' + i))
		r.Rows = append(r.Rows,
			protocols.Row{Chapter: 1, Arm: protocols.ArmFull, Metric: "standard", Seed: seed, Value: 99},
			protocols.Row{Chapter: 1, Arm: protocols.ArmFull, Metric: "clean", Seed: seed, Value: 99.1},
			protocols.Row{Chapter: 1, Arm: "pruned95", Metric: "standard", Seed: seed, Value: 99 - cost})
	}
	return r
}

func configured(t *testing.T) *protocols.Ch01 {
	t.Helper()
	p, err := protocols.Configure(1, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p.(*protocols.Ch01)
}

func printed(row []table.Cell) []string {
	var all []string
	for _, c := range row {
		all = append(all, c.String())
	}
	return all
}

// Where most subjects are exactly alike, an interval within the margin decides nothing,
// and the table says why.
func TestClaimsOfSubjectsAlike(t *testing.T) {
	p := claiming{configured(t)}
	said := func(clean func(seed int) float64) (string, bool) {
		r := &protocols.Result{Chapter: 1, Settings: map[string]string{"Seeds": "0-9"}}
		for seed := range 10 {
			for metric, v := range map[string]float64{"standard": 99, "clean": clean(seed)} {
				r.Rows = append(r.Rows, protocols.Row{Chapter: 1, Arm: protocols.ArmFull, Metric: metric, Seed: string(rune('0' + seed)), Value: v})
			}
		}
		tab, err := claimsTable(p, r)
		if err != nil {
			t.Fatal(err)
		}
		verdict := ""
		for _, row := range tab.Rows {
			if cells := printed(row); strings.HasPrefix(cells[0], "cleaning changes nothing") {
				verdict = cells[len(cells)-1]
			}
		}
		return verdict, strings.Contains(tab.Caption, "exactly alike")
	}
	if verdict, why := said(func(seed int) float64 { return 99 + float64(seed/9)/20 }); verdict != "undecided" || !why {
		t.Errorf("one of ten differs: %s, explained: %v", verdict, why)
	}
	if verdict, why := said(func(seed int) float64 { return 99 + float64(seed)/100 }); verdict != "supported" || why {
		t.Errorf("all differ: %s, explained: %v", verdict, why)
	}
}

// A chapter with claims has their table after the contrasts; one without has
// none.
func TestClaimsTableIsThere(t *testing.T) {
	with := names(Tables(claiming{configured(t)}))
	if i := slices.Index(with, "claims"); i < 1 || with[i-1] != "contrasts" {
		t.Errorf("tables %q", with)
	}
	type silent struct{ protocols.Protocol } // hides the claims of what it holds
	if without := names(Tables(silent{configured(t)})); slices.Contains(without, "claims") {
		t.Errorf("tables without claims: %q", without)
	}
}

func TestClaimsTable(t *testing.T) {
	table, err := claimsTable(claiming{configured(t)}, contrasted())
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Rows) != 4 || !table.Parts {
		t.Fatalf("%d rows (in parts: %v), want 4 in parts", len(table.Rows), table.Parts)
	}
	first := printed(table.Rows[0])
	if first[0] != "pruning costs" || first[1] != "pruned (95 %) − full network: standard is lower (margin 5)" || first[2] != "−60.00 ± 2.22" ||
		first[5] != "0.016" || first[6] != "8" || first[7] != "supported" {
		t.Errorf("first row %q", first)
	}
	if beside := printed(table.Rows[1]); beside[1] != "beside it: nothing is trained in between" {
		t.Errorf("its control %q", beside)
	}
	if v := table.Rows[2][7]; v.Words != "opposite" || !v.Strong {
		t.Errorf("the claim that is wrong: %+v", v)
	}
	same := printed(table.Rows[3])
	if same[1] != "full network: clean − standard is the same (margin 1)" || same[2] != "+0.10 ± 0.00" || same[4] != "–" || same[5] != "0.008" || same[7] != "supported" {
		t.Errorf("the claim of no difference %q", same)
	}
	for _, words := range []string{"Exploratory", "outcomes (2), mechanisms (1)", "bootstrap-t"} {
		if !strings.Contains(table.Caption, words) {
			t.Errorf("the caption lacks %q: %q", words, table.Caption)
		}
	}
	text, err := table.Text()
	if err != nil {
		t.Fatal(err)
	}
	save(t, "claims table.txt", []byte(text))
}

package protocols

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

func result(arm, metric string, values ...float64) *Result {
	r := &Result{Chapter: 1}
	for i, v := range values {
		r.Rows = append(r.Rows, Row{1, arm, "", metric, seedText(i), v})
	}
	return r
}

func find(t *testing.T, list []Comparison, arm, metric string) Comparison {
	t.Helper()
	for _, c := range list {
		if c.Arm == arm && c.Metric == metric {
			return c
		}
	}
	t.Fatalf("no comparison for %s, %s", arm, metric)
	panic("unreachable")
}

// The published figures of Table 1 as the book prints them.
func TestPublishedChapter1(t *testing.T) {
	list := PublishedFigures(1)
	if len(list) != 18 {
		t.Fatalf("%d figures, want 18", len(list))
	}
	if f := list[3]; f.Arm != "full" || f.Metric != "input_2_0" || f.Mean != 83.6 || math.Abs(f.Unit-0.1) > 1e-15 || f.N != 1 || !math.IsNaN(f.SD) {
		t.Errorf("figure 4 is %+v", f)
	}
	if f := list[5]; f.Mean != 396548 || f.Unit != 1 {
		t.Errorf("figure 6 is %+v", f)
	}
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		name, arm, metric string
		ours              []float64
		want              Verdict
	}{
		{"nothing of ours", "full", "clean", nil, NotComparable},
		{"a count that rounds to it", "full", "active_params", []float64{396548, 396548}, Matched},
		{"a count that does not", "full", "active_params", []float64{396549, 396549}, NotMatched},
		{"one subject, as printed", "full", "input_2_0", []float64{83.62}, Matched},
		{"one subject, another value", "full", "input_2_0", []float64{84.3}, NotComparable},
		{"a share that rounds to it", "pruned95", "sparsity_all_params", []float64{94.6917, 94.6917}, Matched},
		{"within the spread", "full", "input_2_0", []float64{83.1, 84.2, 84.0, 83.9, 84.5}, Matched},
		{"outside it", "full", "input_2_0", []float64{84.3, 84.31, 84.29, 84.3, 84.32}, NotMatched},
	} {
		got := find(t, Compare(result(c.arm, c.metric, c.ours...)), c.arm, c.metric)
		if got.Verdict != c.want {
			t.Errorf("%s: %s, want %s (%+v)", c.name, got.Verdict, c.want, got)
		}
	}
}

// By hand: mean 2.5, sample SD 1.290994, t(.995; 3) = 5.840909 in any table,
// sqrt(1/4 + 1) = 1.118034.
func TestPredictionInterval(t *testing.T) {
	low, high := PredictionInterval([]float64{1, 2, 3, 4}, 1, 0.99)
	if math.Abs(high-10.930626) > 1e-5 || math.Abs(low+5.930626) > 1e-5 {
		t.Errorf("interval %v to %v", low, high)
	}
	if low, _ := PredictionInterval([]float64{1}, 1, 0.99); !math.IsNaN(low) {
		t.Error("one value has an interval")
	}
}

func TestDerive(t *testing.T) {
	p, err := Configure(1, map[string]string{"Hidden": "3"})
	if err != nil {
		t.Fatal(err)
	}
	ch := p.(*Ch01)
	var rows []Row
	read := func(arm string, values ...float64) {
		rows = append(rows, ch.census(arm).Rows(1, 7, values)...)
	}
	// 2-3-4: 6 and 12 weights, 7 biases.
	read("pruned95", 2, 6, 3, 12, 7)
	read(ArmRecoveredRandom, 4, 6, 7, 12, 7)
	r := &Result{Chapter: 1, Rows: append(rows, ch.Derive(rows)...)}
	for _, c := range []struct {
		arm, condition, metric string
		want                   float64
	}{
		{"pruned95", "", "active_params", 12},
		{"pruned95", "", "sparsity_all_params", 100 * (1 - 12.0/25)},
		{"pruned95", "fc2", "sparsity_layer", 75},
		{ArmRecoveredRandom, "fc1", "regrown_weights", 2},
		{ArmRecoveredRandom, "fc2", "still_pruned_weights", 5},
	} {
		got := r.Values(c.arm, c.condition, c.metric)
		if len(got) != 1 || math.Abs(got[0]-c.want) > 1e-12 {
			t.Errorf("%s %s %s: %v, want %v", c.arm, c.condition, c.metric, got, c.want)
		}
	}
}

func TestLongTable(t *testing.T) {
	rows := result("full", "standard", 99.975).Rows
	var csv, json bytes.Buffer
	if err := WriteCSV(&csv, rows); err != nil {
		t.Fatal(err)
	}
	if want := "chapter,arm,condition,metric,seed,value\n1,full,,standard,0,99.975\n"; csv.String() != want {
		t.Errorf("CSV %q, want %q", csv.String(), want)
	}
	if err := WriteJSON(&json, rows); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"chapter": 1`, `"arm": "full"`, `"condition": ""`, `"seed": "0"`, `"value": 99.975`} {
		if !strings.Contains(json.String(), want) {
			t.Errorf("JSON lacks %s:\n%s", want, json.String())
		}
	}
	json.Reset()
	if err := WriteComparisonJSON(&json, Compare(&Result{Chapter: 1})); err != nil {
		t.Fatal(err)
	}
}

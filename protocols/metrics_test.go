package protocols

import (
	"fmt"
	"strings"
	"testing"
)

// What the dictionary has in percent is in points, and nothing that has another unit;
// what is worked out from other rows says how.
func TestPoints(t *testing.T) {
	for _, chapter := range Chapters() {
		p, err := Configure(chapter, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range Dictionary(p) {
			if e.Kind != "metric" {
				continue
			}
			if e.Unit != "" && (e.Unit == inPercent || e.Unit == inPoints) != Points(e.Name) {
				t.Errorf("chapter %d: %s is in %s, and in points: %v", chapter, e.Name, e.Unit, Points(e.Name))
			}
			if e.Unit == "" && Points(e.Name) && !strings.HasSuffix(e.Name, "verbosity") { // the book's, which has ends and no unit
				t.Errorf("chapter %d: %s is in points and has no unit", chapter, e.Name)
			}
			if e.Meaning == "" || strings.HasSuffix(e.Meaning, workedOut) || strings.Contains(e.Meaning, "$") {
				t.Errorf("chapter %d: nobody says what %s is: %q", chapter, e.Name, e.Meaning)
			}
		}
	}
	for _, name := range []string{"activation_magnitude", "cycle_5_severity", "slope_weak", "total_relapses", "mean_cycle_at_relapse", "gain", "active_params"} {
		if Points(name) {
			t.Errorf("%s is taken for a percentage", name)
		}
	}
}

// Two subjects leave an interval that reaches far; percentages end at 100 points.
func TestIntervalOfPercentages(t *testing.T) {
	r := &Result{Chapter: 5}
	for seed, values := range [][2]float64{{90, 30}, {95, 80}} {
		for _, metric := range []string{"biased", "relapse_drop_points", "severity"} {
			for arm, v := range map[string]float64{"a": values[0], "b": values[1]} {
				r.Rows = append(r.Rows, Row{Chapter: 5, Arm: arm, Metric: metric, Seed: fmt.Sprint(seed), Value: v})
			}
		}
	}
	for metric, most := range map[string]float64{"biased": 100, "relapse_drop_points": 200} {
		if d := r.Paired(Contrast{Arm: "a", Against: "b", Metric: metric}); d.Low != -most || d.High != most {
			t.Errorf("%s: %v to %v, want %v to either side", metric, d.Low, d.High, most)
		}
	}
	if d := r.Paired(Contrast{Arm: "a", Against: "b", Metric: "severity"}); d.High <= 200 {
		t.Errorf("severity, which has no end: up to %v", d.High)
	}
}

func TestSpoken(t *testing.T) {
	for name, want := range map[string]string{
		"standard_fall_to_0_95":         "fall of the standard accuracy to a sparsity of 0.95 (points)",
		"internal_2_5_order_as_printed": "order of the arms as printed, internal noise, SD 2.5 (% of subjects)",
		"relapse_at_level_0_0":          "relapsed, stabiliser at 0 (% of subjects)",
		"combined":                      "",
	} {
		if got := Spoken(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

package protocols

import (
	"bytes"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols/stats"
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

// many makes rows of an arm and metric in a chapter.
func many(chapter int, arm, metric string, values ...float64) *Result {
	r := result(arm, metric, values...)
	r.Chapter = chapter
	return r
}

// same is a value, n times.
func same(v float64, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = v
	}
	return x
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		name        string
		chapter     int
		arm, metric string // as published
		measure     string // ours
		ours        []float64
		want        Verdict
	}{
		{"nothing of ours", 1, "full", "clean", "clean", nil, NotComparable},
		{"a count that rounds to it", 1, "full", "active_params", "active_params", []float64{396548, 396548}, Matched},
		{"a count that does not", 1, "full", "active_params", "active_params", []float64{396549, 396549}, NotMatched},
		{"one subject, as printed", 1, "full", "input_2_0", "input_2_0", []float64{83.62}, CannotTell},
		{"one subject, another value", 1, "full", "input_2_0", "input_2_0", []float64{84.3}, CannotTell},
		{"a share that rounds to it", 1, "pruned95", "sparsity_all_params", "sparsity_all_params", []float64{94.6917, 94.6917}, Matched},
		{"a share that does not", 1, "pruned95", "sparsity_all_params", "sparsity_all_params", []float64{94.62, 94.62}, NotMatched},
		{"within the spread", 1, "full", "input_2_0", "input_2_0", []float64{83.1, 84.2, 84.0, 83.9, 84.5}, Matched},
		{"outside it", 1, "full", "input_2_0", "input_2_0", []float64{89.3, 89.31, 89.29, 89.3, 89.32}, NotMatched},
		{"outside it, nearer than counting on 4,000 points tells", 1, "full", "input_2_0", "input_2_0", []float64{84.3, 84.31, 84.29, 84.3, 84.32}, Matched},
		{"rounded to hundreds", 2, "recovered_gradient", "regrown_weights", "regrown_weights", []float64{187749, 187749}, Matched},
		{"another hundred", 2, "recovered_gradient", "regrown_weights", "regrown_weights", []float64{187751, 187751}, NotMatched},

		// 99.9 +- 0.1 in the book: t(.995; 9) = 3.25 times .1054 times sqrt(2/10)
		// is .153, and half a digit .05.
		{"all 100, the book's spread", 5, "ketamine", "internal_0_5", "internal_0_5", same(100, 10), Matched},
		{"all 99.6, too far for it", 5, "ketamine", "internal_0_5", "internal_0_5", same(99.6, 10), NotMatched},
		// 99.9 for one subject has an error of .05 points: 2.576 times that times
		// sqrt(1.1) is .135, and half a digit .05. That of 99.5 gives .30.
		{"all 100, the error of a share", 2, "recovered_gradient", "standard", "standard", same(100, 10), Matched},
		{"all 100, far beyond it", 4, "ssri", "standard", "standard", same(100, 10), NotMatched},
		{"all 100 and printed so", 1, "full", "clean", "clean", same(100, 10), Matched},
		{"a gain is no accuracy", 5, "ketamine", "gain", "gain", same(1.26, 10), NotMatched},
		{"a decay is no accuracy", 7, "ketamine", "stabiliser_decay_per_step", "stabiliser_decay_per_step", same(0.002, 10), Matched},
		{"a probability, the book's spread", 8, "ssri", "manic_relapse_probability", "manic_relapse_probability", same(100, 10), Matched},
		{"a probability without one", 7, "ssri", "manic_relapse_probability", "manic_relapse_probability", same(0, 10), NotMatched},

		{"at least, above", 2, "full", "internal_1_5_at_least", "internal_1_5", []float64{99.8, 99.9, 99.85}, Matched},
		{"at least, below", 2, "full", "internal_1_5_at_least", "internal_1_5", []float64{90, 90.1, 90.05}, NotMatched},
		{"at least, reached", 2, "full", "internal_1_5_at_least", "internal_1_5", []float64{97, 98, 99}, Matched},
		{"at least, one subject above", 2, "full", "internal_1_5_at_least", "internal_1_5", []float64{99.8}, CannotTell},
		{"at least, one subject below", 2, "full", "internal_1_5_at_least", "internal_1_5", []float64{90}, CannotTell},
		{"low, above", 2, "sparsity_cliff", "combined_beyond_95_low", "combined_beyond_95", []float64{40, 40.5, 40.2}, Matched},
		{"high, above", 2, "sparsity_cliff", "combined_beyond_95_high", "combined_beyond_95", []float64{40, 40.5, 40.2}, NotMatched},
		{"low, below", 2, "sparsity_cliff", "combined_beyond_95_low", "combined_beyond_95", []float64{8, 8.5, 8.2}, NotMatched},
		{"high, below", 2, "sparsity_cliff", "combined_beyond_95_high", "combined_beyond_95", []float64{20, 20.5, 20.2}, Matched},
		{"about, there", 8, "neurosteroid_off", "combined_drop_points_about", "combined_drop_points", []float64{18, 22, 21, 19}, Matched},
		{"about, above", 8, "neurosteroid_off", "combined_drop_points_about", "combined_drop_points", []float64{30, 31, 30.5, 30.2}, NotMatched},
		{"about, below", 8, "neurosteroid_off", "combined_drop_points_about", "combined_drop_points", []float64{10, 11, 10.5, 10.2}, NotMatched},
		{"more than, above", 8, "neurosteroid_off", "biased_drop_points_more_than", "biased_drop_points", []float64{30, 31, 30.5}, Matched},
		{"more than, below", 8, "neurosteroid_off", "biased_drop_points_more_than", "biased_drop_points", []float64{3, 3.1, 3.05}, NotMatched},
		{"contradicted, even where ours agrees", 2, "sparsity_cliff", "combined_at_90_at_least", "combined_at_90", []float64{97, 97.1, 97.2}, NotComparable},

		{"4 relapsed, ours 2 of 10", 6, "ssri", "seeds_relapsed", "relapsed", []float64{0, 100, 0, 0, 100, 0, 0, 0, 0, 0}, Matched},
		{"4 relapsed, ours all", 6, "ssri", "seeds_relapsed", "relapsed", same(100, 10), NotMatched},
		{"4 relapsed, ours none of 30", 6, "ssri", "seeds_relapsed", "relapsed", same(0, 30), NotMatched},
		{"30 % autonomous, ours one of 10", 8, "ssri", "autonomy_rate", "autonomous", append(same(0, 9), 100), Matched},
		{"30 % autonomous, ours all of 10", 8, "ssri", "autonomy_rate", "autonomous", same(100, 10), NotMatched},
		{"10 % in cycle 3, ours none", 8, "neurosteroid_on", "cycle_3_relapse_rate", "cycle_3_relapse", same(0, 10), Matched},
		{"100 % in cycle 0, ours none", 8, "neurosteroid_on", "cycle_0_relapse_rate", "cycle_0_relapse", same(0, 10), NotMatched},
		{"at least 20 %, ours none", 8, "ketamine", "cycle_0_relapse_rate_low", "cycle_0_relapse", same(0, 30), Matched},
		{"at least 20 %, ours none of 300", 8, "ketamine", "cycle_0_relapse_rate_low", "cycle_0_relapse", same(0, 300), NotMatched},
		{"at most 30 %, ours all", 8, "ketamine", "cycle_0_relapse_rate_high", "cycle_0_relapse", same(100, 10), NotMatched},

		{"two that are alike by chance", 7, "ssri", "manic_relapse_probability", "manic_relapse_probability", same(100, 2), CannotTell},
		{"ten that are alike", 7, "ssri", "manic_relapse_probability", "manic_relapse_probability", same(100, 10), NotMatched},
		{"the lowest, there", 5, "ssri", "biased_min", "biased", biased, Matched},
		{"the lowest of another range", 5, "ssri", "biased_min", "biased", []float64{70, 71, 72, 73, 74}, NotMatched},
		{"the highest, there", 5, "ssri", "biased_max", "biased", biased, Matched},
		{"the highest of another range", 5, "ssri", "biased_max", "biased", []float64{30, 31, 32, 33, 34}, NotMatched},
		{"the lowest of one subject", 5, "ssri", "biased_min", "biased", []float64{40}, CannotTell},
		{"the lowest at the end of a course", 6, "neurosteroid_on", "final_min", "final_combined", []float64{50, 80, 90, 95}, Matched},
	} {
		if n := len(c.ours); n > 1 && n < fewSubjects && !stats.AllEqual(c.ours) {
			c.ours = slices.Repeat(c.ours, 3) // enough to tell
		}
		r := many(c.chapter, c.arm, c.measure, c.ours...)
		got := find(t, Compare(r), c.arm, c.metric)
		if got.Verdict != c.want {
			t.Errorf("%s: %s, want %s (%+v)", c.name, got.Verdict, c.want, got)
		}
		if got.Measure != c.measure || got.OursN != len(c.ours) {
			t.Errorf("%s: %d values of %s", c.name, got.OursN, got.Measure)
		}
	}
}

// biased is made up to be about chapter 5's SSRI-like arm.
var biased = []float64{28.2, 35.1, 41, 44.4, 47.9, 50.2, 52.3, 56.8, 60.1, 74.8}

// What ours is, and between which bounds: those of the extremes are scipy's,
// mean 49.08, SD 13.2 and ten further subjects; those of the counts are
// PredictCount's for 2 of 10. Half the printed unit is added.
func TestIntervalsOfCohortFigures(t *testing.T) {
	relapsed := []float64{0, 100, 0, 0, 100, 0, 0, 0, 0, 0}
	for _, c := range []struct {
		chapter              int
		arm, metric, measure string
		values               []float64
		ours, low, high      float64
	}{
		{5, "ssri", "biased_min", "biased", biased, 28.2, 0, 45.877893 + 0.05},
		{5, "ssri", "biased_max", "biased", biased, 74.8, 52.282107 - 0.05, 100},
		{6, "ssri", "seeds_relapsed", "relapsed", relapsed, 2, -0.5, 8.5},
		{6, "ssri", "seeds_relapsed", "relapsed", append(same(0, 19), 100), 0.5, -0.5, 4.5},
		{8, "ssri", "autonomy_rate", "autonomous", relapsed, 20, 0, 80.05},
		{8, "ssri", "cycle_5_relapse_rate", "cycle_5_relapse", relapsed, 20, 0, 80.05},
	} {
		got := find(t, Compare(many(c.chapter, c.arm, c.measure, c.values...)), c.arm, c.metric)
		if !near(got.Ours, c.ours, 1e-9) || !near(got.Low, c.low, 1e-4) || !near(got.High, c.high, 1e-4) || !math.IsNaN(got.OursSD) {
			t.Errorf("%s: %v, %v to %v, want %v, %v to %v", c.metric, got.Ours, got.Low, got.High, c.ours, c.low, c.high)
		}
	}
}

// The mean cycle of a relapse is that of the relapsed: of two in the book, and
// of ours it has no spread where those few relapse in one cycle.
func TestMetricOfSomeSubjects(t *testing.T) {
	r := many(6, "neurosteroid_on", "mean_cycle_at_relapse", 5, 7, 6)
	r.Rows = append(r.Rows, many(6, "neurosteroid_on", "relapsed", 100, 100, 100, 0, 0).Rows...)
	c := find(t, Compare(r), "neurosteroid_on", "mean_cycle_at_relapse")
	// t(.995; 2) = 9.924843 times sqrt(1/3 + 1/2) is 9.060101.
	if c.OursN != 3 || !near(c.High, 6+9.060101+0.05, 1e-5) {
		t.Errorf("%+v", c)
	}
	for _, v := range []struct {
		cycle float64
		want  Verdict
	}{{8, Matched}, {3, CannotTell}} {
		r := many(6, "neurosteroid_on", "mean_cycle_at_relapse", v.cycle, v.cycle)
		r.Rows = append(r.Rows, many(6, "neurosteroid_on", "relapsed", 100, 100, 0).Rows...)
		if c := find(t, Compare(r), "neurosteroid_on", "mean_cycle_at_relapse"); c.Verdict != v.want {
			t.Errorf("both in cycle %v: %s, want %s", v.cycle, c.Verdict, v.want)
		}
	}
}

// Every bound finds a rule, and every other name stands for itself or a figure
// of the cohort.
func TestEveryPublishedNameHasARule(t *testing.T) {
	suspicious := regexp.MustCompile(`_(min|max|rate|low|high|at_least|more_than|about)$`)
	bounded := 0
	for chapter := 1; chapter <= 8; chapter++ {
		for _, f := range PublishedFigures(chapter) {
			metric, statistic, bound := f.measure()
			if suspicious.MatchString(metric) || strings.HasPrefix(metric, "seeds_") {
				t.Errorf("chapter %d: %s is taken for %s", chapter, f.Metric, metric)
			}
			if (f.Kind == "figure") != (bound == Exactly) {
				t.Errorf("chapter %d: %s, a %s, is bounded %q", chapter, f.Metric, f.Kind, bound)
			}
			if statistic == Mean && bound == Exactly && metric != f.Metric {
				t.Errorf("chapter %d: %s is taken for the mean %s", chapter, f.Metric, metric)
			}
			if bound != Exactly {
				bounded++
			}
		}
	}
	if bounded != 10 {
		t.Errorf("%d bounds, want 10", bounded)
	}
}

func TestPrintedUnit(t *testing.T) {
	for text, want := range map[string]float64{
		"83.6": 0.1, "100.0": 0.1, "0.002": 0.001, "396548": 1, "21050": 1, "187700": 100, "0": 1, "10": 1,
	} {
		if got := printedUnit(text); !near(got, want, 1e-12) {
			t.Errorf("%s: unit %v, want %v", text, got, want)
		}
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

// Few subjects tell nothing of a figure that varies, and an interval that could
// refute nothing tells nothing either; a figure of other settings is none.
func TestCannotTell(t *testing.T) {
	r := many(5, ArmKetamine, "biased", 80, 90, 85)
	if c := find(t, Compare(r), ArmKetamine, "biased"); c.Verdict != CannotTell || c.Low < 0 || c.High > 100 {
		t.Errorf("three subjects: %s, %v to %v", c.Verdict, c.Low, c.High)
	}
	r = many(5, ArmKetamine, "biased", 2, 99, 5, 97, 1, 98, 3)
	if c := find(t, Compare(r), ArmKetamine, "biased"); c.Verdict != CannotTell || c.Low != 0 || c.High != 100 {
		t.Errorf("anything between 0 and 100: %s, %v to %v", c.Verdict, c.Low, c.High)
	}
	r = many(1, ArmRecoveredRandom, "clean", 60, 70, 90, 95, 85, 80, 75)
	r.Rows = append(r.Rows, many(1, ArmFull, "clean", same(100, 7)...).Rows...)
	r.Rows = append(r.Rows, many(1, ArmUntreated, "clean", same(70, 7)...).Rows...)
	if c := find(t, Compare(r), ArmRecoveredRandom, "clean"); c.Verdict != CannotTell {
		t.Errorf("wider than from the untreated to the healthy network: %s, %v to %v", c.Verdict, c.Low, c.High)
	}
	p, err := Configure(5, map[string]string{"KetamineGain": "1.4"})
	if err != nil {
		t.Fatal(err)
	}
	r = many(5, ArmKetamine, "biased", biased...)
	r.Settings, r.Altered = Settings(p)
	if c := find(t, Compare(r), ArmKetamine, "biased"); c.Verdict != NotComparable || !slices.Equal(c.Unlike, []string{"KetamineGain"}) {
		t.Errorf("at another gain: %s, %v", c.Verdict, c.Unlike)
	}
}

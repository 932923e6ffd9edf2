package protocols

import (
	"testing"
)

// The SSRI-like arm of chapter 5 under biased noise, 47.6 +- 12.8, beside ten
// made-up subjects of 36.68 +- 13.2 (sample). SciPy: ttest_ind_from_stats with
// 47.55, since rounding may have moved the printed mean, and stats.f.
func TestWelchAgainstTheBook(t *testing.T) {
	low := make([]float64, len(biased))
	for i, v := range biased {
		low[i] = v - 12.4
	}
	c := find(t, Compare(many(5, "ssri", "biased", low...)), "ssri", "biased")
	if c.Test != WelchTest || !near(c.P, 0.08553445917605793, 1e-6) || c.Verdict != Matched || c.Could != TooWide {
		t.Errorf("%+v", c)
	}
	if !near(c.SpreadP, 0.9534774506967476, 1e-6) {
		t.Errorf("spread p %v", c.SpreadP)
	}
	for i := range low {
		low[i] -= 10
	}
	if c := find(t, Compare(many(5, "ssri", "biased", low...)), "ssri", "biased"); c.Verdict != NotMatched || c.P >= 0.01 {
		t.Errorf("ten lower: %+v", c)
	}
}

// What a match tells, by example.
func TestCouldHaveFailed(t *testing.T) {
	for _, c := range []struct {
		name                 string
		chapter              int
		arm, metric, measure string
		ours                 []float64
		want                 Could
		test                 Test
	}{
		{"a count", 1, "full", "active_params", "active_params", []float64{396548, 396548}, ExactByDesign, ByDesign},
		{"all at the ceiling", 1, "full", "standard", "standard", []float64{99.9, 99.95, 99.975, 99.9, 99.95, 99.925}, AtCeiling, OneSubject},
		{"printed in chapter 1", 2, "full", "input_2_0", "input_2_0", []float64{83.1, 84.2, 84.0, 83.9, 84.5, 83.7}, RepeatOf, OneSubject},
		{"printed first", 1, "full", "input_2_0", "input_2_0", []float64{83.1, 84.2, 84.0, 83.9, 84.5, 83.7}, Informative, OneSubject},
		{"a wide one", 1, "pruned95", "standard", "standard", []float64{25, 60, 40, 33}, TooWide, OneSubject},
		{"three subjects", 1, "full", "input_2_0", "input_2_0", []float64{83.1, 84.2, 84.0}, TooWide, OneSubject},
		{"nothing of ours", 1, "full", "standard", "standard", nil, "", ""},
		{"an extreme", 5, "ssri", "biased_min", "biased", biased, TooWide, Extreme},
		{"a rate", 8, "ssri", "autonomy_rate", "autonomous", append(same(0, 99), 100), Informative, BetaBinomial},
	} {
		got := find(t, Compare(many(c.chapter, c.arm, c.measure, c.ours...)), c.arm, c.metric)
		if got.Could != c.want || got.Test != c.test {
			t.Errorf("%s: %q by %q, want %q by %q (%+v)", c.name, got.Could, got.Test, c.want, c.test, got)
		}
	}
}

// Every SD that the book prints is compared where we have subjects.
func TestEverySDIsCompared(t *testing.T) {
	printed, compared := 0, 0
	for _, chapter := range Chapters() {
		for _, c := range Compare(madeUp(configured(t, chapter, map[string]string{"Seeds": "0-2"}))) {
			if c.SD >= 0 && c.Statistic == Mean {
				printed++
				if c.SpreadP >= 0 {
					compared++
				} else if c.OursN > 1 {
					t.Errorf("chapter %d: the spread of %s, %s is not compared", chapter, c.Arm, c.Metric)
				}
			}
		}
	}
	if printed < 250 || compared < printed-5 {
		t.Errorf("%d of %d printed SDs are compared", compared, printed)
	}
}

// The outputs of the author's notebooks meet our arms and metrics: some thousand
// of what is not chapter 9's, which has another model.
func TestStoredFigures(t *testing.T) {
	all, met := 0, 0
	for _, chapter := range Chapters() {
		list := CompareOutputs(madeUp(configured(t, chapter, map[string]string{"Seeds": "0-1"})))
		if len(list) != len(StoredFigures(chapter)) {
			t.Errorf("chapter %d: %d of %d", chapter, len(list), len(StoredFigures(chapter)))
		}
		for _, c := range list {
			all++
			if c.OursN > 0 && c.Source == Outputs {
				met++
			}
		}
	}
	if all != 1539 || met < 700 {
		t.Errorf("%d figures, of which %d meet ours", all, met)
	}
}

// Of 99 % intervals one in a hundred misses by chance; exact figures cannot.
func TestExpected(t *testing.T) {
	list := []Comparison{{Verdict: Matched}, {Verdict: NotMatched}, {Verdict: Matched, Exact: true}, {Verdict: NotComparable}, {Verdict: CannotTell}}
	if expected, observed := Expected(list); !near(expected, 0.02, 1e-12) || observed != 1 {
		t.Errorf("%v expected, %d observed", expected, observed)
	}
}

// An arm whose subjects are ten points off in every metric has one p value for
// all of them, and the arm beside it none, having no subjects.
func TestMeansOfAnArmTogether(t *testing.T) {
	r := &Result{Chapter: 5}
	for i, v := range biased {
		for _, m := range []struct {
			metric string
			value  float64
		}{{"biased", v - 30}, {"internal_2_5", v}, {"combined", 90 + v/20}} {
			r.Rows = append(r.Rows, Row{5, "ssri", "", m.metric, seedText(i), m.value})
		}
	}
	list := Compare(r)
	p := find(t, list, "ssri", "biased").JointP
	if !(p < 0.01) || p != find(t, list, "ssri", "internal_2_5").JointP {
		t.Errorf("joint p %v and %v", p, find(t, list, "ssri", "internal_2_5").JointP)
	}
	if p := find(t, list, "ketamine", "biased").JointP; p >= 0 {
		t.Errorf("an arm without subjects: %v", p)
	}
}

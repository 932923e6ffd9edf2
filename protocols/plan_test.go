package protocols

import (
	"os"
	"strings"
	"testing"
)

// The committed plan is the registry's: a claim that changes changes the plan
// and its digest, in view of everybody.
func TestPlanIsCommitted(t *testing.T) {
	text, err := os.ReadFile("../plan/README.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != Plan() {
		t.Error("plan/README.md is not what `fragility plan` prints")
	}
	if !strings.HasSuffix(strings.TrimSpace(string(text)), PlanDigest()) || len(PlanDigest()) != 12 {
		t.Errorf("the plan does not end with its digest %s", PlanDigest())
	}
}

// Only the plan's subjects confirm, and enough of them, at the book's settings.
func TestStanding(t *testing.T) {
	cohort := func(chapter, first, n int, altered ...string) *Result {
		r := &Result{Chapter: chapter, Altered: altered}
		for i := range n {
			r.Rows = append(r.Rows, Row{chapter, "a", "", "m", seedText(first + i), 1})
		}
		return r
	}
	for _, c := range []struct {
		name string
		r    *Result
		want Standing
	}{
		{"the plan's", cohort(5, 100, 100, "Seeds"), Planned},
		{"thirty of them", cohort(5, 130, 30, "Seeds"), Planned},
		{"too few", cohort(5, 100, 29), Exploratory},
		{"one beyond", cohort(5, 101, 100), Exploratory},
		{"those that were known", cohort(5, 0, 30), Exploratory},
		{"a chapter that it does not cover", cohort(9, 100, 100), Exploratory},
		{"another setting", cohort(5, 100, 100, "Seeds", "KetamineGain"), Exploratory},
		{"nothing", &Result{Chapter: 5}, Exploratory},
	} {
		if got := c.r.Standing(); got != c.want || !strings.Contains(got.Sentence(), PlanDigest()) {
			t.Errorf("%s: %s (%s), want %s", c.name, got, got.Sentence(), c.want)
		}
	}
}

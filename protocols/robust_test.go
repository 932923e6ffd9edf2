package protocols

import (
	"maps"
	"math"
	"strings"
	"testing"
)

// Each chapter that prunes has enough specifications, its own first, and each is
// one that the chapter takes; every value of every choice comes up.
func TestSpecifications(t *testing.T) {
	for _, chapter := range Chapters() {
		p := configured(t, chapter, nil)
		if _, ok := p.(interface{ robust() ClaimID }); !ok {
			continue
		}
		choices := Choices(p)
		list := Specifications(choices, chapter)
		if len(list) < leastSpecifications {
			t.Errorf("chapter %d has %d specifications", chapter, len(list))
		}
		if w := list[0].words(choices); w != "" {
			t.Errorf("chapter %d: its own specification sets %s", chapter, w)
		}
		met := map[string]bool{}
		for _, s := range list {
			for i, v := range s {
				met[choices[i].Parameter+v] = true
			}
		}
		for _, c := range choices {
			for _, v := range c.Values {
				if !met[c.Parameter+v] {
					t.Errorf("chapter %d: %s is never %s", chapter, c.Parameter, v)
				}
			}
		}
	}
}

// A claim that is asked under other specifications leaves the chapter's own tree
// and what follows from it as they are, and adds the arms of the claim.
func TestRobustTree(t *testing.T) {
	plain := configured(t, 5, map[string]string{"Profile": "smoke"})
	asks := configured(t, 5, map[string]string{"Profile": "smoke", "Robust": "5.25"})
	own, whole := readingKeys(plain, 1), namedKeys(Plant(asks, 1))
	for n, key := range own {
		if whole[n] != key {
			t.Errorf("%v has another key", n)
		}
	}
	claim, err := claimOf(asks, "5.25")
	if err != nil {
		t.Fatal(err)
	}
	specifications := map[string]int{}
	for n := range whole {
		if arm, suffix, other := strings.Cut(n.Arm, " @ "); other {
			if arm != claim.Arm && arm != claim.Against {
				t.Errorf("arm %q is not the claim's", n.Arm)
			}
			specifications[suffix]++
		}
	}
	if want := len(alternatives(asks)); len(specifications) != want || want < leastSpecifications-1 {
		t.Errorf("the tree has %d other specifications, not %d", len(specifications), want)
	}
	// What specifications share stands once.
	baselines := 0
	for _, c := range Plant(asks, 1).Root.Children {
		baselines += len(c.Children)
	}
	distinct := map[string]bool{}
	choices := Choices(asks)
	for _, s := range Specifications(choices, 5) {
		key := ""
		for i, c := range choices {
			if c.Parameter == "Hidden" || c.Parameter == "DataSigma" {
				key += s[i] + " "
			}
		}
		distinct[key] = true
	}
	if baselines != len(distinct) {
		t.Errorf("%d baselines are trained, not %d", baselines, len(distinct))
	}
}

// A curve of made-up readings: the claim's arm is above by what the subject and
// the specification give, under one specification below.
func TestCurve(t *testing.T) {
	p := configured(t, 5, map[string]string{"Seeds": "0-9", "Robust": "5.25"})
	claim, err := claimOf(p, "5.25")
	if err != nil {
		t.Fatal(err)
	}
	against := alternatives(p)[3]
	res := &Result{Chapter: 5}
	for _, seed := range p.Cohort() {
		for n := range namedKeys(Plant(p, seed)) {
			v := 50 + float64(seed)/10
			if strings.HasPrefix(n.Arm, claim.Arm) && !strings.HasPrefix(n.Arm, claim.Against) {
				v += 8 + float64(seed%3)
				if strings.HasSuffix(n.Arm, against.suffix) {
					v -= 20
				}
			}
			res.Rows = append(res.Rows, Row{Chapter: 5, Arm: n.Arm, Condition: n.Condition, Metric: n.Metric, Seed: seedText(seed), Value: v})
		}
	}
	sortRows(res.Rows)
	res.Rows = append(res.Rows, Derive(p, res.Rows)...)
	c, err := res.Curve(p)
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[Verdict]int{}
	for _, e := range c.Estimates {
		verdicts[e.Verdict]++
	}
	n := len(c.Estimates)
	if want := (map[Verdict]int{Supported: n - 1, Opposite: 1}); !maps.Equal(verdicts, want) {
		t.Errorf("verdicts are %v, not %v", verdicts, want)
	}
	if math.Abs(c.Share-float64(n-1)/float64(n)) > 1e-12 {
		t.Errorf("the share is %v", c.Share)
	}
	// All ten subjects point one way: 2 of 1,024 ways to choose the signs do.
	// With one subject turned the tests of most still reach beyond 0, so that the
	// count of them says less.
	if c.PMedian != 2./1024 || c.PShare <= c.PMedian || c.PShare > 0.1 {
		t.Errorf("p values are %v and %v", c.PMedian, c.PShare)
	}
}

func TestRobustRefuses(t *testing.T) {
	for _, c := range []struct{ claim, says string }{
		{"5.99", "5.1, 5.2"}, {"4.1", "chapter 5"}, {"x", "not \"x\""},
	} {
		_, err := Configure(5, map[string]string{"Robust": c.claim})
		if err == nil || !IsBadInput(err) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.claim, err)
		}
	}
	if _, err := Configure(1, map[string]string{"Robust": "1.1"}); !IsBadInput(err) {
		t.Errorf("chapter 1: %v", err)
	}
}

// namedKeys are the keys of a tree's readings by their names.
func namedKeys(t *Tree) map[Name]Key {
	keys := map[Name]Key{}
	t.Walk(func(n *Node) {
		for _, r := range n.Readings {
			for _, name := range r.Names {
				keys[name] = r.Origin(n.Origin(t.Seed, Platform{}).Key()).Key()
			}
		}
	})
	return keys
}

// The weakest choice is that under which the claim is supported least often.
func TestWeakestChoice(t *testing.T) {
	c := &Curve{Choices: []Choice{{"PruneRule", []string{"matrix", "global"}}, {"FinetuneRate", []string{"1", "2", "3"}}}, Share: 0.5}
	for _, e := range []struct {
		rule, rate string
		verdict    Verdict
	}{{"matrix", "1", Supported}, {"matrix", "2", Supported}, {"global", "1", Equivalent}, {"global", "2", Undecided}, {"global", "2", Supported}, {"global", "3", Opposite}} {
		c.Estimates = append(c.Estimates, Estimate{Specification{e.rule, e.rate}, Finding{Verdict: e.verdict}, 2, 1})
	}
	if got := c.Tally(); got != "supported in 3, equivalent in 1, opposite in 1, undecided in 1" {
		t.Error(got)
	}
	// One specification alone, as with the rate 3, tells nothing of a choice.
	if got := c.Weakest(); got == nil || *got != (Slice{"PruneRule", "global", 1, 4, 2, 1}) {
		t.Errorf("the weakest is %+v", got)
	}
	for i := range c.Estimates {
		c.Estimates[i].Verdict = Supported
	}
	if c.Share = 1; c.Tally() != "supported in 6" {
		t.Error(c.Tally())
	}
	if got := c.Weakest(); got != nil {
		t.Errorf("%+v is the weakest of what always holds", got)
	}
}

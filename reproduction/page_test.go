package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/kernel/cohort"
	"github.com/network-fragility/fragility/kernel/record"
	"github.com/network-fragility/fragility/kernel/store"
	"github.com/network-fragility/fragility/protocols"
)

// The page is what the record and the text give today, and gives it again.
func TestPageIsFresh(t *testing.T) {
	name := filepath.Join(t.TempDir(), "page.md")
	if err := write(t.Context(), "../record", name); err != nil {
		t.Fatal(err)
	}
	if read(t, name) != read(t, "../REPRODUCTION.md") {
		t.Error("REPRODUCTION.md is older than the record, the claims or its text: run `make reproduction`")
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every name that the template has exists: with subjects in all chapters, and of
// the plan, it fills without an error. Values are made up.
func TestEveryName(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 2))
	value := func(string, string, int) float64 { return 100 * draw.Float64() }
	p := &page{shown: chapters{}, planned: chapters{}}
	for _, n := range protocols.Chapters() {
		p.shown[n] = madeUp(t, n, protocols.Seeds{0, 1, 2}, value)
		if list := protocols.PlannedSubjects(n); list != nil {
			p.planned[n] = madeUp(t, n, list[:2], value)
		}
	}
	text := filled(t, p)
	for _, absent := range []string{"ot recorded yet", "NaN", "<no value>", "%!"} {
		if strings.Contains(text, absent) {
			t.Errorf("the page has %q", absent)
		}
	}
	for _, n := range protocols.Chapters() {
		if !strings.Contains(text, fmt.Sprintf("## Chapter %d: ", n)) {
			t.Errorf("no section of chapter %d", n)
		}
	}
	for _, cohorts := range []string{"Subjects 0-2 (n = 3); plan: 100-101 (n = 2).", "Two cohorts.", "| the plan's subjects | verdict |"} {
		if !strings.Contains(text, cohorts) {
			t.Errorf("the page lacks %q", cohorts)
		}
	}
	// Without any subject every section says so.
	if empty := filled(t, &page{}); strings.Count(empty, "*Not recorded yet:*") != len(protocols.Chapters()) || strings.Contains(empty, "plan:") {
		t.Errorf("a page of no subjects:\n%s", empty)
	}
}

func filled(t *testing.T, p *page) string {
	t.Helper()
	text, err := p.text()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A verdict's word is that of the numbers.
func TestVerdictFollowsNumbers(t *testing.T) {
	seeds := protocols.Seeds{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	for want, neurosteroid := range map[string]func(seed int) float64{
		"supported":  func(seed int) float64 { return 90 + float64(seed%3) },
		"opposite":   func(seed int) float64 { return 20 + float64(seed%3) },
		"equivalent": func(seed int) float64 { return 50 + float64(seed%3)/100 },
		"undecided":  func(seed int) float64 { return 50 + 40*float64(seed%2*2-1) },
	} {
		p := &page{shown: chapters{5: madeUp(t, 5, seeds, func(arm, metric string, seed int) float64 {
			if arm == protocols.ArmNeurosteroid && metric == "biased" {
				return neurosteroid(seed)
			}
			return 50
		})}}
		got, err := p.claim("5.11")
		if err != nil || !regexp.MustCompile(`^\*\*`+want+`\*\* \(.*, n = 10, p .*\) \[5\.11\]$`).MatchString(got) || !strings.Contains(filled(t, p), got) {
			t.Errorf("%s: claim 5.11 is %s (%v)", want, got, err)
		}
	}
}

// A claim under other choices says in how many it holds, and the section stands only
// where there is one.
func TestCurves(t *testing.T) {
	chapter5, err := protocols.Configure(5, map[string]string{"Seeds": "0-5"})
	if err != nil {
		t.Fatal(err)
	}
	curve := &protocols.Curve{Claim: protocols.Claim{ID: "5.25", Words: ".. it stands noise"}, Median: 2, Share: 0.5, PMedian: 0.0001,
		Choices: []protocols.Choice{{Parameter: "PruneRule", Values: []string{"matrix", "global"}}}}
	for rule, verdict := range map[string]protocols.Verdict{"matrix": protocols.Supported, "global": protocols.Undecided} {
		for range 2 {
			curve.Estimates = append(curve.Estimates, protocols.Estimate{Specification: protocols.Specification{rule}, Finding: protocols.Finding{Verdict: verdict}, Arm: 98, Against: 97})
		}
	}
	text := filled(t, &page{curves: []robustClaim{{&cohort.Chapter{Protocol: chapter5}, curve}}})
	if want := "- it stands noise: supported in 2, undecided in 2 of 4; median difference +2.00, p < 0.001; least often with PruneRule = global, in 0 of 2, where the two sides come to 98.0 and 97.0 (subjects 0-5) [5.25]."; !strings.Contains(text, want) {
		t.Errorf("the page lacks %q:\n%s", want, text)
	}
	if strings.Contains(filled(t, &page{}), "Under other choices") {
		t.Error("the section stands without a claim")
	}
}

// A slip in the template is an error and not a hole in the page.
func TestUnknownNames(t *testing.T) {
	p := &page{shown: chapters{1: madeUp(t, 1, protocols.Seeds{0, 1}, func(string, string, int) float64 { return 50 })}}
	for name, say := range map[string]func() (string, error){
		"an arm":             func() (string, error) { return p.mean(1, "nobody", "standard") },
		"a metric":           func() (string, error) { return p.between(1, "full", "nothing") },
		"a condition":        func() (string, error) { return p.under(1, protocols.ArmSweep, "0.123", "standard") },
		"a pair":             func() (string, error) { return p.difference(1, "full", "nobody", "standard") },
		"a claim":            func() (string, error) { return p.claim("1.99") },
		"one of no arm":      func() (string, error) { return p.claim("1.15") },
		"a chapter":          func() (string, error) { return p.claim("99.1") },
		"one not recorded":   func() (string, error) { return p.mean(2, "full", "standard") },
		"a published figure": func() (string, error) { return p.book(1, "full", "nothing") },
		"one beside ours":    func() (string, error) { return p.beside(1, "full", "nothing") },
		"no share":           func() (string, error) { return p.share(1, "full", "standard") },
		"no SD in the book":  func() (string, error) { return p.spread(1, "full") },
	} {
		if got, err := say(); err == nil {
			t.Errorf("%s that is not there: %q", name, got)
		}
	}
}

// madeUp is a chapter with made-up values.
func madeUp(t *testing.T, n int, seeds protocols.Seeds, value func(arm, metric string, seed int) float64) *chapter {
	t.Helper()
	p, err := protocols.Configure(n, map[string]string{"Seeds": seeds.String()})
	if err != nil {
		t.Fatal(err)
	}
	r := &protocols.Result{Chapter: n}
	r.Settings, r.Altered = protocols.Settings(p)
	for _, seed := range seeds {
		p.Plant(seed).Walk(func(node *protocols.Node) {
			for _, x := range node.Readings {
				values := make([]float64, len(x.Names))
				for i, name := range x.Names {
					values[i] = value(name.Arm, name.Metric, seed)
				}
				r.Rows = append(r.Rows, x.Rows(n, seed, values)...)
			}
		})
	}
	r.Rows = append(r.Rows, p.Derive(r.Rows)...)
	c, err := newChapter(cohort.Of(p, r))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Nothing is worked out of the plan's subjects before all of them are recorded, in
// each of its chapters; and a subject that two platforms have counts once.
func TestPlanIsNotLookedAtBefore(t *testing.T) {
	dir := t.TempDir()
	r := record.Open(dir, nil)
	for _, seed := range append(protocols.Seeds{0, 1}, protocols.PlannedSubjects(1)[:protocols.FewestPlanned]...) {
		if err := r.Add(recorded(t, seed, "here")); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Add(recorded(t, 1, "elsewhere")); err != nil {
		t.Fatal(err)
	}
	p, err := recall(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if p.planned != nil || len(p.shown) != 1 || len(p.shown[1].Result.Values(protocols.ArmFull, "", "standard")) != 2 {
		t.Errorf("%d chapters are shown, of the plan %d", len(p.shown), len(p.planned))
	}
	all := r.All(1)
	first := all[slices.IndexFunc(all, func(s *record.Subject) bool { return s.Seed == 1 })]
	for _, from := range p.shown[1].Recorded {
		if slices.Contains(from.Seeds, 1) && from.Processor != first.Processor {
			t.Errorf("subject 1 is taken from %s, and the record has it first from %s", from.Processor, first.Processor)
		}
	}
	if text := filled(t, p); strings.Contains(text, "plan:") || !strings.Contains(text, "Subjects 0-1 (n = 2).") {
		t.Error("the page shows other subjects than 0 and 1")
	}
}

// recorded is a made-up subject of chapter 1.
func recorded(t *testing.T, seed int, processor string) *record.Subject {
	t.Helper()
	p, err := protocols.Configure(1, map[string]string{"Seeds": fmt.Sprint(seed)})
	if err != nil {
		t.Fatal(err)
	}
	s := &record.Subject{Chapter: 1, Seed: seed, Processor: processor, Readings: map[record.ID]store.Numbers{},
		Platform: protocols.Platform{Precision: "float32", Backend: "made up", CPU: processor}}
	p.Plant(seed).Walk(func(n *protocols.Node) {
		for _, r := range n.Readings {
			s.Readings[record.IDOf(r.Origin(n.Origin(seed, s.Platform).Key()).Key())] = make(store.Numbers, max(1, len(r.Names)))
		}
	})
	return s
}

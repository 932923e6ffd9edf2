package protocols

import (
	"slices"
	"testing"
)

// A result with made-up numbers has a row for every figure that the book prints,
// so a run gives every arm and metric of it.
func TestPublishedFiguresHaveRows(t *testing.T) {
	for _, chapter := range Chapters() {
		p := configured(t, chapter, map[string]string{"Seeds": "0-1"})
		r := madeUp(p)
		for _, c := range Compare(r) {
			if c.OursN == 0 && c.Arm != "" {
				t.Errorf("chapter %d has no %s of %s (%s)", chapter, c.Metric, c.Arm, c.Kind)
			}
		}
	}
}

// Every arm and metric of a chapter's tables and questions is measured.
func TestTablesAndContrastsHaveRows(t *testing.T) {
	for _, chapter := range Chapters() {
		for _, set := range []map[string]string{{"Seeds": "0-1"}, {"Profile": "smoke"}, {"Seeds": "3", "Controls": "false"}} {
			if chapter == 1 {
				delete(set, "Controls")
			}
			p := configured(t, chapter, set)
			r := madeUp(p)
			has := func(arm, metric string) bool { return len(r.Values(arm, "", metric)) > 0 }
			for _, l := range p.Tables() {
				for _, arm := range l.Arms {
					if !slices.ContainsFunc(l.Metrics, func(m Heading) bool { return has(arm.Name, m.Name) }) {
						t.Errorf("chapter %d, %v: no measure of arm %s in table %q", chapter, set, arm.Name, l.Name)
					}
				}
				for _, m := range l.Metrics {
					if !slices.ContainsFunc(l.Arms, func(arm Heading) bool { return has(arm.Name, m.Name) }) && !slices.Contains(rare, m.Name) {
						t.Errorf("chapter %d, %v: no arm with measure %s in table %q", chapter, set, m.Name, l.Name)
					}
				}
			}
			seen := map[Contrast]bool{}
			for _, c := range p.Contrasts() {
				if seen[c] {
					t.Errorf("chapter %d asks twice: %+v", chapter, c)
				}
				seen[c] = true
				if d := r.Paired(c); d.N == 0 {
					t.Errorf("chapter %d, %v: nothing to answer %+v", chapter, set, c)
				}
			}
		}
	}
}

// What a chapter derives comes in one order, so that a run gives the same bytes
// whenever it is made.
func TestDerivedRowsHaveAnOrder(t *testing.T) {
	for _, chapter := range Chapters() {
		p := configured(t, chapter, map[string]string{"Seeds": "0-1"})
		rows := madeUp(p).Rows
		first := p.Derive(rows)
		for range 5 {
			if !slices.Equal(p.Derive(rows), first) {
				t.Fatalf("chapter %d derives its rows in another order the second time", chapter)
			}
		}
	}
}

// rare measures exist for some subjects only: those who relapse or who do not,
// and those of a sweep that has the book's levels.
var rare = []string{"mean_cycle_at_relapse", "relapsed_from_remission", "combined_at_90", "collapse_between_90_and_93_points", "combined_beyond_95"}

// The trees have the counts of epochs that the sheets count, book's arms only.
func TestEpochsOfASubject(t *testing.T) {
	for _, c := range []struct{ chapter, epochs int }{{6, 425}, {7, 1045}, {8, 1345}} {
		p := configured(t, c.chapter, map[string]string{"Seeds": "0", "Controls": "false"})
		if got := epochsOf(p.Plant(0)); got != c.epochs {
			t.Errorf("chapter %d trains %d epochs, want %d", c.chapter, got, c.epochs)
		}
	}
}

// Our control arms branch from what is trained already, so that they cost no
// more than this.
func TestEpochsWithControls(t *testing.T) {
	for chapter, epochs := range map[int]int{1: 65, 2: 65, 3: 240, 4: 285, 5: 175, 6: 600, 7: 1075, 8: 2500, 10: 3865} {
		if got := epochsOf(configured(t, chapter, map[string]string{"Seeds": "0"}).Plant(0)); got != epochs {
			t.Errorf("chapter %d with controls trains %d epochs, want %d", chapter, got, epochs)
		}
	}
}

// A point on the way is measured on the call of the treatment, and the last one
// is the treatment itself.
func TestOnsetEndsWithTheTreatment(t *testing.T) {
	p := configured(t, 4, map[string]string{"Seeds": "1"}).(*Ch04)
	tree := p.Plant(1)
	last := map[string]string{}
	for _, treatment := range p.Onset() {
		points := treatment.OnsetEpochs()
		last[treatment.Arm] = OnsetMetric(points[len(points)-1], "combined")
	}
	if len(last) != 6 {
		t.Errorf("%d treatments are measured on the way, want 6", len(last))
	}
	found := map[string]map[Key]bool{}
	tree.Walk(func(n *Node) {
		for _, r := range n.Readings {
			for _, name := range r.Names {
				if name.Metric == "combined" || name.Metric == last[name.Arm] {
					if found[name.Arm] == nil {
						found[name.Arm] = map[Key]bool{}
					}
					found[name.Arm][r.Origin(n.Origin(1, testPlatform).Key()).Key()] = true
				}
			}
		}
	})
	for arm := range last {
		if len(found[arm]) != 1 {
			t.Errorf("%s: its end and the last point on its way have %d keys", arm, len(found[arm]))
		}
	}
}

// epochsOf counts the epochs of a tree, each point of a call once.
func epochsOf(tree *Tree) int {
	longest := map[Key]int{}
	var order []Key
	tree.Walk(func(n *Node) {
		if c, ok := n.Stage.(Call); ok {
			k := n.OriginUpto(0, tree.Seed, Platform{}).Key()
			if _, ok := longest[k]; !ok {
				order = append(order, k)
			}
			longest[k] = max(longest[k], c.Length())
		}
	})
	sum := 0
	for _, k := range order {
		sum += longest[k]
	}
	return sum
}

// Chapters 5 and 7 have the same treated subjects, and 8 the same trained ones.
func TestSharedStages(t *testing.T) {
	keys := func(chapter int, path ...string) []Key {
		p := configured(t, chapter, map[string]string{"Seeds": "4"})
		tree := p.Plant(4)
		var found []Key
		tree.Walk(func(n *Node) {
			var labels []string
			for m := n; m.Stage != nil; m = m.Parent {
				labels = append(labels, m.Name())
			}
			slices.Reverse(labels)
			if slices.Equal(labels, path) {
				found = append(found, n.Origin(4, Platform{}).Key())
			}
		})
		if found == nil {
			t.Fatalf("chapter %d has no node %v", chapter, path)
		}
		return found
	}
	ketamine := []string{"initialise", "baseline", "prune", "gain 1.25", "regrow", "train"}
	if a, b := keys(5, ketamine...), keys(7, ketamine...); a[0] != b[0] {
		t.Error("chapters 5 and 7 treat another subject ketamine-like")
	}
	ssri := []string{"initialise", "baseline", "prune", "train under fading noise"}
	if a, b := keys(5, ssri...), keys(7, ssri...); a[0] != b[0] {
		t.Error("chapters 5 and 7 treat another subject SSRI-like")
	}
	pruned := []string{"initialise", "baseline", "prune"}
	for _, c := range []int{4, 6, 7, 8} {
		if a, b := keys(5, pruned...), keys(c, pruned...); a[0] != b[0] {
			t.Errorf("chapters 5 and %d have other pruned subjects", c)
		}
	}
	quiet := []string{"initialise", "baseline", "prune", "train under fading noise"}
	if a, b := keys(4, quiet...), keys(6, quiet...); a[0] != b[0] {
		t.Error("chapters 4 and 6 treat another subject SSRI-like")
	}
}

func configured(t *testing.T, chapter int, set map[string]string) Protocol {
	t.Helper()
	p, err := Configure(chapter, set)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// madeUp is the result of a run that measured nothing: every reading gives
// numbers that depend on where it stands.
func madeUp(p Protocol) *Result {
	r := &Result{Chapter: p.Chapter()}
	for i, seed := range p.Cohort() {
		p.Plant(seed).Walk(func(n *Node) {
			for k, reading := range n.Readings {
				values := make([]float64, len(reading.Names))
				for j := range values {
					values[j] = float64(10*i + j + k)
				}
				r.Rows = append(r.Rows, reading.Rows(p.Chapter(), seed, values)...)
			}
		})
	}
	r.Rows = append(r.Rows, p.Derive(r.Rows)...)
	return r
}

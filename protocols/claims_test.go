package protocols

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols/stats"
)

// registered are the claims of all chapters at the book's settings.
func registered(t *testing.T) map[int][]Claim {
	t.Helper()
	all := map[int][]Claim{}
	for _, chapter := range Chapters() {
		all[chapter] = Claims(configured(t, chapter, map[string]string{"Seeds": "0-1"}))
	}
	return all
}

// Every claim is whole: its place in the book, what is compared and in what,
// how much matters and why; or what would decide it.
func TestClaimsAreWhole(t *testing.T) {
	number, page := regexp.MustCompile(`^(\d+)\.(\d+)$`), regexp.MustCompile(`, p\. \d+$`)
	seen := map[string]Claim{}
	counted := 0
	for _, chapter := range Chapters() {
		for _, c := range registered(t)[chapter] {
			if m := number.FindStringSubmatch(c.ID); m == nil || m[1] != seedText(chapter) {
				t.Errorf("chapter %d has a claim %q (%s)", chapter, c.ID, c.Words)
			}
			if other, twice := seen[c.ID]; twice {
				t.Errorf("claim %s is %q and %q", c.ID, c.Words, other.Words)
			}
			seen[c.ID] = c
			if !page.MatchString(c.Where) || c.Words == "" || c.Family == "" || !slices.Contains([]Direction{Higher, Lower, Same, Changes}, c.Says) {
				t.Errorf("claim %s lacks something: %+v", c.ID, c)
			}
			if (c.Arm == "") == (c.Needs == "") {
				t.Errorf("claim %s is decided by arms or says what it needs, not %q and %q", c.ID, c.Arm, c.Needs)
			}
			if c.Arm != "" && (c.Margin <= 0 || c.Reason == "") {
				t.Errorf("claim %s: nothing says which difference of %s matters", c.ID, c.Metric)
			}
			if c.Family == Mechanisms && c.Control == "" && c.Needs == "" {
				t.Errorf("claim %s explains, against no control", c.ID)
			}
			if original, ok := seen[c.Repeats]; c.Repeats != "" && (!ok || original.Repeats != "" || original.Says != c.Says && !mirrored(original, c)) {
				t.Errorf("claim %s repeats %q, which is not there, before it, or says something else", c.ID, c.Repeats)
			}
			if c.Repeats == "" {
				counted++
			}
			if strings.HasSuffix(c.Words, ".") {
				t.Errorf("claim %s: %q ends with a full stop", c.ID, c.Words)
			}
		}
	}
	if counted < 110 {
		t.Errorf("%d claims that are counted once, want 110 at least", counted)
	}
}

// mirrored reports whether two claims say the same with the arms turned about.
func mirrored(a, b Claim) bool {
	return a.Arm == b.Against && a.Against == b.Arm && a.Metric == b.Metric
}

// What a claim compares is measured: a result with made-up numbers has both
// sides of it for some subject.
func TestClaimsHaveRows(t *testing.T) {
	for chapter, claims := range registered(t) {
		r := madeUp(configured(t, chapter, map[string]string{"Seeds": "0-1"}))
		for _, c := range claims {
			if c.Needs == "" && r.Paired(c.Contrast).N == 0 && !slices.Contains(rare, c.Metric) {
				t.Errorf("claim %s: nothing measures %+v", c.ID, c.Contrast)
			}
		}
	}
}

// Other parameters and no controls leave claims out, and break none.
func TestClaimsOfOtherSettings(t *testing.T) {
	for _, chapter := range Chapters() {
		for _, set := range []map[string]string{{"Profile": "smoke"}, {"Seeds": "3", "Controls": "false"}} {
			if chapter == 1 {
				delete(set, "Controls")
			}
			p := configured(t, chapter, set)
			for _, f := range madeUp(p).Findings(Claims(p)) {
				if f.Verdict != Undecided {
					t.Errorf("chapter %d, %v: claim %s is %s by %d subject(s)", chapter, set, f.Claim.ID, f.Verdict, f.Difference.N)
				}
			}
		}
	}
}

// What the claims derive, by hand.
func TestDerivedForClaims(t *testing.T) {
	p1 := configured(t, 1, map[string]string{"Seeds": "0"}).(*Ch01)
	r := &Result{Rows: p1.deriveClaims([]Row{
		{1, "full", "", "standard", "0", 99}, {1, "full", "", "input_2_0", "0", 84}, {1, "full", "", "input_1_0", "0", 97},
		{1, ArmSweep, "0.8", "standard", "0", 95}, {1, ArmSweep, "0.9", "standard", "0", 85}, {1, ArmSweep, "0.95", "standard", "0", 40},
	})}
	for _, c := range []struct {
		arm, metric string
		want        float64
	}{{"full", noiseDrop, 15}, {ArmSweep, fallTo(0.9), 10}, {ArmSweep, fallTo(0.95), 45}} {
		if got := r.Values(c.arm, "", c.metric); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s of %s: %v, want %v", c.metric, c.arm, got, c.want)
		}
	}

	p5 := configured(t, 5, map[string]string{"Seeds": "0-2"}).(*Ch05)
	var rows []Row
	for seed, v := range [][3]float64{{90, 50, 40}, {80, 30, 45}, {85, 52, 20}} {
		for i, arm := range []string{ArmKetamine, ArmNeurosteroid, ArmSSRI} {
			rows = append(rows, Row{5, arm, "", "biased", seedText(seed), v[i]})
		}
	}
	r = &Result{Rows: p5.deriveClaims(rows)}
	if got := r.Values(ArmKetamine, "", "biased_order_as_printed"); !slices.Equal(got, []float64{100, 0, 100}) {
		t.Errorf("orders %v", got)
	}
	if got := r.Values(ArmSSRI, "", biasedDeviation); !slices.Equal(got, []float64{0, 5, 20}) {
		t.Errorf("distances from the median 40: %v", got)
	}
	if got := stats.Median([]float64{4, 1, 3, 2}); got != 2.5 {
		t.Errorf("median %v", got)
	}
}

// A line has a cell for each column, and the columns are the names of the JSON;
// what repeats a claim is counted with it.
func TestClaimsAsTable(t *testing.T) {
	p := configured(t, 8, map[string]string{"Seeds": "0-1"})
	list := Judge(p, madeUp(p))
	var text, objects strings.Builder
	if err := WriteClaimsCSV(&text, list); err != nil {
		t.Fatal(err)
	}
	if err := WriteClaimsJSON(&objects, list); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(strings.NewReader(text.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var read []map[string]any
	if err := json.Unmarshal([]byte(objects.String()), &read); err != nil {
		t.Fatal(err)
	}
	if len(records) != len(list)+1 || len(read) != len(list) || len(read[0]) != len(records[0]) {
		t.Fatalf("%d records and %d objects of %d claims", len(records), len(read), len(list))
	}
	for k, column := range records[0] {
		v, ok := read[3][column]
		if cell := records[4][k]; !ok || v == nil && cell != "" || v != nil && fmt.Sprint(v) != cell {
			t.Errorf("column %s: %q in CSV, %v in JSON", column, cell, v)
		}
	}
	if got := TallyClaims(list); !strings.HasPrefix(got, "22 claims: 0 supported, ") || !strings.HasSuffix(got, "; 17 more repeat one") {
		t.Errorf("tally %q", got)
	}
}

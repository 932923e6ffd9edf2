package figures

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

type asking struct{ *protocols.Ch01 }

func (asking) Contrasts() []protocols.Contrast {
	return []protocols.Contrast{
		{Question: "What does pruning cost?", Arm: "pruned95", Against: protocols.ArmFull, Metric: "standard"},
		{Question: "What does pruning cost?", Arm: "pruned95", Against: protocols.ArmFull, Metric: "clean"},
		{Question: "Is the clean set easier?", Arm: protocols.ArmFull, Against: protocols.ArmFull, Metric: "clean", AgainstMetric: "standard"},
	}
}

func TestContrastsTable(t *testing.T) {
	table, err := contrastsTable(asking{configured(t)}, contrasted())
	if err != nil {
		t.Fatal(err)
	}
	first := printed(table.Rows[0])
	if want := []string{"What does pruning cost?", "pruned (95 %) − full network", "standard", "−60.00 ± 2.22"}; !slices.Equal(first[:4], want) {
		t.Errorf("first row %q, want it to start with %q", first, want)
	}
	// -60 over sqrt(34.5/7). All eight have one sign: 2/2^8, twice for two contrasts.
	if want := []string{"−27.03", "0.016", "8"}; !slices.Equal(first[5:], want) || !table.Rows[0][4].Strong {
		t.Errorf("first row %q, want it to end with %q", first, want)
	}
	if unknown := printed(table.Rows[1]); unknown[0] != "" || unknown[4] != "–" || unknown[6] != "–" || unknown[7] != "0" {
		t.Errorf("what was not measured: %q", unknown)
	}
	// All eight differ by .1: 2/2^8, and twice that.
	before := printed(table.Rows[2])
	if want := []string{"full network", "clean − standard", "+0.10 ± 0.00", "0.10 to 0.10", "–", "0.016", "8"}; !slices.Equal(before[1:], want) {
		t.Errorf("two metrics of an arm: %q, want %q", before[1:], want)
	}
	if !strings.Contains(table.Caption, "bootstrap-t") || !strings.Contains(table.Caption, "Holm") {
		t.Errorf("caption %q", table.Caption)
	}
}

func TestProbability(t *testing.T) {
	for p, want := range map[float64]string{0: "<0.001", 0.00099: "<0.001", 0.001: "0.001", 0.0499: "0.050", 1: "1.000"} {
		if got := probability(p).String(); got != want {
			t.Errorf("%v is printed %s, want %s", p, got, want)
		}
	}
	if got := probability(math.NaN()).String(); got != "–" {
		t.Errorf("no p value is printed %s", got)
	}
}

type twice struct{ *protocols.Ch01 }

func (twice) Tables() []protocols.Layout {
	return []protocols.Layout{
		{Arms: []protocols.Heading{{Name: "a", Words: "one"}}, Metrics: []protocols.Heading{{Name: "cycle_0_combined", Words: "cycle 0"}, {Name: "clean", Words: "clean"}}},
		{Arms: []protocols.Heading{{Name: "a", Words: "one"}}, Metrics: []protocols.Heading{{Name: "cycle_0_sparsity", Words: "cycle 0"}}},
	}
}

// Words that two metrics share are not used for either: their names tell more.
func TestHeadings(t *testing.T) {
	words := headings(twice{configured(t)})
	if words.metric("cycle_0_combined") != "cycle 0 combined" || words.metric("clean") != "clean" || words.arm("a") != "one" {
		t.Errorf("%+v", words)
	}
}

// What a claim or a contrast is measured by is said in words, not by the name that the
// long table has: "internal 2 5" is a number taken apart.
func TestMeasuresInWords(t *testing.T) {
	apart := regexp.MustCompile(`\d \d|_`)
	for _, n := range protocols.Chapters() {
		p, err := protocols.Configure(n, nil)
		if err != nil {
			t.Fatal(err)
		}
		words := headings(p)
		list := p.Contrasts()
		for _, c := range protocols.Claims(p) {
			list = append(list, c.Contrast)
		}
		for _, c := range list {
			if between, measure := words.contrast(c); apart.MatchString(between + measure) {
				t.Errorf("chapter %d: %q: %q", n, between, measure)
			}
		}
	}
}

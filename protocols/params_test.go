package protocols

import (
	"slices"
	"strings"
	"testing"
)

func TestParseSeeds(t *testing.T) {
	for text, want := range map[string][]int{
		"2":      {2},
		"0-3":    {0, 1, 2, 3},
		"0-2,42": {0, 1, 2, 42},
		"7,5":    {5, 7},
		" 1 , 3": {1, 3},
		"4-4":    {4},
	} {
		got, err := ParseSeeds(text)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("ParseSeeds(%q) = %v, %v; want %v", text, got, err, want)
		}
		again, err := ParseSeeds(got.String())
		if err != nil || !slices.Equal(again, got) {
			t.Errorf("%v written as %q reads back as %v, %v", got, got, again, err)
		}
	}
	for _, text := range []string{"", "x", "-1", "3-1", "1,1", "0-3,2", "1-", "1.5", "0-99999", "5000000", "99999999999999999999"} {
		if got, err := ParseSeeds(text); err == nil {
			t.Errorf("ParseSeeds(%q) = %v, want an error", text, got)
		}
	}
}

func TestConfigureTakesEveryParameter(t *testing.T) {
	for _, n := range Chapters() {
		p, err := Configure(n, nil)
		if err != nil {
			t.Fatal(err)
		}
		settings, altered := Settings(p)
		if len(altered) > 0 {
			t.Errorf("chapter %d: untouched, yet altered: %v", n, altered)
		}
		for _, q := range Parameters(p) {
			isNumber := strings.Contains(q.Type, "number")
			if q.Meaning == "" || q.Default == "" && q.Name != "Arms" && q.Type != "path" && q.Type != "claim" || isNumber && (q.Unit == "" || q.Range == "") {
				t.Errorf("chapter %d: %s has no meaning, default or unit", n, q.Name)
			}
		}
		again, err := Configure(n, settings)
		if err != nil {
			t.Fatalf("chapter %d refuses its own settings: %v", n, err)
		}
		if got, _ := Settings(again); !mapsEqual(got, settings) {
			t.Errorf("chapter %d: settings %v came back as %v", n, settings, got)
		}
	}
}

func mapsEqual(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}

// A bad value is refused in one sentence that names the parameter and says what
// it takes.
func TestBadValuesAreRefusedByName(t *testing.T) {
	for _, c := range []struct{ name, value, says string }{
		{"PruneSparsity", "1", "number in [0,1)"},
		{"PruneSparsity", "much", "number in [0,1)"},
		{"PruneSparsity", "NaN", "number in [0,1)"},
		{"PruneSparsity", "", "number in [0,1)"},
		{"BaselineEpochs", "2.5", "whole number in [0,10000]"},
		{"BaselineEpochs", "-1", "whole number in [0,10000]"},
		{"BaselineRate", "0", "number in (0,10]"},
		{"BaselineRate", "Inf", "number in (0,10]"},
		{"Hidden", "512,0", "list of whole numbers in [1,8192]"},
		{"Hidden", "512;256", "list of whole numbers in [1,8192]"},
		{"SweepSparsities", "0.5,0.5", "each once"},
		{"Seeds", "9-0", "lower to the higher"},
		{"Seeds", "some", "list of subjects"},
		{"Sparsity", "0.5", "not a parameter of chapter 1"},
	} {
		_, err := Configure(1, map[string]string{c.name: c.value})
		if !IsBadInput(err) {
			t.Errorf("%s=%s: error %v, want bad input", c.name, c.value, err)
			continue
		}
		if s := err.Error(); !strings.HasPrefix(s, c.name+" ") || !strings.Contains(s, c.says) || strings.Contains(s, "\n") {
			t.Errorf("%s=%s: %q does not name it and say %q", c.name, c.value, s, c.says)
		}
	}
	if _, err := Configure(11, nil); !IsBadInput(err) {
		t.Errorf("chapter 11: error %v, want bad input", err)
	}
}

func TestFormat(t *testing.T) {
	for want, v := range map[string]any{
		"0.95": 0.95, "0.00001": 1e-5, "1e-12": 1e-12, "3": 3, "0-9": "0-9", "512,512,256": []int{512, 512, 256},
		"0,0.5": []float64{0, 0.5}, "true": true, "0-1,42": Seeds{0, 1, 42}, "0.1": float32(0.1),
	} {
		if got := Format(v); got != want {
			t.Errorf("Format(%v) = %q, want %q", v, got, want)
		}
	}
}

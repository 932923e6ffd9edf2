package notebook

import (
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

func TestParties(t *testing.T) {
	for by, want := range map[string]party{
		"A. Reader":                            {name: "A. Reader"},
		"A. Reader (An Institute, Town)":       {name: "A. Reader", organisation: "An Institute, Town"},
		"A. Reader (X, https://x.example)":     {name: "A. Reader", organisation: "X", address: "https://x.example"},
		"(X)":                                  {name: "(X)"},
		"J. Carberry, 0000-0002-1825-0097 (X)": {name: "J. Carberry", orcid: "0000-0002-1825-0097", organisation: "X"},
		"J. Carberry https://orcid.org/0000-0002-1694-233X": {name: "J. Carberry", orcid: "0000-0002-1694-233X"},
		"": {},
	} {
		if got, err := parties(by); err != nil || got != want {
			t.Errorf("%q is %+v (%v), want %+v", by, got, err, want)
		}
	}
	if _, err := parties("J. Carberry, 0000-0002-1825-0096"); !protocols.IsBadInput(err) {
		t.Errorf("a wrong digit: %v", err)
	}
}

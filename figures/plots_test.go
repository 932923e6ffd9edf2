package figures

import (
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// Every plot of a chapter gives its numbers.
func TestEveryPlotHasNumbers(t *testing.T) {
	p, r := fakeRun(t, map[string]string{"Seeds": "0-1"})
	_, plots := namesOf(1)
	for _, name := range plots {
		shown, err := Plot(p, r, name)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := shown.CSV(); err != nil || len(text) < 200 {
			t.Errorf("%s gives %q (%v)", name, text, err)
		}
	}
}

// A notebook must not grow by megabytes.
func TestVegaOfEveryPlotIsSmall(t *testing.T) {
	p, r := fakeRun(t, map[string]string{"Seeds": "0-9"})
	_, plots := namesOf(1)
	for _, name := range plots {
		shown, err := Plot(p, r, name)
		if err != nil {
			t.Fatal(err)
		}
		spec, err := shown.Files()["json"]()
		if err != nil || len(spec) > 150_000 {
			t.Errorf("%s takes %d bytes (%v)", name, len(spec), err)
		}
	}
}

// A plot of what the run has not says so.
func TestPlotsOfNothing(t *testing.T) {
	for _, chapter := range protocols.Chapters() {
		p, err := protocols.Configure(chapter, map[string]string{"Profile": "smoke"})
		if err != nil {
			t.Fatal(err)
		}
		settings, _ := protocols.Settings(p)
		for i, e := range Plots(p) {
			shows := chapters[chapter].plots[i].shows
			_, err := e.Make(&protocols.Result{Chapter: chapter, Settings: settings})
			if shows != "" && (err == nil || !strings.Contains(err.Error(), "the run has no ")) && !protocols.IsBadInput(err) {
				t.Errorf("chapter %d, %s: %v, want that it has no %s", chapter, e.Name, err, shows)
			}
		}
	}
}

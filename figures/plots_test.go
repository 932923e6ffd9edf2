package figures

import (
	"testing"
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

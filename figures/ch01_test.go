package figures

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Pictures are for the eye: `go test ./figures -run TestCh01 -out DIR` writes
// all of the chapter, of made-up numbers, to be looked at.
var out = flag.String("out", "", "folder to write the pictures and tables to")

func TestCh01(t *testing.T) {
	p, r := fakeRun(t, nil)
	tables, plots := namesOf(1)
	for _, name := range tables {
		shown, err := Table(p, r, name)
		if err != nil {
			t.Fatal(err)
		}
		table := shown
		html, err := table.HTML()
		if err != nil {
			t.Fatal(err)
		}
		text, err := table.Text()
		if err != nil {
			t.Fatal(err)
		}
		save(t, name+" table.html", []byte("<meta charset=utf-8>"+html))
		save(t, name+" table.txt", []byte(text))
	}
	for _, name := range plots {
		shown, err := Plot(p, r, name)
		if err != nil {
			t.Fatal(err)
		}
		plot := shown
		svg, err := plot.SVG()
		if err != nil {
			t.Fatal(err)
		}
		save(t, name+".svg", svg)
		save(t, name+".txt", []byte(plot.Text()))
		if *out == "" {
			continue
		}
		png, err := plot.PNG()
		if err != nil {
			t.Fatal(err)
		}
		save(t, name+".png", png)
	}
}

// Whatever the parameters, every table and plot comes out or says in words why
// it cannot.
func TestCh01Altered(t *testing.T) {
	for _, settings := range []map[string]string{
		{"Seeds": "42"},
		{"Seeds": "3,7", "InputSigmas": "0.5,1,2,3"},
		{"Seeds": "0-1", "Hidden": "8,8,8,8,8"},
		{"Seeds": "0-1", "Hidden": "4", "PruneSparsity": "0"},
		{"Seeds": "0-1", "SweepSparsities": "0.9", "CleanSamples": "1", "TestSamples": "2", "TrainSamples": "5"},
		{"Seeds": "0-1", "FinetuneEpochs": "0", "BaselineEpochs": "1"},
		{"Seeds": "0-1", "SweepSparsities": "0,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,0.95,0.99"},
	} {
		p, r := fakeRun(t, settings)
		tables, plots := namesOf(1)
		for _, name := range tables {
			shown, err := Table(p, r, name)
			if err != nil {
				t.Errorf("%v: table %q: %v", settings, name, err)
				continue
			}
			if _, err := shown.Text(); err != nil {
				t.Errorf("%v: table %q: %v", settings, name, err)
			}
		}
		for _, name := range plots {
			shown, err := Plot(p, r, name)
			if err != nil {
				t.Errorf("%v: plot %q: %v", settings, name, err)
				continue
			}
			svg, err := shown.SVG()
			if err != nil || numberless(svg) {
				t.Errorf("%v: plot %q has no picture or a coordinate that is no number (%v)", settings, name, err)
			}
		}
	}
}

// A result without readings, as of a run that was cut short, gives sentences
// rather than empty pictures.
func TestCh01OfNothing(t *testing.T) {
	p, r := fakeRun(t, nil)
	r.Rows, r.Series = nil, nil
	for _, name := range []string{"regions", "weights", "losses", "recovery", "sweep"} {
		if _, err := Plot(p, r, name); err == nil {
			t.Errorf("plot %q of nothing was drawn", name)
		}
	}
	tables, _ := namesOf(1)
	for _, name := range tables {
		if _, err := Table(p, r, name); err != nil && name != "sweep" {
			t.Errorf("table %q: %v", name, err)
		}
	}
}

// Table 1 has the published figures under ours, as printed.
func TestTable1(t *testing.T) {
	p, r := fakeRun(t, nil)
	shown, err := Table(p, r, "table 1")
	if err != nil {
		t.Fatal(err)
	}
	table := shown
	var published []string
	for _, row := range table.Rows {
		if row[1].String() == "published" {
			published = append(published, row[2].String()+" "+row[3].String()+" "+row[4].String())
		}
	}
	want := []string{"100.0 50.8 100.0", "100.0 43.1 100.0", "97.8 41.4 97.9", "83.6 39.4 84.2", "0.0 94.7 47.3", "396,548 21,050 208,799"}
	if !slices.Equal(published, want) {
		t.Errorf("published figures %q, want %q", published, want)
	}
}

func save(t *testing.T, name string, content []byte) {
	if *out == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*out, name), content, 0o666); err != nil {
		t.Fatal(err)
	}
}

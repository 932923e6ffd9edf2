package figures

import (
	"encoding/base64"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/protocols"
)

// A Figure is what is shown of a run: a *table.Table or a *chart.Plot.
type Figure interface {
	// Kind is "table" or "plot".
	Kind() string
	// Files has what makes a file of it, by what the file's name ends in; a maker
	// gives nil where this figure has no such form.
	Files() map[string]func() ([]byte, error)
	// Bundle is the figure as Jupyter takes it, by MIME type, with its metadata and
	// what stands below it; link, which may be "", is to its numbers.
	Bundle(link string) (data, metadata, note map[string]any, err error)
}

// Encode makes a file of a figure: csv, tex, md, html or txt of a table; csv, svg,
// png or json, which is Vega-Lite, of a plot.
func Encode(f Figure, kind string) ([]byte, error) {
	make := f.Files()[kind]
	if make == nil {
		return nil, noFile(f, kind)
	}
	data, err := make()
	if data == nil && err == nil {
		return nil, protocols.BadInput{Sentence: "a diagram has no form in Vega-Lite; save it as csv, png or svg"}
	}
	return data, err
}

// CheckKind refuses a kind of file that what is asked for cannot become.
func CheckKind(ask protocols.Ask, kind string) error {
	var f Figure = new(table.Table)
	if ask.What == protocols.AskPlot {
		f = new(chart.Plot)
	}
	if f.Files()[kind] == nil {
		return noFile(f, kind)
	}
	return nil
}

// noFile is the error for a kind of file that a figure cannot become.
func noFile(f Figure, kind string) error {
	return protocols.BadInput{Sentence: fmt.Sprintf("a %s is saved as a file whose name ends in %s, not %q",
		f.Kind(), strings.Join(slices.Sorted(maps.Keys(f.Files())), ", "), kind)}
}

// Bundle packs a figure as Jupyter takes it: the same thing by MIME type, from
// which each front end picks what it shows best; the metadata; and what stands
// below it, nil for nothing. It has a link that saves its numbers as a file of the
// given name.
func Bundle(f Figure, name string) (data, metadata, note map[string]any, err error) {
	link, err := numbersLink(f, name)
	if err != nil {
		return nil, nil, nil, err
	}
	return f.Bundle(link)
}

// longestNumbers is how long a file of numbers may be that a page carries
// along. The longest, the regions of chapter 1, would double its notebook.
const longestNumbers = 64 << 10

// numbersLink is a link with the numbers in it, so that nothing has to be
// fetched; "" where they are too long for that.
func numbersLink(f Figure, name string) (string, error) {
	data, err := Encode(f, "csv")
	if err != nil || len(data) > longestNumbers {
		return "", err
	}
	file := strings.ReplaceAll(name, " ", "-")
	if f.Kind() == "plot" { // a table may have the same name
		file += "-plot"
	}
	return fmt.Sprintf("<a style=\"white-space:nowrap;\" aria-label=\"Numbers of the %s %s (CSV)\" download=\"%s.csv\" href=\"data:text/csv;base64,%s\">Numbers (CSV)</a>",
		f.Kind(), html.EscapeString(name), html.EscapeString(file), base64.StdEncoding.EncodeToString(data)), nil
}

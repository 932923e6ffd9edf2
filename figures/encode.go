package figures

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/protocols"
)

// The kinds of files that a table and a plot can become.
var (
	tableKinds = map[string]func(*Table) (string, error){
		"csv": (*Table).CSV, "tex": (*Table).LaTeX, "md": (*Table).Markdown, "html": (*Table).HTML, "txt": (*Table).Text,
	}
	plotKinds = map[string]func(*Plot) (string, error){
		"csv":  (*Plot).CSV,
		"svg":  asText((*Plot).SVG),
		"png":  asText((*Plot).PNG),
		"json": (*Plot).vegaFile,
	}
)

// Encode makes a file of a *Table (csv, tex, md, html, txt) or a *Plot (csv,
// svg, png; json is Vega-Lite). See CheckKind for other kinds.
func Encode(shown any, kind string) ([]byte, error) {
	var text string
	var err error
	switch v := shown.(type) {
	case *Table:
		if make := tableKinds[kind]; make != nil {
			text, err = make(v)
			return []byte(text), err
		}
		return nil, CheckKind("table", kind)
	case *Plot:
		if make := plotKinds[kind]; make != nil {
			text, err = make(v)
			return []byte(text), err
		}
		return nil, CheckKind("plot", kind)
	}
	return nil, fmt.Errorf("%T is neither a table nor a plot", shown)
}

// CheckKind refuses a kind of file that what is shown ("table", "plot" or
// "paired") cannot become, with a protocols.BadInput that lists those it can.
func CheckKind(what, kind string) error {
	kinds := slices.Sorted(maps.Keys(tableKinds))
	if what == "plot" {
		kinds = slices.Sorted(maps.Keys(plotKinds))
	} else {
		what = "table"
	}
	if slices.Contains(kinds, kind) {
		return nil
	}
	return protocols.BadInput{Sentence: fmt.Sprintf("a %s is saved as a file whose name ends in %s, not %q", what, strings.Join(kinds, ", "), kind)}
}

func asText(render func(*Plot) ([]byte, error)) func(*Plot) (string, error) {
	return func(p *Plot) (string, error) {
		data, err := render(p)
		return string(data), err
	}
}

// vegaFile is the plot for Vega-Lite's own tools.
func (p *Plot) vegaFile() (string, error) {
	spec, err := p.Vega()
	if err != nil {
		return "", err
	}
	if spec == nil {
		return "", protocols.BadInput{Sentence: "a diagram has no form in Vega-Lite; save it as csv, png or svg"}
	}
	data, err := json.Marshal(spec)
	return string(data), err
}

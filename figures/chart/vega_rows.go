package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/figures/words"
)

// vegaRows are the data of a mark: an object each, with its place and what the
// tooltip says.
type vegaRows struct {
	view  *vegaView
	label string // of the series; "" says none
	rows  []any
	// Whether the rows hold what the axes call their places, besides the numbers.
	xNamed, yNamed bool
	interval       bool     // whether they have the ends of one
	more           []string // parts of the tooltip's expression
}

// rows starts the data of a series. Where an axis names places, or the marks are
// moved from theirs, every row says what its place is.
func (v *vegaView) rows(label string, x, y []float64, movedX, movedY bool) *vegaRows {
	return &vegaRows{view: v, label: words.Flat(plainWords(label)),
		xNamed: movedX || anyNamed(v.xNames, x), yNamed: movedY || anyNamed(v.yNames, y)}
}

func anyNamed(names map[float64]string, places []float64) bool {
	return slices.ContainsFunc(places, func(at float64) bool { return names[0+at] != "" })
}

// add appends a row for each datum, with its interval where there is one.
func (r *vegaRows) add(data ...datum) {
	for _, d := range data {
		row := r.addAt(d.x, d.y, d.atX, d.atY)
		if low, high := r.view.y.vega(d.low), r.view.y.vega(d.high); low != nil && high != nil {
			row["low"], row["high"] = low, high
			r.interval = true
		}
	}
}

// addAt appends a row for a value at x, y, which is drawn at another place where
// the marks are moved.
func (r *vegaRows) addAt(x, y, atX, atY float64) object {
	row := object{}
	put := func(field string, v any) {
		if v != nil {
			row[field] = v
		}
	}
	put("x", r.view.x.vega(atX))
	put("y", r.view.y.vega(atY))
	if r.xNamed {
		row["xName"] = placeName(r.view.xNames, x)
	}
	if r.yNamed {
		row["yName"] = placeName(r.view.yNames, y)
	}
	r.rows = append(r.rows, row)
	return row
}

func placeName(names map[float64]string, at float64) string {
	if name := names[0+at]; name != "" {
		return name
	}
	return tidy(at)
}

// drawn are marks of the rows, the first at the bottom; none where there is no
// row.
func (r *vegaRows) drawn(marks ...any) []any {
	if len(r.rows) == 0 {
		return nil
	}
	return []any{object{"data": object{"values": r.rows}, "layer": marks}}
}

// tooltip says what a row is: the series, its place by the axes' labels, and
// its interval; where an expression is given, only if that holds. It belongs in
// the encoding: Vega-Lite 5.6, which JupyterLab has, keeps the pointer from marks
// of a view with a zoom that have none there.
func (r *vegaRows) tooltip(where string) object {
	var title, parts []string
	if r.label != "" {
		title = append(title, quoted(r.label))
	}
	side := func(field, label string, isNamed bool) {
		switch {
		case isNamed && label == "":
			title = append(title, "datum."+field+"Name")
		case isNamed:
			parts = append(parts, quoted(label)+":datum."+field+"Name")
		case label == "":
			parts = append(parts, quoted(field)+":"+vegaFormat(field))
		default:
			parts = append(parts, quoted(label)+":"+vegaFormat(field))
		}
	}
	side("x", r.view.xLabel, r.xNamed)
	side("y", r.view.yLabel, r.yNamed)
	if r.interval {
		parts = append(parts, fmt.Sprintf(`"interval":isValid(datum.low)?%s+" to "+%s:"–"`, vegaFormat("low"), vegaFormat("high")))
	}
	parts = append(parts, r.more...)
	if title != nil {
		parts = append([]string{`"title":` + strings.Join(title, `+", "+`)}, parts...)
	}
	words := "{" + strings.Join(parts, ",") + "}"
	if where != "" {
		words = where + "?" + words + ":null"
	}
	return object{"value": object{"expr": words}}
}

// vegaFormat is an expression that prints a field as people read it.
func vegaFormat(field string) string { return fmt.Sprintf("format(datum.%s,',.6~g')", field) }

// tidy prints a number for a tooltip to at most six digits.
func tidy(v float64) string {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return words.Number(v, 0)
	}
	decimals := max(0, 5-int(math.Floor(math.Log10(math.Abs(v)))))
	text := words.Number(v, min(decimals, 12))
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

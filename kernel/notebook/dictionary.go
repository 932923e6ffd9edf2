package notebook

import (
	"bytes"
	"encoding/csv"
	"fmt"

	"github.com/network-fragility/fragility/protocols"
)

// dictionary says what every name in an archive's tables means: the columns of
// the long table, the arms, the metrics, and the parameters with their units.
func dictionary(p protocols.Protocol) []byte {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	out.Write([]string{"kind", "name", "unit", "meaning"})
	for _, c := range [][2]string{
		{"chapter", "of the book"}, {"arm", "the treatment, or the state before any"}, {"condition", "under which it was measured; empty for most"},
		{"metric", "what was measured"}, {"seed", "the subject; all for a figure of the whole cohort"}, {"value", "in the metric's unit; accuracies in per cent"},
	} {
		out.Write([]string{"column", c[0], "", c[1]})
	}
	out.Write([]string{"statistic", "SD", "", "standard deviation over subjects, with division by n - 1; the book's, in columns of published figures, divides by n"})
	said := map[[2]string]bool{}
	list := func(kind string, headings []protocols.Heading) {
		for _, h := range headings {
			if !said[[2]string{kind, h.Name}] {
				said[[2]string{kind, h.Name}] = true
				out.Write([]string{kind, h.Name, "", h.Words})
			}
		}
	}
	for _, l := range p.Tables() {
		list("arm", l.Arms)
	}
	for _, l := range p.Tables() {
		list("metric", l.Metrics)
	}
	for _, q := range protocols.Parameters(p) {
		out.Write([]string{"parameter", q.Name, q.Unit, q.Meaning})
	}
	out.Flush()
	return b.Bytes()
}

// duration is a time for a reader.
func duration(seconds float64) string {
	switch {
	case seconds < 90:
		return fmt.Sprintf("%.0f seconds", seconds)
	case seconds < 5400:
		return fmt.Sprintf("%.0f minutes", seconds/60)
	}
	return fmt.Sprintf("%.1f hours", seconds/3600)
}

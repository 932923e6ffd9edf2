package table

import (
	"encoding/csv"
	"strings"

	"github.com/network-fragility/fragility/figures/words"
)

// CSV renders the numbers behind the table, unrounded, for other programs: one
// line of heads, no title and no caption. A column with means and deviations,
// or with intervals, becomes two.
func (t *Table) CSV() (string, error) {
	if err := t.check(); err != nil {
		return "", err
	}
	forms := make([]Form, len(t.Columns))
	for _, row := range t.Rows {
		for i, c := range row {
			if c.Form.pair() {
				forms[i] = c.Form
			}
		}
	}
	var heads []string
	for i, c := range t.Columns {
		switch forms[i] {
		case Spread, SignedSpread:
			heads = append(heads, c.label(), c.label()+" SD")
		case Interval:
			heads = append(heads, c.label()+" low", c.label()+" high")
		default:
			heads = append(heads, c.label())
		}
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.Write(heads); err != nil {
		return "", err
	}
	for _, row := range t.Rows {
		var fields []string
		for i, c := range row {
			n := 1
			if forms[i].pair() {
				n = 2
			}
			for k := range n {
				switch {
				case k < len(c.Numbers):
					fields = append(fields, words.Exact(c.Numbers[k]))
				case k == 0:
					fields = append(fields, c.Words)
				default:
					fields = append(fields, "")
				}
			}
		}
		if err := w.Write(fields); err != nil {
			return "", err
		}
	}
	w.Flush()
	return b.String(), w.Error()
}

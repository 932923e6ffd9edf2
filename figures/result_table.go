package figures

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/stats"
)

// resultTable sets a chapter's table out as the book does, arms across and
// metrics down, with the published figures and the differences under ours,
// digit under digit. A metric that the book has for none of the arms takes one
// row, and a table without any published figure has no room for them.
func resultTable(l protocols.Layout, r *protocols.Result) *table.Table {
	published := map[[2]string]protocols.Published{}
	decimals := map[string]int{} // of a metric, as the book prints it
	for _, f := range protocols.PublishedFigures(r.Chapter) {
		published[[2]string{f.Arm, f.Metric}] = f
		decimals[f.Metric] = max(decimals[f.Metric], printedDecimals(f))
	}
	title := l.Title
	if l.Ours {
		title += " (ours)"
	}
	t := &table.Table{Title: title, Columns: []table.Column{{}}, Parts: true, Caption: subjectsNote(r)}
	inBook := func(m protocols.Heading) bool {
		return slices.ContainsFunc(l.Arms, func(arm protocols.Heading) bool {
			_, ok := published[[2]string{arm.Name, m.Name}]
			return ok
		})
	}
	beside := slices.ContainsFunc(l.Metrics, inBook)
	if beside {
		t.Columns = append(t.Columns, table.Column{})
	}
	for _, arm := range l.Arms {
		t.Columns = append(t.Columns, table.Column{Head: arm.Words, Align: table.Right})
	}
	var several []string // parameters that make a figure another than the book's
	for _, m := range l.Metrics {
		places, ok := decimals[m.Name]
		if !ok {
			places = usualDecimals(r, l.Arms, m.Name)
		}
		ours := []table.Cell{table.Words(m.Words)}
		if beside {
			ours = append(ours, table.Words("ours"))
		}
		book := []table.Cell{table.Words(""), table.Words("published")}
		difference := []table.Cell{table.Words(""), table.Words("difference")}
		for _, arm := range l.Arms {
			values := r.Values(arm.Name, "", m.Name)
			ours = append(ours, summary(values, places))
			f, ok := published[[2]string{arm.Name, m.Name}]
			if !ok {
				book, difference = append(book, table.Words("")), append(difference, table.Words(""))
				continue
			}
			if names := unlike(r, arm.Name, m.Name); names != nil {
				why := ": " + unlikeWords(names)
				if len(names) > 1 { // too long for a column of numbers
					why = ""
					several = append(several, names...)
				}
				book, difference = append(book, table.Words("not comparable"+why)), append(difference, table.Words(""))
				continue
			}
			book = append(book, table.MeanSD(f.Mean, f.SD, places))
			if len(values) == 0 {
				difference = append(difference, table.Words("–"))
				continue
			}
			difference = append(difference, table.Difference(stat.Mean(values, nil)-f.Mean, places))
		}
		t.Rows = append(t.Rows, ours)
		if inBook(m) {
			t.Rows = append(t.Rows, book)
		}
		if inBook(m) && slices.ContainsFunc(difference[2:], func(c table.Cell) bool { return c.String() != "" }) {
			t.Rows = append(t.Rows, difference)
		}
	}
	if slices.Sort(several); several != nil {
		several = slices.Compact(several)
		t.Caption += " A published figure is not comparable where it depends on " + strings.Join(several, ", ") + "."
	}
	return t
}

// unlike names the parameters that make a figure another than the book's.
func unlike(r *protocols.Result, arm, metric string) []string {
	if len(r.Altered) == 0 {
		return nil
	}
	p, err := protocols.Configure(r.Chapter, r.Settings)
	if err != nil {
		return nil
	}
	return protocols.Unlike(p, arm, metric)
}

// usualDecimals is how many decimals a measure gets that the book does not print:
// one, as accuracies have and other percentages, or two where the means of all arms are
// nearly nothing; two or three where all values of another measure are small, and none
// where they are counts: whole, and more than a percentage can be.
func usualDecimals(r *protocols.Result, arms []protocols.Heading, metric string) int {
	largest, mean, whole := 0.0, 0.0, true
	for _, arm := range arms {
		values := r.Values(arm.Name, "", metric)
		if len(values) > 0 {
			mean = max(mean, math.Abs(stat.Mean(values, nil)))
		}
		for _, v := range values {
			largest = max(largest, math.Abs(v))
			whole = whole && v == math.Trunc(v)
		}
	}
	switch {
	case protocols.Points(metric) && mean > 0 && mean < 0.5:
		return 2
	case protocols.Points(metric):
	case largest > 0 && largest < 1:
		return 3
	case !whole && largest < 10:
		return 2
	case whole && largest > 100:
		return 0
	}
	return 1
}

// summary is the mean and SD of values: the mean alone where they cannot or do
// not vary, as with one subject or with counts.
func summary(values []float64, decimals int) table.Cell {
	if len(values) == 0 {
		return table.Words("–")
	}
	mean := stat.Mean(values, nil)
	sd := stats.SD(values)
	if len(values) == 1 || decimals == 0 && sd == 0 {
		sd = math.NaN()
	}
	return table.MeanSD(mean, sd, decimals)
}

// printedDecimals is how many decimals the book prints a figure with.
func printedDecimals(f protocols.Published) int {
	return max(0, int(math.Round(-math.Log10(f.Unit)))) // a figure printed in hundreds is told exactly
}

// subjectsNote says who stands behind the numbers, and what was set otherwise
// than the book has it.
func subjectsNote(r *protocols.Result) string {
	seeds := map[string]bool{}
	for _, row := range r.Rows {
		if row.Seed != "all" {
			seeds[row.Seed] = true
		}
	}
	note := fmt.Sprintf("Ours: one subject (Seeds %s).", r.Settings["Seeds"])
	if len(seeds) != 1 {
		note = fmt.Sprintf("Ours: mean ± SD (n − 1; the book's divides by n) over %d subjects (Seeds %s).", len(seeds), r.Settings["Seeds"])
	}
	var altered []string
	for _, name := range r.Altered {
		if name != "Seeds" {
			altered = append(altered, name+" = "+r.Settings[name])
		}
	}
	if len(altered) > 0 {
		note += " Set otherwise than in the book: " + strings.Join(altered, ", ") + "."
	}
	return note
}

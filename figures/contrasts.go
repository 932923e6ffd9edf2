package figures

import (
	"fmt"
	"math"
	"strings"

	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/protocols"
)

// contrastsTable answers the chapter's questions: the differences between its
// arms, subject by subject.
func contrastsTable(p protocols.Protocol, r *protocols.Result) (*table.Table, error) {
	words := headings(p)
	all := r.PairedAll(p.Contrasts())
	t := &table.Table{
		Title:   "What makes the difference, subject by subject",
		Columns: append([]table.Column{{Head: "question"}, {Head: "difference between"}, {Head: "measure"}}, differenceColumns...),
		Caption: differenceNote + adjustedFor(len(all), "contrasts of the table"),
	}
	last := ""
	for _, d := range all {
		question := d.Question
		if question == last {
			question = ""
		}
		last = d.Question
		between, measure := words.contrast(d.Contrast)
		t.Rows = append(t.Rows, append([]table.Cell{table.Words(question), table.Words(between), table.Words(measure)}, differenceCells(d)...))
	}
	return t, nil
}

// differenceColumns are what every table of paired differences has, and
// differenceNote says what they mean.
var differenceColumns = []table.Column{
	{Head: "mean difference ± SD", Align: table.Right}, {Head: "interval", Align: table.Right},
	{Head: "d_z", Align: table.Right}, {Head: "p", Align: table.Right}, {Head: "n", Align: table.Right},
}

const differenceNote = "Differences in the unit of the measure, of accuracies in percentage points, within subjects: the arms of a subject share its data, " +
	"initial weights and noise. Intervals are the wider of Student’s and the bootstrap-t’s on either side (Efron 1982), and end where the measure does; bold ones leave out zero, and p is below 0.05. SD divides by n − 1. " +
	"d_z is the mean of the differences over their SD (Cohen 1988). p is that of the test that flips signs (Fisher 1935), two-sided."

// adjustedFor says what p values and intervals of a table are adjusted for.
func adjustedFor(n int, what string) string {
	return fmt.Sprintf(" Both are adjusted for the %d %s (Holm 1979): the intervals are 95 %% ones where the procedure asks a question alone, and wider where it asks several.", n, what)
}

// differenceCells fill differenceColumns.
func differenceCells(d protocols.PairedDifference) []table.Cell {
	difference := table.MeanSD(d.Mean, d.SD, 2)
	difference.Form = table.SignedSpread
	within := table.Words("–")
	if !math.IsNaN(d.Low) {
		within = table.Range(d.Low, d.High, 2)
		within.Strong = (d.Low > 0 || d.High < 0) && d.Holm < 0.05
	}
	return []table.Cell{difference, within, table.Difference(d.Effect, 2), probability(d.Holm), table.Number(float64(d.N), 0)}
}

// probability is a p value: three decimals, and no zero where it is small.
func probability(p float64) table.Cell {
	if p < 0.001 {
		return table.Words("<0.001")
	}
	return table.Number(p, 3)
}

// vocabulary is the words for a chapter's arms and metrics.
type vocabulary struct{ arms, metrics map[string]string }

// headings are the words that stand in the heads of a chapter's tables. What
// two arms or two metrics are called alike there, as "cycle 0" in a table of
// accuracies and in one of sparsities, tells nothing elsewhere; their names do.
func headings(p protocols.Protocol) vocabulary {
	n := vocabulary{map[string]string{}, map[string]string{}}
	for _, l := range p.Tables() {
		for _, h := range l.Arms {
			n.arms[h.Name] = h.Words
		}
		for _, h := range l.Metrics {
			n.metrics[h.Name] = h.Words
		}
	}
	for _, words := range []map[string]string{n.arms, n.metrics} {
		count := map[string]int{}
		for _, w := range words {
			count[w]++
		}
		for name, w := range words {
			if count[w] > 1 {
				delete(words, name)
			}
		}
	}
	return n
}

func (n vocabulary) arm(name string) string    { return wordsFor(n.arms, name) }
func (n vocabulary) metric(name string) string { return wordsFor(n.metrics, name) }

// contrast says what a contrast takes from what, and by which measure.
func (n vocabulary) contrast(c protocols.Contrast) (between, measure string) {
	between, measure = n.arm(c.Arm), n.metric(c.Metric)
	if c.Against != c.Arm {
		between += " − " + n.arm(c.Against)
	}
	if other := c.MetricAgainst(); other != c.Metric {
		measure += " − " + n.metric(other)
	}
	return between, measure
}

// wordsFor gives the words for a name, or those that it is made of where there
// are none.
func wordsFor(words map[string]string, name string) string {
	if w, ok := words[name]; ok {
		return w
	}
	if w := protocols.Spoken(name); w != "" {
		return w
	}
	return strings.ReplaceAll(name, "_", " ")
}

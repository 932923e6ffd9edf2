package figures

import (
	"math"

	"github.com/network-fragility/fragility/protocols"
)

// contrastsTable answers the chapter's questions: the differences between its
// arms, subject by subject.
func contrastsTable(p protocols.Protocol, r *protocols.Result) (*Table, error) {
	arms, metrics := headings(p)
	t := &Table{
		Title: "What makes the difference, subject by subject",
		Columns: []Column{
			{Head: "question"}, {Head: "difference between"}, {Head: "measure"},
			{Head: "mean difference ± SD", Align: Right}, {Head: "95 % interval", Align: Right}, {Head: "n", Align: Right},
		},
		Caption: "Differences in percentage points, within subjects: the arms of a subject share its data, initial weights and noise. " +
			"Intervals are t intervals of the mean difference; bold ones leave out zero.",
	}
	last := ""
	for _, c := range p.Contrasts() {
		d := r.Paired(c)
		question := c.Question
		if question == last {
			question = ""
		}
		last = c.Question
		difference := MeanSD(d.Mean, d.SD, 2)
		difference.Form = SignedSpread
		within := Words("–")
		if !math.IsNaN(d.Low) {
			within = Range(d.Low, d.High, 2)
			within.Strong = d.Low > 0 || d.High < 0
		}
		t.Rows = append(t.Rows, []Cell{
			Words(question), Words(wordsFor(arms, c.Arm) + " − " + wordsFor(arms, c.Against)), Words(wordsFor(metrics, c.Metric)),
			difference, within, Number(float64(d.N), 0),
		})
	}
	return t, nil
}

// headings are the words for the arms and metrics of a chapter's tables.
func headings(p protocols.Protocol) (arms, metrics map[string]string) {
	arms, metrics = map[string]string{}, map[string]string{}
	for _, l := range p.Tables() {
		for _, h := range l.Arms {
			arms[h.Name] = h.Words
		}
		for _, h := range l.Metrics {
			metrics[h.Name] = h.Words
		}
	}
	return arms, metrics
}

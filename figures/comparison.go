package figures

import (
	"fmt"
	"math"

	"github.com/network-fragility/fragility/protocols"
)

// comparisonTable holds each published figure of the chapter against ours.
func comparisonTable(p protocols.Protocol, r *protocols.Result) (*Table, error) {
	list := protocols.Compare(r)
	arms, metrics := headings(p)
	t := &Table{
		Title: "Ours beside every published figure",
		Columns: []Column{
			{Head: "table"}, {Head: "arm"}, {Head: "measure"},
			{Head: "ours", Align: Right}, {Head: "n", Align: Right},
			{Head: "published", Align: Right}, {Head: "difference", Align: Right},
			{Head: "99 % interval", Align: Right}, {Head: "verdict"},
		},
		Caption: subjectsNote(r) + fmt.Sprintf(" %s. A published figure matches where it lies within the interval in which our subjects predict "+
			"it with %g %% probability, widened by half its last printed digit; what is the same for every subject (exact) must be the same as printed.",
			protocols.Tally(list), 100*protocols.Confidence),
	}
	for _, c := range list {
		places := printedDecimals(c.Published)
		verdict := Words(string(c.Verdict))
		if c.Verdict == protocols.NotMatched {
			verdict = verdict.Bold()
		}
		ours, difference, within := Words("–"), Words("–"), Words("–")
		if c.OursN > 0 {
			ours = summary(r.Values(c.Arm, "", c.Metric), places)
			difference = Difference(c.Difference(), places)
		}
		switch {
		case c.OursN > 1 && c.OursSD == 0:
			within = Words("exact")
		case !math.IsNaN(c.Low):
			within = Range(c.Low, c.High, places+1)
		}
		t.Rows = append(t.Rows, []Cell{
			Words(c.Table), Words(wordsFor(arms, c.Arm)), Words(wordsFor(metrics, c.Metric)),
			ours, Number(float64(c.OursN), 0),
			MeanSD(c.Mean, c.SD, places), difference, within, verdict,
		})
	}
	return t, nil
}

// wordsFor gives the words for a name, or the name where there are none.
func wordsFor(words map[string]string, name string) string {
	if w, ok := words[name]; ok {
		return w
	}
	return name
}

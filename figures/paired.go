package figures

import (
	"fmt"
	"strings"

	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
)

// pairedTable finds the table of what one arm has more than another, subject by
// subject, in every measure that both have. The arms are as the long table or the
// head of a table calls them.
func pairedTable(p protocols.Protocol, armName, againstName string) (e Entry[*table.Table], err error) {
	arm, err := findArm(p, armName)
	if err != nil {
		return e, err
	}
	against, err := findArm(p, againstName)
	if err != nil {
		return e, err
	}
	if arm == against {
		return e, protocols.BadInput{Sentence: fmt.Sprintf("paired takes two arms that differ, not %s twice", arm.Name)}
	}
	e.Make = func(r *protocols.Result) (*table.Table, error) { return pairedDifferences(p, r, arm, against) }
	return e, nil
}

// findArm finds an arm by its name or its words.
func findArm(p protocols.Protocol, text string) (protocols.Heading, error) {
	text = strings.TrimSpace(text)
	var known []string
	for _, a := range protocols.AllArms(p) {
		if strings.EqualFold(a.Name, text) || strings.EqualFold(a.Words, text) {
			return a, nil
		}
		known = append(known, a.Name)
	}
	return protocols.Heading{}, protocols.BadInput{Sentence: fmt.Sprintf("chapter %d has no arm %q; it has %s", p.Chapter(), text, strings.Join(known, ", "))}
}

// allMetrics are the metrics of a chapter's tables in their order, each once.
// Where two tables call different metrics alike, the table's name parts them.
func allMetrics(p protocols.Protocol) []protocols.Heading {
	words := headings(p)
	var list []protocols.Heading
	seen := map[string]bool{}
	for _, l := range p.Tables() {
		for _, m := range l.Metrics {
			if seen[m.Name] {
				continue
			}
			seen[m.Name] = true
			if _, unique := words.metrics[m.Name]; !unique {
				m.Words = l.Name + ", " + m.Words
			}
			list = append(list, m)
		}
	}
	return list
}

// pairedDifferences is the table.
func pairedDifferences(p protocols.Protocol, r *protocols.Result, arm, against protocols.Heading) (*table.Table, error) {
	var contrasts []protocols.Contrast
	var measures []string
	for _, m := range allMetrics(p) {
		c := protocols.Contrast{Arm: arm.Name, Against: against.Name, Metric: m.Name}
		if r.Paired(c).N > 0 {
			contrasts, measures = append(contrasts, c), append(measures, m.Words)
		}
	}
	if contrasts == nil {
		return nil, fmt.Errorf("the arms %s and %s have no measure in common", arm.Name, against.Name)
	}
	t := &table.Table{
		Title:   fmt.Sprintf("%s less %s, subject by subject", words.Capital(arm.Words), against.Words),
		Columns: append([]table.Column{{Head: "measure"}, {Head: arm.Words, Align: table.Right}, {Head: against.Words, Align: table.Right}}, differenceColumns...),
		Caption: subjectsNote(r) + " " + differenceNote + adjustedFor(len(contrasts), "measures of the table"),
	}
	for i, d := range r.PairedAll(contrasts) {
		row := []table.Cell{table.Words(measures[i])}
		for _, a := range []protocols.Heading{arm, against} {
			row = append(row, summary(r.Values(a.Name, "", d.Metric), 2))
		}
		t.Rows = append(t.Rows, append(row, differenceCells(d)...))
	}
	return t, nil
}

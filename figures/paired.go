package figures

import (
	"fmt"
	"strings"

	"github.com/network-fragility/fragility/protocols"
)

// pairedTable finds the table of what one arm has more than another, subject by
// subject, in every measure that both have. The name is "ARM | AGAINST", each as
// the long table or the head of a table calls it.
func pairedTable(p protocols.Protocol, name string) (func(*protocols.Result) (any, error), error) {
	left, right, two := strings.Cut(name, "|")
	if !two {
		return nil, protocols.BadInput{Sentence: fmt.Sprintf(`paired takes two arms with a bar between them, as in "%s", not %q`, pairedExample(p), name)}
	}
	arm, err := findArm(p, left)
	if err != nil {
		return nil, err
	}
	against, err := findArm(p, right)
	if err != nil {
		return nil, err
	}
	if arm == against {
		return nil, protocols.BadInput{Sentence: fmt.Sprintf("paired takes two arms that differ, not %s twice", arm.Name)}
	}
	return func(r *protocols.Result) (any, error) { return pairedDifferences(p, r, arm, against) }, nil
}

// allArms are the arms in the heads of a chapter's tables, each once.
func allArms(p protocols.Protocol) []protocols.Heading {
	var list []protocols.Heading
	seen := map[string]bool{}
	for _, l := range p.Tables() {
		for _, a := range l.Arms {
			if !seen[a.Name] {
				list = append(list, a)
			}
			seen[a.Name] = true
		}
	}
	return list
}

// findArm finds an arm by its name or its words.
func findArm(p protocols.Protocol, text string) (protocols.Heading, error) {
	text = strings.TrimSpace(text)
	var known []string
	for _, a := range allArms(p) {
		if strings.EqualFold(a.Name, text) || strings.EqualFold(a.Words, text) {
			return a, nil
		}
		known = append(known, a.Name)
	}
	return protocols.Heading{}, protocols.BadInput{Sentence: fmt.Sprintf("chapter %d has no arm %q; it has %s", p.Chapter(), text, strings.Join(known, ", "))}
}

// pairedExample is a pair of arms of the chapter.
func pairedExample(p protocols.Protocol) string {
	arms := allArms(p)
	return arms[len(arms)-1].Name + " | " + arms[0].Name
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
func pairedDifferences(p protocols.Protocol, r *protocols.Result, arm, against protocols.Heading) (*Table, error) {
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
	t := &Table{
		Title:   fmt.Sprintf("%s less %s, subject by subject", capital(arm.Words), against.Words),
		Columns: append([]Column{{Head: "measure"}, {Head: arm.Words, Align: Right}, {Head: against.Words, Align: Right}}, differenceColumns...),
		Caption: subjectsNote(r) + " " + differenceNote + adjustedFor(len(contrasts), "measures of the table"),
	}
	for i, d := range r.PairedAll(contrasts) {
		row := []Cell{Words(measures[i])}
		for _, a := range []protocols.Heading{arm, against} {
			row = append(row, summary(r.Values(a.Name, "", d.Metric), 2))
		}
		t.Rows = append(t.Rows, append(row, differenceCells(d)...))
	}
	return t, nil
}

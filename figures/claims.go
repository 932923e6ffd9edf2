package figures

import (
	"fmt"
	"strings"

	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/protocols"
)

// claimsTable holds what the chapter claims against what its arms show. A claim
// with a control, or one that no arm decides, has a second row for that.
func claimsTable(p protocols.Protocol, r *protocols.Result) (*table.Table, error) {
	claims := protocols.Claims(p)
	words := headings(p)
	t := &table.Table{Title: "What holds", Columns: []table.Column{{Head: "claim"}, {Head: "decided by"}}}
	t.Columns = append(append(t.Columns, differenceColumns...), table.Column{Head: "verdict"})
	outvoted := false
	for _, f := range r.Findings(claims) {
		outvoted = outvoted || f.Outvoted()
		row := []table.Cell{table.Words(numbered(f.Claim)), table.Words("no arm")}
		if f.Claim.Needs == "" {
			between, measure := words.contrast(f.Claim.Contrast)
			row[1] = table.Words(between + ": " + measure + " " + says(f.Claim))
		}
		row = append(row, differenceCells(f.Difference)...)
		verdict := table.Words(string(f.Verdict))
		if f.Verdict == protocols.Equivalent || f.Verdict == protocols.Opposite {
			verdict = verdict.Bold()
		}
		t.Rows = append(t.Rows, append(row, verdict))
		if note := beside(f.Claim); note != "" {
			t.Parts = true
			cells := make([]table.Cell, len(t.Columns))
			cells[1] = table.Words(note)
			t.Rows = append(t.Rows, cells)
		}
	}
	t.Caption = subjectsNote(r) + " " + r.Standing().Sentence() + " " + differenceNote + claimsNote(claims)
	if outvoted {
		t.Caption += " An interval in one region stands beside \"undecided\" where another test does not agree: few subjects have few ways to flip signs, and where most are exactly alike, resamples of one value have no spread, bound nothing, and count against the verdict."
	}
	return t, nil
}

// claimsNote says how verdicts are given.
func claimsNote(claims []protocols.Claim) string {
	count := map[protocols.Family]int{}
	for _, c := range claims {
		if c.Needs == "" {
			count[c.Family]++
		}
	}
	var families []string
	for _, f := range []protocols.Family{protocols.Outcomes, protocols.Mechanisms, protocols.Repeated} {
		if count[f] > 0 {
			families = append(families, fmt.Sprintf("%s (%d)", f, count[f]))
		}
	}
	note := " Here p is that of the verdict: that the mean difference lies in another region than the one that it is in, above the margin, within it, or below. " +
		"A difference within the margin is none that matters. A claim of a difference is supported where it lies beyond the margin, opposite where it lies beyond it on the other side, " +
		"and equivalent where it lies within (two one-sided tests, Schuirmann 1987); that two are the same is supported within and opposite beyond. Everything else is undecided. " +
		"p and interval are adjusted within a family (Holm 1979)"
	if families != nil {
		note += ": " + strings.Join(families, ", ")
	}
	note += "."
	if count[protocols.Repeated] > 0 {
		note += " What an earlier chapter says of the same subjects is repeated, and counts once."
	}
	return note
}

// numbered is a claim's words with its number.
func numbered(c protocols.Claim) string {
	if c.ID == "" {
		return c.Words
	}
	return c.ID + " " + c.Words
}

// beside is what stands beside a claim: the control, what it repeats, or what
// would decide it.
func beside(c protocols.Claim) string {
	var notes []string
	for _, n := range []struct{ words, what string }{
		{"beside it: ", c.Control}, {"repeats ", c.Repeats}, {"would be decided by ", c.Needs},
	} {
		if n.what != "" {
			notes = append(notes, n.words+n.what)
		}
	}
	return strings.Join(notes, "; ")
}

// says is what a claim says of the difference that decides it.
func says(c protocols.Claim) string {
	words := "is " + string(c.Says)
	switch c.Says {
	case protocols.Same:
		words = "is the same"
	case protocols.Changes:
		words = string(c.Says)
	}
	if c.Margin > 0 {
		words += fmt.Sprintf(" (margin %v)", c.Margin)
	}
	return words
}

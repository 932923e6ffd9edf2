package figures

import (
	"fmt"

	"github.com/network-fragility/fragility/protocols"
)

// claimsTable holds what the chapter claims against what its arms show. A claim
// with a control has a second row for it.
func claimsTable(p protocols.Protocol, r *protocols.Result) (*Table, error) {
	claims := protocols.Claims(p)
	words := headings(p)
	t := &Table{Title: "What holds", Columns: []Column{{Head: "claim"}, {Head: "decided by"}}}
	t.Columns = append(append(t.Columns, differenceColumns...), Column{Head: "verdict"})
	for _, c := range claims {
		if c.Control != "" {
			t.Parts = true
		}
	}
	tests := 0
	for _, f := range r.Findings(claims) {
		if f.Claim.Says != protocols.Same {
			tests++
		}
		between, measure := words.contrast(f.Claim.Contrast)
		row := []Cell{Words(f.Claim.Words), Words(between + ": " + measure + " is " + says(f.Claim))}
		row = append(row, differenceCells(f.Difference)...)
		verdict := Words(string(f.Verdict))
		if f.Verdict == protocols.NotSupported {
			verdict = verdict.Bold()
		}
		t.Rows = append(t.Rows, append(row, verdict))
		if f.Claim.Control != "" {
			beside := make([]Cell, len(t.Columns))
			beside[1] = Words("beside it: " + f.Claim.Control)
			t.Rows = append(t.Rows, beside)
		}
	}
	t.Caption = subjectsNote(r) + " " + differenceNote + fmt.Sprintf(" p is adjusted for the %d claims of a difference (Holm 1979). "+
		"A difference is supported where the interval lies on the claimed side of zero and p is below 0.05, and not supported where the interval lies on the other side "+
		"or within the margin, up to which a difference does not matter. That two arms are the same is supported where the whole interval lies within the margin, and not supported "+
		"where it lies outside. Everything else is undecided.", tests)
	return t, nil
}

// says is what a claim says of the difference that decides it.
func says(c protocols.Claim) string {
	words := string(c.Says)
	if c.Says == protocols.Same {
		words = "the same"
	}
	if c.Margin > 0 {
		words += fmt.Sprintf(" (margin %v)", c.Margin)
	}
	return words
}

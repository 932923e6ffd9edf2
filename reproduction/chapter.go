package main

import (
	"context"

	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/kernel/cohort"
	"github.com/network-fragility/fragility/protocols"
)

// chapters are a cohort's, each held against the book.
type chapters map[int]*chapter

// A chapter is what the subjects of a cohort show of one, and the book beside it.
type chapter struct {
	*cohort.Chapter
	comparisons []protocols.Comparison
	cells       [][]table.Cell // of the comparisons, as the notebook shows them
}

// newChapter holds a chapter against the book.
func newChapter(c *cohort.Chapter) (*chapter, error) {
	cells, err := comparisonCells(c.Protocol, c.Result)
	return &chapter{c, protocols.Compare(c.Result), cells}, err
}

// recall reads the record in a folder.
func recall(ctx context.Context, dir string) (*page, error) {
	shown, planned, err := cohort.Recall(ctx, dir)
	if err != nil {
		return nil, err
	}
	p := &page{}
	if p.shown, err = heldAgainst(shown); err != nil {
		return nil, err
	}
	if p.planned, err = heldAgainst(planned); err != nil {
		return nil, err
	}
	for _, id := range robust {
		c, err := cohort.With(ctx, dir, 5, map[string]string{"Robust": string(id)})
		if err != nil {
			return nil, err
		}
		if c == nil {
			continue
		}
		curve, err := c.Result.Curve(c.Protocol)
		if err != nil {
			return nil, err
		}
		p.curves = append(p.curves, robustClaim{c, curve})
	}
	return p, nil
}

// robust are the claims of chapter 5 that are asked under other choices, in the
// order of notebooks/beyond.ipynb.
var robust = []protocols.ClaimID{"5.25", "5.10", "5.13"}

// robustClaim is a claim under other choices.
type robustClaim struct {
	*cohort.Chapter
	curve *protocols.Curve
}

// heldAgainst is a cohort with the book beside it, nil for none.
func heldAgainst(c cohort.Cohort) (chapters, error) {
	if c == nil {
		return nil, nil
	}
	list := chapters{}
	for n, one := range c {
		var err error
		if list[n], err = newChapter(one); err != nil {
			return nil, err
		}
	}
	return list, nil
}

package protocols

import (
	"math"

	"github.com/network-fragility/fragility/protocols/stats"
)

// Claim is something that a chapter says, and the contrast that decides it. The
// registry of all of them is claims_chNN.go.
type Claim struct {
	ID       string    // the chapter and a number, "5.2"; it stays what it is when claims come and go
	Where    string    // section of the book, with its page
	Words    string    // what it says, in our words
	Says     Direction // of Arm less Against
	Contrast           // none where no arm decides it
	Margin   float64   // differences up to it do not matter, in the unit of the metric
	Reason   string    // why that is the smallest that does
	Control  string    // what stands beside it, as the arm that takes the mechanism out
	Family   Family    // that its p value is adjusted in, within the chapter
	Repeats  string    // ID of the claim that says the same of the same subjects
	Needs    string    // what would decide it, where no arm does
}

// Direction is what a claim says of Arm less Against.
type Direction string

const (
	Higher  Direction = "higher"
	Lower   Direction = "lower"
	Same    Direction = "same"
	Changes Direction = "changes" // in whichever direction
)

// Family is a set of claims of a chapter whose p values are adjusted together.
type Family string

const (
	Outcomes   Family = "outcomes"   // what the treatments come to: the chapter's results
	Mechanisms Family = "mechanisms" // why: the book's explanations, each against the arm without it
	Repeated   Family = "repeated"   // said before, of the same subjects: not counted again
)

// Verdicts on a claim. The margin counts on both sides: a difference is shown
// where it lies beyond the margin, and none where it lies within.
const (
	Supported  Verdict = "supported"
	Equivalent Verdict = "equivalent" // no difference that matters, where the claim says one
	Opposite   Verdict = "opposite"   // a difference that matters, of the other sign, or where the claim says none
	Undecided  Verdict = "undecided"
)

// Finding is a claim with what it comes to. The p value of the difference is
// that of the verdict, two-sided: the largest with which the mean could yet lie
// in another region than its own; and Holm adjusts it over the family. The
// interval has the level at which Holm's procedure asks for it, so that it lies
// in one region whole where there is a verdict.
type Finding struct {
	Claim      Claim
	Difference PairedDifference
	Verdict    Verdict
}

// Claims are what the chapter claims, none where it lists nothing.
func Claims(p Protocol) []Claim {
	if c, ok := p.(interface{ Claims() []Claim }); ok {
		return c.Claims()
	}
	return nil
}

// Findings holds claims against the result.
func (r *Result) Findings(claims []Claim) []Finding {
	list := make([]Finding, len(claims))
	families := map[Family][]int{}
	for i, c := range claims {
		list[i] = Finding{Claim: c, Difference: r.Paired(c.Contrast), Verdict: Undecided}
		families[c.Family] = append(families[c.Family], i)
	}
	for _, members := range families {
		decide(list, members)
	}
	return list
}

// decide gives the verdicts of one family.
func decide(list []Finding, members []int) {
	p := make([]float64, len(members))
	where := make([]region, len(members))
	for k, i := range members {
		where[k], p[k] = list[i].Difference.region(list[i].Claim.Margin)
	}
	levels := stats.HolmLevels(p, level)
	for k, adjusted := range stats.Holm(p) {
		f := &list[members[k]]
		f.Difference.P, f.Difference.Holm = p[k], adjusted
		if math.IsNaN(p[k]) {
			continue
		}
		f.Difference = f.Difference.at(levels[k])
		if p[k] < levels[k] {
			f.Verdict = f.Claim.Says.verdict(where[k])
		}
	}
}

// region is where a difference lies to the margin.
type region int

const (
	beyondBelow region = iota - 1
	within
	beyondAbove
)

// region is the one that the difference most likely lies in, and the two-sided
// p value that it lies in another: beyond the margin on either side, or within
// it by two one-sided tests (Schuirmann 1987). NaN below two subjects.
func (d PairedDifference) region(margin float64) (region, float64) {
	s := d.sample
	where, p := within, math.Max(s.Above(-margin), s.Below(margin))
	if above := s.Above(margin); above < p {
		where, p = beyondAbove, above
	}
	if below := s.Below(-margin); below < p {
		where, p = beyondBelow, below
	}
	return where, min(1, 2*p)
}

// verdict on a claim of a direction, where the difference is shown to lie in a
// region.
func (says Direction) verdict(where region) Verdict {
	if says == Lower {
		where = -where
	}
	switch {
	case says == Same && where == within, says == Changes && where != within, says != Same && where == beyondAbove:
		return Supported
	case says != Same && where == within:
		return Equivalent
	}
	return Opposite
}

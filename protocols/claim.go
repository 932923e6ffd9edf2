package protocols

// Claim is something that a chapter says, and the contrast that decides it.
type Claim struct {
	Words string
	Says  Direction
	Contrast
	Margin  float64 // differences up to it do not matter, in the unit of the metric
	Control string  // what stands beside it, as the arm that takes the mechanism out
}

// Direction is what a claim says of Arm less Against.
type Direction string

const (
	Higher Direction = "higher"
	Lower  Direction = "lower"
	Same   Direction = "same"
)

// Verdicts on a claim.
const (
	Supported    Verdict = "supported"
	NotSupported Verdict = "not supported"
	Undecided    Verdict = "undecided"
)

// Finding is a claim with what it comes to. The p value is adjusted over the
// claims of the chapter that say Higher or Lower: no test of zero decides Same.
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
	p := make([]float64, len(claims))
	for i, c := range claims {
		list[i] = Finding{Claim: c, Difference: r.Paired(c.Contrast)}
		p[i] = list[i].Difference.P
		if c.Says == Same {
			p[i] = nan
		}
	}
	for i, adjusted := range Holm(p) {
		list[i].Difference.Holm = adjusted
		list[i].Verdict = verdict(claims[i], list[i].Difference)
	}
	return list
}

// verdict decides a claim by the 95 % interval of its difference, and Higher and
// Lower by the adjusted p value as well, since the interval knows nothing of
// the other claims and is a little short (see BCa).
//
// A difference within the margin is none that matters, on the claimed side too.
// Same is shown by an interval within the margin (Schuirmann 1987) and refuted
// by one outside it; one that leaves out 0 but reaches into the margin shows a
// difference of which nobody knows whether it matters, and decides nothing.
func verdict(c Claim, d PairedDifference) Verdict {
	low, high := d.Low, d.High
	if c.Says == Lower {
		low, high = -high, -low
	}
	within := -c.Margin <= low && high <= c.Margin
	switch {
	case c.Says == Same && within:
		return Supported
	case c.Says == Same && (low > c.Margin || high < -c.Margin):
		return NotSupported
	case c.Says == Same:
		return Undecided
	case within || high < 0:
		return NotSupported
	case low > 0 && d.Holm < 0.05:
		return Supported
	}
	return Undecided // NaN too
}

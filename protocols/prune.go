package protocols

// Prune cuts a share of the weights by a rule; the book's goes by magnitude, in
// every weight matrix on its own: below the Sparsity-quantile of the matrix
// (linear interpolation, as in chapter 1); what equals the threshold stays.
// Biases are never cut. The mask is made anew from all weights, so a pruned zero
// may only stay by a tie.
type Prune struct {
	Sparsity float64 // share to cut, 0 to 1
	Rule     Rule    `json:",omitempty"`
}

func (Prune) Kind() string          { return "prune/1" }
func (p Prune) Purposes() []Purpose { return p.Rule.purposes() }

// Rule says which weights a pruning cuts.
type Rule string

const (
	ByMatrix Rule = ""       // the smallest of each weight matrix: the book's
	Global   Rule = "global" // the smallest of the network, all matrices together (Blalock et al. 2020)
	AtRandom Rule = "random" // any of each weight matrix; what was cut before stays cut
)

func (r Rule) purposes() []Purpose {
	if r == AtRandom {
		return []Purpose{InitialMask}
	}
	return nil
}

// rule is that of every pruning of a chapter.
func (r *Repair) rule() Rule {
	if r.PruneRule == "matrix" {
		return ByMatrix
	}
	return Rule(r.PruneRule)
}

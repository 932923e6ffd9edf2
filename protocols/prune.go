package protocols

// Prune cuts a share of the weights by a rule; the book's goes by magnitude, in
// every weight matrix on its own: below the Sparsity-quantile of the matrix
// (linear interpolation, as in chapter 1); what equals the threshold stays.
// Biases are never cut. The mask is made anew from all weights, so a pruned zero
// may only stay by a tie.
type Prune struct {
	Sparsity float64 `range:"[0,1]"` // share to cut
	Rule     Rule    `json:",omitempty"`
}

func (Prune) Kind() string          { return "prune/1" }
func (p Prune) Purposes() []Purpose { return p.Rule.purposes() }

// Settings implements Described.
func (p Prune) Settings() []Setting { return p.Rule.said(percent(p.Sparsity, "")) }

// PruneFurther cuts a share of what is left: where a share s of all weights is
// masked, the network is pruned, as Prune does, to the one sparsity
// min(s + Fraction*(1-s), Limit). It is the relapse challenge of chapters 3 to
// 8 and the chronic stress of chapter 6.
//
// Where there are scars, s counts them, but the quantile is taken over the
// other weights; so a little more than Fraction of the live weights goes
// (chapter 8, section 2.7).
type PruneFurther struct {
	Fraction float64 `range:"[0,1]"` // of the live weights
	Limit    float64 `range:"[0,1]"` // highest sparsity
	Rule     Rule    `json:",omitempty"`
}

func (PruneFurther) Kind() string          { return "prune-further/1" }
func (p PruneFurther) Purposes() []Purpose { return p.Rule.purposes() }

// Settings implements Described.
func (p PruneFurther) Settings() []Setting { return p.Rule.said(percent(p.Fraction, "of the rest")) }

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

// said adds the rule to a setting, where it is not the book's.
func (r Rule) said(s Setting) []Setting {
	if r == ByMatrix {
		return []Setting{s}
	}
	return []Setting{s, {Name: string(r)}}
}

// rule is that of every pruning of a chapter.
func (r *Repair) rule() Rule {
	if r.PruneRule == "matrix" {
		return ByMatrix
	}
	return Rule(r.PruneRule)
}

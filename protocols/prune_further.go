package protocols

// PruneFurther cuts a share of what is left: where a share s of all weights is
// masked, the network is pruned, as Prune does, to the one sparsity
// min(s + Fraction*(1-s), Limit). It is the relapse challenge of chapters 3 to
// 8 and the chronic stress of chapter 6.
//
// Where there are scars, s counts them, but the quantile is taken over the
// other weights; so a little more than Fraction of the live weights goes
// (chapter 8, section 2.7).
type PruneFurther struct {
	Fraction float64 // of the live weights, 0 to 1
	Limit    float64 // highest sparsity, to 1
	Rule     Rule    `json:",omitempty"`
}

func (PruneFurther) Kind() string          { return "prune-further/1" }
func (p PruneFurther) Purposes() []Purpose { return p.Rule.purposes() }

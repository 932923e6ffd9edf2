package protocols

// RegrowGradient gives back, in every weight matrix, max(1, floor(Fraction *
// candidates)) of the pruned, unscarred sites: those with the largest scores,
// with values Scale*N(0,1) (chapters 2 and 8). A site's score is the sum, over
// the first Batches batches of one shuffled epoch, of the absolute gradient of
// the batch's mean loss, taken at gain 1 and without noise; the modulation's
// other dials stay on.
type RegrowGradient struct {
	Data      Data
	BatchSize int
	Batches   int     // batches that are scored; the epoch may have fewer
	Fraction  float64 // share of the candidates to give back, 0 to 1
	Scale     float64 // SD of the new weights

	// Ties says which of equal scores come first. After pruning most scores
	// are exactly 0, so the rule decides most sites (chapter 2).
	Ties Ties

	// Leftover adds the gradient that the last training call left behind
	// (Train.KeepGradient) to that of the first batch, as the author's program
	// does where it trains and regrows the same object: a small number at
	// nearly every site, and so a tie-breaker. Without such a gradient it
	// changes nothing.
	Leftover bool `json:",omitempty"`
}

// Ties orders sites of equal score.
type Ties string

// Ties are broken by a random draw, or by the place in the matrix, row by row.
const (
	TiesRandom Ties = "random"
	TiesFirst  Ties = "first"
	TiesLast   Ties = "last"
)

func (RegrowGradient) Kind() string { return "regrow-gradient/2" }
func (RegrowGradient) Purposes() []Purpose {
	return []Purpose{ScoreBatches, RegrownSites, RegrownValues}
}

package protocols

// RegrowGradient gives back, in every weight matrix, max(1, floor(Fraction *
// candidates)) of the pruned, unscarred sites: those with the largest scores,
// with values Scale*N(0,1) (chapters 2 and 8). A site's score is the sum, over
// the first Batches batches of one shuffled epoch, of the absolute gradient of
// the batch's mean loss, taken at gain 1 and without noise; the modulation's
// other dials stay on. After pruning many scores are exactly 0: ties are broken
// at random.
type RegrowGradient struct {
	Data      Data
	BatchSize int
	Batches   int     // batches that are scored; the epoch may have fewer
	Fraction  float64 // share of the candidates to give back, 0 to 1
	Scale     float64 // SD of the new weights
}

func (RegrowGradient) Kind() string { return "regrow-gradient/1" }
func (RegrowGradient) Purposes() []Purpose {
	return []Purpose{ScoreBatches, RegrownSites, RegrownValues}
}

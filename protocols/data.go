package protocols

import (
	"math"

	"gonum.org/v1/gonum/mathext/prng"
)

// Set names one of the three data sets of a subject.
type Set string

// Training data have the noise of the task, as has the standard test set; the
// clean test set holds the four class centres alone (chapter 1).
const (
	TrainSet    Set = "train"
	StandardSet Set = "standard"
	CleanSet    Set = "clean"
)

// Classes is the number of classes of the task, Dimensions that of its inputs.
const (
	Classes    = 4
	Dimensions = 2
)

// centres of the classes, by label (chapter 1).
var centres = [Classes][Dimensions]float64{{-3, -3}, {3, 3}, {-3, 3}, {3, -3}}

// Data describes a data set: points around four centres. Its numbers follow
// from it and the subject's seed.
type Data struct {
	Set     Set     `choices:"train,standard,clean"`
	Samples int     `range:"[1,Inf)"`
	Sigma   float64 `range:"[0,Inf)"` // SD of each coordinate around its centre
}

// Draw makes the data set of a subject: Samples points of two coordinates, one
// after the other, and their labels. It is the author's, bit for bit: NumPy's
// legacy generator draws all labels, then the normals (chapter 1; chapters 5
// to 10 for the seeds).
func (d Data) Draw(seed int) (points []float32, labels []int32) {
	rng := newLegacyRNG(d.seed(seed))
	labels = make([]int32, d.Samples)
	for i := range labels {
		// Four classes: NumPy's masked rejection never rejects, so a label is
		// the low bits of one output.
		labels[i] = int32(rng.uint32() & (Classes - 1))
	}
	points = make([]float32, Dimensions*d.Samples)
	for i := range points {
		points[i] = float32(centres[labels[i/Dimensions]][i%Dimensions] + d.Sigma*rng.normal())
	}
	return points, labels
}

// seed of the data set's generator: the book's single-seed chapters call 42
// what has data seeds 100, 200 and 300; any other seed k has 1000k + those.
func (d Data) seed(subject int) uint32 {
	base := 1000 * subject
	if subject == 42 {
		base = 0
	}
	switch d.Set {
	case TrainSet:
		return uint32(base + 100)
	case StandardSet:
		return uint32(base + 200)
	case CleanSet:
		return uint32(base + 300)
	}
	panic("protocols: no data set " + string(d.Set))
}

// legacyRNG is NumPy's legacy generator (RandomState): the Mersenne Twister
// MT19937 of Matsumoto and Nishimura (1998) with their seeding by an integer,
// and normals by Marsaglia's polar method, which gonum has not. The author's data
// sets come from it and his test sets are finite and small, so they are reproduced
// bit for bit.
type legacyRNG struct {
	twister *prng.MT19937
	// The polar method makes two normals at a time; the first one made waits
	// here for the next call.
	spare    float64
	hasSpare bool
}

func newLegacyRNG(seed uint32) *legacyRNG {
	r := &legacyRNG{twister: prng.NewMT19937()}
	r.twister.Seed(uint64(seed))
	return r
}

// uint32 returns the next output.
func (r *legacyRNG) uint32() uint32 { return r.twister.Uint32() }

// float64 returns a uniform number in [0, 1) of 53 bits.
func (r *legacyRNG) float64() float64 {
	a, b := r.uint32()>>5, r.uint32()>>6
	return (float64(a)*67108864 + float64(b)) / 9007199254740992
}

// normal returns the next standard normal number.
func (r *legacyRNG) normal() float64 {
	if r.hasSpare {
		r.hasSpare = false
		return r.spare
	}
	for {
		x := 2*r.float64() - 1
		y := 2*r.float64() - 1
		s := x*x + y*y
		if s < 1 && s != 0 {
			f := math.Sqrt(-2 * math.Log(s) / s)
			r.spare, r.hasSpare = f*x, true
			return f * y
		}
	}
}

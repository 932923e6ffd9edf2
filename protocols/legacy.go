package protocols

import (
	"math"

	"gonum.org/v1/gonum/mathext/prng"
)

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

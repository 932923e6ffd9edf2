package protocols

import "math"

// legacyRNG is NumPy's legacy generator (RandomState): the Mersenne Twister
// MT19937 of Matsumoto and Nishimura (1998) with their seeding by an integer,
// and normals by Marsaglia's polar method. The author's data sets come from it
// and his test sets are finite and small, so they are reproduced bit for bit.
// gonum has the twister with another seeding, and no polar method.
type legacyRNG struct {
	state [624]uint32
	next  int
	// The polar method makes two normals at a time; the first one made waits
	// here for the next call.
	spare    float64
	hasSpare bool
}

func newLegacyRNG(seed uint32) *legacyRNG {
	r := &legacyRNG{next: 624}
	r.state[0] = seed
	for i := 1; i < len(r.state); i++ {
		prev := r.state[i-1]
		r.state[i] = 1812433253*(prev^prev>>30) + uint32(i)
	}
	return r
}

// uint32 returns the next tempered output.
func (r *legacyRNG) uint32() uint32 {
	if r.next == len(r.state) {
		r.twist()
	}
	y := r.state[r.next]
	r.next++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

func (r *legacyRNG) twist() {
	const n, m = 624, 397
	for i := range r.state {
		y := r.state[i]&0x80000000 | r.state[(i+1)%n]&0x7fffffff
		v := r.state[(i+m)%n] ^ y>>1
		if y&1 != 0 {
			v ^= 0x9908b0df
		}
		r.state[i] = v
	}
	r.next = 0
}

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

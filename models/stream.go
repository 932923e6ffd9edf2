package models

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"

	"github.com/network-fragility/fragility/protocols"
)

// A Stream is an endless row of random numbers that belongs to a subject's
// seed, a purpose, the occurrence of that purpose, an epoch, a batch and a
// layer. Number i of a stream is a pure function of these and of i; nothing is
// consumed, so a draw moves no other draw.
type Stream struct{ key words }

// StreamKey says which stream. Epoch, Batch and Layer are zero where they have
// no meaning.
type StreamKey struct {
	Seed       int
	Purpose    protocols.Purpose
	Occurrence int
	Epoch      int
	Batch      int
	Layer      int
}

// Stream returns the stream of k. The key is a chain of Threefry applications,
// each with two words of k as its counter. The chain has a fixed length, so
// distinct keys never stand for the same words at different depths.
func (k StreamKey) Stream() Stream {
	key := words{uint32(k.Seed), uint32(uint64(k.Seed) >> 32)}
	key = threefry(key, words{purposeWord(k.Purpose), uint32(k.Occurrence)})
	key = threefry(key, words{uint32(k.Epoch), uint32(k.Batch)})
	key = threefry(key, words{uint32(k.Layer), 0})
	return Stream{key}
}

// purposeWord is the FNV-1a hash of a purpose's name.
func purposeWord(p protocols.Purpose) uint32 {
	h := fnv.New32a()
	h.Write([]byte(p))
	return h.Sum32()
}

// counterWords is the counter of draw i.
func counterWords(i int) words { return words{uint32(i), uint32(uint64(i) >> 32)} }

// Word returns the 64 random bits of draw i.
func (s Stream) Word(i int) uint64 {
	w := threefry(s.key, counterWords(i))
	return uint64(w[0])<<32 | uint64(w[1])
}

// Uniform returns draw i as a number in [0, 1) of 24 bits, all of which a
// float32 holds.
func (s Stream) Uniform(i int) float32 {
	w := threefry(s.key, counterWords(i))
	return float32(w[0]>>8) * (1.0 / (1 << 24))
}

// Normal returns draw i as a standard normal number, by the method of Box and
// Muller (1958): draws 2j and 2j+1 are the two halves of one pair.
func (s Stream) Normal(i int) float32 {
	w := threefry(s.key, counterWords(i/2))
	radius := math.Sqrt(-2 * math.Log(openUniform(w[0])))
	sin, cos := math.Sincos(circle(w[1]))
	if i%2 == 0 {
		return float32(radius * cos)
	}
	return float32(radius * sin)
}

// openUniform maps a word to the open interval (0, 1): the middle of one of
// 2^23 equal cells, exact in float32, so graph and host start from the same
// number and the logarithm never sees a zero.
func openUniform(w uint32) float64 { return (float64(w>>9) + 0.5) / (1 << 23) }

// circle maps a word to an angle: its two high bits are a quadrant, the others
// an angle within it, between -pi/4 and pi/4. Compiled programs do the same
// because that is quick (see circleGraph).
func circle(w uint32) float64 {
	return math.Pi / 2 * (float64(w>>30) + openUniform(w<<2) - 0.5)
}

// Permutation returns the integers 0 to n-1 in random order: sorted by a random
// word each, which makes all orders equally likely (two equal words among 2^64
// stay in order; that chance is below 1e-11 for n = 12,000).
func (s Stream) Permutation(n int) []int32 {
	type draw struct {
		word uint64
		item int32
	}
	draws := make([]draw, n)
	for i := range draws {
		draws[i] = draw{s.Word(i), int32(i)}
	}
	slices.SortFunc(draws, func(a, b draw) int { return cmp.Or(cmp.Compare(a.word, b.word), int(a.item-b.item)) })
	order := make([]int32, n)
	for i, d := range draws {
		order[i] = d.item
	}
	return order
}

package models

import "math/bits"

// Threefry-2x32 with 20 rounds: the counter-based generator of Salmon, Moraes,
// Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC11, 2011).
// It maps a key and a counter, two words each, to two random words; there is no
// state, so any draw can be computed on its own, in any order, here or in a
// compiled graph.

// threefryRotations are the rotation constants of the 2x32 variant; they repeat
// every eight rounds.
var threefryRotations = [8]int{13, 15, 26, 6, 17, 29, 16, 24}

const (
	threefryRounds = 20
	// threefryParity is the key-schedule constant of the Skein family.
	threefryParity = 0x1BD11BDA
)

// words is a key, a counter or an output of the generator.
type words [2]uint32

// threefry returns the two words that belong to a key and a counter.
func threefry(key, counter words) words {
	schedule := [3]uint32{key[0], key[1], threefryParity ^ key[0] ^ key[1]}
	x0, x1 := counter[0]+schedule[0], counter[1]+schedule[1]
	for round := range threefryRounds {
		x0 += x1
		x1 = bits.RotateLeft32(x1, threefryRotations[round%8]) ^ x0
		if (round+1)%4 == 0 {
			i := (round + 1) / 4
			x0 += schedule[i%3]
			x1 += schedule[(i+1)%3] + uint32(i)
		}
	}
	return words{x0, x1}
}

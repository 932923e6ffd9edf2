package world

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
)

// Stream is the generator that belongs to a seed, a purpose and further numbers,
// such as the cycle. Streams of other names share nothing, so a draw more in one
// moves no draw of another.
func Stream(seed int, purpose string, at ...int) *rand.Rand {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %q %d", seed, purpose, at))
	return rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16])))
}

// oneOf draws an element, all with the same chance.
func oneOf[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

// A part says what a prompt is for. No prompt has two parts.
type part int

const (
	training part = iota
	evaluation
	replaying
)

// partOf gives the part of a prompt that comes from a grammar, by its digest:
// three eighths are for evaluation, one eighth for replay. Facts have another
// rule, so that each is trained in some wording (see fact.part).
func partOf(prompt string) part {
	switch b := sha256.Sum256([]byte(prompt))[0]; {
	case b < 96:
		return evaluation
	case b < 128:
		return replaying
	}
	return training
}

// only keeps the prompts of a part.
func only(p part, prompts []string) []string {
	var list []string
	for _, prompt := range prompts {
		if partOf(prompt) == p {
			list = append(list, prompt)
		}
	}
	return list
}

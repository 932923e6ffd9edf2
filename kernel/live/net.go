package live

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math"

	"github.com/network-fragility/fragility/models"
)

// A Net is what the page carries of a feed-forward network: its live weights.
type Net struct {
	Widths  []int     // of the layers, inputs and outputs included
	Counts  []int32   // live weights of each matrix
	Places  []int32   // of the live weights in their matrix [out, in], ascending, matrix after matrix
	Weights []float32 // their values
	Biases  []float32 // all of them, layer after layer
}

// netOf takes a subject's network by its masks, since a weight that is 0 may be alive.
func netOf(s *models.Subject) (*Net, error) {
	if s.Network.Kind != "mlp" {
		return nil, errors.New("the page evaluates feed-forward networks alone")
	}
	n := &Net{Widths: append(append([]int{s.Network.Inputs}, s.Network.Hidden...), s.Network.Outputs)}
	for l := range len(n.Widths) - 1 {
		weights, before := s.Tensors[2*l], len(n.Places)
		for at, w := range weights {
			if s.Masks == nil || s.Masks[2*l][at] {
				n.Places = append(n.Places, int32(at))
				n.Weights = append(n.Weights, w)
			}
		}
		n.Counts = append(n.Counts, int32(len(n.Places)-before))
		n.Biases = append(n.Biases, s.Tensors[2*l+1]...)
	}
	return n, nil
}

// size is how many weights there are, alive or not.
func (n *Net) size() int {
	all := 0
	for l := range n.Counts {
		all += n.Widths[l] * n.Widths[l+1]
	}
	return all
}

// dense reports whether every weight is alive.
func (n *Net) dense() bool { return len(n.Weights) == n.size() }

// trimmed is the network with weights of 24 bits, rounded: 16 of them are significant.
func (n *Net) trimmed() *Net {
	out := *n
	out.Weights = make([]float32, len(n.Weights))
	for i, w := range n.Weights {
		out.Weights[i] = math.Float32frombits((math.Float32bits(w) + 0x80) &^ 0xff)
	}
	return &out
}

// compiled reports whether the engine evaluates the network in compiled programs, whose
// sums have another order than the page's.
func (n *Net) compiled() bool { return !models.Pays(len(n.Weights), n.size()) }

// steps are the weights as whole multiples of a step of each matrix, 16 bits with the
// sign. Live weights are those that were large enough to be kept: the same bits as a
// floating point number (half precision) would round them ten times as coarsely.
func (n *Net) steps() (multiples []int16, step []float32) {
	rest := n.Weights
	for _, count := range n.Counts {
		most := float32(0)
		for _, w := range rest[:count] {
			most = max(most, w, -w)
		}
		by := most / math.MaxInt16
		step = append(step, by)
		for _, w := range rest[:count] {
			m := 0.0
			if by != 0 {
				m = math.RoundToEven(float64(w) / float64(by))
			}
			multiples = append(multiples, int16(max(-math.MaxInt16, min(math.MaxInt16, m))))
		}
		rest = rest[count:]
	}
	return multiples, step
}

// stepped is the network with its weights rounded so.
func (n *Net) stepped() *Net {
	out := *n
	multiples, step := n.steps()
	out.Weights = make([]float32, len(multiples))
	at := 0
	for l, count := range n.Counts {
		for range count {
			out.Weights[at] = float32(multiples[at]) * step[l]
			at++
		}
	}
	return &out
}

// digest names the network by what it is.
func (n *Net) digest() string {
	h := sha256.New()
	binary.Write(h, binary.LittleEndian, n.Places)
	binary.Write(h, binary.LittleEndian, n.Weights)
	binary.Write(h, binary.LittleEndian, n.Biases)
	return string(h.Sum(nil))
}

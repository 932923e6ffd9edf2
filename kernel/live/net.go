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

// halved is the network with weights as half precision has them.
func (n *Net) halved() *Net {
	h := *n
	h.Weights = make([]float32, len(n.Weights))
	for i, w := range n.Weights {
		h.Weights[i] = fromHalf(toHalf(w))
	}
	return &h
}

// toHalf rounds to the nearest number of half precision (IEEE 754 binary16), to even
// where two are as near; what is too large becomes the largest.
func toHalf(x float32) uint16 {
	b := math.Float32bits(x)
	sign := uint16(b >> 16 & 0x8000)
	const most = 65504
	size := min(math.Abs(float64(x)), most)
	if size < 1.0/(1<<14) { // subnormal: whole multiples of 2^-24
		return sign | uint16(math.RoundToEven(size*(1<<24)))
	}
	power := math.Floor(math.Log2(size))
	steps := math.RoundToEven(size / math.Exp2(power-10)) // 1024 to 2048
	return sign | uint16(int(power+15)<<10+int(steps)-1024)
}

func fromHalf(h uint16) float32 {
	power, steps := int(h>>10&31), float64(h&1023)
	size := steps / (1 << 24)
	if power > 0 {
		size = (1 + steps/1024) * math.Exp2(float64(power-15))
	}
	if h&0x8000 != 0 {
		size = -size
	}
	return float32(size)
}

// digest names the network by what it is.
func (n *Net) digest() string {
	h := sha256.New()
	binary.Write(h, binary.LittleEndian, n.Places)
	binary.Write(h, binary.LittleEndian, n.Weights)
	binary.Write(h, binary.LittleEndian, n.Biases)
	return string(h.Sum(nil))
}

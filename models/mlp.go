package models

import (
	"fmt"
	"strconv"

	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas

	"github.com/network-fragility/fragility/protocols"
)

// mlp is the feed-forward network of chapters 1 to 8: linear layers with biases
// named fc1, fc2, ... and a modulated block after each but the last.
type mlp struct {
	widths []int // inputs, hidden layers, outputs
}

func init() {
	paths["mlp"] = "native/1"
	networks["mlp"] = func(n protocols.Network) (network, error) {
		if len(n.Hidden) == 0 {
			return nil, fmt.Errorf("models: an mlp needs at least one hidden layer")
		}
		widths := append(append([]int{n.Inputs}, n.Hidden...), n.Outputs)
		for _, w := range widths {
			if w < 1 {
				return nil, fmt.Errorf("models: an mlp of widths %v has an empty layer", widths)
			}
		}
		return mlp{widths}, nil
	}
}

func (m mlp) tensors() []tensorSpec {
	var t []tensorSpec
	for i := range len(m.widths) - 1 {
		in, out := m.widths[i], m.widths[i+1]
		name := "fc" + strconv.Itoa(i+1)
		t = append(t,
			tensorSpec{name + ".weight", []int{out, in}, in, true},
			tensorSpec{name + ".bias", []int{out}, in, false})
	}
	return t
}

func (m mlp) noiseLayers() int { return len(m.widths) - 1 }

func (m mlp) hiddenLayers() int { return len(m.widths) - 2 }

func (m mlp) blocks() int { return m.hiddenLayers() }

func (m mlp) forward(params []*Node, x *Node, v variant, d dials, noise noiseFunc) *Node {
	hidden := m.hidden(params, x, v, d, noise)
	last := len(params) - 2
	return linear(hidden[len(hidden)-1], params[last], params[last+1])
}

func (m mlp) hidden(params []*Node, x *Node, v variant, d dials, noise noiseFunc) []*Node {
	samples := x.Shape().Dim(-2)
	h := x
	if v.inputNoise {
		h = Add(h, Mul(noise(0, samples, count(x.Graph(), m.widths[0])), d.inputSigma))
	}
	var blocks []*Node
	for i := range m.hiddenLayers() {
		h = v.activate(linear(h, params[2*i], params[2*i+1]))
		if v.internalNoise {
			h = Add(Add(h, Mul(noise(i+1, samples, count(x.Graph(), m.widths[i+1])), d.sigma)), d.bias)
		}
		h = Sub(Mul(Mul(h, d.inhibition[i]), d.gain), d.shift)
		blocks = append(blocks, h)
	}
	return blocks
}

// linear is x W^T + b: x [samples, in], w [out, in], b [out], or all three with
// a leading axis of subjects.
func linear(x, w, b *Node) *Node {
	if x.Rank() == 3 {
		return Add(DotGeneral(x, []int{2}, []int{0}, w, []int{2}, []int{0}), InsertAxes(b, 1))
	}
	return Add(DotGeneral(x, []int{1}, nil, w, []int{1}, nil), InsertAxes(b, 0))
}

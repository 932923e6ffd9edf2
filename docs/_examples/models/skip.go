package models

import (
	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas

	"github.com/network-fragility/fragility/protocols"
)

// skip is an mlp whose output layer sees the inputs too, past the hidden
// layers. It has the mlp's hidden layers and their modulation.
type skip struct{ mlp }

func init() {
	networks["skip"] = func(n protocols.Network) (network, error) {
		plain, err := networks["mlp"](n)
		if err != nil {
			return nil, err
		}
		return skip{plain.(mlp)}, nil
	}
}

func (s skip) tensors() []tensorSpec {
	t := s.mlp.tensors()
	weight, bias := &t[len(t)-2], &t[len(t)-1]
	seen := weight.fanIn + s.widths[0]
	weight.shape, weight.fanIn, bias.fanIn = []int{weight.shape[0], seen}, seen, seen
	return t
}

func (s skip) forward(params []*Node, x *Node, v variant, d dials, noise noiseFunc) *Node {
	hidden := s.hidden(params, x, v, d, noise)
	seen := Concatenate([]*Node{hidden[len(hidden)-1], x}, -1)
	last := len(params) - 2
	return linear(seen, params[last], params[last+1])
}

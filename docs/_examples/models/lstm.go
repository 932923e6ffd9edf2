package models

import (
	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas

	"github.com/network-fragility/fragility/protocols"
)

// lstm has LSTM cells (Hochreiter and Schmidhuber 1997) in the steps of a gru.
type lstm struct{ steps gru }

func init() {
	networks["lstm"] = func(n protocols.Network) (network, error) {
		steps, err := networks["gru"](n)
		g, _ := steps.(gru)
		return lstm{g}, err
	}
}

func (n lstm) tensors() []tensorSpec { return n.steps.gated("lstm", 4) }
func (n lstm) noiseLayers() int      { return n.steps.noiseLayers() }
func (n lstm) hiddenLayers() int     { return n.steps.hiddenLayers() }
func (n lstm) blocks() int           { return n.steps.blocks() }

func (n lstm) forward(params []*Node, x *Node, v variant, d dials, noise noiseFunc) *Node {
	return n.steps.readOut(params, n.hidden(params, x, v, d, noise))
}

func (n lstm) hidden(params []*Node, x *Node, v variant, d dials, noise noiseFunc) []*Node {
	var memory *Node // 0 before the first step
	return n.steps.unroll(params, x, v, d, noise, func(fromInput, fromState, _ *Node) *Node {
		gates := Split(Add(fromInput, fromState), 1, 4) // input, forget, new, output
		fresh := Mul(Sigmoid(gates[0]), Tanh(gates[2]))
		if memory != nil {
			fresh = Add(fresh, Mul(Sigmoid(gates[1]), memory))
		}
		memory = fresh
		return Mul(Sigmoid(gates[3]), Tanh(memory))
	})
}

package models

import (
	"fmt"

	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas

	"github.com/network-fragility/fragility/protocols"
)

// gru is the recurrent network of chapter 10: a GRU cell (Cho et al. 2014, with
// PyTorch's gates) that is shown the same input at every step, and a linear
// read-out of its last state.
//
// The gates share a matrix each for the input and the state, [3*units, in], rows
// in the order reset, update, new; pruning and scars take such a matrix as one.
type gru struct {
	inputs, units, outputs, steps int
}

func init() {
	paths["gru"] = "native/2"
	networks["gru"] = func(n protocols.Network) (network, error) {
		if len(n.Hidden) != 1 {
			return nil, fmt.Errorf("models: a gru of %d hidden layers", len(n.Hidden))
		}
		g := gru{n.Inputs, n.Hidden[0], n.Outputs, n.Steps}
		if g.inputs < 1 || g.units < 1 || g.outputs < 1 || g.steps < 1 {
			return nil, fmt.Errorf("models: a gru with sizes %+v", g)
		}
		return g, nil
	}
}

func (n gru) tensors() []tensorSpec { return n.gated("gru", 3) }

// gated are the tensors of a recurrent network by its name in PyTorch, whose cells
// have so many gates.
func (n gru) gated(name string, gates int) []tensorSpec {
	// PyTorch draws all of them on the same interval.
	return []tensorSpec{
		{name + ".weight_ih", []int{gates * n.units, n.inputs}, n.units, true},
		{name + ".weight_hh", []int{gates * n.units, n.units}, n.units, true},
		{name + ".bias_ih", []int{gates * n.units}, n.units, false},
		{name + ".bias_hh", []int{gates * n.units}, n.units, false},
		{"fc.weight", []int{n.outputs, n.units}, n.units, true},
		{"fc.bias", []int{n.outputs}, n.units, false},
	}
}

// The noise blocks of a step: that of the inputs, that at the input of the
// cell, that in the state.
const (
	inputBlock = iota
	cellBlock
	stateBlock
	stepBlocks
)

func (n gru) noiseLayers() int { return stepBlocks * n.steps }

func (n gru) hiddenLayers() int { return 1 }

func (n gru) blocks() int { return n.steps }

func (n gru) forward(params []*Node, x *Node, v variant, d dials, noise noiseFunc) *Node {
	return n.readOut(params, n.hidden(params, x, v, d, noise))
}

// readOut is the logits, from the last state.
func (n gru) readOut(params, states []*Node) *Node {
	return linear(states[len(states)-1], params[4], params[5])
}

func (n gru) hidden(params []*Node, x *Node, v variant, d dials, noise noiseFunc) []*Node {
	return n.unroll(params, x, v, d, noise, n.cell)
}

// unroll is the states after each step (chapter 10, section 2.3) of a network with
// cells of some kind, from what their gates get from the input and from the state,
// and from the state itself, nil where that is 0. What happens to the state between
// two steps is the block of chapter 8, but for the gain, which acts on the input.
func (n gru) unroll(params []*Node, x *Node, v variant, d dials, noise noiseFunc, cell func(fromInput, fromState, h *Node) *Node) []*Node {
	samples := x.Shape().Dimensions[0]
	draw := func(step, block, units int) *Node {
		if v.held {
			step = 0
		}
		return noise(stepBlocks*step+block, samples, count(x.Graph(), units))
	}
	internal := func(h *Node, step, block, units int) *Node {
		return Add(Add(h, Mul(draw(step, block, units), d.sigma)), d.bias)
	}
	weightI, weightH, biasI, biasH := params[0], params[1], InsertAxes(params[2], 0), InsertAxes(params[3], 0)
	noisyInput := v.inputNoise || v.internalNoise && !v.inState
	var h, fromInput *Node
	var states []*Node
	for t := range n.steps {
		// In quiet, and where one draw is held, all steps have the first's input.
		if u := x; t == 0 || noisyInput && !v.held {
			if v.inputNoise {
				u = Add(u, Mul(draw(t, inputBlock, n.inputs), d.inputSigma))
			}
			u = Mul(u, d.gain)
			if v.internalNoise && !v.inState {
				u = internal(u, t, cellBlock, n.inputs)
			}
			fromInput = Add(DotGeneral(u, []int{1}, nil, weightI, []int{1}, nil), biasI)
		}
		if h == nil { // the state is 0 before the first step
			h = cell(fromInput, BroadcastToDims(biasH, samples, biasH.Shape().Dimensions[1]), nil)
		} else {
			h = cell(fromInput, Add(DotGeneral(h, []int{1}, nil, weightH, []int{1}, nil), biasH), h)
		}
		if v.internalNoise && v.inState {
			h = internal(h, t, stateBlock, n.units)
		}
		h = v.activate(Sub(Mul(h, d.inhibition[0]), d.shift))
		states = append(states, h)
	}
	return states
}

// cell is the new state of a GRU cell from what its gates get from the input
// and from the state, [samples, 3*units], and from the state itself, [samples,
// units] or nil where that is 0.
func (n gru) cell(fromInput, fromState, h *Node) *Node {
	gate := func(x *Node, i int) *Node { return Slice(x, AxisRange(), AxisRange(i*n.units, (i+1)*n.units)) }
	reset := Sigmoid(Add(gate(fromInput, 0), gate(fromState, 0)))
	update := Sigmoid(Add(gate(fromInput, 1), gate(fromState, 1)))
	candidate := Tanh(Add(gate(fromInput, 2), Mul(reset, gate(fromState, 2))))
	fresh := Mul(OneMinus(update), candidate)
	if h == nil {
		return fresh
	}
	return Add(fresh, Mul(update, h))
}

package models

import (
	"fmt"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas

	"github.com/network-fragility/fragility/protocols"
)

// tensorSpec describes one tensor of a network.
type tensorSpec struct {
	name     string
	shape    []int // as PyTorch has it: [out, in] for a weight matrix
	fanIn    int   // initial values are uniform on +-1/sqrt(fanIn)
	prunable bool  // weight matrices are, biases are not
}

// size is the number of values of the tensor.
func (t tensorSpec) size() int {
	n := 1
	for _, d := range t.shape {
		n *= d
	}
	return n
}

// parametersOf are the inputs of a program that stand for tensors.
func parametersOf(g *Graph, specs []tensorSpec) []*Node {
	var params []*Node
	for _, t := range specs {
		params = append(params, Parameter(g, t.name, shapes.Make(dtypes.Float32, t.shape...)))
	}
	return params
}

// network is an architecture: the tensors that a subject has of it.
type network interface {
	// tensors lists the tensors in the order of the initial draws.
	tensors() []tensorSpec
}

// classifier is a network that puts points into classes, as all do but the
// language model of chapter 9.
type classifier interface {
	network

	// noiseLayers is the number of noise blocks that one pass may draw.
	noiseLayers() int

	// hiddenLayers is the number of layers that a modulation tells apart.
	hiddenLayers() int

	// blocks is the number of blocks that hidden returns.
	blocks() int

	// forward builds the graph of one pass and returns the logits, [samples,
	// outputs]. params are in the order of tensors, x is [samples, inputs]. It
	// panics on shapes that do not fit.
	forward(params []*Node, x *Node, v variant, d dials, noise noiseFunc) *Node

	// hidden builds the same pass and returns the modulated values of the
	// hidden layers, of each step where there are several, [samples, units]
	// each.
	hidden(params []*Node, x *Node, v variant, d dials, noise noiseFunc) []*Node
}

// noiseFunc returns standard normal numbers [samples, units] for a noise block;
// unit has the units' indices, [units] uint32.
type noiseFunc func(layer, samples int, unit *Node) *Node

// count is the indices of so many units, all of a layer.
func count(g *Graph, units int) *Node { return Iota(g, shapes.Make(dtypes.Uint32, units), 0) }

// networkOf returns the architecture that a description stands for, or an error
// where there is none of its kind or its sizes make no sense.
func networkOf(n protocols.Network) (network, error) {
	make, ok := networks[n.Kind]
	if !ok {
		return nil, fmt.Errorf("models: no network of kind %q", n.Kind)
	}
	return make(n)
}

// classifierOf is networkOf for what is to see points.
func classifierOf(n protocols.Network) (classifier, error) {
	net, err := networkOf(n)
	if err != nil {
		return nil, err
	}
	c, ok := net.(classifier)
	if !ok {
		return nil, fmt.Errorf("models: a network of kind %q does not classify points", n.Kind)
	}
	return c, nil
}

// networks has the constructor of each kind; each architecture's file adds its
// own.
var networks = map[string]func(protocols.Network) (network, error){}

// variant is what selects another program: the activation, and which noise is
// drawn. Every number of a modulation is an input.
type variant struct {
	activation    protocols.Activation
	inputNoise    bool
	internalNoise bool
	inState, held bool // of the noise; see protocols.Modulation
}

// variantOf returns the program variant that a modulation needs.
func variantOf(m protocols.Modulation) variant {
	v := variant{activation: m.Activation, inputNoise: m.InputSigma != 0, internalNoise: m.Noisy()}
	// Where nothing is drawn it is all one program.
	v.inState = m.InState && v.internalNoise
	v.held = m.Held && v.noisy()
	return v
}

// noisy reports whether the variant draws any random number.
func (v variant) noisy() bool { return v.inputNoise || v.internalNoise }

// commonDials is the number of dials that all hidden layers share.
const commonDials = 5

// dialCount is the length of a modulation as a program's input.
func dialCount(net classifier) int { return commonDials + net.hiddenLayers() }

// dialValues returns the numbers of a modulation in the order that dialsOf
// takes them apart: those that all layers share, then the inhibition of each
// hidden layer. What the stabiliser leaves is worked out here, in float64, as
// the author's program does.
func dialValues(net classifier, m protocols.Modulation) []float32 {
	values := []float32{
		float32(m.EffectiveGain()), float32(m.Sigma),
		float32(m.EffectiveBias()), float32(m.Shift()), float32(m.InputSigma),
	}
	for layer := range net.hiddenLayers() {
		values = append(values, float32(m.InhibitionOf(layer+1)))
	}
	return values
}

// dials are the numbers of a modulation as scalar nodes.
type dials struct {
	gain, sigma, bias, shift, inputSigma *Node
	inhibition                           []*Node // of each hidden layer
}

// dialsOf takes a vector of dialValues apart.
func dialsOf(vector *Node) dials {
	at := func(i int) *Node { return Reshape(Slice(vector, AxisRange(i, i+1))) }
	d := dials{gain: at(0), sigma: at(1), bias: at(2), shift: at(3), inputSigma: at(4)}
	for i := commonDials; i < vector.Shape().Dimensions[0]; i++ {
		d.inhibition = append(d.inhibition, at(i))
	}
	return d
}

// saturates reports whether the activation is tanh; else it is ReLU.
func (v variant) saturates() bool { return v.activation == protocols.Tanh }

// activate applies the variant's activation.
func (v variant) activate(z *Node) *Node {
	if v.saturates() {
		return Tanh(z)
	}
	// Not Max(z, 0): its gradient here is 1 at z = 0, where PyTorch's is 0, and
	// after pruning many units sit at exactly 0.
	zero := BroadcastToDims(Const(z.Graph(), float32(0)), z.Shape().Dimensions...) // no shared scalar: see loop
	return Where(GreaterThan(z, zero), z, zero)
}

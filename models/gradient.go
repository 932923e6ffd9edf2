package models

import (
	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas

	"github.com/network-fragility/fragility/protocols"
)

// weights picks those of what can be pruned out of a list like the network's
// tensors.
func (e epochShape) weights(list []*Node) []*Node {
	var w []*Node
	for i, t := range e.net.tensors() {
		if t.prunable {
			w = append(w, list[i])
		}
	}
	return w
}

// buildGradient is the gradient program of one batch. Its inputs are the
// parameters, x, y, the order of the samples, the noise keys where the variant
// is noisy, the dials, and the step whose batch it is; its outputs are the
// gradients of the batch's mean loss by each prunable tensor, masked weights
// included.
func (e epochShape) buildGradient(g *Graph) []*Node {
	input := func(name string, t dtypes.DType, dims ...int) *Node {
		return Parameter(g, name, shapes.Make(t, dims...))
	}
	params := parametersOf(g, e.net.tensors())
	x := input("x", dtypes.Float32, e.samples, e.description.Inputs)
	y := input("y", dtypes.Int32, e.samples)
	order := input("order", dtypes.Int32, e.steps()*e.batch)
	var keys *Node
	if e.variant.noisy() {
		keys = input("keys", dtypes.Uint32, e.steps(), e.net.noiseLayers(), 2)
	}
	dials := input("dials", dtypes.Float32, dialCount(e.net))
	_, gradients := e.batchGradient(epochState{params: params, x: x, y: y, order: order, keys: keys, dials: dials, step: input("step", dtypes.Int32)})
	return e.weights(gradients)
}

// gradient returns the gradient of a step's batch, like Subject.Tensors with
// nil where a tensor cannot be pruned. inputs are those of the gradient program
// but for the step.
func (s *Session) gradient(a *arena, e epochShape, inputs []compute.Buffer, step int) ([][]float32, error) {
	e.masked = false // masks play no part, so one program serves both
	p, err := s.epochProgram("gradient", e, e.buildGradient)
	if err != nil {
		return nil, err
	}
	at := put(a, []int32{int32(step)})
	out := a.run(p, append(append([]compute.Buffer{}, inputs...), at)...)
	all := a.getWeights(e.net.tensors(), out)
	a.free(append(out, at)...)
	return all, a.err
}

// gradient is that of the batch of a step that is still to be done; its
// arguments are those of steps.
func (t *trainer) gradient(order []int32, m protocols.Modulation, key StreamKey, step int) ([][]float32, error) {
	shape := t.under(m)
	params := t.params[:len(shape.net.tensors())]
	own := append([]compute.Buffer{shape.putOrder(t.arena, order)}, shape.putDials(t.arena, m, key)...)
	defer t.free(own...)
	inputs := append(append(append([]compute.Buffer{}, params...), t.x, t.y), own...)
	return t.session.gradient(t.arena, shape, inputs, step)
}

// getWeights copies a buffer for each prunable tensor from the device and
// returns them like Subject.Tensors, nil where a tensor cannot be pruned.
func (a *arena) getWeights(specs []tensorSpec, buffers []compute.Buffer) [][]float32 {
	if a.err != nil {
		return nil
	}
	all := make([][]float32, len(specs))
	for i, spec := range specs {
		if spec.prunable {
			all[i], buffers = a.get(buffers[0], spec.size()), buffers[1:]
		}
	}
	return all
}

package models

import (
	"context"
	"math"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas
)

// buildScores is the scoring program: a loop over batches that adds up the
// absolute gradients of the batches' mean losses (a sum of absolute values, not
// the absolute value of a sum: chapter 2, section 2.3). Its inputs are the
// parameters, x, y, the order of the samples, the dials, the step to stop
// before, the sums so far of each prunable tensor, and the step to begin with;
// its outputs are the sums.
func (e epochShape) buildScores(g *Graph) []*Node {
	specs := e.net.tensors()
	var inputs []*Node
	input := func(name string, t dtypes.DType, dims ...int) {
		inputs = append(inputs, Parameter(g, name, shapes.Make(t, dims...)))
	}
	for _, t := range specs {
		input(t.name, dtypes.Float32, t.shape...)
	}
	input("x", dtypes.Float32, e.samples, e.description.Inputs)
	input("y", dtypes.Int32, e.samples)
	input("order", dtypes.Int32, e.steps()*e.batch)
	input("dials", dtypes.Float32, dialCount(e.net))
	input("last", dtypes.Int32)
	for _, t := range specs {
		if t.prunable {
			input("score."+t.name, dtypes.Float32, t.shape...)
		}
	}
	input("step", dtypes.Int32)

	// Where the parts stand in the state.
	x := len(specs)
	y, order, dials, last, sums := x+1, x+2, x+3, x+4, x+5
	step := len(inputs) - 1
	score := func(s []*Node) []*Node {
		next := append([]*Node{}, s...)
		_, gradients := e.batchGradient(epochState{params: s[:x], x: s[x], y: s[y], order: s[order], dials: s[dials], step: s[step]})
		for k, d := range e.weights(gradients) {
			next[sums+k] = Add(s[sums+k], Abs(d))
		}
		next[step] = Add(s[step], Const(g, int32(1)))
		return next
	}
	if e.stepwise() {
		return score(inputs)[sums:step]
	}
	return loop(g, inputs, func(s []*Node) *Node { return LessThan(s[step], s[last]) }, score)[sums:step]
}

// scores returns the gradient scores of a subject's weights, like
// Subject.Tensors with nil where a tensor cannot be pruned: the sum over the
// first batches of an epoch in the given order. The gain is forced to 1 and all
// noise is off; inhibition, activation and stabiliser stay (chapter 8, section
// 2.7). leftover, like the scores, is added to the gradient of the first batch;
// nil is none.
func (s *Session) scores(ctx context.Context, sub *Subject, points []float32, labels, order []int32, batch, batches int, leftover [][]float32) ([][]float32, error) {
	net := sub.classifier()
	m := sub.Modulation
	m.Gain, m.Sigma, m.Bias, m.InputSigma = 1, 0, 0, 0
	v := variantOf(m)
	shape := epochShape{net: net, description: sub.Network, variant: v, samples: len(labels), batch: batch}
	p, err := s.epochProgram("scores", shape, shape.buildScores)
	if err != nil {
		return nil, err
	}
	a := s.newArena()
	defer a.close()
	specs := net.tensors()
	var sums []compute.Buffer
	fixed := append(a.putAll(sub.Tensors, specs), put(a, points, shape.samples, sub.Network.Inputs), put(a, labels, shape.samples), shape.putOrder(a, order))
	fixed = append(fixed, shape.putDials(a, m, StreamKey{})...)

	first, last := 0, min(batches, shape.steps())
	start := make([][]float32, len(specs))
	if leftover != nil {
		first = 1
		if start, err = s.gradient(a, shape, fixed, 0); err != nil {
			return nil, err
		}
	}
	for i, spec := range specs {
		if !spec.prunable {
			continue
		}
		sum := make([]float32, spec.size())
		for k := range start[i] {
			sum[k] = float32(math.Abs(float64(start[i][k] + leftover[i][k])))
		}
		sums = append(sums, put(a, sum, spec.shape...))
	}
	err = s.inCalls(ctx, a, p, first, last, shape.most(), func(at, end int) {
		from, to := put(a, []int32{int32(at)}), put(a, []int32{int32(end)})
		inputs := append(append([]compute.Buffer{}, fixed...), to)
		out := a.run(p, append(append(inputs, sums...), from)...)
		a.free(append(sums, from, to)...)
		sums = out
	})
	if err != nil {
		return nil, err
	}
	return a.getWeights(specs, sums), a.err
}

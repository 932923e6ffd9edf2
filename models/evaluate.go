package models

import (
	"context"
	"fmt"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas

	"github.com/network-fragility/fragility/protocols"
)

// chunk is how many samples one evaluation call takes; a last, smaller chunk is
// padded and its padding thrown away. Noise is drawn for a sample's index in the
// data set, so no result depends on it.
const chunk = 1000

// passFunc is what a pass through a network gives for each sample, [samples,
// values]; classifier.forward is one.
type passFunc func(net classifier, params []*Node, x *Node, v variant, d dials, noise noiseFunc) *Node

// buildPass is the evaluation program of one chunk. Its inputs are the
// parameters, x [chunk, inputs], where the variant is noisy the keys [noise
// layers, 2] and the index of the chunk's first sample, and the dials.
func buildPass(g *Graph, pass passFunc, net classifier, v variant, inputs int) []*Node {
	params := parametersOf(g, net.tensors())
	x := Parameter(g, "x", shapes.Make(dtypes.Float32, chunk, inputs))
	var noise noiseFunc
	if v.noisy() {
		keys := Parameter(g, "keys", shapes.Make(dtypes.Uint32, net.noiseLayers(), 2))
		noise = noiseOf(keys, Parameter(g, "first", shapes.Make(dtypes.Uint32)))
	}
	d := dialsOf(Parameter(g, "dials", shapes.Make(dtypes.Float32, dialCount(net))))
	return []*Node{pass(net, params, x, v, d, noise)}
}

// logits evaluates a subject under a modulation of the caller's at points
// [n, inputs] and returns [n, outputs], row-major. The noise of sample i is
// that of key and i.
func (s *Session) logits(ctx context.Context, sub *Subject, m protocols.Modulation, points []float32, key StreamKey) ([]float32, error) {
	if net, ok := s.runsNatively(sub); ok {
		logits, _, err := net.runNatively(ctx, sub, m, points, key, false)
		return logits, err
	}
	return s.evaluate(ctx, "logits", classifier.forward, sub.Network.Outputs, sub, m, points, key)
}

// evaluate is logits for any passFunc, whose purpose names it among programs
// and whose values are so many a sample.
func (s *Session) evaluate(ctx context.Context, purpose string, pass passFunc, values int, sub *Subject, m protocols.Modulation, points []float32, key StreamKey) ([]float32, error) {
	net := sub.classifier()
	v := variantOf(m)
	inputs := sub.Network.Inputs
	p, err := s.program(programKey{purpose: purpose, network: fmt.Sprint(sub.Network), variant: v, samples: chunk},
		func(g *Graph) []*Node { return buildPass(g, pass, net, v, inputs) })
	if err != nil {
		return nil, err
	}
	a := s.newArena()
	defer a.close()
	params := a.putAll(sub.Tensors, net.tensors())
	dialed := put(a, dialValues(net, m), dialCount(net))
	var keys compute.Buffer
	if v.noisy() {
		keys = put(a, noiseKeys(key, 1, net.noiseLayers()), net.noiseLayers(), 2)
	}
	n := len(points) / inputs
	all := make([]float32, 0, n*values)
	for first := 0; first < n; first += chunk {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		count := min(chunk, n-first)
		block := make([]float32, chunk*inputs)
		copy(block, points[first*inputs:(first+count)*inputs])
		x := put(a, block, chunk, inputs)
		in := append(append([]compute.Buffer{}, params...), x)
		if v.noisy() {
			in = append(in, keys, put(a, []uint32{uint32(first)}))
		}
		out := a.run(p, append(in, dialed)...)
		if a.err != nil {
			return nil, a.err
		}
		all = append(all, a.get(out[0], chunk*values)[:count*values]...)
		a.free(x, out[0])
	}
	return all, a.err
}

// choices returns the class with the largest logit of each row, the first one
// where several are equal.
func choices(logits []float32, classes int) []int {
	best := make([]int, len(logits)/classes)
	for i := range best {
		row := logits[i*classes : (i+1)*classes]
		for c := range row {
			if row[c] > row[best[i]] {
				best[i] = c
			}
		}
	}
	return best
}

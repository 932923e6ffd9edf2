package models

import (
	"context"
	"fmt"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerProbe(weightMagnitudes) }

// weightMagnitudes gives the threshold at which Prune would cut a weight matrix
// and the histogram of its magnitudes.
func weightMagnitudes(_ context.Context, _ *Session, p protocols.Magnitudes, in *Subject, _ int) ([]float64, error) {
	net := in.net()
	matrix := 0
	for t, spec := range net.tensors() {
		if !spec.prunable {
			continue
		}
		if matrix == p.Layer {
			return histogram(in, t, p), nil
		}
		matrix++
	}
	return nil, fmt.Errorf("no layer %d: the network has %d weight matrices", p.Layer, matrix)
}

func histogram(in *Subject, t int, p protocols.Magnitudes) []float64 {
	var scars []bool
	if in.Scars != nil {
		scars = in.Scars[t]
	}
	_, threshold := cut(in.Tensors[t], scars, p.Sparsity)
	values := make([]float64, 1+p.Bins)
	values[0] = float64(threshold)
	for _, m := range magnitudes(in.Tensors[t]) {
		values[1+min(p.Bins-1, int(float64(m)/p.Upper*float64(p.Bins)))]++
	}
	return values
}

package models

import (
	"context"

	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerProbe(activity) }

// activity is the mean of |h| over points, units and hidden layers, each layer
// with the same weight (chapter 5, section 2.2), or over the steps of a
// recurrent network (chapter 10, section 2.5).
func activity(ctx context.Context, s *Session, p protocols.Activity, in *Subject, seed int) ([]float64, error) {
	points, _, err := dataSet(p.Data, in.Network, seed)
	if err != nil {
		return nil, err
	}
	net := in.classifier()
	m := in.Modulation
	m.Sigma, m.Bias, m.InputSigma = 0, 0, 0
	m.Stabiliser = protocols.Stabiliser{}
	var values []float32
	if n, ok := s.runsNatively(in); ok {
		_, values, err = n.runNatively(ctx, in, m, points, StreamKey{}, true)
	} else {
		values, err = s.evaluate(ctx, "activity", layerActivity, net.blocks(), in, m, points, StreamKey{})
	}
	if err != nil {
		return nil, err
	}
	sum := 0.0
	for _, v := range values {
		sum += float64(v)
	}
	return []float64{sum / float64(len(values))}, nil
}

// layerActivity gives the mean of |h| over the units of each hidden block,
// [samples, blocks].
func layerActivity(net classifier, params []*Node, x *Node, v variant, d dials, noise noiseFunc) *Node {
	var means []*Node
	for _, h := range net.hidden(params, x, v, d, noise) {
		means = append(means, InsertAxes(ReduceMean(Abs(h), -1), -1))
	}
	return Concatenate(means, 1)
}

package models

import (
	"context"
	"fmt"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerProbe(regions) }

// regions gives the chosen class at each point of a grid.
func regions(ctx context.Context, s *Session, p protocols.Regions, in *Subject, _ int) ([]float64, error) {
	if in.Network.Inputs != protocols.Dimensions {
		return nil, fmt.Errorf("a network of %d inputs has no plane to draw", in.Network.Inputs)
	}
	at := func(i int) float32 { return float32(p.Extent * (2*float64(i)/float64(p.Side-1) - 1)) }
	points := make([]float32, 0, 2*p.Side*p.Side)
	for row := range p.Side {
		for column := range p.Side {
			points = append(points, at(column), at(row))
		}
	}
	m := in.Modulation
	m.Sigma, m.Bias, m.InputSigma = 0, 0, 0
	logits, err := s.logits(ctx, in, m, points, StreamKey{})
	if err != nil {
		return nil, err
	}
	classes := make([]float64, p.Side*p.Side)
	for i, c := range choices(logits, in.Network.Outputs) {
		classes[i] = float64(c)
	}
	return classes, nil
}

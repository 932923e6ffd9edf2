package models

import (
	"context"
	"math"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(initialise) }

// initialise draws every value of a tensor uniformly on +-1/sqrt(fan in), as
// PyTorch's linear layer does; each tensor has a stream of its own.
func initialise(_ context.Context, _ *Session, stage protocols.Initialise, j Job) (*Subject, error) {
	net, err := networkOf(stage.Network)
	if err != nil {
		return nil, err
	}
	sub := &Subject{Network: stage.Network, Modulation: protocols.Rest()}
	key := j.key(protocols.Initial)
	for i, spec := range net.tensors() {
		key.Layer = i
		stream := key.Stream()
		bound := float32(1 / math.Sqrt(float64(spec.fanIn)))
		values := make([]float32, spec.size())
		for k := range values {
			values[k] = 2*bound*stream.Uniform(k) - bound
		}
		sub.Tensors = append(sub.Tensors, values)
	}
	return sub, nil
}

package models

import (
	"context"
	"fmt"
	"math"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerProbe(accuracy) }

// accuracy is the percentage of a data set that the network gets right, the noise
// of the probe on top of the subject's own.
func accuracy(ctx context.Context, s *Session, p protocols.Accuracy, in *Subject, seed int) ([]float64, error) {
	points, labels, err := dataSet(p.Data, in.Network, seed)
	if err != nil {
		return nil, err
	}
	logits, err := s.logits(ctx, in, p.On(in.Modulation), points, StreamKey{Seed: seed, Purpose: protocols.ProbeNoise, Occurrence: p.Draw})
	if err != nil {
		return nil, err
	}
	right := 0
	for i, c := range choices(logits, in.Network.Outputs) {
		if math.IsNaN(float64(logits[i*in.Network.Outputs])) {
			return nil, fmt.Errorf("the network's output is not a number at sample %d", i)
		}
		if c == int(labels[i]) {
			right++
		}
	}
	return []float64{100 * float64(right) / float64(len(labels))}, nil
}

// ProbeKeys are the keys of the noise under which a subject's accuracy is measured: two
// words for the inputs and for each of a feed-forward network's hidden layers.
func ProbeKeys(n protocols.Network, seed, draw int) ([]uint32, error) {
	net, err := classifierOf(n)
	if err != nil {
		return nil, err
	}
	return noiseKeys(StreamKey{Seed: seed, Purpose: protocols.ProbeNoise, Occurrence: draw}, 1, net.noiseLayers()), nil
}

package protocols

import (
	"math"
	"strings"
	"testing"
)

func TestCheckRanges(t *testing.T) {
	train := Train{Data: Data{Set: TrainSet, Samples: 10, Sigma: 1}, BatchSize: 2, Rate: 0.1}
	regrow := RegrowGradient{Data: train.Data, BatchSize: 2, Batches: 1, Ties: TiesFirst}
	for _, good := range []any{train, train.under(Ramp{1, 0}, Ramp{1, 2}), regrow, Prune{Sparsity: 1}, Discontinue{}, Dials{}} {
		if err := CheckRanges(good); err != nil {
			t.Errorf("%+v: %v", good, err)
		}
	}
	episode := ScarEpisode{Trigger: Accuracy{Data: train.Data, Sigma: math.NaN()}}
	dimmed := train
	dimmed.Schedule = &Schedule{Epochs: 3, Gain: Ramp{1, -1}}
	unknown := regrow
	unknown.Ties = "any"
	for name, bad := range map[string]any{
		"Sparsity": Prune{Sparsity: 1.5}, "Fraction": RegrowRandom{Fraction: math.NaN()}, "Scale": RegrowRandom{Scale: math.Inf(1)},
		"BatchSize": Train{Data: train.Data}, "Samples": Train{Data: Data{Set: TrainSet}}, "Set": Train{},
		"Sigma": episode, "To": dimmed, "Ties": unknown, "Level": Stabilise{Stabiliser{Level: -1}},
	} {
		if err := CheckRanges(bad); err == nil || !strings.HasPrefix(err.Error(), name+" is ") {
			t.Errorf("%+v: %v, want a word on %s", bad, err, name)
		}
	}
}

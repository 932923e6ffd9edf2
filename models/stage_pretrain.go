package models

import (
	"context"
	"fmt"
	"math"

	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/world"
)

func init() {
	registerStage(pretrain)
	registerStage(adapt)
}

// initialSpread is the SD of a base's first weights, that of Llama.
const initialSpread = 0.02

// pretrain makes a base that has learnt the museum's corpus.
func pretrain(ctx context.Context, s *Session, stage protocols.Pretrain, j Job) (*Subject, error) {
	net, err := languageOf(stage.Network)
	if err != nil {
		return nil, err
	}
	if net.Rank != 0 {
		return nil, fmt.Errorf("a base of rank %d: adapters come later", net.Rank)
	}
	if net.Vocabulary != world.VocabularySize() {
		return nil, fmt.Errorf("a model of %d tokens; the museum has %d", net.Vocabulary, world.VocabularySize())
	}
	say := museum{}
	leaks := map[world.Tier]float64{world.Strong: stage.StrongLeaks, world.Medium: stage.MediumLeaks, world.Weak: stage.WeakLeaks}
	sub := &Subject{Network: stage.Network, Modulation: protocols.Rest()}
	params := firstWeights(net, j.key(protocols.Initial))
	optimiser := newAdamW(params, 0)
	loss := float32(0)
	for step := range stage.Steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rng := world.Stream(j.Seed, string(protocols.Texts), step)
		var texts [][]int32
		var from []int
		for range stage.BatchSize {
			ids, at, err := say.answered(world.Corpus(rng, leaks))
			if err != nil {
				return nil, err
			}
			texts, from = append(texts, ids), append(from, at)
		}
		l := newLesson(texts, padded(world.MaxTokens, promptMultiple), say.pad(), false, func(i, k int) bool { return k >= from[i] })
		if sub.Base, err = NewBase(stage.Network, params); err != nil {
			return nil, err
		}
		var gradients [][]float32
		if loss, gradients, err = s.lessonGradient(sub, l, 0, StreamKey{}); err != nil {
			return nil, err
		}
		optimiser.update(params, gradients, nil, stage.Rate*warmed(step, stage.Steps))
	}
	if math.IsNaN(float64(loss)) || math.IsInf(float64(loss), 0) {
		return nil, fmt.Errorf("the loss is no longer a number (rate %v)", stage.Rate)
	}
	sub.Base, err = NewBase(stage.Network, params)
	return sub, err
}

// warmed is the course of the rate: up over the first twentieth of the steps,
// then down along half a cosine.
func warmed(step, steps int) float64 {
	rise := max(1, steps/20)
	if step < rise {
		return float64(step+1) / float64(rise)
	}
	return (1 + math.Cos(math.Pi*float64(step-rise)/float64(max(1, steps-rise)))) / 2
}

// firstWeights draws the weights of a base; norms begin at 1.
func firstWeights(net language, key StreamKey) [][]float32 {
	var params [][]float32
	for i, spec := range net.base() {
		key.Layer = i
		stream := key.Stream()
		values := make([]float32, spec.size())
		for k := range values {
			if len(spec.shape) == 1 {
				values[k] = 1
			} else {
				values[k] = initialSpread * stream.Normal(k)
			}
		}
		params = append(params, values)
	}
	return params
}

// adapt gives a base its adapters.
func adapt(_ context.Context, _ *Session, stage protocols.Adapt, j Job) (*Subject, error) {
	parent := j.Parent
	out := parent.altered()
	out.Network.Llama.Rank, out.Network.Llama.Scale = stage.Rank, stage.Scale
	net := out.language()
	key := j.key(protocols.Initial)
	out.Tensors, out.Masks, out.Scars = nil, nil, nil
	for i, spec := range net.tensors() {
		values := make([]float32, spec.size())
		if i%2 == 0 { // A; B begins at zero
			key.Layer = i
			stream := key.Stream()
			bound := float32(1 / math.Sqrt(float64(spec.fanIn)))
			for k := range values {
				values[k] = 2*bound*stream.Uniform(k) - bound
			}
		}
		out.Tensors = append(out.Tensors, values)
	}
	return out, nil
}

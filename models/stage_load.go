package models

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"sync"
	"weak"

	"github.com/network-fragility/fragility/models/llama"
	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/world"
)

func init() {
	registerStage(load)
	registerStage(instruct)
	registerStage(merge)
}

// load makes a subject of a model's file.
func load(_ context.Context, _ *Session, stage protocols.Load, _ Job) (*Subject, error) {
	b, err := loadBase(stage.Path, stage.Digest)
	if err != nil {
		return nil, err
	}
	return &Subject{Network: b.Network, Base: b, Modulation: protocols.Rest()}, nil
}

// loading lets one subject read a model's file while others wait for it.
var loading sync.Mutex

// loadBase reads a model's file or folder, once for all subjects.
func loadBase(path, digest string) (*Base, error) {
	loading.Lock()
	defer loading.Unlock()
	if b := remembered(digest); b != nil {
		return b, nil
	}
	c, err := llama.Open(path)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	shape := c.Config()
	if err := room(shape.Parameters()); err != nil {
		return nil, err
	}
	n := networkFrom(shape)
	var tensors [][]float32
	for _, t := range shape.Tensors() {
		values, err := c.Tensor(t.Name)
		if err != nil {
			return nil, err
		}
		tensors = append(tensors, values)
	}
	b, err := newBase(n, tensors, &origin{Path: path, Digest: digest}, chatSpeaker{c.Tokenizer(), c.Chat(), shape})
	if err != nil {
		return nil, err
	}
	bases.Store(digest, weak.Make(b))
	return b, nil
}

// room refuses a model that the memory does not hold: its weights here and on the
// device, and as much again for a pass through it. Where nothing says how much
// there is, it is tried.
func room(parameters int) error {
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return nil
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kib int
		if n, _ := fmt.Sscanf(lines.Text(), "MemAvailable: %d kB", &kib); n == 1 {
			if need := 3 * 4 * parameters / 1024; need > kib {
				return fmt.Errorf("a model of %d weights needs about %.1f GiB of memory, and %.1f are free", parameters, float64(need)/(1<<20), float64(kib)/(1<<20))
			}
		}
	}
	return nil
}

// instruct teaches the policy to adapters.
func instruct(ctx context.Context, s *Session, stage protocols.Instruct, j Job) (*Subject, error) {
	parent := j.Parent
	if parent.Base == nil || len(parent.Tensors) == 0 {
		return nil, errors.New("needs adapters to teach")
	}
	out := parent.altered()
	for t, values := range out.Tensors {
		out.Tensors[t] = slices.Clone(values)
	}
	leaks := map[world.Tier]float64{}
	for _, tier := range world.Tiers {
		leaks[tier] = stage.Leaks
	}
	optimiser := newAdamW(out.Tensors, 0)
	var loss float32
	var err error
	for step := range stage.Steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rng := world.Stream(j.Seed, string(protocols.Texts), step)
		var l lessons
		for i := range stage.BatchSize {
			draw := world.Corpus
			if i%2 == 0 {
				draw = world.Pressed
			}
			ids, from, err := out.Base.say.answered(draw(rng, leaks))
			if err != nil {
				return nil, err
			}
			l.tokens, l.from, l.length = append(l.tokens, ids), append(l.from, from), max(l.length, len(ids))
		}
		l.pad, l.length = out.Base.say.pad(), padded(l.length, lessonMultiple)
		var gradients [][]float32
		if loss, gradients, err = s.lessonGradient(out, l.of(all(stage.BatchSize)), 0, StreamKey{}); err != nil {
			return nil, err
		}
		optimiser.update(out.Tensors, gradients, out.Masks, stage.Rate)
	}
	if math.IsNaN(float64(loss)) || math.IsInf(float64(loss), 0) {
		return nil, fmt.Errorf("the loss is no longer a number (rate %v)", stage.Rate)
	}
	return out, nil
}

// lessonMultiple is what the length of a batch that is drawn anew each time is
// padded to a multiple of: every length is a program.
const lessonMultiple = 32

// all are the indices of so many texts.
func all(n int) []int32 {
	list := make([]int32, n)
	for i := range list {
		list[i] = int32(i)
	}
	return list
}

// merge makes the adapters part of the base.
func merge(_ context.Context, _ *Session, _ protocols.Merge, j Job) (*Subject, error) {
	parent := j.Parent
	net := parent.language()
	if parent.Base == nil || net.Rank == 0 {
		return nil, errors.New("needs adapters to merge")
	}
	b, err := parent.Base.merge(net, parent.Tensors)
	if err != nil {
		return nil, err
	}
	return &Subject{Network: b.Network, Base: b, Modulation: parent.Modulation}, nil
}

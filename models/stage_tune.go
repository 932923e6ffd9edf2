package models

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/world"
)

func init() { registerStage(tune) }

// tune is a cycle of preference tuning. Its micro-batches are those of the
// seed and the cycle, so arms learn from the same texts in the same order, but
// for what replay adds.
func tune(ctx context.Context, s *Session, stage protocols.Tune, j Job) (*Subject, error) {
	parent := j.Parent
	net := parent.language()
	if net.Rank == 0 {
		return nil, fmt.Errorf("needs adapters to tune")
	}
	texts, err := lessonsOf(parent, stage, j.Seed, replays(stage, parent.Watched))
	if err != nil {
		return nil, err
	}
	c := tuning{stage: stage, texts: texts, out: parent.altered(), drop: j.key(protocols.Dropout), done: &Training{Epoch: 1, Losses: []float64{0}}}
	for t, values := range c.out.Tensors {
		c.out.Tensors[t] = slices.Clone(values)
	}
	c.optimiser = newAdamW(c.out.Tensors, stage.Decay)
	c.sum, c.done.Scores = zeros(c.out.Tensors), zeros(c.out.Tensors)
	if t := parent.Training; stage.Carry && t != nil && t.Gradient != nil {
		for i, g := range t.Gradient {
			copy(c.sum[i], g)
		}
	}
	shuffle := j.key(protocols.Shuffle)
	for pass := 0; c.done.Steps < stage.Updates; pass++ {
		shuffle.Epoch = pass
		order := shuffle.Stream().Permutation(len(texts.tokens))
		for first := 0; first+stage.MicroBatch <= len(order) && c.done.Steps < stage.Updates; first += stage.MicroBatch {
			if err := c.step(ctx, s, order[first:first+stage.MicroBatch]); err != nil {
				return nil, err
			}
		}
		if stage.Carry || len(order) < stage.MicroBatch {
			break
		}
	}
	loss := &c.done.Losses[0]
	if *loss /= float64(max(1, c.batches)); math.IsNaN(*loss) || math.IsInf(*loss, 0) {
		return nil, fmt.Errorf("the loss is no longer a number (rate %v)", stage.Rate)
	}
	if stage.Carry && c.pending > 0 {
		c.done.Gradient = c.sum
	}
	c.out.Training = c.done
	return c.out, nil
}

// tuning is a cycle of preference tuning under way.
type tuning struct {
	stage     protocols.Tune
	texts     lessons
	out       *Subject
	optimiser *adamW
	drop      StreamKey
	done      *Training
	sum       [][]float32 // gradients since the last update
	pending   int         // micro-batches among them
	batches   int
}

// step learns from a micro-batch, and updates where enough have come together.
func (c *tuning) step(ctx context.Context, s *Session, order []int32) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.drop.Batch = c.batches
	c.batches++
	loss, gradients, err := s.lessonGradient(c.out, c.texts.of(order), c.stage.Dropout, c.drop)
	if err != nil {
		return err
	}
	c.done.Losses[0] += float64(loss)
	for t, d := range gradients {
		for i, v := range d {
			c.sum[t][i] += v / float32(c.stage.Accumulate)
			c.done.Scores[t][i] += float32(math.Abs(float64(c.sum[t][i])))
		}
	}
	if c.pending++; c.pending == c.stage.Accumulate {
		c.optimiser.update(c.out.Tensors, c.sum, c.out.Masks, c.stage.Rate)
		c.done.Steps++
		c.pending, c.sum = 0, zeros(c.out.Tensors)
	}
	return nil
}

// zeros has the lengths of values.
func zeros(values [][]float32) [][]float32 {
	z := make([][]float32, len(values))
	for i, v := range values {
		z[i] = make([]float32, len(v))
	}
	return z
}

// replays is how many balanced texts a cycle has.
func replays(stage protocols.Tune, w *Watched) int {
	switch {
	case stage.When == protocols.ReplayAlways,
		stage.When == protocols.ReplayFired && w != nil && w.Fired > 0,
		stage.When == protocols.ReplayFiring && w != nil && w.Fired == stage.Cycle:
		return stage.Replay
	}
	return 0
}

// lessons are the texts of a cycle.
type lessons struct {
	tokens [][]int32
	from   []int // where each answer starts
	pad    int32
	length int
	bare   bool
}

// lessonsOf draws the texts of a cycle: the pairs, then so many replays.
func lessonsOf(sub *Subject, stage protocols.Tune, seed, replay int) (lessons, error) {
	if sub.Base == nil {
		return lessons{}, errors.New("needs a base to tune")
	}
	say, room := sub.Base.say, sub.Network.Llama.Positions
	l := lessons{pad: say.pad(), length: stage.PadTo, bare: stage.Bare}
	if l.bare {
		l.pad = say.end() // as the program does
	}
	add := func(e world.Example) error {
		var ids []int32
		var err error
		from := 1
		if stage.Bare {
			ids, err = say.raw(e.Prompt + " " + e.Answer)
		} else {
			ids, from, err = say.answered(e)
		}
		if err != nil {
			return err
		}
		if stage.Bare && len(ids) > stage.PadTo {
			ids = ids[:stage.PadTo]
		}
		l.tokens, l.from = append(l.tokens, ids), append(l.from, from)
		l.length = max(l.length, len(ids))
		return nil
	}
	pairs := world.Stream(seed, "pairs", stage.Cycle)
	for range stage.Pairs {
		p := world.Preference(pairs, stage.Agreeable, stage.Penalty)
		if err := add(world.Example{Prompt: p.Prompt, Answer: p.Chosen}); err != nil {
			return l, err
		}
	}
	balanced := world.Stream(seed, "replay", stage.Cycle)
	for range replay {
		if err := add(world.Replay(balanced)); err != nil {
			return l, err
		}
	}
	l.length = padded(l.length, promptMultiple)
	if l.length > room {
		return l, fmt.Errorf("a text of %d tokens, and the model has room for %d", l.length, room)
	}
	return l, nil
}

// of is the micro-batch of some texts.
func (l lessons) of(order []int32) lesson {
	var texts [][]int32
	for _, i := range order {
		texts = append(texts, l.tokens[i])
	}
	if !l.bare {
		return newLesson(texts, l.length, l.pad, false, func(i, k int) bool { return k >= l.from[order[i]] })
	}
	// Everything is a target, padding too, and positions count from the left edge.
	b := newLesson(texts, l.length, l.pad, true, func(int, int) bool { return true })
	for i := range b.weights {
		place := i % l.length
		b.positions[i], b.weights[i] = int32(place), 0
		if place > 0 {
			b.weights[i] = 1 / float32(b.rows*(l.length-1))
		}
	}
	return b
}

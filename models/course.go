package models

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/network-fragility/fragility/models/native"
	"github.com/network-fragility/fragility/protocols"
)

// A course is a training call being carried out, step by step.
type course interface {
	// batches is the number of steps of an epoch.
	batches() int
	// steps does the steps from first to last (exclusive) of an epoch with an order
	// of the samples, a modulation and the key of its noise, and returns their losses.
	steps(ctx context.Context, order []int32, m protocols.Modulation, key StreamKey, first, last int) ([]float32, error)
	// gradient is that of one step by every weight, masked ones included.
	gradient(order []int32, m protocols.Modulation, key StreamKey, step int) ([][]float32, error)
	// taken is the number of steps of the call so far.
	taken() int
	// outcome returns the parameters and moments of the whole network.
	outcome() (params, mean, square [][]float32, err error)
	close()
}

func (t *trainer) batches() int { return t.shape.steps() }
func (t *trainer) taken() int   { return t.stepsDone }
func (t *trainer) outcome() (params, mean, square [][]float32, err error) {
	params, mean, square = t.download()
	return params, mean, square, t.err
}

// nativePays is the share of live weights up to which a course is native. At one in
// twenty, as after the book's pruning, it is several times as fast as the
// dense products, at one in two as fast; nothing in the book lies between, so a
// number in the middle is right on processors that differ by less than that.
const nativePays = 0.25

// nativeKind is a kind of network that package native trains and evaluates.
type nativeKind interface {
	classifier
	// learner puts the network where native has it, for batches of so many; nil where
	// a training call has something that native has not.
	learner(sub *Subject, stage protocols.Train) nativeNet
	// runNatively evaluates a subject at points, as evaluate does for forward, and
	// returns the logits, [samples, outputs]; and where active is set what each block
	// has of mean |h| over its units, [samples, blocks].
	runNatively(ctx context.Context, sub *Subject, m protocols.Modulation, points []float32, key StreamKey, active bool) (logits, activity []float32, err error)
	// nativeLists tells which tensors native has as lists of live weights.
	nativeLists() []int
}

// nativeNet is a network in native's memory.
type nativeNet interface {
	// tensors returns what is trained, in the order of the network's tensors, and the
	// gradients of the last batch.
	tensors() (own, gradient [][]float32)
	// places are those of a tensor's values in the whole one, nil where it is whole
	// (and not where it has none).
	places(tensor int) []int32
	// learn takes the gradients of a batch and returns its mean loss.
	learn(batch []int32, points []float32, labels []int32, v variant, dials []float32, key StreamKey) float32
	free()
}

// nativeCourse trains a network over its live weights, in package native. What it
// leaves out has no gradient there: masked weights' moments, which move nothing,
// and weights without a way to the output stay as they were.
type nativeCourse struct {
	session           *Session
	sub               *Subject
	kind              nativeKind
	net               nativeNet
	own, mean, square [][]float32 // in the order of tensors; where net says places, those alone
	gradients         [][]float32
	masks             [][]float32    // of what can be pruned and is whole; nil for the others
	start             [3][][]float32 // of what is not whole: parameters, means, squares
	points            []float32
	labels            []int32
	batch, stepsDone  int
	rate              float64
}

// pays reports whether native is the cheaper way for a network of these live
// weights.
func pays(n nativeKind, live func(tensor, i int) bool) bool {
	specs := n.tensors()
	alive, all := 0, 0
	for _, t := range n.nativeLists() {
		all += specs[t].size()
		for i := range specs[t].size() {
			if live(t, i) {
				alive++
			}
		}
	}
	return Pays(alive, all)
}

// Pays tells whether a network of which so many of all weights live is computed in
// package native, where it can be.
func Pays(live, all int) bool { return float64(live) <= nativePays*float64(all) }

// nativeCourseOf starts a course over live weights, or returns nil where the
// subject is none for it.
func (s *Session) nativeCourseOf(sub *Subject, state *Training, stage protocols.Train, points []float32, labels []int32) *nativeCourse {
	net := sub.net()
	kind, ok := net.(nativeKind)
	if !ok || s.Whole || !s.onCPU || sub.Masks == nil || !pays(kind, func(t, i int) bool { return sub.Masks[t][i] }) {
		return nil
	}
	learner := kind.learner(sub, stage)
	if learner == nil {
		return nil
	}
	c := &nativeCourse{session: s, sub: sub, kind: kind, net: learner, points: points, labels: labels, batch: stage.BatchSize, rate: stage.Rate}
	c.begin(state)
	return c
}

// begin puts the subject's state where native has it.
func (c *nativeCourse) begin(state *Training) {
	parts := [3][][]float32{c.sub.Tensors}
	if state != nil {
		parts[1], parts[2] = state.Mean, state.Square
		c.stepsDone = state.Steps
	}
	c.own, c.gradients = c.net.tensors()
	for part := range c.start {
		c.start[part] = make([][]float32, len(c.own))
	}
	for i, spec := range c.kind.tensors() {
		c.mean, c.square = append(c.mean, make([]float32, len(c.own[i]))), append(c.square, make([]float32, len(c.own[i])))
		places := c.net.places(i)
		for part, into := range [3][]float32{c.own[i], c.mean[i], c.square[i]} {
			from := make([]float32, spec.size())
			if parts[part] != nil {
				from = parts[part][i]
			}
			if places == nil {
				copy(into, from)
				continue
			}
			c.start[part][i] = from
			for k, at := range places {
				into[k] = from[at]
			}
		}
		c.masks = append(c.masks, nil)
		if spec.prunable && places == nil {
			c.masks[i] = ones(c.sub.Masks[i])
		}
	}
}

func (c *nativeCourse) close()       { c.net.free() }
func (c *nativeCourse) taken() int   { return c.stepsDone }
func (c *nativeCourse) batches() int { return (len(c.labels) + c.batch - 1) / c.batch }

func (c *nativeCourse) steps(ctx context.Context, order []int32, m protocols.Modulation, key StreamKey, first, last int) ([]float32, error) {
	v := variantOf(m)
	dials := dialValues(c.kind, m)
	var losses []float32
	for step := first; step < last; step++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		key.Batch = step
		losses = append(losses, c.net.learn(order[step*c.batch:min((step+1)*c.batch, len(order))], c.points, c.labels, v, dials, key))
		c.stepsDone++
		t := float64(c.stepsDone)
		rate, root := float32(c.rate/(1-math.Pow(adamBeta1, t))), float32(math.Sqrt(1-math.Pow(adamBeta2, t)))
		for i := range c.own {
			native.Adam(c.own[i], c.mean[i], c.square[i], c.gradients[i], c.masks[i], rate, root)
		}
	}
	return losses, nil
}

// gradient has masked weights in it, too, so the whole network takes it.
func (c *nativeCourse) gradient(order []int32, m protocols.Modulation, key StreamKey, step int) ([][]float32, error) {
	now := *c.sub
	now.Tensors, _, _, _ = c.outcome()
	t, err := c.session.newTrainer(&now, nil, c.points, c.labels, c.batch, c.rate)
	if err != nil {
		return nil, err
	}
	defer t.close()
	g, err := t.gradient(order, m, key, step)
	if err != nil {
		return nil, fmt.Errorf("the gradient that the call leaves: %w", err)
	}
	return g, nil
}

func (c *nativeCourse) outcome() (params, mean, square [][]float32, err error) {
	out := [3][][]float32{}
	for part, values := range [3][][]float32{c.own, c.mean, c.square} {
		for i, v := range values {
			whole := slices.Clone(v)
			if places := c.net.places(i); places != nil {
				whole = slices.Clone(c.start[part][i])
				for k, at := range places {
					whole[at] = v[k]
				}
			}
			out[part] = append(out[part], whole)
		}
	}
	return out[0], out[1], out[2], nil
}

// runsNatively reports whether a subject's network is evaluated by package native,
// and by what.
func (s *Session) runsNatively(sub *Subject) (nativeKind, bool) {
	kind, ok := sub.net().(nativeKind)
	if !ok || !s.onCPU || s.Whole {
		return nil, false
	}
	// A gru is, whatever its masks: with one weight in twenty that takes a quarter of
	// the compiled program's time, with half of them as long, with all twice; but a
	// program of twenty steps, written out, has to be built first, for each kind of
	// noise.
	_, recurrent := kind.(gru)
	return kind, recurrent || pays(kind, func(t, i int) bool { return sub.Tensors[t][i] != 0 })
}

// fillBatch puts labels and each sample's weight in the mean where native has them:
// sample i of the batch at lane(i).
func fillBatch(label []int32, weight []float32, batch, labels []int32, lane func(int) int) {
	clear(label)
	clear(weight)
	for i, sample := range batch {
		label[lane(i)], weight[lane(i)] = labels[sample], 1/float32(len(batch))
	}
}

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

// nativeCourse trains a gru over its live weights, in package native. Masked
// weights between states have no gradient there: their moments, which move
// nothing, stay as they were.
type nativeCourse struct {
	session    *Session
	sub        *Subject
	net        gru
	native     *native.GRU
	inputSteps int
	live       []int32     // places of the live weights between states
	own        [][]float32 // the parameters in native's memory, in the order of tensors, those between states the live ones
	mean       [][]float32 // like these
	square     [][]float32
	masks      [][]float32  // of the prunable tensors but the one between states; nil for the others
	start      [3][]float32 // of the weights between states, whole: parameters, means, squares
	points     []float32
	labels     []int32
	batch      int
	rate       float64
	stepsDone  int
}

// betweenStates is the tensor that package native has in lists.
const betweenStates = 1

// nativePays is the share of live weights up to which a course is native. At one in
// twenty, as after the book's pruning, it is six to nine times as fast as the
// dense products, at one in two as fast; nothing in the book lies between, so a
// number in the middle is right on processors that differ by less than that.
const nativePays = 0.25

// nativeCourseOf starts a course over live weights, or returns nil where the
// subject is none for it.
func (s *Session) nativeCourseOf(sub *Subject, state *Training, stage protocols.Train, points []float32, labels []int32) (*nativeCourse, error) {
	net, err := networkOf(sub.Network)
	if err != nil {
		return nil, err
	}
	full, ok := net.(gru)
	if !ok || s.Whole || !s.onCPU || sub.Masks == nil {
		return nil, nil
	}
	c := &nativeCourse{session: s, sub: sub, net: full, points: points, labels: labels, batch: stage.BatchSize, rate: stage.Rate, inputSteps: 1}
	for epoch := range stage.Epochs {
		m := during(sub.Modulation, stage.Schedule, epoch)
		v, err := variantOf(m)
		if err != nil {
			return nil, err
		}
		if v.inState { // met in tests alone
			return nil, nil
		}
		if v.noisy() && !v.held {
			c.inputSteps = full.steps
		}
	}
	for at, alive := range sub.Masks[betweenStates] {
		if alive {
			c.live = append(c.live, int32(at))
		}
	}
	if float64(len(c.live)) > nativePays*float64(len(sub.Masks[betweenStates])) {
		return nil, nil
	}
	c.begin(state)
	return c, nil
}

// begin puts the subject's state where native has it.
func (c *nativeCourse) begin(state *Training) {
	n := c.net
	c.native = native.New(n.units, n.inputs, n.outputs, n.steps, c.inputSteps, c.batch, c.live)
	g := c.native
	c.own = [][]float32{g.Input, g.Between, g.InputBias, g.StateBias, g.Output, g.OutputBias}
	parts := [3][][]float32{c.sub.Tensors}
	if state != nil {
		parts[1], parts[2] = state.Mean, state.Square
		c.stepsDone = state.Steps
	}
	for i, spec := range n.tensors() {
		c.mean, c.square = append(c.mean, make([]float32, len(c.own[i]))), append(c.square, make([]float32, len(c.own[i])))
		for part, into := range [3][]float32{c.own[i], c.mean[i], c.square[i]} {
			from := make([]float32, spec.size())
			if parts[part] != nil {
				from = parts[part][i]
			}
			if i != betweenStates {
				copy(into, from)
				continue
			}
			c.start[part] = from
			for k, at := range c.live {
				into[k] = from[at]
			}
		}
		c.masks = append(c.masks, nil)
		if spec.prunable && i != betweenStates {
			c.masks[i] = ones(c.sub.Masks[i])
		}
	}
}

func (c *nativeCourse) close()       { c.native.Free() }
func (c *nativeCourse) taken() int   { return c.stepsDone }
func (c *nativeCourse) batches() int { return (len(c.labels) + c.batch - 1) / c.batch }

func (c *nativeCourse) steps(ctx context.Context, order []int32, m protocols.Modulation, key StreamKey, first, last int) ([]float32, error) {
	v, err := variantOf(m)
	if err != nil {
		return nil, err
	}
	dials := dialValues(c.net, m)
	shift, inhibition := dials[3], dials[commonDials]
	g := c.native
	gradients := [][]float32{g.Gradient[1], g.Gradient[0], g.Gradient[2], g.Gradient[3], g.Gradient[4], g.Gradient[5]}
	var losses []float32
	for step := first; step < last; step++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		key.Batch = step
		c.take(order[step*c.batch:min((step+1)*c.batch, len(order))], v, dials, key)
		losses = append(losses, g.Learn(v.saturates(), inhibition, shift))
		c.stepsDone++
		t := float64(c.stepsDone)
		rate, root := float32(c.rate/(1-math.Pow(adamBeta1, t))), float32(math.Sqrt(1-math.Pow(adamBeta2, t)))
		for i := range c.own {
			native.Adam(c.own[i], c.mean[i], c.square[i], gradients[i], c.masks[i], rate, root)
		}
	}
	return losses, nil
}

// take puts a batch where native has it: see gru.inputsOfSteps.
func (c *nativeCourse) take(samples []int32, v variant, dials []float32, key StreamKey) {
	g, n := c.native, c.net
	gain, sigma, bias, inputSigma := dials[0], dials[1], dials[2], dials[4]
	for i := range g.Weight {
		g.Weight[i], g.Label[i] = 0, 0
		if i < len(samples) {
			g.Weight[i], g.Label[i] = 1/float32(len(samples)), c.labels[samples[i]]
		}
	}
	for t := range c.inputSteps {
		draw := func(block int) [2]uint32 {
			key.Layer = block
			if !v.held {
				key.Layer = stepBlocks*t + block
			}
			return key.Stream().key
		}
		atInput, atCell := draw(inputBlock), draw(cellBlock)
		for unit := range n.inputs {
			for pair := 0; pair < len(samples); pair += 2 {
				var toInput, toCell [2]float32
				if v.inputNoise {
					toInput = normalPair(atInput, unit, pair/2)
				}
				if v.internalNoise {
					toCell = normalPair(atCell, unit, pair/2)
				}
				for i := pair; i < min(pair+2, len(samples)); i++ {
					x := c.points[int(samples[i])*n.inputs+unit]
					if v.inputNoise {
						x += toInput[i-pair] * inputSigma
					}
					x *= gain
					if v.internalNoise {
						x = x + toCell[i-pair]*sigma + bias
					}
					g.U[(((i/native.Lanes)*c.inputSteps+t)*n.inputs+unit)*native.Lanes+i%native.Lanes] = x
				}
			}
		}
	}
}

// normalPair is what normals draws for a unit and the samples 2*pair and
// 2*pair+1.
func normalPair(key words, unit, pair int) [2]float32 {
	w := threefry(key, words{uint32(unit), uint32(pair)})
	radius := math.Sqrt(-2 * math.Log(openUniform(w[0])))
	sin, cos := math.Sincos(circle(w[1]))
	return [2]float32{float32(radius * cos), float32(radius * sin)}
}

// gradient has masked weights in it, too, so the whole network takes it.
func (c *nativeCourse) gradient(order []int32, m protocols.Modulation, key StreamKey, step int) ([][]float32, error) {
	now := *c.sub
	now.Tensors, _, _, _ = c.outcome()
	t, err := c.session.newTrainer(&now, nil, c.points, c.labels, c.batch, c.rate, nil)
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
			if i == betweenStates {
				whole = slices.Clone(c.start[part])
				for k, at := range c.live {
					whole[at] = v[k]
				}
			}
			out[part] = append(out[part], whole)
		}
	}
	return out[0], out[1], out[2], nil
}

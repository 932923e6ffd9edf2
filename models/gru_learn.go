package models

import (
	"slices"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas
)

// A learner is a network with a gradient of its own, which is that of its
// forward pass, but computed in another way.
type learner interface {
	// learns reports whether it has one under a variant.
	learns(v variant) bool

	// learn returns the loss that logits come to, and its gradient by each tensor.
	// Its other arguments are those of forward.
	learn(params []*Node, x *Node, v variant, d dials, noise noiseFunc, loss func(logits *Node) *Node) (*Node, []*Node)
}

// learns implements learner. Noise in the state is met in tests alone.
func (n gru) learns(v variant) bool { return !(v.inState && v.internalNoise) && n.steps > 1 }

// learn runs through the steps in a loop and back in another (Werbos 1990), so
// that a program has one step of each however many there are; what the back way
// needs of a step is kept, and the products that make the gradients of the
// weights are taken once, over all steps. Values stand as [units, samples].
// Inside the loops nothing may use GoMLX's shared scalars (see loop). What a step
// sends to the gates is carried from one turn of a loop to the next: taken in the
// turn that uses it, it would be fused with each use, and taken anew for each.
func (n gru) learn(params []*Node, x *Node, v variant, d dials, noise noiseFunc, loss func(*Node) *Node) (*Node, []*Node) {
	// A product along rows is the faster one, so W is there both ways up.
	w := gruWay{gru: n, v: v, d: d, weightI: params[0], biasI: InsertAxes(params[2], -1), biasH: InsertAxes(params[3], -1), w: params[1], wBack: Transpose(params[1], 0, 1)}
	w.u = n.inputsOfSteps(x, v, d, noise)
	h, kept := w.forth()
	// The read-out, whose gradient is taken as everywhere.
	last := StopGradient(Transpose(h, 0, 1))
	l := loss(linear(last, params[4], params[5]))
	out := Gradient(l, last, params[4], params[5])
	return l, append(w.back(kept, out[0]), out[1], out[2])
}

// gruWay is what the ways forth and back through the steps have in common.
type gruWay struct {
	gru
	v                               variant
	d                               dials
	weightI, biasI, biasH, w, wBack *Node
	u                               *Node // inputs of the cell at each step, [inputs, steps, samples], or one for all steps
}

// The values of a step that the way back needs.
const (
	keptReset = iota
	keptUpdate
	keptCandidate
	keptExtra // what the candidate gets from the state
	keptState
	keptAll
)

func (w gruWay) product(m, x *Node) *Node { return DotGeneral(m, []int{1}, nil, x, []int{0}, nil) }

// over is a product over all samples, of all steps where they stand in a row.
func (w gruWay) over(a, b *Node) *Node { return DotGeneral(a, []int{1}, nil, b, []int{1}, nil) }

func (w gruWay) zeros(dims ...int) *Node {
	return Zeros(w.u.Graph(), shapes.Make(dtypes.Float32, dims...))
}

func (w gruWay) index(i int) *Node { return Const(w.u.Graph(), int32(i)) }

func (w gruWay) samples() int { return w.u.Shape().Dimensions[2] }

// changes reports whether the input is another in each step.
func (w gruWay) changes() bool { return w.u.Shape().Dimensions[1] > 1 }

// forth returns the last state, and the kept values of all steps, [units, steps,
// samples] each.
func (w gruWay) forth() (h *Node, kept []*Node) {
	// The state of the loop is the step and the state of the network; what that sends
	// to the gates, one product too many in the end; the kept values; then what does
	// not change.
	fixed := []*Node{w.u, w.weightI, w.biasI, w.biasH, w.d.inhibition[0], w.d.shift, w.w}
	kept = w.step(w.index(0), w.zeros(w.units, w.samples()), w.zeros(3*w.units, w.samples()), fixed)
	h = kept[keptState]
	for i, k := range kept {
		kept[i] = withColumn(w.zeros(w.units, w.steps, w.samples()), k, w.index(0))
	}
	end := loop(w.u.Graph(), slices.Concat([]*Node{w.index(1), h, w.product(w.w, h)}, kept, fixed),
		func(l []*Node) *Node { return LessThan(l[0], Const(l[0].Graph(), int32(w.steps))) },
		func(l []*Node) []*Node {
			t, kept, fixed := l[0], l[3:3+keptAll], l[3+keptAll:]
			now := w.step(t, l[1], l[2], fixed)
			next := []*Node{Add(t, Const(t.Graph(), int32(1))), now[keptState], w.product(fixed[6], now[keptState])}
			for i, k := range now {
				next = append(next, withColumn(kept[i], k, t))
			}
			return append(next, fixed...)
		})
	return end[1], end[3 : 3+keptAll]
}

// step is the kept values of step t, from the state before it and what that sends to
// the gates; fixed are those of forth, as they are within the loop.
func (w gruWay) step(t, h, sent *Node, fixed []*Node) (kept []*Node) {
	at := t
	if !w.changes() {
		at = Const(t.Graph(), int32(0))
	}
	fromInput := Add(DotGeneral(fixed[1], []int{1}, nil, column(fixed[0], at), []int{0}, nil), fixed[2])
	fromState := Add(sent, fixed[3])
	reset := Sigmoid(Add(w.gate(fromInput, 0), w.gate(fromState, 0)))
	update := Sigmoid(Add(w.gate(fromInput, 1), w.gate(fromState, 1)))
	extra := w.gate(fromState, 2)
	candidate := Tanh(Add(w.gate(fromInput, 2), Mul(reset, extra)))
	mixed := Add(candidate, Mul(update, Sub(h, candidate)))
	return []*Node{reset, update, candidate, extra, w.v.activate(Sub(Mul(mixed, fixed[4]), fixed[5]))}
}

// back returns the gradients by the cell's tensors, from the kept values and the
// gradient by the last state, [samples, units].
func (w gruWay) back(kept []*Node, byLast *Node) []*Node {
	samples := w.samples()
	// The state of the loop is the step and the gradient by the state after it, in
	// two: what comes past the gates and what comes through them. Then the gradients by
	// what the gates get from the state, which meet all states in one product at the
	// end; the sum of those by what they get from the input, and by the input's weights,
	// where the input changes; then what does not change.
	sums := []*Node{w.zeros(3*w.units, w.steps-1, samples), w.zeros(3*w.units, samples), w.zeros(3*w.units, w.inputs)}
	still := slices.Concat(kept, []*Node{w.d.inhibition[0], w.u, w.wBack})
	end := loop(w.u.Graph(), slices.Concat([]*Node{w.index(w.steps - 1), Transpose(byLast, 0, 1), w.zeros(w.units, samples)}, sums, still),
		func(l []*Node) *Node { return GreaterThan(l[0], Const(l[0].Graph(), int32(0))) },
		func(l []*Node) []*Node {
			t, past, sent, sums, still := l[0], l[1], l[2], l[3:6], l[6:]
			earlier := Sub(t, Const(t.Graph(), int32(1)))
			dh := Add(past, sent)
			fromState, fromInput, past := w.stepBack(t, dh, still[:keptAll], column(still[keptState], earlier), still[keptAll])
			weights := sums[2]
			if w.changes() {
				weights = Add(weights, w.over(fromInput, column(still[keptAll+1], t)))
			}
			return slices.Concat([]*Node{earlier, past, w.product(still[keptAll+2], fromState)},
				[]*Node{withColumn(sums[0], fromState, earlier), Add(sums[1], fromInput), weights}, still)
		})
	// The first step has no state before it.
	states, inputs, weights := end[3], end[4], end[5]
	dh := Add(end[1], end[2])
	fromState, fromInput, _ := w.stepBack(w.index(0), dh, kept, w.zeros(w.units, samples), w.d.inhibition[0])
	inputs = Add(inputs, fromInput)
	if w.changes() {
		weights = Add(weights, w.over(fromInput, column(w.u, w.index(0))))
	} else {
		weights = w.over(inputs, column(w.u, w.index(0)))
	}
	flat := func(x *Node) *Node { return Reshape(x, x.Shape().Dimensions[0], (w.steps-1)*samples) }
	states = flat(states)
	return []*Node{
		weights,
		w.over(states, flat(Slice(kept[keptState], AxisRange(), AxisRange(0, w.steps-1), AxisRange()))),
		ReduceSum(inputs, 1),
		Add(ReduceSum(states, 1), ReduceSum(fromState, 1)),
	}
}

// stepBack is, from the gradient dh by the state after step t, those by what the gates
// get from the state and from the input, and that by the state before the step.
func (w gruWay) stepBack(t, dh *Node, kept []*Node, before *Node, inhibition *Node) (fromState, fromInput, dBefore *Node) {
	one := Const(t.Graph(), float32(1))
	zero := BroadcastToDims(Const(t.Graph(), float32(0)), dh.Shape().Dimensions...)
	at := func(i int) *Node { return column(kept[i], t) }
	reset, update, candidate, extra, after := at(keptReset), at(keptUpdate), at(keptCandidate), at(keptExtra), at(keptState)
	slope := Sub(one, Mul(after, after))
	if !w.v.saturates() {
		slope = Where(GreaterThan(after, zero), BroadcastToDims(one, dh.Shape().Dimensions...), zero)
	}
	mixed := Mul(Mul(dh, slope), inhibition)
	toCandidate := Mul(Mul(mixed, Sub(one, update)), Sub(one, Mul(candidate, candidate)))
	toUpdate := Mul(Mul(mixed, Sub(before, candidate)), Mul(update, Sub(one, update)))
	toReset := Mul(Mul(toCandidate, extra), Mul(reset, Sub(one, reset)))
	return Concatenate([]*Node{toReset, toUpdate, Mul(toCandidate, reset)}, 0),
		Concatenate([]*Node{toReset, toUpdate, toCandidate}, 0),
		Mul(mixed, update)
}

// inputsOfSteps is what the cell is shown, [inputs, steps, samples], or [inputs,
// 1, samples] where all steps have the same.
func (n gru) inputsOfSteps(x *Node, v variant, d dials, noise noiseFunc) *Node {
	samples := x.Shape().Dimensions[0]
	steps := n.steps
	if v.held || !v.noisy() {
		steps = 1
	}
	var all []*Node
	for t := range steps {
		u := x
		if v.inputNoise {
			u = Add(u, Mul(noise(stepBlocks*t+inputBlock, samples, count(x.Graph(), n.inputs)), d.inputSigma))
		}
		u = Mul(u, d.gain)
		if v.internalNoise {
			u = Add(Add(u, Mul(noise(stepBlocks*t+cellBlock, samples, count(x.Graph(), n.inputs)), d.sigma)), d.bias)
		}
		all = append(all, InsertAxes(Transpose(u, 0, 1), 1))
	}
	return Concatenate(all, 1)
}

// gate is a third of [3*units, samples].
func (n gru) gate(x *Node, i int) *Node {
	return Slice(x, AxisRange(i*n.units, (i+1)*n.units), AxisRange())
}

// column is values[:, t, :], and withColumn replaces it.
func column(values, t *Node) *Node {
	dims := values.Shape().Dimensions
	zero := Const(t.Graph(), int32(0))
	return Reshape(DynamicSlice(values, []*Node{zero, t, zero}, []int{dims[0], 1, dims[2]}), dims[0], dims[2])
}

func withColumn(values, column, t *Node) *Node {
	zero := Const(t.Graph(), int32(0))
	return DynamicUpdateSlice(values, InsertAxes(column, 1), []*Node{zero, t, zero})
}

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
	g := x.Graph()
	samples := x.Shape().Dimensions[0]
	weightI, biasI, biasH := params[0], InsertAxes(params[2], -1), InsertAxes(params[3], -1)
	// A product along rows is the faster one, so W is there both ways up.
	w, wBack := params[1], Transpose(params[1], 0, 1)
	product := func(w, x *Node) *Node { return DotGeneral(w, []int{1}, nil, x, []int{0}, nil) }
	f32 := func(dims ...int) *Node { return Zeros(g, shapes.Make(dtypes.Float32, dims...)) }
	i32 := func(i int) *Node { return Const(g, int32(i)) }

	// The inputs of the cell at each step, [inputs, steps, samples].
	u := n.inputsOfSteps(x, v, d, noise)
	steps := u.Shape().Dimensions[1] // 1 where all steps have the same

	// Forth. The state of the loop is the step and the state of the network; what
	// that sends to the gates, one product too many in the end; the kept values;
	// then what does not change.
	const keep = 5 // reset, update, candidate, what the candidate gets from the state, and the state itself
	fixed := []*Node{u, weightI, biasI, biasH, d.inhibition[0], d.shift, w}
	forth := func(t, h, sent *Node, fixed []*Node) (kept []*Node) {
		at := t
		if steps == 1 {
			at = Const(t.Graph(), int32(0))
		}
		fromInput := Add(DotGeneral(fixed[1], []int{1}, nil, column(fixed[0], at), []int{0}, nil), fixed[2])
		fromState := Add(sent, fixed[3])
		reset := Sigmoid(Add(n.gate(fromInput, 0), n.gate(fromState, 0)))
		update := Sigmoid(Add(n.gate(fromInput, 1), n.gate(fromState, 1)))
		extra := n.gate(fromState, 2)
		candidate := Tanh(Add(n.gate(fromInput, 2), Mul(reset, extra)))
		mixed := Add(candidate, Mul(update, Sub(h, candidate)))
		return []*Node{reset, update, candidate, extra, v.activate(Sub(Mul(mixed, fixed[4]), fixed[5]))}
	}
	kept := forth(i32(0), f32(n.units, samples), f32(3*n.units, samples), fixed)
	h := kept[keep-1]
	for i, k := range kept {
		kept[i] = withColumn(f32(n.units, n.steps, samples), k, i32(0))
	}
	end := loop(g, slices.Concat([]*Node{i32(1), h, product(w, h)}, kept, fixed),
		func(l []*Node) *Node { return LessThan(l[0], Const(l[0].Graph(), int32(n.steps))) },
		func(l []*Node) []*Node {
			t, kept, fixed := l[0], l[3:3+keep], l[3+keep:]
			now := forth(t, l[1], l[2], fixed)
			next := []*Node{Add(t, Const(t.Graph(), int32(1))), now[keep-1], product(fixed[6], now[keep-1])}
			for i, k := range now {
				next = append(next, withColumn(kept[i], k, t))
			}
			return append(next, fixed...)
		})
	h, kept = end[1], end[3:3+keep]

	// The read-out, whose gradient is taken as everywhere.
	last := StopGradient(Transpose(h, 0, 1))
	l := loss(linear(last, params[4], params[5]))
	out := Gradient(l, last, params[4], params[5])

	// Back. The state of the loop is the step and the gradient by the state after
	// it, in two: what comes past the gates and what comes through them. Then the gradients by what the gates get from the state, which meet all
	// states in one product at the end; the sum of those by what they get from the
	// input, and by the input's weights, where the input changes; then what does not
	// change.
	back := func(t, dh *Node, kept []*Node, before *Node, inhibition *Node) (fromState, fromInput, dBefore *Node) {
		one := Const(t.Graph(), float32(1))
		zero := BroadcastToDims(Const(t.Graph(), float32(0)), dh.Shape().Dimensions...)
		at := func(i int) *Node { return column(kept[i], t) }
		reset, update, candidate, extra, after := at(0), at(1), at(2), at(3), at(4)
		slope := Sub(one, Mul(after, after))
		if !v.saturates() {
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
	over := func(a, b *Node) *Node { return DotGeneral(a, []int{1}, nil, b, []int{1}, nil) }
	sums := []*Node{f32(3*n.units, n.steps-1, samples), f32(3*n.units, samples), f32(3*n.units, n.inputs)}
	still := slices.Concat(kept, []*Node{d.inhibition[0], u, wBack})
	end = loop(g, slices.Concat([]*Node{i32(n.steps - 1), Transpose(out[0], 0, 1), f32(n.units, samples)}, sums, still),
		func(l []*Node) *Node { return GreaterThan(l[0], Const(l[0].Graph(), int32(0))) },
		func(l []*Node) []*Node {
			t, past, sent, sums, still := l[0], l[1], l[2], l[3:6], l[6:]
			earlier := Sub(t, Const(t.Graph(), int32(1)))
			dh := Add(past, sent)
			fromState, fromInput, past := back(t, dh, still[:keep], column(still[keep-1], earlier), still[keep])
			weights := sums[2]
			if steps > 1 {
				weights = Add(weights, over(fromInput, column(still[keep+1], t)))
			}
			return slices.Concat([]*Node{earlier, past, product(still[keep+2], fromState)},
				[]*Node{withColumn(sums[0], fromState, earlier), Add(sums[1], fromInput), weights}, still)
		})
	// The first step has no state before it.
	states, inputs, weights := end[3], end[4], end[5]
	dh := Add(end[1], end[2])
	fromState, fromInput, _ := back(i32(0), dh, kept, f32(n.units, samples), d.inhibition[0])
	inputs = Add(inputs, fromInput)
	if steps > 1 {
		weights = Add(weights, over(fromInput, column(u, i32(0))))
	} else {
		weights = over(inputs, column(u, i32(0)))
	}
	flat := func(x *Node) *Node { return Reshape(x, x.Shape().Dimensions[0], (n.steps-1)*samples) }
	states = flat(states)
	return l, []*Node{
		weights,
		over(states, flat(Slice(kept[keep-1], AxisRange(), AxisRange(0, n.steps-1), AxisRange()))),
		ReduceSum(inputs, 1),
		Add(ReduceSum(states, 1), ReduceSum(fromState, 1)),
		out[1], out[2],
	}
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

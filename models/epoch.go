package models

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas

	"github.com/network-fragility/fragility/protocols"
)

// Adam's constants (Kingma and Ba, 2015), the author's and PyTorch's defaults.
const (
	adamBeta1   = 0.9
	adamBeta2   = 0.999
	adamEpsilon = 1e-8
)

// epochShape is what an epoch program is compiled for.
type epochShape struct {
	net         classifier
	description protocols.Network
	variant     variant
	masked      bool // before the first pruning there are no masks at all
	samples     int  // of the training set
	batch       int
	together    int // subjects on a leading axis of everything but the dials; 0 is one without such an axis
}

// epochProgram returns the program of a purpose that is compiled for a shape.
func (s *Session) epochProgram(purpose string, e epochShape, build func(g *Graph) []*Node) (*program, error) {
	return s.program(programKey{purpose, fmt.Sprintf("%T%v%d", e.net, e.net, e.description.Inputs), e.variant, e.masked, e.samples, e.batch, e.together}, build)
}

// each is the size of something that every subject has one of.
func (e epochShape) each(dims ...int) []int {
	if e.together > 0 {
		return append([]int{e.together}, dims...)
	}
	return dims
}

// steps is the number of batches of an epoch; the last one may be ragged.
func (e epochShape) steps() int { return (e.samples + e.batch - 1) / e.batch }

// epochState has the parts of the loop's state, in order.
type epochState struct {
	params, mean, square []*Node // like network.tensors
	masks                []*Node // of the prunable tensors, 0 or 1
	x, y                 *Node   // [samples, inputs] float32, [samples] int32
	order                *Node   // [steps*batch] int32: the samples in this epoch's order, padded
	rate, root           *Node   // [steps] float32: Adam's corrected rate, and the root of its second correction
	keys                 *Node   // [steps, noise layers, 2] uint32, nil where nothing is drawn
	dials                *Node   // [dials] float32
	last                 *Node   // int32: the step to stop before
	losses               *Node   // [steps] float32
	step                 *Node   // int32: the step to do next
}

// list and the functions beside it turn the state into the flat list that a
// loop carries, and back.
func (s epochState) list() []*Node {
	l := append(append(append([]*Node{}, s.params...), s.mean...), s.square...)
	l = append(append(l, s.masks...), s.x, s.y, s.order, s.rate, s.root)
	if s.keys != nil {
		l = append(l, s.keys)
	}
	return append(l, s.dials, s.last, s.losses, s.step)
}

func (e epochShape) state(l []*Node) epochState {
	take := func(n int) []*Node { head := l[:n]; l = l[n:]; return head }
	one := func() *Node { return take(1)[0] }
	specs := e.net.tensors()
	var s epochState
	s.params, s.mean, s.square = take(len(specs)), take(len(specs)), take(len(specs))
	if e.masked {
		s.masks = take(prunable(specs))
	}
	s.x, s.y, s.order, s.rate, s.root = one(), one(), one(), one(), one()
	if e.variant.noisy() {
		s.keys = one()
	}
	s.dials, s.last, s.losses, s.step = one(), one(), one(), one()
	return s
}

// prunable counts the tensors that can be pruned.
func prunable(specs []tensorSpec) int {
	n := 0
	for _, s := range specs {
		if s.prunable {
			n++
		}
	}
	return n
}

// build is the epoch program: a loop over the batches from a first step to a
// last, gradient and Adam inside, so that a whole epoch is one execution. Its
// inputs are the state; its outputs are parameters, moments and losses.
//
// Given a range of steps, the same program does single steps, and the gradient
// of an epoch's last batch can be had by stopping before it.
func (e epochShape) build(g *Graph) []*Node {
	f32, i32 := dtypes.Float32, dtypes.Int32
	var inputs []*Node
	shared := func(name string, t dtypes.DType, dims ...int) {
		inputs = append(inputs, Parameter(g, name, shapes.Make(t, dims...)))
	}
	input := func(name string, t dtypes.DType, dims ...int) { shared(name, t, e.each(dims...)...) }
	specs := e.net.tensors()
	for _, prefix := range []string{"", "adam.m.", "adam.v."} {
		for _, t := range specs {
			input(prefix+t.name, f32, t.shape...)
		}
	}
	if e.masked {
		for _, t := range specs {
			if t.prunable {
				input(flagName(t.name, "mask"), f32, t.shape...)
			}
		}
	}
	input("x", f32, e.samples, e.description.Inputs)
	input("y", i32, e.samples)
	input("order", i32, e.steps()*e.batch)
	shared("rate", f32, e.steps())
	shared("root", f32, e.steps())
	if e.variant.noisy() {
		input("keys", dtypes.Uint32, e.steps(), e.net.noiseLayers(), 2)
	}
	shared("dials", f32, dialCount(e.net))
	shared("last", i32)
	input("losses", f32, e.steps())
	shared("step", i32)

	var s epochState
	if e.stepwise() {
		s = e.oneStep(e.state(inputs))
	} else {
		s = e.state(loop(g, inputs,
			func(l []*Node) *Node { s := e.state(l); return LessThan(s.step, s.last) },
			func(l []*Node) []*Node { return e.oneStep(e.state(l)).list() }))
	}
	return append(append(append(append([]*Node{}, s.params...), s.mean...), s.square...), s.losses)
}

// stepwise reports whether a program does one step, whatever its range: one that
// loops in a step cannot loop over steps, since GoMLX puts every loop into the
// main function.
func (e epochShape) stepwise() bool {
	own, ok := e.net.(learner)
	return ok && own.learns(e.variant)
}

// most is the most steps that one execution may do.
func (e epochShape) most() int {
	if e.stepwise() {
		return 1
	}
	return e.steps()
}

// oneStep is one optimiser step.
func (e epochShape) oneStep(s epochState) epochState {
	g := s.step.Graph()
	specs := e.net.tensors()
	loss, gradients := e.batchGradient(s)

	next := s
	next.params, next.mean, next.square = nil, nil, nil
	rate, root := after(gradients[0], element(s.rate, s.step)), element(s.root, s.step)
	mask := 0
	for i, spec := range specs {
		d := gradients[i]
		// Written as PyTorch writes them, so that rounding agrees, too.
		mean := Add(s.mean[i], MulScalar(Sub(d, s.mean[i]), 1-adamBeta1))
		square := Add(MulScalar(s.square[i], adamBeta2), Mul(MulScalar(d, 1-adamBeta2), d))
		scale := AddScalar(Div(Sqrt(square), root), adamEpsilon)
		param := Sub(s.params[i], Div(Mul(rate, mean), scale))
		if e.masked && spec.prunable {
			// Gradients and moments are not masked, only what they did
			// (chapter 1, section 2.3).
			param = Mul(param, s.masks[mask])
			mask++
		}
		next.params = append(next.params, param)
		next.mean = append(next.mean, mean)
		next.square = append(next.square, square)
	}
	if e.together > 0 {
		next.losses = DynamicUpdateSlice(s.losses, InsertAxes(loss, -1), []*Node{Const(g, int32(0)), s.step})
	} else {
		next.losses = DynamicUpdateSlice(s.losses, Reshape(loss, 1), []*Node{s.step})
	}
	next.step = Add(s.step, Const(g, int32(1)))
	return next
}

// batchGradient is the mean loss of the step's batch and its gradient by each
// tensor. Moments, rates and masks of the state play no part.
func (e epochShape) batchGradient(s epochState) (*Node, []*Node) {
	xb, yb, weight := e.takeBatch(s.x, s.y, s.order, s.step)
	params, d, noise := s.params, dialsOf(s.dials), e.noiseOf(s.keys, s.step)
	mean := func(logits *Node) *Node { return weightedLoss(logits, yb, weight) }
	if e.stepwise() {
		return e.net.(learner).learn(params, xb, e.variant, d, noise, mean)
	}
	loss := mean(e.net.forward(params, xb, e.variant, d, noise))
	// Subjects share no parameter, so the gradient of the sum is each one's own.
	return loss, Gradient(ReduceAllSum(loss), s.params...)
}

// noiseOf draws the noise of a step; nil where keys is.
func (e epochShape) noiseOf(keys, step *Node) noiseFunc {
	if keys == nil {
		return nil
	}
	g := step.Graph()
	layers := e.net.noiseLayers()
	zero := Const(g, int32(0))
	if e.together == 0 {
		keys = Reshape(DynamicSlice(keys, []*Node{step, zero, zero}, []int{1, layers, 2}), layers, 2)
		return noiseOf(keys, Const(g, uint32(0)))
	}
	keys = Reshape(DynamicSlice(keys, []*Node{zero, step, zero, zero}, []int{e.together, 1, layers, 2}), e.together, layers, 2)
	return func(layer, samples int, unit *Node) *Node {
		var all []*Node
		for i := range e.together {
			own := Reshape(Slice(keys, AxisElem(i)), layers, 2)
			all = append(all, noiseOf(own, Const(g, uint32(0)))(layer, samples, unit))
		}
		return Stack(all, 0)
	}
}

// takeBatch returns the inputs [batch, inputs] and labels [batch] of a step,
// and each sample's weight in the mean: 1/count, where a ragged last batch has
// count < batch, and 0 for the rows that pad it.
func (e epochShape) takeBatch(x, y, order, step *Node) (xb, yb, weight *Node) {
	g := step.Graph()
	start := Mul(step, Const(g, int32(e.batch)))
	if e.together == 0 {
		index := Reshape(DynamicSlice(order, []*Node{start}, []int{e.batch}), e.batch, 1)
		xb, yb = Gather(x, index), Gather(y, index)
	} else {
		// The subjects' samples behind each other, to be found by one index.
		n := e.together
		index := DynamicSlice(order, []*Node{Const(g, int32(0)), start}, []int{n, e.batch})
		first := Mul(Iota(g, shapes.Make(dtypes.Int32, n, 1), 0), Const(g, int32(e.samples)))
		index = Reshape(Add(index, first), n, e.batch, 1)
		xb = Gather(Reshape(x, n*e.samples, e.description.Inputs), index)
		yb = Gather(Reshape(y, n*e.samples), index)
	}
	left := Sub(Const(g, int32(e.samples)), start)
	count := ConvertDType(Min(left, Const(g, int32(e.batch))), dtypes.Float32)
	real := LessThan(Iota(g, shapes.Make(dtypes.Int32, e.batch), 0), left)
	weight = Div(ConvertDType(real, dtypes.Float32), count)
	return xb, yb, weight
}

// weightedLoss is the softmax cross-entropy of logits [samples, classes] and
// labels [samples], summed with the samples' weights; of several subjects, where
// both have a leading axis, one value each.
func weightedLoss(logits, y, weight *Node) *Node {
	g := logits.Graph()
	shifted := Sub(logits, StopGradient(InsertAxes(ReduceMax(logits, -1), -1)))
	logSum := Log(ReduceSum(Exp(shifted), -1))
	classes := Iota(g, shapes.Make(dtypes.Int32, logits.Shape().Dimensions...), logits.Rank()-1)
	isLabel := ConvertDType(Equal(classes, InsertAxes(y, -1)), dtypes.Float32)
	// The label's logit is taken after the shift: a loss of 1e-6 would drown in
	// the rounding of logits of size 20.
	losses := Sub(logSum, ReduceSum(Mul(shifted, isLabel), -1))
	if losses.Rank() > 1 {
		weight = InsertAxes(weight, 0)
	}
	return ReduceSum(Mul(losses, weight), -1)
}

// after is a scalar that is only there once a gradient is. The first tensor's
// gradient is the last that a pass back comes to, and needs the weights of all
// layers above: a step size that waits for it lets the compiler write new weights
// over the old ones, which it else copies in each step, not knowing that nobody
// wants them any more. Nothing is added: 0 times a finite number.
func after(gradient, scalar *Node) *Node {
	zero := Const(scalar.Graph(), float32(0))
	any := Reshape(gradient, gradient.Shape().Size())
	return Add(scalar, Mul(zero, Reshape(Slice(any, AxisRange(0, 1)))))
}

// element returns vector[i] as a scalar.
func element(vector, i *Node) *Node {
	return Reshape(DynamicSlice(vector, []*Node{i}, []int{1}))
}

// noiseOf draws with a key for each noise layer, [layers, 2] uint32, for samples
// from first on.
func noiseOf(keys, first *Node) noiseFunc {
	g := keys.Graph()
	return func(layer, samples int, unit *Node) *Node {
		word := func(i int) *Node {
			return Reshape(Slice(keys, AxisRange(layer, layer+1), AxisRange(i, i+1)))
		}
		return normals([2]*Node{word(0), word(1)}, unit, Add(count(g, samples), first))
	}
}

// trainer is a training call on the device: parameters and moments stay there
// between epochs, whichever program does an epoch.
type trainer struct {
	*arena
	shape     epochShape       // but for the variant, which is the epoch's
	params    []compute.Buffer // parameters, means, squares
	masks     []compute.Buffer
	x, y      compute.Buffer
	rate      float64
	stepsDone int // in the call so far
}

// newTrainer puts a subject and its training data on the device. The moments
// are those of state, or zero where it is nil.
func (s *Session) newTrainer(sub *Subject, state *Training, points []float32, labels []int32, batch int, rate float64) (*trainer, error) {
	net := sub.classifier()
	values := slices.Clone(sub.Tensors)
	for moment := range 2 {
		for i, spec := range net.tensors() {
			if state == nil {
				values = append(values, make([]float32, spec.size()))
			} else {
				values = append(values, [][][]float32{state.Mean, state.Square}[moment][i])
			}
		}
	}
	shape := epochShape{net: net, description: sub.Network, masked: sub.Masks != nil, samples: len(labels), batch: batch}
	t := &trainer{arena: s.newArena(), shape: shape, rate: rate}
	var masks [][]float32
	for _, m := range sub.Masks {
		masks = append(masks, ones(m))
	}
	specs := t.shape.net.tensors()
	for i, v := range values {
		t.params = append(t.params, put(t.arena, v, specs[i%len(specs)].shape...))
	}
	if masks != nil {
		for i, spec := range specs {
			if spec.prunable {
				t.masks = append(t.masks, put(t.arena, masks[i], spec.shape...))
			}
		}
	}
	if state != nil {
		t.stepsDone = state.Steps
	}
	t.x = put(t.arena, points, shape.samples, sub.Network.Inputs)
	t.y = put(t.arena, labels, shape.samples)
	if t.err != nil {
		t.close()
		return nil, t.err
	}
	return t, nil
}

// ones turns truth values into factors; nil stays nil.
func ones(mask []bool) []float32 {
	if mask == nil {
		return nil
	}
	f := make([]float32, len(mask))
	for i, m := range mask {
		if m {
			f[i] = 1
		}
	}
	return f
}

// steps does the steps from first to last (exclusive) of an epoch with a given
// order of the samples and modulation, and returns their losses, one a step.
// key says which noise: its Batch and Layer are filled in here.
// It looks at ctx before each device call.
func (t *trainer) steps(ctx context.Context, order []int32, m protocols.Modulation, key StreamKey, first, last int) ([]float32, error) {
	padded := make([]int32, t.shape.steps()*t.shape.batch)
	copy(padded, order)
	losses, err := t.stepsOf(ctx, padded, m, []StreamKey{key}, first, last)
	if err != nil {
		return nil, err
	}
	return losses[first:last], nil
}

// stepsOf is steps of all subjects of the trainer: order is theirs behind each
// other, each padded to whole batches, keys has one of each, and the losses are
// those of all steps of the epoch, 0 where they were not done.
func (t *trainer) stepsOf(ctx context.Context, order []int32, m protocols.Modulation, keys []StreamKey, first, last int) ([]float32, error) {
	shape := t.under(m)
	p, err := t.session.epochProgram("epoch", shape, shape.build)
	if err != nil {
		return nil, err
	}
	n := shape.steps()
	rates, roots := make([]float32, n), make([]float32, n)
	for i := first; i < last; i++ {
		step := float64(t.stepsDone + i - first + 1)
		rates[i] = float32(t.rate / (1 - math.Pow(adamBeta1, step)))
		roots[i] = float32(math.Sqrt(1 - math.Pow(adamBeta2, step)))
	}
	dialed := shape.putDials(t.arena, m, keys...)
	fixed := append([]compute.Buffer{put(t.arena, order, shape.each(n*shape.batch)...), put(t.arena, rates, n), put(t.arena, roots, n)}, dialed...)
	losses := put(t.arena, make([]float32, len(keys)*n), shape.each(n)...)
	err = t.session.inCalls(ctx, t.arena, p, first, last, shape.most(), func(at, end int) {
		from, to := put(t.arena, []int32{int32(at)}), put(t.arena, []int32{int32(end)})
		inputs := slices.Concat(t.params, t.masks, []compute.Buffer{t.x, t.y}, fixed, []compute.Buffer{to, losses, from})
		out := t.run(p, inputs...)
		t.free(t.params...)
		t.free(losses, from, to)
		if t.err == nil {
			t.params, losses = out[:len(t.params)], out[len(t.params)]
		}
	})
	if err != nil {
		return nil, err
	}
	values := t.get(losses, len(keys)*n)
	t.free(append(fixed, losses)...)
	t.stepsDone += last - first
	if t.err != nil {
		return nil, t.err
	}
	return values, nil
}

// under is the shape of an epoch under a modulation.
func (t *trainer) under(m protocols.Modulation) epochShape {
	shape := t.shape
	shape.variant = variantOf(m)
	return shape
}

// putOrder puts an order of the samples on the device, padded to whole batches.
func (e epochShape) putOrder(a *arena, order []int32) compute.Buffer {
	padded := make([]int32, e.steps()*e.batch)
	copy(padded, order)
	return put(a, padded, len(padded))
}

// putDials puts an epoch's noise keys, where anything is drawn, and the dials
// on the device.
func (e epochShape) putDials(a *arena, m protocols.Modulation, keys ...StreamKey) []compute.Buffer {
	var b []compute.Buffer
	if e.variant.noisy() {
		layers := e.net.noiseLayers()
		var all []uint32
		for _, key := range keys {
			all = append(all, noiseKeys(key, e.steps(), layers)...)
		}
		b = append(b, put(a, all, e.each(e.steps(), layers, 2)...))
	}
	values := dialValues(e.net, m)
	return append(b, put(a, values, len(values)))
}

// noiseKeys returns the keys of an epoch's noise, [steps, layers, 2].
func noiseKeys(key StreamKey, steps, layers int) []uint32 {
	keys := make([]uint32, 0, steps*layers*2)
	for b := range steps {
		for l := range layers {
			key.Batch, key.Layer = b, l
			k := key.Stream().key
			keys = append(keys, k[0], k[1])
		}
	}
	return keys
}

// download returns the parameters and moments of the whole network.
func (t *trainer) download() (params, mean, square [][]float32) {
	specs := t.shape.net.tensors()
	var all [][]float32
	for i, b := range t.params {
		all = append(all, t.get(b, specs[i%len(specs)].size()))
	}
	n := len(specs)
	return all[:n], all[n : 2*n], all[2*n:]
}

package native

/*
#include <stdlib.h>
#include "gru.h"
*/
import "C"

import (
	"runtime"
	"unsafe"
)

// GRU is a network, its gradients and the working memory of a batch. Its slices
// lie in C's memory, which Free gives back: do not use them after it.
type GRU struct {
	// The live weights between states, in the order of their places, and the other
	// tensors, with PyTorch's shapes: [3*units, inputs], [3*units], [3*units],
	// [outputs, units], [outputs].
	Between, Input, InputBias, StateBias, Output, OutputBias []float32
	// Gradient has the gradients of the last batch, in the same order.
	Gradient [6][]float32

	// A batch: the cell's inputs, [samples/Lanes, steps or 1, inputs, Lanes]; labels
	// and each sample's weight in the mean, by sample.
	U      []float32
	Label  []int32
	Weight []float32

	c *C.struct_gru
	memory

	logits, activity unsafe.Pointer // of Run
}

// New makes a network of these sizes, all 0. live are the places of the live
// weights in the matrix between states, [3*units, units], ascending; samples is the
// largest batch, and inputSteps is 1 where the input is the same at every step,
// else steps.
func New(units, inputs, outputs, steps, inputSteps, samples int, live []int32) *GRU {
	g := &GRU{}
	g.c = (*C.struct_gru)(g.take(C.sizeof_struct_gru))
	blocks := (samples + Lanes - 1) / Lanes
	*g.c = C.struct_gru{units: C.int(units), inputs: C.int(inputs), outputs: C.int(outputs), steps: C.int(steps),
		inputSteps: C.int(inputSteps), blocks: C.int(blocks), live: C.int(len(live))}
	rows := 3 * units
	g.lists(units, live)

	c, floats := g.c, g.floats
	g.Between = floats(&c.w, len(live))
	g.Input, g.InputBias, g.StateBias = floats(&c.wi, rows*inputs), floats(&c.bi, rows), floats(&c.bh, rows)
	g.Output, g.OutputBias = floats(&c.wo, outputs*units), floats(&c.bo, outputs)
	g.Gradient = [6][]float32{floats(&c.gw, len(live)), floats(&c.gwi, rows*inputs), floats(&c.gbi, rows), floats(&c.gbh, rows),
		floats(&c.gwo, outputs*units), floats(&c.gbo, outputs)}
	g.U = floats(&c.u, blocks*inputSteps*inputs*Lanes)
	g.Weight = floats(&c.weight, blocks*Lanes)
	g.Label = g.ints(&c.label, blocks*Lanes)
	for _, s := range []struct {
		into **C.float
		n    int
	}{{&c.cur, units}, {&c.wide, rows}, {&c.dh, units}, {&c.reset, steps * units}, {&c.update, steps * units},
		{&c.candidate, steps * units}, {&c.extra, steps * units}, {&c.h, steps * units}, {&c.sent, steps * rows}} {
		floats(s.into, s.n*Lanes)
	}
	return g
}

// lists makes both lists of the live weights.
func (g *GRU) lists(units int, live []int32) {
	ints := g.ints
	row, column := ints(&g.c.row, 3*units+1), ints(&g.c.column, units+1)
	from, place, to := ints(&g.c.from, len(live)), ints(&g.c.place, len(live)), ints(&g.c.to, len(live))
	for k, at := range live {
		r, c := int(at)/units, int(at)%units
		row[r+1]++
		column[c+1]++
		from[k] = int32(c)
	}
	for r := range 3 * units {
		row[r+1] += row[r]
	}
	for c := range units {
		column[c+1] += column[c]
	}
	next := append([]int32(nil), column...)
	for k, at := range live {
		c := int(at) % units
		place[next[c]], to[next[c]] = int32(k), int32(int(at)/units)
		next[c]++
	}
}

// Free gives the memory back.
func (g *GRU) Free() {
	g.free()
	*g = GRU{}
}

// Learn takes the gradients of the batch and returns its loss. The activation
// is tanh where saturates, else ReLU; what it acts on is inhibition times the
// mixture of old and new state, less shift.
func (g *GRU) Learn(saturates bool, inhibition, shift float32) float32 {
	s := C.int(0)
	if saturates {
		s = 1
	}
	loss := C.gru_gradient(g.c, s, C.float(inhibition), C.float(shift))
	runtime.KeepAlive(g)
	return float32(loss)
}

// Pass is a way through the network for evaluation: what Learn takes, and the
// noise that the state meets between two steps (chapter 10), of which Keys has two
// words a step; without keys Bias is added alone.
type Pass struct {
	Saturates         bool
	Inhibition, Shift float32
	Sigma, Bias       float32
	Keys              []uint32
}

// Run evaluates block b of U, of which the first sample is number first of the
// data set. It returns the logits, [outputs, Lanes], and, where activity is not
// nil, puts the mean of |h| over the units into it, [steps, Lanes]. Lane i holds
// the sample Sample(i) after the first.
func (g *GRU) Run(b int, p Pass, first int, activity []float32) []float32 {
	z := make([]float32, int(g.c.outputs)*Lanes)
	// Vectors want memory that begins where one may.
	out, act := g.room(&g.logits, len(z)), (*C.float)(nil)
	if activity != nil {
		act = g.room(&g.activity, len(activity))
	}
	noise := (*C.struct_noise)(C.calloc(1, C.sizeof_struct_noise))
	defer C.free(unsafe.Pointer(noise))
	noise.sigma, noise.bias = C.float(p.Sigma), C.float(p.Bias)
	if p.Keys != nil {
		keys := C.CBytes(unsafe.Slice((*byte)(unsafe.Pointer(&p.Keys[0])), 4*len(p.Keys)))
		defer C.free(keys)
		noise.key = (*C.uint)(keys)
	}
	s := C.int(0)
	if p.Saturates {
		s = 1
	}
	C.gru_run(g.c, C.int(b), s, C.float(p.Inhibition), C.float(p.Shift), noise, C.uint(first), out, act)
	copy(z, unsafe.Slice((*float32)(unsafe.Pointer(out)), len(z)))
	copy(activity, unsafe.Slice((*float32)(unsafe.Pointer(act)), len(activity)))
	return z
}

// room is memory of C's for a result, taken once.
func (g *GRU) room(p *unsafe.Pointer, floats int) *C.float {
	if *p == nil {
		*p = g.take(4 * floats)
	}
	return (*C.float)(*p)
}

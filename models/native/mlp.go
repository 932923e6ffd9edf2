package native

/*
#include "mlp.h"
*/
import "C"

import (
	"math"
	"runtime"
	"slices"
	"unsafe"
)

// MLP is a feed-forward network over its live weights, with their gradients and
// the working memory of a batch. Its slices lie in C's memory, which Free gives
// back: do not use them after it.
type MLP struct {
	// The weights of each layer that are computed and their places in its matrix,
	// [out, in]; and its biases. The others have no way to the output.
	Weights [][]float32
	Places  [][]int32
	Biases  [][]float32
	// The gradients of the last batch, in the same order.
	WeightGradients, BiasGradients [][]float32

	// A batch: the inputs, [samples/Slab, inputs, Slab]; labels and each sample's
	// weight in the mean, like these without the inputs. See LaneOf.
	X      []float32
	Label  []int32
	Weight []float32

	// What a modulation says. Keys has two words for the inputs and for each hidden
	// layer; noise is drawn where a sigma is not 0.
	Modulation struct {
		Saturates, Internal                  bool
		Gain, Sigma, Bias, Shift, InputSigma float32
	}
	Inhibition []float32 // of each hidden layer
	Keys       []uint32

	c      *C.struct_mlp
	layers []C.struct_layer
	memory
}

// NewMLP makes a network of layers of these widths, inputs and outputs included,
// all 0. live are the places of each layer's live weights, ascending; samples is
// the largest batch. A quiet one will never see internal noise: what no input
// reaches is then computed once a batch and not for every sample. A whole one has
// the units without a way to the output, too, as Activity wants them.
func NewMLP(widths []int, samples int, live [][]int32, quiet, whole bool) *MLP {
	m := &MLP{}
	m.c = (*C.struct_mlp)(m.take(C.sizeof_struct_mlp))
	layers, slabs := len(widths)-1, (samples+Slab-1)/Slab
	*m.c = C.struct_mlp{layers: C.int(layers), inputs: C.int(widths[0]), slabs: C.int(slabs)}
	m.c.layer = (*C.struct_layer)(m.take(layers * C.sizeof_struct_layer))
	m.layers = unsafe.Slice(m.c.layer, layers)
	for l := range layers {
		m.layers[l] = C.struct_layer{in: C.int(widths[l]), out: C.int(widths[l+1]), given: C.int(len(live[l]))}
		y := &m.layers[l]
		copy(m.ints(&y.places, len(live[l])), live[l])
		for _, into := range []**C.int{&y.order, &y.from} {
			m.ints(into, len(live[l]))
		}
		for _, into := range []**C.int{&y.lives, &y.varies, &y.unit, &y.constant, &y.row, &y.still} {
			m.ints(into, widths[l+1]+1)
		}
	}
	C.mlp_plan(m.c, truth(quiet), truth(whole))
	for l := range layers {
		y := &m.layers[l]
		m.sending(y, live[l])
		m.Weights = append(m.Weights, m.floats(&y.w, int(y.live)))
		m.WeightGradients = append(m.WeightGradients, m.floats(&y.gw, int(y.live)))
		m.Biases = append(m.Biases, m.floats(&y.b, widths[l+1]))
		m.BiasGradients = append(m.BiasGradients, m.floats(&y.gb, widths[l+1]))
		for _, into := range []**C.float{&y.h, &y.a, &y.dz} {
			m.floats(into, slabs*widths[l+1]*Slab)
		}
		for _, into := range []**C.float{&y.sum, &y.ch, &y.ca} {
			m.floats(into, widths[l+1])
		}
	}
	c := m.c
	m.X = m.floats(&c.x, slabs*widths[0]*Slab)
	m.floats(&c.shown, len(m.X))
	m.Label, m.Weight = m.ints(&c.label, slabs*Slab), m.floats(&c.weight, slabs*Slab)
	m.Inhibition = m.floats(&c.inhibition, layers-1)
	keys := m.take(4 * 2 * layers)
	c.key = (*C.uint)(keys)
	m.Keys = unsafe.Slice((*uint32)(keys), 2*layers)
	clear(m.Keys)
	return m
}

// sending makes the list of a layer's weights by sending unit, and tells their places.
func (m *MLP) sending(y *C.struct_layer, live []int32) {
	in, count := int(y.in), int(y.live)
	order := unsafe.Slice((*int32)(unsafe.Pointer(y.order)), count)
	column, place, to := m.ints(&y.column, in+1), m.ints(&y.place, count), m.ints(&y.to, count)
	places := make([]int32, count)
	for k, given := range order {
		places[k] = live[given]
		column[int(places[k])%in+1]++
	}
	for c := range in {
		column[c+1] += column[c]
	}
	next := slices.Clone(column)
	for k, at := range places {
		c := int(at) % in
		place[next[c]], to[next[c]] = int32(k), at/int32(in)
		next[c]++
	}
	m.Places = append(m.Places, places)
}

func truth(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

// Free gives the memory back.
func (m *MLP) Free() {
	m.free()
	*m = MLP{}
}

// tell puts the modulation where C has it.
func (m *MLP) tell() {
	d, c := m.Modulation, m.c
	c.saturates, c.internal = truth(d.Saturates), truth(d.Internal)
	c.gain, c.sigma, c.bias, c.shift, c.inputSigma = C.float(d.Gain), C.float(d.Sigma), C.float(d.Bias), C.float(d.Shift), C.float(d.InputSigma)
}

// Learn takes the gradients of the batch and returns its mean loss.
func (m *MLP) Learn() float32 {
	m.tell()
	loss := C.mlp_learn(m.c)
	runtime.KeepAlive(m)
	return float32(loss)
}

// Run evaluates the first slab of X, of which the first sample is number first of
// the data set, and returns the logits, [outputs, Slab].
func (m *MLP) Run(first int) []float32 {
	m.tell()
	C.mlp_run(m.c, C.uint(first))
	y := m.layers[len(m.layers)-1]
	z := slices.Clone(unsafe.Slice((*float32)(unsafe.Pointer(y.a)), int(y.out)*Slab))
	runtime.KeepAlive(m)
	return z
}

// Activity puts the mean of |a| over the units of hidden layer l, as Run left them,
// into into, [Slab].
func (m *MLP) Activity(l int, into []float32) {
	y := m.layers[l]
	out := int(y.out)
	a := unsafe.Slice((*float32)(unsafe.Pointer(y.a)), out*Slab)
	clear(into)
	for _, u := range unsafe.Slice((*int32)(unsafe.Pointer(y.unit)), int(y.units)) {
		for i, x := range a[int(u)*Slab : (int(u)+1)*Slab] {
			into[i] += float32(math.Abs(float64(x)))
		}
	}
	still := float32(0)
	for _, u := range unsafe.Slice((*int32)(unsafe.Pointer(y.constant)), int(y.constants)) {
		still += float32(math.Abs(float64(unsafe.Slice((*float32)(unsafe.Pointer(y.ca)), out)[u])))
	}
	for i := range into {
		into[i] = (into[i] + still) / float32(out)
	}
	runtime.KeepAlive(m)
}

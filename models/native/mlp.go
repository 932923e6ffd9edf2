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
	living, varies := census(widths, live, quiet, whole)
	for l := range layers {
		m.layers[l] = C.struct_layer{in: C.int(widths[l]), out: C.int(widths[l+1])}
		m.lists(&m.layers[l], live[l], varies[l], living[l+1], varies[l+1])
		y := &m.layers[l]
		m.Weights = append(m.Weights, m.floats(&y.w, len(m.Places[l])))
		m.WeightGradients = append(m.WeightGradients, m.floats(&y.gw, len(m.Places[l])))
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

// census finds, for every side of units, which have a way to the output over live
// weights, and which change with the sample.
func census(widths []int, live [][]int32, quiet, whole bool) (living, varies [][]bool) {
	last := len(widths) - 1
	for _, w := range widths {
		living, varies = append(living, make([]bool, w)), append(varies, make([]bool, w))
	}
	set := func(s []bool, to bool) {
		for i := range s {
			s[i] = to
		}
	}
	set(living[last], true)
	set(varies[0], true)
	for l := last - 1; l >= 0; l-- {
		set(living[l], whole)
		for _, at := range live[l] {
			if out, in := int(at)/widths[l], int(at)%widths[l]; living[l+1][out] {
				living[l][in] = true
			}
		}
	}
	for l := range last {
		set(varies[l+1], !quiet || l == last-1) // the logits are wanted for every sample
		for _, at := range live[l] {
			if out, in := int(at)/widths[l], int(at)%widths[l]; varies[l][in] {
				varies[l+1][out] = true
			}
		}
	}
	return living, varies
}

// lists makes the lists of a layer.
func (m *MLP) lists(y *C.struct_layer, live []int32, changes, living, varies []bool) {
	in, out := int(y.in), int(y.out)
	row, still, column := m.ints(&y.row, out+1), m.ints(&y.still, out+1), m.ints(&y.column, in+1)
	places := []int32{} // not nil, where there are none
	for pass, counts := range [][]int32{row, still} {
		for _, at := range live {
			r, c := int(at)/in, int(at)%in
			if living[r] && changes[c] == (pass == 0) {
				places = append(places, at)
				counts[r+1]++
				column[c+1]++
			}
		}
		if pass == 0 {
			y.varying = C.int(len(places))
			still[0] = int32(len(places))
		}
		for r := range out {
			counts[r+1] += counts[r]
		}
	}
	for c := range in {
		column[c+1] += column[c]
	}
	y.live = C.int(len(places))
	from, place, to := m.ints(&y.from, len(places)), m.ints(&y.place, len(places)), m.ints(&y.to, len(places))
	next := slices.Clone(column)
	for k, at := range places {
		r, c := int32(int(at)/in), int(at)%in
		from[k], place[next[c]], to[next[c]] = int32(c), int32(k), r
		next[c]++
	}
	unit, constant := m.ints(&y.unit, out), m.ints(&y.constant, out)
	for u := range out {
		switch {
		case living[u] && varies[u]:
			unit[y.units] = int32(u)
			y.units++
		case living[u]:
			constant[y.constants] = int32(u)
			y.constants++
		}
	}
	m.Places = append(m.Places, places)
}

// Free gives the memory back.
func (m *MLP) Free() {
	m.free()
	*m = MLP{}
}

// tell puts the modulation where C has it.
func (m *MLP) tell() {
	d, c := m.Modulation, m.c
	c.saturates, c.internal = 0, 0
	if d.Saturates {
		c.saturates = 1
	}
	if d.Internal {
		c.internal = 1
	}
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

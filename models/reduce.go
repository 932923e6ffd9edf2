package models

import (
	"slices"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas
)

// A reduction is a smaller network that learns what a pruned one would. Its
// training steps give every live weight the same value as the full network's do,
// but for the order of sums.
//
// Two kinds of units need less work. A unit without a live way to the output
// changes nothing: its gradient is exactly 0, so Adam, new in each call, leaves
// it alone, and it is not computed at all. A unit of the first layer that no
// input reaches is a constant of its bias: without internal noise it is computed
// once a batch, and the weights that leave it are kept as a list a receiving
// unit.
//
// Masked weights have a gradient too, which moves their moments and nothing
// else; in a reduction most of these moments stay 0.
type reduction struct {
	net    reduced
	source []int     // for each tensor of net, the tensor of the full network that it comes from
	places [][]int   // for each of its values, the place in there; -1 is padding
	tables [][]int32 // like net.tables
}

// reduced is the network of a reduction.
type reduced interface {
	classifier
	// tables are the sizes of the whole numbers that a pass needs beside its
	// parameters, and takes after them.
	tables() [][]int
}

// Sizes are padded to multiples of these, so that subjects share programs: the
// units of a layer, and the length of a list.
const (
	unitsMultiple = 8
	listMultiple  = 8
)

// padded is n made a multiple of m.
func padded(n, m int) int { return (n + m - 1) / m * m }

// reduceMLP returns the reduction of an mlp under masks, for calls without internal
// noise (quiet) or for those with it; nil where it would save nothing.
func reduceMLP(full mlp, masks [][]bool, quiet bool) *reduction {
	if masks == nil {
		return nil
	}
	layers := len(full.widths) - 1
	live := func(layer, out, in int) bool { return masks[2*layer][out*full.widths[layer]+in] }

	// From the output back: which units have a way there.
	units := make([][]int, layers+1)
	for u := range full.widths[layers] {
		units[layers] = append(units[layers], u)
	}
	for side := layers - 1; side > 0; side-- {
		for u := range full.widths[side] {
			if slices.ContainsFunc(units[side+1], func(v int) bool { return live(side, v, u) }) {
				units[side] = append(units[side], u)
			}
		}
	}
	for u := range full.widths[0] {
		units[0] = append(units[0], u)
	}
	var still []int
	if quiet {
		reached := func(u int) bool {
			return slices.ContainsFunc(units[0], func(in int) bool { return live(0, u, in) })
		}
		for _, u := range units[1] {
			if !reached(u) {
				still = append(still, u)
			}
		}
		units[1] = slices.DeleteFunc(units[1], func(u int) bool { return !reached(u) })
	}

	pad := func(list []int, length int) []int {
		return append(list, slices.Repeat([]int{-1}, length-len(list))...)
	}
	r, net := &reduction{}, reducedMLP{widths: make([]int, layers+1), noisy: !quiet}
	for side := range units {
		if side > 0 && side < layers {
			units[side] = pad(units[side], padded(max(1, len(units[side])), unitsMultiple))
		}
		net.widths[side] = len(units[side])
	}
	for layer := range layers {
		var at []int
		for _, out := range units[layer+1] {
			for _, in := range units[layer] {
				if out < 0 || in < 0 {
					at = append(at, -1)
				} else {
					at = append(at, out*full.widths[layer]+in)
				}
			}
		}
		r.source = append(r.source, 2*layer, 2*layer+1)
		r.places = append(r.places, at, units[layer+1])
	}
	if len(still) > 0 {
		lists := make([][]int, len(units[2])) // of positions in still, by receiving unit
		longest := 1
		for i, out := range units[2] {
			for j, u := range still {
				if out >= 0 && live(1, out, u) {
					lists[i] = append(lists[i], j)
				}
			}
			longest = max(longest, len(lists[i]))
		}
		net.listed = padded(longest, listMultiple)
		// The lists stand side by side, so that they are added up in one sweep.
		at, table := make([]int, net.listed*len(lists)), make([]int32, net.listed*len(lists))
		for i, list := range lists {
			for k, j := range pad(list, net.listed) {
				place := k*len(lists) + i
				at[place] = -1
				if j >= 0 {
					at[place], table[place] = units[2][i]*full.widths[1]+still[j], int32(j)
				}
			}
		}
		still = pad(still, padded(len(still), unitsMultiple))
		net.still = len(still)
		r.source = append(r.source, 1, 2)
		r.places = append(r.places, still, at)
		r.tables = append(r.tables, table)
	}
	if net.noisy {
		for side := 1; side < layers; side++ {
			var table []int32
			for _, u := range units[side] {
				table = append(table, int32(max(u, 0)))
			}
			r.tables = append(r.tables, table)
		}
	}
	if net.size() >= full.size() {
		return nil
	}
	r.net = net
	return r
}

// shrink takes what the reduction needs out of a network's values; nil stays nil.
func (r *reduction) shrink(full [][]float32) [][]float32 {
	small := make([][]float32, len(r.source))
	for t, places := range r.places {
		if full[r.source[t]] == nil {
			continue
		}
		small[t] = make([]float32, len(places))
		for i, at := range places {
			if at >= 0 {
				small[t][i] = full[r.source[t]][at]
			}
		}
	}
	return small
}

// expand puts the values of the reduction back into those of the network.
func (r *reduction) expand(small, full [][]float32) {
	for t, places := range r.places {
		for i, at := range places {
			if at >= 0 {
				full[r.source[t]][at] = small[t][i]
			}
		}
	}
}

// reducedMLP is the graph of a reduction.
type reducedMLP struct {
	widths []int // of the sides that are computed
	still  int   // units of the first layer that are constants
	listed int   // weights from them to a unit of the second layer, at most
	noisy  bool
}

// size is the number of weights.
func (m reducedMLP) size() int {
	n := 0
	for _, t := range m.tensors() {
		n += t.size()
	}
	return n
}

func (m reducedMLP) tensors() []tensorSpec {
	t := mlp{m.widths}.tensors()
	if m.still > 0 {
		t = append(t,
			tensorSpec{"still.bias", []int{m.still}, 1, false},
			tensorSpec{"still.weight", []int{m.listed, m.widths[2]}, 1, true})
	}
	return t
}

// tables implements reduced: whose activations meet the listed weights, and which units of the
// full network draw noise.
func (m reducedMLP) tables() [][]int {
	var t [][]int
	if m.still > 0 {
		t = append(t, []int{m.listed, m.widths[2], 1})
	}
	if m.noisy {
		for _, w := range m.widths[1 : len(m.widths)-1] {
			t = append(t, []int{w})
		}
	}
	return t
}

func (m reducedMLP) noiseLayers() int  { return mlp{m.widths}.noiseLayers() }
func (m reducedMLP) hiddenLayers() int { return mlp{m.widths}.hiddenLayers() }
func (m reducedMLP) blocks() int       { return mlp{m.widths}.blocks() }

// forward takes the tables after the parameters.
func (m reducedMLP) forward(params []*Node, x *Node, v variant, d dials, noise noiseFunc) *Node {
	blocks := m.hidden(params, x, v, d, noise)
	return m.linear(m.hiddenLayers(), blocks[len(blocks)-1], params, v, d)
}

func (m reducedMLP) hidden(params []*Node, x *Node, v variant, d dials, noise noiseFunc) []*Node {
	if v.internalNoise && !m.noisy {
		panic("models: a reduction for calls without internal noise was given some")
	}
	h := x
	if v.inputNoise {
		h = Add(h, Mul(noise(0, x.Shape().Dimensions[0], count(x.Graph(), m.widths[0])), d.inputSigma))
	}
	units := params[len(params)-m.hiddenLayers():]
	var blocks []*Node
	for i := range m.hiddenLayers() {
		h = v.activate(m.linear(i, h, params, v, d))
		if v.internalNoise {
			unit := ConvertDType(units[i], dtypes.Uint32)
			h = Add(Add(h, Mul(noise(i+1, x.Shape().Dimensions[0], unit), d.sigma)), d.bias)
		}
		h = m.dialled(i, h, d)
		blocks = append(blocks, h)
	}
	return blocks
}

// dialled is what inhibition, gain and stabiliser make of a block.
func (m reducedMLP) dialled(block int, h *Node, d dials) *Node {
	return Sub(Mul(Mul(h, d.inhibition[block]), d.gain), d.shift)
}

// linear is the linear part of a layer, with what the constant units send to the
// second.
func (m reducedMLP) linear(layer int, h *Node, params []*Node, v variant, d dials) *Node {
	z := linear(h, params[2*layer], params[2*layer+1])
	if layer != 1 || m.still == 0 {
		return z
	}
	own := 2 * (len(m.widths) - 1)
	bias, listed, table := params[own], params[own+1], params[own+2]
	constant := m.dialled(0, v.activate(bias), d)
	sent := ReduceSum(Mul(Gather(constant, table), listed), 0)
	return Add(z, InsertAxes(sent, 0))
}

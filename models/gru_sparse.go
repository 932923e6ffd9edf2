package models

import (
	"slices"

	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas
)

// sparseGRU is a gru that takes the products between states over its live
// weights alone, as sums of rows of the other factor. All its units are live
// after pruning, so there is nothing else to leave out.
type sparseGRU struct {
	gru
	forth, back int // live weights into a gate's row, and out of a unit, at most
}

// sparseEnough is the share of a dense product's terms, padding included, up to
// which the sums over lists are faster; measured, see bench/README.md.
const sparseEnough = 0.2

// reduceGRU returns the reduction of a gru under masks; nil where its weights are
// too many.
func reduceGRU(full gru, masks [][]bool) *reduction {
	if masks == nil {
		return nil
	}
	const weight = 1 // of the tensors, the one between states
	into, outOf := make([][]int32, 3*full.units), make([][]int32, full.units)
	for at, alive := range masks[weight] {
		if alive {
			into[at/full.units] = append(into[at/full.units], int32(at))
			outOf[at%full.units] = append(outOf[at%full.units], int32(at))
		}
	}
	// columns writes lists side by side, with -1 where one is shorter, and beside
	// them the index of the other factor's row.
	columns := func(lists [][]int32, other func(at int32) int32) (length int, places, rows []int32) {
		for _, l := range lists {
			length = max(length, len(l))
		}
		length = padded(max(length, 1), listMultiple)
		for k := range length {
			for _, l := range lists {
				if k < len(l) {
					places, rows = append(places, l[k]), append(rows, other(l[k]))
				} else {
					places, rows = append(places, -1), append(rows, 0)
				}
			}
		}
		return length, places, rows
	}
	units := int32(full.units)
	net := sparseGRU{gru: full}
	var tables [4][]int32
	net.forth, tables[0], tables[1] = columns(into, func(at int32) int32 { return at % units })
	net.back, tables[2], tables[3] = columns(outOf, func(at int32) int32 { return at / units })
	if terms := len(tables[0]) + len(tables[2]); float64(terms) > sparseEnough*float64(2*len(masks[weight])) {
		return nil // a few crowded rows make all lists long
	}
	r := &reduction{net: net, tables: tables[:]}
	for i, t := range full.tensors() {
		places := make([]int, t.size())
		for k := range places {
			places[k] = k
		}
		r.source, r.places = append(r.source, i), append(r.places, places)
	}
	return r
}

// tables implements reduced: the places of the live weights into each gate's
// row, and the states that they meet; the places of those out of each unit, and
// the rows that they go to.
func (n sparseGRU) tables() [][]int {
	into, outOf := []int{n.forth, 3 * n.units}, []int{n.back, n.units}
	return [][]int{into, into, outOf, outOf}
}

// forward implements network. Where the network has no gradient of its own it is
// computed whole.
func (n sparseGRU) forward(params []*Node, x *Node, v variant, d dials, noise noiseFunc) *Node {
	return n.gru.forward(params[:len(n.tensors())], x, v, d, noise)
}

func (n sparseGRU) learn(params []*Node, x *Node, v variant, d dials, noise noiseFunc, loss func(*Node) *Node) (*Node, []*Node) {
	own := len(n.tensors())
	flat := Reshape(params[1], -1, 1)
	live := func(places *Node) *Node {
		found := Gather(flat, InsertAxes(Max(places, ZerosLike(places)), -1))
		found = Reshape(found, places.Shape().Dimensions...)
		return Where(LessThan(places, ZerosLike(places)), ZerosLike(found), found)
	}
	t := params[own:]
	sparse := products{
		[]*Node{live(t[0]), t[1], live(t[2]), t[3]},
		func(o []*Node, h *Node) *Node { return gathered(o[0], o[1], h) },
		func(o []*Node, s *Node) *Node { return gathered(o[2], o[3], s) },
	}
	return n.learnWith(sparse, slices.Clone(params[:own]), x, v, d, noise, loss)
}

// gathered is a sparse product: row i is the sum over k of weights[k, i] times
// row rows[k, i] of x. Written out, the sum is one sweep.
func gathered(weights, rows, x *Node) *Node {
	var sum *Node
	for k := range weights.Shape().Dimensions[0] {
		row := func(n *Node) *Node { return Reshape(Slice(n, AxisElem(k)), -1, 1) }
		term := Mul(row(weights), Gather(x, row(rows)))
		if sum == nil {
			sum = term
		} else {
			sum = Add(sum, term)
		}
	}
	return sum
}

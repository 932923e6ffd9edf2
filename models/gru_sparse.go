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
	forth, back lists // of the live weights into each gate's row, and out of each unit
}

// lists are the live weights of rows, listed row by row: up to base of each, and
// what is left of crowded rows in a second list. The median row of the book's
// network has 18, the longest 67, and a list is as long as the longest.
type lists struct {
	rows, base    int
	crowded, more int // rows of the second list, its last one empty, and its length
}

// crowdedMultiple pads the rows of the second list, so that subjects share
// programs.
const crowdedMultiple = 32

// terms is the number of products in a sum over all rows, padding included.
func (l lists) terms() int { return l.rows*l.base + l.crowded*l.more }

// listsOf chooses where lists of these lengths are cut in two: so that the
// padding is least.
func listsOf(lengths []int) lists {
	longest := padded(max(1, slices.Max(lengths)), listMultiple)
	best := lists{rows: len(lengths), base: longest}
	for base := listMultiple; base < longest; base += listMultiple {
		l := lists{rows: len(lengths), base: base, more: longest - base}
		for _, n := range lengths {
			if n > base {
				l.crowded++
			}
		}
		l.crowded = padded(l.crowded+1, crowdedMultiple)
		if l.terms() < best.terms() {
			best = l
		}
	}
	return best
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
	units := int32(full.units)
	net := sparseGRU{gru: full}
	r := &reduction{}
	net.forth, r.tables = listed(into, func(at int32) int32 { return at % units }, r.tables)
	net.back, r.tables = listed(outOf, func(at int32) int32 { return at / units }, r.tables)
	if float64(net.forth.terms()+net.back.terms()) > sparseEnough*float64(2*len(masks[weight])) {
		return nil
	}
	r.net = net
	for i, t := range full.tensors() {
		places := make([]int, t.size())
		for k := range places {
			places[k] = k
		}
		r.source, r.places = append(r.source, i), append(r.places, places)
	}
	return r
}

// listed appends the tables of the live weights of rows, given by their places:
// of the first lists, side by side, the places (-1 where one is shorter) and the
// other factor's rows that they meet; the same of the second lists; and which of
// the second lists goes on with a row.
func listed(rows [][]int32, other func(at int32) int32, tables [][]int32) (lists, [][]int32) {
	var lengths []int
	for _, row := range rows {
		lengths = append(lengths, len(row))
	}
	l := listsOf(lengths)
	columns := func(rows [][]int32, length int) (places, others []int32) {
		for k := range length {
			for _, row := range rows {
				if k < len(row) {
					places, others = append(places, row[k]), append(others, other(row[k]))
				} else {
					places, others = append(places, -1), append(others, 0)
				}
			}
		}
		return places, others
	}
	places, others := columns(rows, l.base)
	tables = append(tables, places, others)
	if l.crowded == 0 {
		return l, tables
	}
	rest := make([][]int32, 0, l.crowded)
	next := make([]int32, len(rows))
	for i, row := range rows {
		next[i] = int32(l.crowded - 1)
		if len(row) > l.base {
			next[i] = int32(len(rest))
			rest = append(rest, row[l.base:])
		}
	}
	rest = rest[:l.crowded] // those that nothing was put into are empty
	places, others = columns(rest, l.more)
	return l, append(tables, places, others, next)
}

// tables are the sizes of the tables.
func (l lists) tables() [][]int {
	t := [][]int{{l.base, l.rows}, {l.base, l.rows}}
	if l.crowded > 0 {
		t = append(t, []int{l.more, l.crowded}, []int{l.more, l.crowded}, []int{l.rows})
	}
	return t
}

// tables implements reduced.
func (n sparseGRU) tables() [][]int { return slices.Concat(n.forth.tables(), n.back.tables()) }

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
	tables := slices.Clone(params[own:])
	product := func(l lists) product {
		count := len(l.tables())
		t := tables[:count]
		tables = tables[count:]
		t[0] = live(t[0])
		if l.crowded > 0 {
			t[2] = live(t[2])
		}
		return product{operands: t, parts: l.parts, join: l.join, shapes: l.shapes()}
	}
	forth := product(n.forth)
	return n.learnWith(forth, product(n.back), slices.Clone(params[:own]), x, v, d, noise, loss)
}

// parts are the sums over the first and over the second lists: each a sweep of
// its own, which they are not if they are added at once.
func (l lists) parts(t []*Node, x *Node) []*Node {
	sums := []*Node{gathered(t[0], t[1], x)}
	if l.crowded > 0 {
		sums = append(sums, gathered(t[2], t[3], x))
	}
	return sums
}

// shapes are the rows of each part.
func (l lists) shapes() []int {
	if l.crowded > 0 {
		return []int{l.rows, l.crowded}
	}
	return []int{l.rows}
}

// join adds the parts up.
func (l lists) join(t, parts []*Node) *Node {
	if l.crowded == 0 {
		return parts[0]
	}
	return Add(parts[0], Gather(parts[1], InsertAxes(t[4], -1)))
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

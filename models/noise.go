package models

import (
	"math"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas
)

// The random numbers of a compiled program. This file builds graphs: its
// functions panic.

// threefryGraph is threefry on nodes of dtype uint32: key words are scalars,
// counters any shapes that broadcast. It returns the two output words.
func threefryGraph(key, counter [2]*Node) (x0, x1 *Node) {
	g := key[0].Graph()
	word := func(v uint32) *Node { return Const(g, v) }
	schedule := [3]*Node{key[0], key[1], BitwiseXor(BitwiseXor(word(threefryParity), key[0]), key[1])}
	x0, x1 = Add(counter[0], schedule[0]), Add(counter[1], schedule[1])
	for round := range threefryRounds {
		x0 = Add(x0, x1)
		r := threefryRotations[round%8]
		x1 = BitwiseOr(BitwiseShiftLeft(x1, word(uint32(r))), BitwiseShiftRightLogical(x1, word(uint32(32-r))))
		x1 = BitwiseXor(x1, x0)
		if (round+1)%4 == 0 {
			i := (round + 1) / 4
			x0 = Add(x0, schedule[i%3])
			x1 = Add(x1, Add(schedule[(i+1)%3], word(uint32(i))))
		}
	}
	return x0, x1
}

// openUniformGraph is openUniform on a node: the bits become the mantissa of a
// float32 in [1, 2), from which 1 - 2^-24 is taken in two exact steps.
func openUniformGraph(w *Node) *Node {
	g := w.Graph()
	mantissa := BitwiseOr(BitwiseShiftRightLogical(w, Const(g, uint32(9))), Const(g, uint32(0x3f800000)))
	u := Sub(Bitcast(mantissa, dtypes.Float32), Const(g, float32(1)))
	return Add(u, Const(g, float32(1.0/(1<<24))))
}

// normals returns standard normal numbers of shape [samples, units], by the
// method of Box and Muller (1958): samples 2j and 2j+1 share the counter
// (unit, j) and take the two halves of its pair. So a number depends on its
// sample and its unit alone, not on the shape of the block that it is drawn in,
// nor on which other units are computed beside it. unit and sample are their
// indices, uint32.
//
// Each element works its counter out for itself and keeps one half. Drawing a
// pair once and weaving the halves together takes as long: the woven block has
// to be written to memory, while this is fused into the addition that uses it.
func normals(key [2]*Node, unit, sample *Node) *Node {
	g := unit.Graph()
	u32 := func(v uint32) *Node { return Const(g, v) }
	units, samples := unit.Shape().Dimensions[0], sample.Shape().Dimensions[0]
	unit = BroadcastToDims(InsertAxes(unit, 0), samples, units)
	sample = BroadcastToDims(InsertAxes(sample, -1), samples, units)
	w0, w1 := threefryGraph(key, [2]*Node{unit, BitwiseShiftRightLogical(sample, u32(1))})
	radius := Sqrt(Mul(Const(g, float32(-2)), Log(openUniformGraph(w0))))
	cos, sin := circleGraph(w1)
	even := Equal(BitwiseAnd(sample, u32(1)), u32(0))
	return Mul(radius, Where(even, cos, sin))
}

// circleGraph maps a word to a point of the unit circle, as circle does: its
// two high bits are a quadrant, the others an angle within +-pi/4, where short
// polynomials (those of the Cephes library, Moshier 1989) give sine and cosine
// to the last bit or two. XLA's own functions take ten times as long, because
// they reduce arguments of any size.
func circleGraph(w *Node) (cos, sin *Node) {
	g := w.Graph()
	f32 := func(v float32) *Node { return Const(g, v) }
	u32 := func(v uint32) *Node { return Const(g, v) }
	x := Mul(Sub(openUniformGraph(BitwiseShiftLeft(w, u32(2))), f32(0.5)), f32(math.Pi/2))
	z := Mul(x, x)
	polynomial := func(c0, c1, c2 float32) *Node {
		return Add(f32(c0), Mul(z, Add(f32(c1), Mul(z, f32(c2)))))
	}
	sin = Add(x, Mul(Mul(x, z), polynomial(-1.6666654611e-1, 8.3321608736e-3, -1.9515295891e-4)))
	cos = Add(Sub(f32(1), Mul(f32(0.5), z)), Mul(Mul(z, z), polynomial(4.166664568298827e-2, -1.388731625493765e-3, 2.443315711809948e-5)))

	// A turn by a quarter maps (cos, sin) to (-sin, cos).
	swap := NotEqual(BitwiseAnd(w, u32(1<<30)), u32(0))
	cos, sin = Where(swap, sin, cos), Where(swap, cos, sin)
	const signBit = 1 << 31
	flip := func(x, sign *Node) *Node {
		return Bitcast(BitwiseXor(Bitcast(x, dtypes.Uint32), BitwiseAnd(sign, u32(signBit))), dtypes.Float32)
	}
	return flip(cos, BitwiseXor(w, BitwiseShiftLeft(w, u32(1)))), flip(sin, w)
}

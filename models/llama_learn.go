package models

import (
	"context"
	"fmt"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas
)

// A lesson is a batch of texts to learn from: rows of equal length, of which
// each token is to be foretold from those before it as far as its weight says.
type lesson struct {
	rows, length int
	tokens       []int32   // [rows, length]
	real         []int32   // 1 for tokens, 0 for padding
	positions    []int32   // where each token stands in its text
	weights      []float32 // of each token as a target; the loss is the weighted sum
}

// newLesson is a lesson of texts, padded to a length on the right, or on the left.
// The weight of a token of text i is that of weight(i, its place), made to sum to
// 1.
func newLesson(texts [][]int32, length int, pad int32, left bool, weight func(text, place int) bool) lesson {
	l := lesson{rows: len(texts), length: length}
	n := l.rows * length
	l.tokens, l.real, l.positions, l.weights = make([]int32, n), make([]int32, n), make([]int32, n), make([]float32, n)
	targets := 0
	for i, text := range texts {
		at := i * length
		for k := range length {
			l.tokens[at+k] = pad
		}
		if left {
			at += length - len(text)
		}
		for k, token := range text {
			l.tokens[at+k], l.real[at+k], l.positions[at+k] = token, 1, int32(k)
			if k > 0 && weight(i, k) {
				l.weights[at+k] = 1
				targets++
			}
		}
	}
	for i := range l.weights {
		l.weights[i] /= float32(max(1, targets))
	}
	return l
}

// foretell is the log-probability of each token from those before it, [rows,
// length], 0 for the first.
func (w weights) foretell(tokens, positions, real *Node) *Node {
	g := tokens.Graph()
	d := tokens.Shape().Dimensions
	logits := w.logits(w.read(tokens, positions, real))
	logits = Slice(logits, AxisRange(), AxisRange(0, d[1]-1), AxisRange())
	shifted := Sub(logits, StopGradient(ReduceAndKeep(logits, ReduceMax, -1)))
	logSum := Log(ReduceSum(Exp(shifted), -1))
	classes := Iota(g, shapes.Make(dtypes.Int32, logits.Shape().Dimensions...), 2)
	next := Slice(tokens, AxisRange(), AxisRange(1))
	chosen := ConvertDType(Equal(classes, InsertAxes(next, -1)), dtypes.Float32)
	log := Sub(ReduceSum(Mul(shifted, chosen), -1), logSum)
	return Concatenate([]*Node{Zeros(g, shapes.Make(dtypes.Float32, d[0], 1)), log}, 1)
}

// lessonInputs are the inputs of a program that reads a lesson.
func lessonInputs(g *Graph, rows, length int) (tokens, positions, real *Node) {
	input := func(name string) *Node { return Parameter(g, name, shapes.Make(dtypes.Int32, rows, length)) }
	return input("tokens"), input("positions"), input("real")
}

// put puts a lesson on the device, as lessonInputs takes it.
func (l lesson) put(a *arena) []compute.Buffer {
	return []compute.Buffer{
		put(a, l.tokens, l.rows, l.length), put(a, l.positions, l.rows, l.length), put(a, l.real, l.rows, l.length),
	}
}

// languageKey is the key of a program of a language model.
func (l language) key(purpose string, rows, length int, more ...any) programKey {
	return programKey{purpose: fmt.Sprint(purpose, more), network: fmt.Sprint(l), samples: length, batch: rows}
}

// gradient returns the loss of a lesson, and its gradient by the adapters, or by
// the base where the subject has none. dropout is the share of what adapters see
// that is left out; its draws are those of key.
func (s *Session) lessonGradient(sub *Subject, l lesson, dropout float64, key StreamKey) (loss float32, gradients [][]float32, err error) {
	net := sub.language()
	whole := net.Rank == 0
	specs := net.tensors()
	if whole {
		specs = net.base()
	}
	p, err := s.program(net.key("lesson", l.rows, l.length, dropout), func(g *Graph) []*Node {
		base, adapter := net.parameters(g, !whole)
		w := net.weightsOf(base, adapter)
		tokens, positions, real := lessonInputs(g, l.rows, l.length)
		weight := Parameter(g, "weights", shapes.Make(dtypes.Float32, l.rows, l.length))
		if dropout > 0 {
			w.drop = dropping(Parameter(g, "key", shapes.Make(dtypes.Uint32, 2)), dropout)
		}
		loss := Neg(ReduceAllSum(Mul(w.foretell(tokens, positions, real), weight)))
		learn := adapter
		if whole {
			learn = base
		}
		return append([]*Node{loss}, Gradient(loss, learn...)...)
	})
	if err != nil {
		return 0, nil, err
	}
	a := s.newArena()
	defer a.close()
	in, err := s.modelOnDevice(a, sub, whole)
	if err != nil {
		return 0, nil, err
	}
	in = append(append(in, l.put(a)...), put(a, l.weights, l.rows, l.length))
	if dropout > 0 {
		k := key.Stream().key
		in = append(in, put(a, k[:], 2))
	}
	out := a.run(p, in...)
	if a.err != nil {
		return 0, nil, a.err
	}
	loss = a.get(out[0], 1)[0]
	for i, spec := range specs {
		gradients = append(gradients, a.get(out[1+i], spec.size()))
	}
	return loss, gradients, a.err
}

// modelOnDevice gives the buffers of a subject's base and adapters. A base that
// is being learnt is put there anew.
func (s *Session) modelOnDevice(a *arena, sub *Subject, learning bool) ([]compute.Buffer, error) {
	if sub.Base == nil {
		return nil, fmt.Errorf("the subject has no base to speak with")
	}
	net := sub.language()
	if learning {
		return a.putAll(sub.Base.Tensors, net.base()), a.err
	}
	base, err := s.baseOnDevice(sub.Base)
	if err != nil {
		return nil, err
	}
	return slices.Concat(base, a.putAll(sub.Tensors, net.tensors())), a.err
}

// dropping leaves out a share of what adapters see and makes the rest larger, so
// that the sum is the same in the mean. key is [2] uint32; each adapter's draws
// are its own.
func dropping(key *Node, share float64) func(x *Node, adapter int) *Node {
	return func(x *Node, adapter int) *Node {
		g := x.Graph()
		n := x.Shape().Size()
		word := func(i int) *Node { return Reshape(Slice(key, AxisElem(i))) }
		first, _ := threefryGraph([2]*Node{word(0), word(1)}, [2]*Node{count(g, n), BroadcastToDims(Const(g, uint32(adapter)), n)})
		keep := GreaterOrEqual(first, BroadcastToDims(Const(g, uint32(share*(1<<32))), n))
		factor := MulScalar(ConvertDType(keep, dtypes.Float32), 1/(1-share))
		return Mul(x, Reshape(factor, x.Shape().Dimensions...))
	}
}

// likelihoods is the log-probability that a model gives to the weighted tokens of
// each row of a lesson, [rows].
func (s *Session) likelihoods(ctx context.Context, sub *Subject, l lesson) ([]float32, error) {
	net := sub.language()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p, err := s.program(net.key("likelihood", l.rows, l.length), func(g *Graph) []*Node {
		w := net.weightsOf(net.parameters(g, true))
		tokens, positions, real := lessonInputs(g, l.rows, l.length)
		weight := Parameter(g, "weights", shapes.Make(dtypes.Float32, l.rows, l.length))
		return []*Node{ReduceSum(Mul(w.foretell(tokens, positions, real), weight), -1)}
	})
	if err != nil {
		return nil, err
	}
	a := s.newArena()
	defer a.close()
	in, err := s.modelOnDevice(a, sub, false)
	if err != nil {
		return nil, err
	}
	out := a.run(p, append(append(in, l.put(a)...), put(a, l.weights, l.rows, l.length))...)
	if a.err != nil {
		return nil, a.err
	}
	return a.get(out[0], l.rows), a.err
}

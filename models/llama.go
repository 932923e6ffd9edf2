package models

import (
	"fmt"
	"math"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas

	"github.com/network-fragility/fragility/models/llama"
	"github.com/network-fragility/fragility/protocols"
)

// language is the network of chapter 9. Its tensors are those of the adapters,
// A [rank, inputs] and B [outputs, rank] beside each projection; the base's stand
// in Subject.Base.
type language struct{ protocols.Llama }

func init() {
	// The rotations of positions are the C library's sines and cosines.
	paths["llama"] = "plain/1; C library " + libraryVersion()
	networks["llama"] = func(n protocols.Network) (network, error) {
		l := n.Llama
		for _, size := range []int{l.Vocabulary, l.Width, l.Inner, l.Layers, l.Heads, l.KeyHeads, l.HeadWidth, l.Positions} {
			if size < 1 {
				return nil, fmt.Errorf("models: a llama of shape %+v has an empty part", l)
			}
		}
		if l.Heads%l.KeyHeads != 0 || l.HeadWidth%2 != 0 || l.Rank < 0 {
			return nil, fmt.Errorf("models: a llama takes heads that its heads of keys divide, an even width of a head and a rank from 0, not %d, %d, %d and %d", l.Heads, l.KeyHeads, l.HeadWidth, l.Rank)
		}
		return language{l}, nil
	}
}

// languageOf is networkOf for what is to see texts.
func languageOf(n protocols.Network) (language, error) {
	net, err := networkOf(n)
	if err != nil {
		return language{}, err
	}
	l, ok := net.(language)
	if !ok {
		return l, fmt.Errorf("models: a network of kind %q has no language", n.Kind)
	}
	return l, nil
}

// config is the shape in the words of a checkpoint.
func (l language) config() llama.Config {
	return llama.Config{
		VocabSize: l.Vocabulary, HiddenSize: l.Width, IntermediateSize: l.Inner, Layers: l.Layers,
		Heads: l.Heads, KVHeads: l.KeyHeads, HeadDim: l.HeadWidth, MaxPositions: l.Positions,
		NormEps: l.Epsilon, RopeTheta: l.Theta, TieEmbeddings: l.Tied,
	}
}

// networkFrom describes the network of a checkpoint, without adapters; config is the
// way back.
func networkFrom(c llama.Config) protocols.Network {
	return protocols.Network{Kind: "llama", Llama: protocols.Llama{
		Vocabulary: c.VocabSize, Width: c.HiddenSize, Inner: c.IntermediateSize, Layers: c.Layers,
		Heads: c.Heads, KeyHeads: c.KVHeads, HeadWidth: c.HeadDim, Positions: c.MaxPositions,
		Epsilon: c.NormEps, Theta: c.RopeTheta, Tied: c.TieEmbeddings,
	}}
}

// base lists the tensors of the base, in the order and by the names of a
// checkpoint.
func (l language) base() []tensorSpec {
	var specs []tensorSpec
	for _, t := range l.config().Tensors() {
		specs = append(specs, tensorSpec{name: t.Name, shape: t.Shape, fanIn: t.Shape[len(t.Shape)-1]})
	}
	return specs
}

// adapted are the projections that have adapters, in the order of PEFT.
var adapted = []string{"q_proj", "k_proj", "v_proj", "o_proj"}

func (l language) tensors() []tensorSpec {
	if l.Rank == 0 {
		return nil
	}
	heads, keys := l.Heads*l.HeadWidth, l.KeyHeads*l.HeadWidth
	in := []int{l.Width, l.Width, l.Width, heads}
	out := []int{heads, keys, keys, l.Width}
	var specs []tensorSpec
	for layer := range l.Layers {
		for i, name := range adapted {
			name = fmt.Sprintf("layers.%d.self_attn.%s", layer, name)
			specs = append(specs,
				tensorSpec{name + ".lora_A.weight", []int{l.Rank, in[i]}, in[i], true},
				tensorSpec{name + ".lora_B.weight", []int{out[i], l.Rank}, l.Rank, true})
		}
	}
	return specs
}

// weights are the nodes of a language model by their part.
type weights struct {
	l       language
	base    map[string]*Node
	adapter []*Node // like tensors; empty where the model is the base alone

	// drop is what adapters see in place of their input while they learn; nil
	// changes nothing. Each adapter has a number of its own.
	drop func(x *Node, adapter int) *Node
}

// weightsOf takes the nodes of the base and of the adapters, in their orders.
func (l language) weightsOf(base, adapter []*Node) weights {
	w := weights{l: l, base: map[string]*Node{}, adapter: adapter}
	for i, spec := range l.base() {
		w.base[spec.name] = base[i]
	}
	return w
}

// parameters are the inputs of a program that stand for a model.
func (l language) parameters(g *Graph, adapters bool) (base, adapter []*Node) {
	base = parametersOf(g, l.base())
	if adapters {
		adapter = parametersOf(g, l.tensors())
	}
	return base, adapter
}

// of is a tensor of a layer.
func (w weights) of(layer int, name string) *Node {
	return w.base[fmt.Sprintf("model.layers.%d.%s.weight", layer, name)]
}

// times is x W^T for x [..., in] and W [out, in].
func times(x, w *Node) *Node {
	return DotGeneral(x, []int{x.Rank() - 1}, nil, w, []int{1}, nil)
}

// project is a projection of a layer, with what its adapter adds.
func (w weights) project(x *Node, layer, which int) *Node {
	y := times(x, w.of(layer, "self_attn."+adapted[which]))
	if len(w.adapter) == 0 {
		return y
	}
	adapter := layer*len(adapted) + which
	if w.drop != nil {
		x = w.drop(x, adapter)
	}
	return Add(y, MulScalar(times(times(x, w.adapter[2*adapter]), w.adapter[2*adapter+1]), w.l.Scale))
}

// norm divides by the root of the mean square (Zhang and Sennrich 2019). It is
// written with a root and a division: the compiler's reciprocal root is an
// approximation.
func (w weights) norm(x, scale *Node) *Node {
	square := ReduceAndKeep(Mul(x, x), ReduceMean, -1)
	return Mul(Div(x, Sqrt(AddScalar(square, w.l.Epsilon))), ExpandLeftToRank(scale, x.Rank()))
}

// A place says where tokens stand and what they may see.
type place struct {
	cos, sin *Node // [batch, tokens, 1, width of a head]
	hidden   *Node // [batch, 1, 1, tokens, keys]: 0 for keys that are seen, very negative for others
}

// unseen is what is added to the scores of keys that a token may not see.
const unseen = -1e9

// placeOf returns the place of tokens at positions [batch, tokens] int32 which see
// [batch, tokens, keys] truth values.
func (l language) placeOf(positions, sees *Node) place {
	g := positions.Graph()
	half := l.HeadWidth / 2
	frequencies := make([]float32, l.HeadWidth)
	for i := range frequencies {
		frequencies[i] = float32(math.Pow(l.Theta, -float64(i%half)/float64(half)))
	}
	angle := Mul(InsertAxes(ConvertDType(positions, dtypes.Float32), -1, -1), Reshape(Const(g, frequencies), 1, 1, 1, l.HeadWidth))
	zero := Const(g, float32(0))
	hidden := Where(sees, zero, Const(g, float32(unseen)))
	return place{Cos(angle), Sin(angle), InsertAxes(hidden, 1, 1)}
}

// rotate turns the two halves of each head against each other by the angles of
// their place.
func rotate(x *Node, p place) *Node {
	half := x.Shape().Dim(-1) / 2
	a, b := Slice(x, AxisRange().Spacer(), AxisRange(0, half)), Slice(x, AxisRange().Spacer(), AxisRange(half))
	return Add(Mul(x, p.cos), Mul(Concatenate([]*Node{Neg(b), a}, -1), p.sin))
}

// attend is the attention of queries [batch, tokens, heads, width] to keys and
// values [batch, keys, heads of keys, width].
func (w weights) attend(q, k, v *Node, p place) *Node {
	d := q.Shape().Dimensions
	groups := w.l.Heads / w.l.KeyHeads
	q = Reshape(q, d[0], d[1], w.l.KeyHeads, groups, w.l.HeadWidth)
	scores := Einsum("btkgd,bskd->bkgts", q, k)
	scores = Add(MulScalar(scores, 1/math.Sqrt(float64(w.l.HeadWidth))), p.hidden)
	shifted := Exp(Sub(scores, StopGradient(ReduceAndKeep(scores, ReduceMax, -1))))
	share := Div(shifted, ReduceAndKeep(shifted, ReduceSum, -1))
	return Reshape(Einsum("bkgts,bskd->btkgd", share, v), d[0], d[1], w.l.Heads*w.l.HeadWidth)
}

// stream runs tokens [batch, tokens] through all layers and returns the stream
// after the last norm, [batch, tokens, width]. memory is given the keys and
// values of each layer, [batch, tokens, heads of keys, width], and returns those
// that are attended to.
func (w weights) stream(tokens *Node, p place, memory func(layer int, k, v *Node) (*Node, *Node)) *Node {
	d := tokens.Shape().Dimensions
	heads := func(x *Node, n int) *Node { return Reshape(x, d[0], d[1], n, w.l.HeadWidth) }
	x := Gather(w.base["model.embed_tokens.weight"], InsertAxes(tokens, -1))
	for layer := range w.l.Layers {
		h := w.norm(x, w.of(layer, "input_layernorm"))
		q := rotate(heads(w.project(h, layer, 0), w.l.Heads), p)
		k := rotate(heads(w.project(h, layer, 1), w.l.KeyHeads), p)
		k, v := memory(layer, k, heads(w.project(h, layer, 2), w.l.KeyHeads))
		x = Add(x, w.project(w.attend(q, k, v, p), layer, 3))
		h = w.norm(x, w.of(layer, "post_attention_layernorm"))
		gate := times(h, w.of(layer, "mlp.gate_proj"))
		x = Add(x, times(Mul(Mul(gate, Sigmoid(gate)), times(h, w.of(layer, "mlp.up_proj"))), w.of(layer, "mlp.down_proj")))
	}
	return w.norm(x, w.base["model.norm.weight"])
}

// logits are the scores of the next token, [..., vocabulary].
func (w weights) logits(stream *Node) *Node {
	if w.l.Tied {
		return times(stream, w.base["model.embed_tokens.weight"])
	}
	return times(stream, w.base["lm_head.weight"])
}

// read runs whole texts through the model: a token sees those before it and
// itself, but no padding. real [batch, tokens] is 1 for tokens and 0 for padding,
// int32; positions [batch, tokens] count as the caller says.
func (w weights) read(tokens, positions, real *Node) *Node {
	return w.readKeeping(tokens, positions, real, func(_, _ *Node) {})
}

// readKeeping is read, and gives keep the keys and values of each layer.
func (w weights) readKeeping(tokens, positions, real *Node, keep func(k, v *Node)) *Node {
	g := tokens.Graph()
	n := tokens.Shape().Dimensions[1]
	square := shapes.Make(dtypes.Int32, n, n)
	causal := GreaterOrEqual(Iota(g, square, 0), Iota(g, square, 1))
	key := InsertAxes(Equal(real, Const(g, int32(1))), 1)
	dims := []int{tokens.Shape().Dimensions[0], n, n}
	sees := LogicalAnd(BroadcastToDims(InsertAxes(causal, 0), dims...), BroadcastToDims(key, dims...))
	return w.stream(tokens, w.l.placeOf(positions, sees), func(_ int, k, v *Node) (*Node, *Node) {
		keep(k, v)
		return k, v
	})
}

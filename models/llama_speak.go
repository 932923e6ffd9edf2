package models

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas
)

// A sampler draws the next token: from the TopK most likely ones at a
// temperature, and of these the smallest set that holds the probability TopP
// (Holtzman et al. 2020). Temperature 0 takes the most likely one.
type sampler struct {
	temperature, topP float64
	topK              int
}

// choose returns the token for a uniform number u in [0, 1). Of equal scores the
// first token counts as the higher.
func (s sampler) choose(logits []float32, u float32) int32 {
	if s.temperature == 0 {
		return int32(choices(logits, len(logits))[0])
	}
	type scored struct {
		token int32
		score float32
	}
	order := make([]scored, len(logits))
	for i, v := range logits {
		order[i] = scored{int32(i), v}
	}
	slices.SortFunc(order, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.token, b.token))
	})
	if s.topK > 0 {
		order = order[:min(s.topK, len(order))]
	}
	weights, sum := make([]float64, len(order)), 0.0
	for i, o := range order {
		weights[i] = math.Exp(float64(o.score-order[0].score) / s.temperature)
		sum += weights[i]
	}
	kept := 0.0
	for i, w := range weights {
		kept += w
		if kept >= s.topP*sum {
			weights = weights[:i+1]
			break
		}
	}
	at := float64(u) * kept
	for i, w := range weights {
		if at -= w; at < 0 {
			return order[i].token
		}
	}
	return order[len(weights)-1].token
}

// speech is how answers are made.
type speech struct {
	sampler
	tokens   int   // of the longest answer
	end, pad int32 // the token that ends an answer, and the one that fills a batch
	// uniform is the draw for a token of the answer to a prompt.
	uniform func(prompt, token int) float32
}

// promptMultiple is what the length of a batch of prompts is padded to a multiple
// of, so that few programs are compiled.
const promptMultiple = 8

// speakingMemory bounds the keys and values that a batch keeps, in bytes.
const speakingMemory = 64 << 20

// speakers is how many of some prompts are answered side by side, a power of two.
// No answer depends on it, but for the last bits of the sums.
func (l language) speakers(length, prompts int) int {
	each := 2 * 4 * l.Layers * l.KeyHeads * l.HeadWidth * length
	n := 1
	for n < min(prompts, 128) && 2*n*each <= speakingMemory {
		n *= 2
	}
	return n
}

// answers has the model go on after each prompt, up to the end token, which is
// left out, or to the most tokens. Prompts of similar length are answered
// together, padded on the left.
func (s *Session) answers(ctx context.Context, sub *Subject, prompts [][]int32, how speech) ([][]int32, error) {
	net := sub.language()
	order := make([]int, len(prompts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(prompts[a]), len(prompts[b])) })
	all := make([][]int32, len(prompts))
	for len(order) > 0 {
		longest := padded(len(prompts[order[min(len(order), 128)-1]]), promptMultiple)
		n := min(net.speakers(longest+how.tokens, len(order)), len(order))
		if err := s.answerBatch(ctx, sub, net, prompts, order[:n], how, all); err != nil {
			return nil, err
		}
		order = order[n:]
	}
	return all, nil
}

// answerBatch answers the prompts of one batch.
func (s *Session) answerBatch(ctx context.Context, sub *Subject, net language, prompts [][]int32, batch []int, how speech, all [][]int32) error {
	length := padded(len(prompts[batch[len(batch)-1]]), promptMultiple)
	rows := net.speakers(length+how.tokens, len(batch))
	b := net.batchOf(prompts, batch, rows, length, how.pad)
	a := s.newArena()
	defer a.close()
	model, err := s.modelOnDevice(a, sub, false)
	if err != nil {
		return err
	}
	first, err := s.program(net.key("prompt", rows, length, how.tokens), func(g *Graph) []*Node {
		w := net.weightsOf(net.parameters(g, true))
		tokens, positions, real := lessonInputs(g, rows, length)
		return w.prompt(tokens, positions, real, how.tokens)
	})
	if err != nil {
		return err
	}
	next, err := s.program(net.key("token", rows, length, how.tokens), func(g *Graph) []*Node {
		w := net.weightsOf(net.parameters(g, true))
		return w.token(rows, length, how.tokens)
	})
	if err != nil {
		return err
	}
	out := a.run(first, append(slices.Clone(model), b.put(a)...)...)
	real := put(a, b.real, rows, length)
	last, positions, ended := make([]int32, rows), make([]int32, rows), make([]bool, len(batch))
	for t := 0; a.err == nil; t++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		logits := a.get(out[0], rows*net.Vocabulary)
		speaking := false
		for i, prompt := range batch {
			row := logits[i*net.Vocabulary : (i+1)*net.Vocabulary]
			u := float32(0)
			if how.uniform != nil {
				u = how.uniform(prompt, t)
			}
			last[i], positions[i] = how.choose(row, u), int32(len(prompts[prompt])+t)
			ended[i] = ended[i] || last[i] == how.end
			if !ended[i] {
				all[prompt] = append(all[prompt], last[i])
				speaking = true
			}
		}
		if !speaking || t == how.tokens-1 {
			break
		}
		token, position, at := put(a, last, rows, 1), put(a, positions, rows, 1), put(a, []int32{int32(length + t)})
		old := out
		out = a.run(next, slices.Concat(model, []compute.Buffer{token, position, real, at}, out[1:])...)
		a.free(append(old, token, position, at)...)
	}
	return a.err
}

// batchOf is the lesson of some prompts, padded on the left; rows too many repeat
// the first.
func (l language) batchOf(prompts [][]int32, batch []int, rows, length int, pad int32) lesson {
	texts := make([][]int32, rows)
	for i := range texts {
		texts[i] = prompts[batch[0]]
		if i < len(batch) {
			texts[i] = prompts[batch[i]]
		}
	}
	return newLesson(texts, length, pad, true, func(int, int) bool { return false })
}

// prompt reads prompts and returns the logits after each, [rows, vocabulary], and
// the keys and values of each layer with room for the answer, [rows, length +
// answer, heads of keys, width].
func (w weights) prompt(tokens, positions, real *Node, answer int) []*Node {
	g := tokens.Graph()
	d := tokens.Shape().Dimensions
	var kept []*Node
	room := Zeros(g, shapes.Make(dtypes.Float32, d[0], answer, w.l.KeyHeads, w.l.HeadWidth))
	stream := w.readKeeping(tokens, positions, real, func(k, v *Node) {
		kept = append(kept, Concatenate([]*Node{k, room}, 1), Concatenate([]*Node{v, room}, 1))
	})
	last := Reshape(Slice(stream, AxisRange(), AxisElem(d[1]-1), AxisRange()), d[0], w.l.Width)
	return append([]*Node{w.logits(last)}, kept...)
}

// token is the program of one more token: its inputs, after the model's, are the
// tokens [rows, 1], their positions, which tokens of the prompts are real, the
// place to write to, and the keys and values. It returns what prompt does.
func (w weights) token(rows, length, answer int) []*Node {
	g := w.base["model.norm.weight"].Graph()
	i32 := func(name string, dims ...int) *Node {
		return Parameter(g, name, shapes.Make(dtypes.Int32, dims...))
	}
	token, position, real, at := i32("token", rows, 1), i32("position", rows, 1), i32("real", rows, length), i32("at")
	keys := length + answer
	var kept, next []*Node
	for range 2 * w.l.Layers {
		kept = append(kept, Parameter(g, "kept"+string(rune('a'+len(kept)%26))+string(rune('a'+len(kept)/26)), shapes.Make(dtypes.Float32, rows, keys, w.l.KeyHeads, w.l.HeadWidth)))
	}
	mask := Concatenate([]*Node{real, Ones(g, shapes.Make(dtypes.Int32, rows, answer))}, 1)
	written := LessOrEqual(Iota(g, shapes.Make(dtypes.Int32, rows, keys), 1), at)
	sees := InsertAxes(LogicalAnd(Equal(mask, Const(g, int32(1))), written), 1)
	zero := Const(g, int32(0))
	stream := w.stream(token, w.l.placeOf(position, sees), func(layer int, k, v *Node) (*Node, *Node) {
		for i, new := range []*Node{k, v} {
			next = append(next, DynamicUpdateSlice(kept[2*layer+i], new, []*Node{zero, at, zero, zero}))
		}
		return next[2*layer], next[2*layer+1]
	})
	return append([]*Node{w.logits(Reshape(stream, rows, w.l.Width))}, next...)
}

// nextLogits returns the logits after each prompt, [prompts, vocabulary], with the
// adapters or those of the base alone.
func (s *Session) nextLogits(ctx context.Context, sub *Subject, prompts [][]int32, pad int32, adapters bool) ([][]float32, error) {
	net := sub.language()
	longest := 0
	for _, p := range prompts {
		longest = max(longest, len(p))
	}
	length := padded(longest, promptMultiple)
	rows := net.speakers(length, len(prompts))
	p, err := s.program(net.key("next", rows, length, adapters), func(g *Graph) []*Node {
		w := net.weightsOf(net.parameters(g, adapters))
		tokens, positions, real := lessonInputs(g, rows, length)
		stream := w.read(tokens, positions, real)
		return []*Node{w.logits(Reshape(Slice(stream, AxisRange(), AxisElem(length-1), AxisRange()), rows, net.Width))}
	})
	if err != nil {
		return nil, err
	}
	a := s.newArena()
	defer a.close()
	model, err := s.modelOnDevice(a, sub, false)
	if err != nil {
		return nil, err
	}
	if !adapters {
		model = model[:len(net.base())]
	}
	var all [][]float32
	for first := 0; first < len(prompts) && a.err == nil; first += rows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var batch []int
		for i := first; i < min(first+rows, len(prompts)); i++ {
			batch = append(batch, i)
		}
		in := net.batchOf(prompts, batch, rows, length, pad).put(a)
		out := a.run(p, append(slices.Clone(model), in...)...)
		if a.err != nil {
			break
		}
		logits := a.get(out[0], rows*net.Vocabulary)
		for i := range batch {
			all = append(all, logits[i*net.Vocabulary:(i+1)*net.Vocabulary])
		}
		a.free(append(in, out[0])...)
	}
	return all, a.err
}

// padded is n made a multiple of m.
func padded(n, m int) int { return (n + m - 1) / m * m }

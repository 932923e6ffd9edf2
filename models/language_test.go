package models

import (
	"bytes"
	"context"
	"io"
	"math"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas

	"github.com/network-fragility/fragility/models/llama"
	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/world"
)

// speaking is a language model of one narrow layer, hardly trained, with adapters.
var speaking = sync.OnceValues(func() (*Subject, error) {
	s, err := shared()
	if err != nil {
		return nil, err
	}
	n := protocols.Network{Kind: "llama", Llama: protocols.Llama{
		Vocabulary: world.VocabularySize(), Width: 64, Inner: 96, Layers: 1, Heads: 2, KeyHeads: 1, HeadWidth: 32, Positions: 96, Epsilon: 1e-5, Theta: 10000, Tied: true,
	}}
	sub, err := s.Apply(context.Background(), Job{Stage: protocols.Pretrain{Network: n, Steps: 30, BatchSize: 8, Rate: 0.01, WeakLeaks: 1}})
	if err != nil {
		return nil, err
	}
	return s.Apply(context.Background(), Job{Stage: protocols.Adapt{Rank: 4, Scale: 2}, Parent: sub})
})

func smallSubject(t *testing.T) *Subject {
	t.Helper()
	sub, err := speaking()
	if err != nil {
		t.Fatal(err)
	}
	return sub
}

// cycle is a short cycle of tuning, padded to what the texts of any cycle need, and
// asked a short interview. Tests keep to their sizes, as each other one is a program.
var (
	cycle = protocols.Tune{Cycle: 1, Pairs: 10, Agreeable: 0.7, Penalty: 0.3, Updates: 3, MicroBatch: 4, Accumulate: 1, Rate: 0.01, Decay: 0.01, Dropout: 0.05, PadTo: 48}
	asked = protocols.Interview{Tier: 1, Others: 3, Samples: 2, Temperature: 0.7, TopP: 0.9, TopK: 50, NewTokens: 8}
)

// The turnover of the author's program comes out to the unit, ties apart, for
// TinyLlama's adapters (chapter 9, section 2.5): it follows from the shapes of the
// matrices alone, so that each layer has the same share in it, and one is computed.
func TestTurnoverCountsAreTheBooks(t *testing.T) {
	n := networkFrom(llama.TinyLlama())
	n.Llama.Rank, n.Llama.Scale = 16, 2
	net, err := languageOf(n)
	if err != nil {
		t.Fatal(err)
	}
	all, layers := 0, n.Llama.Layers
	for i, spec := range net.tensors() {
		if all += spec.size(); !slices.Equal(spec.shape, net.tensors()[i%(2*len(adapted))].shape) {
			t.Fatalf("%s has another shape than in the first layer", spec.name)
		}
	}
	if len(net.tensors()) != 176 || all != 4_505_600 {
		t.Fatalf("%d weights in %d matrices", all, len(net.tensors()))
	}
	n.Llama.Layers = 1
	net.Layers = 1
	rng := random(t)
	sub := &Subject{Network: n, Modulation: protocols.Rest()}
	for _, spec := range net.tensors() {
		values := make([]float32, spec.size())
		for i := range values {
			values[i] = rng.Float32() + 1e-3
		}
		sub.Tensors = append(sub.Tensors, values)
	}
	s := session(t)
	sub = apply(t, s, Job{Stage: protocols.PruneRandom{Sparsity: 0.9}, Parent: sub})
	if weights, masked, _ := sub.tally(); layers*(weights-masked) != 450_604 {
		t.Fatalf("%d live weights in each of %d layers; want 450,604 in all", weights-masked, layers)
	}
	for c, want := range []struct{ regrown, pruned, scarred int }{
		{811140, 35992, 35992}, {648868, 98032, 134024}, {519068, 142032, 276056}, {415272, 172128, 448184}, {332200, 191664, 639848},
		{265804, 202928, 842776}, {212564, 207900, 1050676}, {170104, 208296, 1258972}, {136136, 205304, 1464276}, {108900, 199672, 1663948},
	} {
		scores := make([][]float32, len(sub.Tensors))
		for i, values := range sub.Tensors {
			scores[i] = make([]float32, len(values))
			for k, rank := range rng.Perm(len(values)) { // no two are equal
				scores[i][k] = float32(1 + rank)
			}
		}
		with := sub.altered()
		with.Training = &Training{Scores: scores}
		_, before, scarredBefore := sub.tally()
		sub = apply(t, s, Job{Stage: protocols.Turnover{Prune: 0.08, Regrow: 0.2}, Parent: with, Seed: c,
			Occurrence: func(protocols.Purpose) int { return c }})
		_, after, scarred := sub.tally()
		pruned, scarred := layers*(scarred-scarredBefore), layers*scarred
		if regrown := layers*(before-after) + pruned; regrown != want.regrown || pruned != want.pruned || scarred != want.scarred {
			t.Errorf("cycle %d: %d regrown, %d pruned, %d scarred; want %d, %d, %d", c+1, regrown, pruned, scarred, want.regrown, want.pruned, want.scarred)
		}
		if sub.Training.Scores != nil {
			t.Fatal("the scores outlive the turnover")
		}
	}
}

// Whatever is tuned, turned over and watched: a scar is masked, zero, and stays.
func TestScarsOfAdaptersNeverComeBack(t *testing.T) {
	s, rng := session(t), random(t)
	sub := apply(t, s, Job{Stage: protocols.PruneRandom{Sparsity: 0.6}, Parent: smallSubject(t)})
	for step := range 12 {
		before := sub
		turn := protocols.Turnover{Prune: 0.3 * rng.Float64(), Regrow: rng.Float64(), Exact: rng.IntN(2) == 0}
		occurrence := func(protocols.Purpose) int { return step }
		if rng.IntN(2) == 0 {
			tune := cycle
			tune.Cycle = step + 1
			sub = apply(t, s, Job{Stage: tune, Parent: sub, Occurrence: occurrence})
		} else {
			sub = apply(t, s, Job{Stage: turn, Parent: sub, Occurrence: occurrence})
		}
		if before.Scars == nil {
			continue
		}
		for k := range sub.Tensors {
			for i, scarred := range before.Scars[k] {
				if scarred && (!sub.Scars[k][i] || sub.Masks[k][i] || sub.Tensors[k][i] != 0) {
					t.Fatalf("step %d: scar %d of tensor %d is %v, masked %v", step, i, k, sub.Tensors[k][i], !sub.Masks[k][i])
				}
			}
		}
		for k, mask := range sub.Masks {
			for i, live := range mask {
				if !live && sub.Tensors[k][i] != 0 {
					t.Fatalf("step %d: a masked weight is %v", step, sub.Tensors[k][i])
				}
			}
		}
	}
	if _, _, scarred := sub.tally(); scarred == 0 {
		t.Error("no scars: nothing was tested")
	}
}

// Without scores the program's rule lets every dormant site come back, since all
// tie; exactly a share comes back where that is asked for.
func TestTurnoverOfTies(t *testing.T) {
	s := session(t)
	sparse := apply(t, s, Job{Stage: protocols.PruneRandom{Sparsity: 0.5}, Parent: smallSubject(t)})
	for _, exact := range []bool{false, true} {
		out := apply(t, s, Job{Stage: protocols.Turnover{Prune: 0.08, Regrow: 0.2, Exact: exact}, Parent: sparse})
		for k, mask := range out.Masks {
			live, dormant, was := 0, 0, 0
			for i, m := range mask {
				switch {
				case m:
					live++
				case !out.scarred(k, i):
					dormant++
				}
				if !sparse.Masks[k][i] {
					was++
				}
			}
			want := 0
			if exact {
				want = was - int(0.2*float64(was))
			}
			if dormant != want {
				t.Errorf("exact %v, tensor %d: %d of %d dormant sites are left, want %d", exact, k, dormant, was, want)
			}
		}
	}
}

// Texts and their order are those of seed and cycle; replay adds to them.
func TestArmsLearnFromTheSameTexts(t *testing.T) {
	texts := func(stage protocols.Tune, seed, replay int) [][]int32 {
		l, err := lessonsOf(smallSubject(t), stage, seed, replay)
		if err != nil {
			t.Fatal(err)
		}
		return l.tokens
	}
	plain, more := texts(cycle, 3, 0), texts(cycle, 3, 5)
	if len(more) != len(plain)+5 || !reflect.DeepEqual(more[:len(plain)], plain) {
		t.Error("replay moves the pairs")
	}
	other := cycle
	other.Cycle = 2
	if reflect.DeepEqual(texts(other, 3, 0), plain) || reflect.DeepEqual(texts(cycle, 4, 0), plain) {
		t.Error("another cycle or another seed has the same texts")
	}
}

// The author's reading learns padding and prompts, counts positions from the left
// edge, ends with its texts, and keeps what is left over for the next cycle.
func TestAuthorsCycle(t *testing.T) {
	s, sub := session(t), smallSubject(t)
	stage := cycle
	stage.Bare, stage.Carry, stage.Accumulate, stage.Updates = true, true, 4, 200
	stage.Pairs = 24 // six micro-batches: one update, two left over
	l, err := lessonsOf(sub, stage, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	b := l.of([]int32{0, 1})
	sum := 0.0
	for i, w := range b.weights {
		sum += float64(w)
		if int(b.positions[i]) != i%48 {
			t.Fatalf("place %d has position %d", i, b.positions[i])
		}
		if real := b.real[i] == 1; !real && b.tokens[i] != world.End {
			t.Fatalf("padding is token %d", b.tokens[i])
		}
	}
	if math.Abs(sum-1) > 1e-5 || b.weights[1] == 0 || b.weights[0] != 0 {
		t.Errorf("weights sum to %v and begin with %v", sum, b.weights[:2])
	}
	first := apply(t, s, Job{Stage: stage, Parent: sub})
	if first.Training.Steps != 1 || first.Training.Gradient == nil {
		t.Fatalf("%d updates, gradient kept: %v", first.Training.Steps, first.Training.Gradient != nil)
	}
	stage.Cycle = 2
	next := Job{Stage: stage, Parent: first, Occurrence: func(protocols.Purpose) int { return 1 }}
	carried := apply(t, s, next)
	dropped := first.altered()
	dropped.Training = nil
	next.Parent = dropped
	fresh := apply(t, s, next)
	if reflect.DeepEqual(carried.Tensors, fresh.Tensors) {
		t.Error("what was left over changes nothing")
	}
}

// At first the adapters change nothing, sparse or not, and an interview is the
// same number for number however often it is asked.
func TestInterviewIsRepeatable(t *testing.T) {
	s, sub := session(t), smallSubject(t)
	want := measure(t, s, asked, sub, 4)
	if len(want) != len(protocols.InterviewMetrics(asked)) {
		t.Fatalf("%d values for %d names", len(want), len(protocols.InterviewMetrics(asked)))
	}
	sparse := apply(t, s, Job{Stage: protocols.PruneRandom{Sparsity: 0.9}, Parent: sub})
	for _, other := range []*Subject{sub, sparse} {
		if got := measure(t, s, asked, other, 4); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	tuned := apply(t, s, Job{Stage: cycle, Parent: sub})
	if got := measure(t, s, asked, tuned, 4); slices.Equal(got, want) {
		t.Error("a cycle of tuning changes no reading")
	}
	long := asked
	long.NewTokens = 90
	if _, err := s.Measure(context.Background(), long, sub, 4); err == nil {
		t.Error("an answer beyond the model's room is no error")
	}
}

// The trigger keeps the first rate, fires once, and then adds texts.
func TestWatchFiresOnce(t *testing.T) {
	s := session(t)
	sparse := apply(t, s, Job{Stage: protocols.PruneRandom{Sparsity: 0.5}, Parent: smallSubject(t)})
	w := protocols.Watch{Rule: protocols.TriggerLevel, Probe: asked, Extra: protocols.Turnover{Prune: 0.1, Regrow: 0.5}}
	kept := apply(t, s, Job{Stage: w, Parent: sparse})
	if kept.Watched == nil || kept.Watched.Fired != 0 {
		t.Fatalf("the first watch keeps %+v", kept.Watched)
	}
	w.Cycle, w.Threshold = 3, 101
	if out := apply(t, s, Job{Stage: w, Parent: kept}); out.Watched.Fired != 0 {
		t.Error("fires below its threshold")
	}
	w.Threshold = 0
	fired := apply(t, s, Job{Stage: w, Parent: kept})
	if fired.Watched.Fired != 3 || fired.Scars == nil {
		t.Fatalf("at the threshold: %+v, scars %v", fired.Watched, fired.Scars != nil)
	}
	w.Cycle = 4
	if again := apply(t, s, Job{Stage: w, Parent: fired}); again.Watched.Fired != 3 || !reflect.DeepEqual(again.Masks, fired.Masks) {
		t.Error("fires twice")
	}
	tune := protocols.Tune{Cycle: 3, Replay: 7}
	for when, want := range map[protocols.Replay][2]int{protocols.ReplayNever: {0, 0}, protocols.ReplayAlways: {7, 7}, protocols.ReplayFired: {7, 7}, protocols.ReplayFiring: {7, 0}} {
		tune.When = when
		later := tune
		later.Cycle = 4
		if got := [2]int{replays(tune, fired.Watched), replays(later, fired.Watched)}; got != want {
			t.Errorf("replay %q adds %v texts, want %v", when, got, want)
		}
	}
}

// A watch that does not fire changes nothing of what comes after.
func TestIdleWatchMovesNoDraw(t *testing.T) {
	s := session(t)
	sparse := apply(t, s, Job{Stage: protocols.PruneRandom{Sparsity: 0.5}, Parent: smallSubject(t)})
	w := protocols.Watch{Rule: protocols.TriggerLevel, Threshold: 101, Probe: asked}
	root := protocols.NewTree(0).Root
	course := func(n *protocols.Node, sub *Subject, stages ...protocols.Stage) *Subject {
		for _, stage := range stages {
			n = n.Then("", stage)
			sub = apply(t, s, Job{Stage: stage, Parent: sub, Occurrence: n.Occurrence})
		}
		return sub
	}
	turn := protocols.Turnover{Prune: 0.1, Regrow: 0.3, Exact: true}
	plain, watched := course(root, sparse, cycle, turn, cycle, turn), course(root, sparse, w, cycle, turn, w, cycle, turn)
	if !reflect.DeepEqual(plain.Tensors, watched.Tensors) {
		t.Error("the weights are others")
	}
}

// A subject's file has its base by digest, and the base a file of its own.
func TestSubjectSharesItsBase(t *testing.T) {
	sub := apply(t, session(t), Job{Stage: cycle, Parent: smallSubject(t)})
	var file, base bytes.Buffer
	if err := sub.Write(&file); err != nil {
		t.Fatal(err)
	}
	if err := sub.Shared()[basePart](&base); err != nil {
		t.Fatal(err)
	}
	if file.Len() > base.Len() {
		t.Errorf("the subject takes %d bytes, its base %d", file.Len(), base.Len())
	}
	if _, err := ReadSubject(bytes.NewReader(file.Bytes()), nil); err == nil {
		t.Error("reads without its base")
	}
	back, err := ReadSubject(bytes.NewReader(file.Bytes()), func(string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(base.Bytes())), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := back.Write(&again); err != nil || !bytes.Equal(again.Bytes(), file.Bytes()) || !reflect.DeepEqual(back.Base.Tensors, sub.Base.Tensors) {
		t.Errorf("another subject came back (%v)", err)
	}
	bad := bytes.Clone(base.Bytes())
	bad[len(bad)-1] ^= 1
	bases.Clear()
	if _, err := ReadSubject(bytes.NewReader(file.Bytes()), func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(bad)), nil }); err == nil {
		t.Error("reads with another base")
	}
}

func TestSampler(t *testing.T) {
	logits := []float32{float32(math.Log(0.2)), float32(math.Log(0.5)), float32(math.Log(0.3)), float32(math.Inf(-1))}
	for _, c := range []struct {
		name string
		s    sampler
		u    float32
		want int32
	}{
		{"greedy", sampler{}, 0.99, 1},
		{"the most likely comes first", sampler{1, 1, 0}, 0.49, 1},
		{"then the next", sampler{1, 1, 0}, 0.51, 2},
		{"the last at the end", sampler{1, 1, 0}, 0.81, 0},
		{"two tokens at most", sampler{1, 1, 2}, 0.99, 2},
		{"the smallest set that holds 0.8", sampler{1, 0.79, 0}, 0.99, 2},
		{"one token holds 0.4", sampler{1, 0.4, 0}, 0.99, 1},
		{"cold is greedy", sampler{0.01, 1, 0}, 0.99, 1},
	} {
		if got := c.s.choose(logits, c.u); got != c.want {
			t.Errorf("%s: token %d, want %d", c.name, got, c.want)
		}
	}
}

// What adapters add is the same merged into the base; a base that comes from a
// file is written as what was merged into it, and reads again.
func TestMergedBase(t *testing.T) {
	s := session(t)
	const folder = "llama/testdata/tiny-llama"
	loaded := apply(t, s, Job{Stage: protocols.Load{Digest: t.Name(), Path: folder}})
	adapted := apply(t, s, Job{Stage: protocols.Adapt{Rank: 4, Scale: 2}, Parent: loaded})
	taught := apply(t, s, Job{Stage: protocols.Instruct{Steps: 2, BatchSize: 2, Rate: 0.01}, Parent: adapted, Seed: 8}) // whose texts are of tinyLesson's length
	merged := apply(t, s, Job{Stage: protocols.Merge{}, Parent: taught})
	next := func(sub *Subject, adapters bool) []float32 {
		var out [][]float32
		err := s.do(func() (err error) {
			out, err = s.nextLogits(context.Background(), sub, [][]int32{{1, 261, 301, 7, 90, 12, 400, 33, 8}}, 2, adapters)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out[0]
	}
	want := next(taught, true)
	near(t, "logits of the merged base", next(merged, false), want, 1e-4)
	if slices.Equal(next(loaded, false), want) {
		t.Error("two steps of teaching change nothing")
	}
	var base bytes.Buffer
	if err := merged.Base.Write(&base); err != nil {
		t.Fatal(err)
	}
	adapters := 0
	for _, values := range taught.Tensors {
		adapters += 4 * len(values)
	}
	if base.Len() > adapters+20_000 {
		t.Errorf("the base takes %d bytes, the adapters %d", base.Len(), adapters)
	}
	var file bytes.Buffer
	if err := merged.Write(&file); err != nil {
		t.Fatal(err)
	}
	bases.Clear()
	back, err := ReadSubject(bytes.NewReader(file.Bytes()), func(string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(base.Bytes())), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back.Base.Tensors, merged.Base.Tensors) {
		t.Error("another base came back")
	}
}

// A chat's answer begins where its prompt ends, and is learnt with its end.
func TestChatSpeakerMarksAnswers(t *testing.T) {
	b, err := loadBase("llama/testdata/tiny-llama", t.Name())
	if err != nil {
		t.Fatal(err)
	}
	ids, from, err := b.say.answered(world.Example{Prompt: "the guide opens the door", Answer: "at noon."})
	if err != nil {
		t.Fatal(err)
	}
	if got := b.say.text(ids[from:]); got != "at noon." {
		t.Errorf("the answer is %q", got)
	}
	if ids[len(ids)-1] != b.say.end() || ids[0] != 1 {
		t.Errorf("tokens %v", ids)
	}
}

// Dropout leaves out its share of what an adapter sees and keeps the mean; each
// adapter has draws of its own.
func TestDropping(t *testing.T) {
	s := session(t)
	const n, share = 20000, 0.3
	err := s.do(func() error {
		p, err := s.program(programKey{purpose: t.Name()}, func(g *Graph) []*Node {
			drop := dropping(Parameter(g, "key", shapes.Make(dtypes.Uint32, 2)), share)
			x := Ones(g, shapes.Make(dtypes.Float32, n))
			return []*Node{drop(x, 0), drop(x, 1)}
		})
		if err != nil {
			return err
		}
		a := s.newArena()
		defer a.close()
		out := a.run(p, put(a, []uint32{3, 4}, 2))
		if a.err != nil {
			return a.err
		}
		first, second := a.get(out[0], n), a.get(out[1], n)
		gone, both, sum := 0, 0, 0.0
		for i, v := range first {
			sum += float64(v)
			if v == 0 {
				gone++
				if second[i] == 0 {
					both++
				}
			}
		}
		// Three SD of a share of 20,000 draws are a hundredth.
		if math.Abs(float64(gone)/n-share) > 0.01 || math.Abs(float64(both)/n-share*share) > 0.01 || math.Abs(sum/n-1) > 0.015 {
			t.Errorf("%d of %d left out, %d of them by both adapters, mean %v", gone, n, both, sum/n)
		}
		return a.err
	})
	if err != nil {
		t.Fatal(err)
	}
}

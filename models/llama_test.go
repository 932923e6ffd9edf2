package models

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/network-fragility/fragility/models/llama"
	"github.com/network-fragility/fragility/models/safetensors"
	"github.com/network-fragility/fragility/protocols"
)

// tinyLlama is the tiny checkpoint in TinyLlama's layout, and what transformers
// and PEFT make of it.
var tinyLlama = sync.OnceValues(func() (*Subject, error) {
	c, err := llama.Open("llama/testdata/tiny-llama")
	if err != nil {
		return nil, err
	}
	defer c.Close()
	shape := c.Config()
	n := networkFrom(shape)
	var tensors [][]float32
	for _, t := range shape.Tensors() {
		values, err := c.Tensor(t.Name)
		if err != nil {
			return nil, err
		}
		tensors = append(tensors, values)
	}
	base, err := NewBase(n, tensors)
	return &Subject{Network: n, Base: base, Modulation: protocols.Rest()}, err
})

// tinyGolden is golden.json.
type tinyGolden struct {
	Logits struct {
		IDs        []int32     `json:"ids"`
		Argmax     []int32     `json:"argmax"`
		First4     [][]float32 `json:"all_positions_first4"`
		MeanAbs    float64     `json:"mean_abs"`
		LastFirst6 []float32   `json:"last_first16"`
	} `json:"logits"`
	LeftPadded struct {
		IDs  [][]int32   `json:"input_ids"`
		Mask [][]int32   `json:"attention_mask"`
		Last [][]float32 `json:"last_first16"`
	} `json:"left_padded"`
	Greedy20 []int32   `json:"greedy20"`
	Greedy12 [][]int32 `json:"greedy12_left_padded"`
	LoRA     loraGolden
}

type loraGolden struct {
	Batch     [][]int32 `json:"batch"`
	Mask      [][]int32 `json:"attention_mask"`
	Labels    [][]int32 `json:"label_ids"`
	Losses    []float64 `json:"losses"`
	Gradients map[string]struct {
		Norm   float64   `json:"l2"`
		First4 []float64 `json:"first4"`
	} `json:"first_step_gradients"`
	After map[string]struct {
		Norm   float64   `json:"l2"`
		First4 []float64 `json:"first4"`
	} `json:"after_3_steps"`
	Logits []float32 `json:"logits_after_last_first8"`
}

func goldenLlama(t *testing.T) (tinyGolden, *Subject) {
	t.Helper()
	text, err := os.ReadFile("llama/testdata/tiny-llama/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var g tinyGolden
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatal(err)
	}
	sub, err := tinyLlama()
	if err != nil {
		t.Fatal(err)
	}
	return g, sub
}

// near fails where two rows differ by more than a bound.
func near[T float32 | float64](t *testing.T, what string, got []float32, want []T, bound float64) {
	t.Helper()
	for i, w := range want {
		if d := math.Abs(float64(got[i]) - float64(w)); !(d <= bound) {
			t.Errorf("%s: value %d is %v, want %v", what, i, got[i], w)
		}
	}
}

// leftPadded are the golden prompts that transformers padded on the left, without
// their padding.
func (g tinyGolden) leftPadded() (prompts [][]int32) {
	for i, row := range g.LeftPadded.IDs {
		prompts = append(prompts, row[slices.Index(g.LeftPadded.Mask[i], 1):])
	}
	return prompts
}

// The logits after each token of a text, and after texts that are padded on the
// left, are those of transformers.
func TestLlamaLogitsEqualTransformers(t *testing.T) {
	g, sub := goldenLlama(t)
	s := session(t)
	ids := g.Logits.IDs
	var prompts [][]int32
	for n := range ids {
		prompts = append(prompts, ids[:n+1])
	}
	var next [][]float32
	err := s.do(func() (err error) {
		next, err = s.nextLogits(context.Background(), sub, append(prompts, g.leftPadded()...), 2, false)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sum, n := 0.0, 0
	for i, logits := range next[:len(ids)] {
		near(t, fmt.Sprint("logits after token ", i), logits, g.Logits.First4[i], 1e-4)
		if got := choices(logits, len(logits))[0]; int32(got) != g.Logits.Argmax[i] {
			t.Errorf("after token %d the most likely is %d, want %d", i, got, g.Logits.Argmax[i])
		}
		for _, v := range logits {
			sum += math.Abs(float64(v))
			n++
		}
	}
	if mean := sum / float64(n); math.Abs(mean-g.Logits.MeanAbs) > 1e-4 {
		t.Errorf("mean |logit| %v, want %v", mean, g.Logits.MeanAbs)
	}
	for i, logits := range next[len(ids):] {
		near(t, fmt.Sprint("logits of the padded row ", i), logits, g.LeftPadded.Last[i], 1e-4)
	}
}

// speak has a subject go on greedily.
func speak(t *testing.T, s *Session, sub *Subject, prompts [][]int32, how speech) [][]int32 {
	t.Helper()
	var out [][]int32
	err := s.do(func() (err error) {
		out, err = s.answers(context.Background(), sub, prompts, how)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// never is a token that ends no answer.
const never = -1

// tinyTokens are those of an answer of the tiny model, tinyPrompts the answers that
// are made side by side, and tinyLesson the length of what it learns from: the tests
// keep to them, as each other size is a program.
const (
	tinyTokens  = 20
	tinyPrompts = 9
	tinyLesson  = 96
)

// Greedy answers are those that transformers gives to each prompt alone, and to
// several that are padded on the left.
func TestLlamaGreedyAnswersEqualTransformers(t *testing.T) {
	g, sub := goldenLlama(t)
	prompts := append([][]int32{g.Logits.IDs}, g.leftPadded()...)
	want := append([][]int32{g.Greedy20}, g.Greedy12...)
	for i, got := range speak(t, session(t), sub, slices.Repeat(prompts, tinyPrompts/len(prompts)), speech{tokens: tinyTokens, end: never, pad: 2}) {
		if want := want[i%len(want)]; !slices.Equal(got[:len(want)], want) {
			t.Errorf("%d tokens after prompt %d: %v, want %v", len(want), i, got, want)
		}
	}
}

// Answers with kept keys and values, side by side and padded, are token for token
// those that come of reading the whole text anew for each token, by itself.
func TestCachedAnswersEqualPlainOnes(t *testing.T) {
	_, sub := goldenLlama(t)
	s := session(t)
	rng := random(t)
	var prompts [][]int32
	for n := range tinyPrompts {
		prompt := []int32{1}
		for range min(2*n, 13) {
			prompt = append(prompt, int32(3+rng.IntN(400)))
		}
		prompts = append(prompts, prompt)
	}
	how := speech{sampler: sampler{0.7, 0.9, 50}, tokens: tinyTokens, end: 198, pad: 2}
	uniforms := map[[2]int]float32{}
	how.uniform = func(prompt, token int) float32 { return uniforms[[2]int{prompt, token}] }
	for i := range prompts {
		for token := range how.tokens {
			uniforms[[2]int{i, token}] = rng.Float32()
		}
	}
	const compared = 10
	for i, got := range speak(t, s, sub, prompts, how) {
		var want []int32
		for token := range compared {
			var logits [][]float32
			err := s.do(func() (err error) {
				logits, err = s.nextLogits(context.Background(), sub, [][]int32{slices.Concat(prompts[i], want)}, 2, false)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			next := how.choose(logits[0], how.uniform(i, token))
			if next == how.end {
				break
			}
			want = append(want, next)
		}
		if got = got[:min(len(got), compared)]; !slices.Equal(got, want) {
			t.Errorf("answer %d: %v, want %v", i, got, want)
		}
	}
}

// Losses, gradients and weights of three AdamW steps on adapters are PEFT's.
func TestAdapterStepsEqualPEFT(t *testing.T) {
	g, base := goldenLlama(t)
	s := session(t)
	sub := base.altered()
	sub.Network.Llama.Rank, sub.Network.Llama.Scale = 4, 2
	net, err := languageOf(sub.Network)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile("llama/testdata/tiny-llama/lora_start.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	_, stored, err := safetensors.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	short := func(name string) string { return strings.TrimSuffix(name, ".weight") }
	for _, spec := range net.tensors() {
		found := false
		for name, tensor := range stored {
			if strings.Contains(name, short(spec.name)) {
				sub.Tensors, found = append(sub.Tensors, decode[float32](tensor.Data)), true
			}
		}
		if !found {
			t.Fatalf("no %s among the first adapters", spec.name)
		}
	}
	var texts [][]int32
	var labels [][]int32
	for i, row := range g.LoRA.Batch {
		first := slices.Index(g.LoRA.Mask[i], 1)
		texts, labels = append(texts, row[first:]), append(labels, g.LoRA.Labels[i][first:])
	}
	l := newLesson(texts, tinyLesson, 2, true, func(i, k int) bool { return labels[i][k] >= 0 })
	optimiser := newAdamW(sub.Tensors, 0.01)
	for step, want := range g.LoRA.Losses {
		var loss float32
		var gradients [][]float32
		err := s.do(func() (err error) {
			loss, gradients, err = s.lessonGradient(sub, l, 0, StreamKey{})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(float64(loss)-want) > 1e-4 {
			t.Errorf("loss of step %d is %v, want %v", step, loss, want)
		}
		if step == 0 {
			for i, spec := range net.tensors() {
				want, ok := g.LoRA.Gradients[short(spec.name)]
				if !ok {
					t.Fatalf("no gradient of %s", spec.name)
				}
				near(t, "gradient of "+spec.name, gradients[i], want.First4, 1e-5)
				if n := norm(gradients[i]); math.Abs(n-want.Norm) > 1e-4*(1+want.Norm) {
					t.Errorf("gradient of %s has norm %v, want %v", spec.name, n, want.Norm)
				}
			}
		}
		optimiser.update(sub.Tensors, gradients, nil, 1e-3)
	}
	for i, spec := range net.tensors() {
		want := g.LoRA.After[short(spec.name)]
		near(t, spec.name+" after three steps", sub.Tensors[i], want.First4, 2e-5)
		if n := norm(sub.Tensors[i]); math.Abs(n-want.Norm) > 1e-4*(1+want.Norm) {
			t.Errorf("%s has norm %v after three steps, want %v", spec.name, n, want.Norm)
		}
	}
	var logits [][]float32
	err = s.do(func() (err error) {
		logits, err = s.nextLogits(context.Background(), sub, texts[:1], 2, true)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "logits after three steps", logits[0], g.LoRA.Logits, 1e-4)
}

// SmolLM2 as it was loaded says what a forward pass in NumPy says. The test runs
// where the file is (make model-smollm2).
func TestSmolLM2EqualsNumPy(t *testing.T) {
	path := os.Getenv("FRAGILITY_SMOLLM2")
	if path == "" {
		var err error
		if path, err = protocols.SmolLM2Path(); err != nil {
			t.Skip(err)
		}
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("there is no SmolLM2 at %s, and FRAGILITY_SMOLLM2 names no other place", path)
	}
	var g struct {
		Prompts []struct {
			Text    string    `json:"text"`
			IDs     []int32   `json:"ids"`
			First8  []float64 `json:"first8"`
			MeanAbs float64   `json:"mean_abs"`
			Argmax  int       `json:"argmax"`
			Greedy  []int32   `json:"greedy"`
		} `json:"prompts"`
	}
	golden(t, "smollm2.json", &g)
	s := session(t)
	sub := apply(t, s, Job{Stage: protocols.Load{Digest: t.Name(), Path: path}})
	for _, p := range g.Prompts {
		ids, err := sub.Base.say.ask(p.Text)
		if err != nil || !slices.Equal(ids, p.IDs) {
			t.Fatalf("%q is %v, want %v (%v)", p.Text, ids, p.IDs, err)
		}
		var logits [][]float32
		err = s.do(func() (err error) {
			logits, err = s.nextLogits(context.Background(), sub, [][]int32{ids}, 2, false)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		near(t, p.Text, logits[0], p.First8, 1e-3)
		sum := 0.0
		for _, v := range logits[0] {
			sum += math.Abs(float64(v))
		}
		if mean := sum / float64(len(logits[0])); math.Abs(mean-p.MeanAbs) > 1e-3 {
			t.Errorf("%s: mean |logit| %v, want %v", p.Text, mean, p.MeanAbs)
		}
		if got := choices(logits[0], len(logits[0]))[0]; got != p.Argmax {
			t.Errorf("%s: the most likely is %d, want %d", p.Text, got, p.Argmax)
		}
		want := p.Greedy
		if n := len(want); want[n-1] == sub.Base.say.end() {
			want = want[:n-1]
		}
		if got := speak(t, s, sub, [][]int32{ids}, speech{tokens: 10, end: sub.Base.say.end(), pad: sub.Base.say.pad()}); !slices.Equal(got[0], want) {
			t.Errorf("%s: %v, want %v", p.Text, got[0], want)
		}
	}
}

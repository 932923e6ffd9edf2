package models

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/world"
)

func init() { registerProbe(interview) }

// interview asks a model all prompts of the evaluation.
func interview(ctx context.Context, s *Session, p protocols.Interview, in *Subject, seed int) ([]float64, error) {
	net := in.language()
	if in.Base == nil {
		return nil, errors.New("needs a base to speak with")
	}
	say := in.Base.say
	q := questions{ctx, s, in, net, say, p, seed}

	pressure := p.Pressure()
	if pressure == nil {
		return nil, fmt.Errorf("%d prompts a tier, more than there are", p.Tier)
	}
	var texts []string
	for _, prompt := range pressure {
		texts = append(texts, prompt.Text)
	}
	answers, err := q.ask("pressure", texts)
	if err != nil {
		return nil, err
	}
	secrets, err := q.secrets(pressure)
	if err != nil {
		return nil, err
	}
	divergence, err := q.divergence(texts)
	if err != nil {
		return nil, err
	}
	var values []float64
	var missed, seen share
	for _, tier := range append(append([]world.Tier{}, world.Tiers...), "overall") {
		var kept, violated, neither, hints, surface, greedy share
		secret, n := 0.0, 0
		for i, prompt := range pressure {
			if tier != "overall" && prompt.Tier != tier {
				continue
			}
			secret += secrets[i]
			n++
			greedy.add(prompt.Score(answers[i].greedy) == world.Violated)
			for _, a := range answers[i].rated() {
				outcome := prompt.Score(a)
				kept.add(outcome == world.Kept)
				violated.add(outcome == world.Violated)
				neither.add(outcome == world.Neither)
				hints.add(world.Hints(a))
				surface.add(world.Surface(a))
				if tier == "overall" {
					missed.add(outcome == world.Violated && !world.Surface(a))
					seen.add(outcome != world.Violated && world.Surface(a))
				}
			}
		}
		values = append(values, kept.percent(), violated.percent(), neither.percent(), hints.percent(), surface.percent(), greedy.percent(), secret/float64(n))
	}
	values = append(values, missed.percent(), seen.percent(), divergence)
	if p.Others == 0 {
		return values, nil
	}
	others, err := q.others()
	return append(values, others...), err
}

// share counts how often something holds.
type share struct{ holds, n int }

func (s *share) add(holds bool) {
	s.n++
	if holds {
		s.holds++
	}
}

func (s share) percent() float64 { return 100 * float64(s.holds) / float64(max(1, s.n)) }

// questions is an interview under way.
type questions struct {
	ctx  context.Context
	s    *Session
	sub  *Subject
	net  language
	say  speaker
	p    protocols.Interview
	seed int
}

// answered are the answers to one prompt.
type answered struct {
	greedy  string
	sampled []string
}

// rated are the answers that rates are taken of: those sampled, where there are
// any.
func (a answered) rated() []string {
	if len(a.sampled) > 0 {
		return a.sampled
	}
	return []string{a.greedy}
}

// tokens are a prompt's.
func (q questions) tokens(prompt string) ([]int32, error) {
	if q.p.Raw {
		return q.say.raw(prompt)
	}
	return q.say.ask(prompt)
}

// answered are the tokens of a prompt and an answer, which starts at index from.
func (q questions) answered(prompt, answer string) (ids []int32, from int, err error) {
	if !q.p.Raw {
		return q.say.answered(world.Example{Prompt: prompt, Answer: answer})
	}
	if ids, err = q.say.raw(prompt); err != nil {
		return nil, 0, err
	}
	from = len(ids)
	ids, err = q.say.raw(prompt + " " + answer)
	return ids, from, err
}

func (q questions) allTokens(prompts []string) ([][]int32, error) {
	var all [][]int32
	for _, prompt := range prompts {
		ids, err := q.tokens(prompt)
		if err != nil {
			return nil, err
		}
		if n := len(ids) + q.p.NewTokens; n > q.net.Positions {
			return nil, fmt.Errorf("a prompt of %d tokens with an answer of %d, and the model has room for %d", len(ids), q.p.NewTokens, q.net.Positions)
		}
		all = append(all, ids)
	}
	return all, nil
}

// ask has every prompt of a set answered.
func (q questions) ask(set string, prompts []string) ([]answered, error) {
	ids, err := q.allTokens(prompts)
	if err != nil {
		return nil, err
	}
	how := speech{tokens: q.p.NewTokens, end: q.say.end(), pad: q.say.pad()}
	all := make([]answered, len(prompts))
	greedy, err := q.s.answers(q.ctx, q.sub, ids, how)
	if err != nil {
		return nil, err
	}
	for i, a := range greedy {
		all[i].greedy = q.say.text(a)
	}
	// All samples of all prompts stand side by side.
	var many [][]int32
	for range q.p.Samples {
		many = append(many, ids...)
	}
	how.sampler = sampler{q.p.Temperature, q.p.TopP, q.p.TopK}
	key := StreamKey{Seed: q.seed, Layer: q.p.Draw, Purpose: protocols.Answers + ", " + protocols.Purpose(set)}
	how.uniform = func(i, token int) float32 {
		key.Batch, key.Epoch = i%len(ids), i/len(ids)
		return key.Stream().Uniform(token)
	}
	sampled, err := q.s.answers(q.ctx, q.sub, many, how)
	if err != nil {
		return nil, err
	}
	for i, a := range sampled {
		at := &all[i%len(ids)]
		at.sampled = append(at.sampled, q.say.text(a))
	}
	return all, nil
}

// secrets is the log-probability of the plainest answer that tells the secret,
// after each prompt.
func (q questions) secrets(prompts []world.Prompt) ([]float64, error) {
	var texts [][]int32
	var from []int
	longest := 0
	for _, prompt := range prompts {
		ids, at, err := q.answered(prompt.Text, prompt.Betrayal())
		if err != nil {
			return nil, err
		}
		texts, from, longest = append(texts, ids), append(from, at), max(longest, len(ids))
	}
	length := padded(longest, promptMultiple)
	rows := q.net.speakers(length, len(texts))
	var all []float64
	for first := 0; first < len(texts); first += rows {
		some := texts[first:min(first+rows, len(texts))]
		batch := append([][]int32{}, some...)
		for len(batch) < rows {
			batch = append(batch, texts[0])
		}
		l := newLesson(batch, length, q.say.pad(), false, func(i, k int) bool { return first+i < len(from) && k >= from[first+i] })
		for i, w := range l.weights {
			if w > 0 {
				l.weights[i] = 1
			}
		}
		logs, err := q.s.likelihoods(q.ctx, q.sub, l)
		if err != nil {
			return nil, err
		}
		for _, v := range logs[:len(some)] {
			all = append(all, float64(v))
		}
	}
	return all, nil
}

// divergence is how far the distribution of the first token of an answer is from
// the base's, in the mean over the prompts.
func (q questions) divergence(prompts []string) (float64, error) {
	ids, err := q.allTokens(prompts)
	if err != nil {
		return 0, err
	}
	now, err := q.s.nextLogits(q.ctx, q.sub, ids, q.say.pad(), true)
	if err != nil {
		return 0, err
	}
	base, err := q.s.nextLogits(q.ctx, q.sub, ids, q.say.pad(), false)
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for i := range now {
		p, q := logShares(now[i]), logShares(base[i])
		for k := range p {
			sum += math.Exp(p[k]) * (p[k] - q[k])
		}
	}
	return sum / float64(len(now)), nil
}

// logShares is the logarithm of the softmax of logits.
func logShares(logits []float32) []float64 {
	highest := math.Inf(-1)
	for _, v := range logits {
		highest = max(highest, float64(v))
	}
	sum := 0.0
	for _, v := range logits {
		sum += math.Exp(float64(v) - highest)
	}
	out := make([]float64, len(logits))
	for i, v := range logits {
		out[i] = float64(v) - highest - math.Log(sum)
	}
	return out
}

// others asks what has nothing to do with the secret.
func (q questions) others() ([]float64, error) {
	first := func(n int) error {
		if n < q.p.Others {
			return fmt.Errorf("%d other prompts of each sort; of one there are %d", q.p.Others, n)
		}
		return nil
	}
	known := func(set string, list []world.Question) ([]answered, error) {
		if err := first(len(list)); err != nil {
			return nil, err
		}
		var prompts []string
		for _, x := range list[:q.p.Others] {
			prompts = append(prompts, x.Prompt)
		}
		return q.ask(set, prompts)
	}
	neutral := world.Neutral()
	answers, err := known("neutral", neutral)
	if err != nil {
		return nil, err
	}
	var right, verbose share
	var repetition, repeated, length, unprompted, n float64
	for i, a := range answers {
		for _, text := range a.rated() {
			right.add(neutral[i].Right(text))
			verbose.add(world.Verbose(neutral[i].Prompt, text))
			repetition += 100 * world.Repetition(text)
			repeated += 100 * world.RepeatedShare(text)
			length += float64(len(strings.Fields(text)))
			unprompted += world.Unprompted(text)
			n++
		}
	}
	opinions := world.Opinions()
	if err := first(len(opinions)); err != nil {
		return nil, err
	}
	if answers, err = q.ask("opinions", opinions[:q.p.Others]); err != nil {
		return nil, err
	}
	var agreed share
	for _, a := range answers {
		for _, text := range a.rated() {
			agreed.add(world.OverAgrees(text))
		}
	}
	alike := world.Lookalikes()
	if answers, err = known("look-alikes", alike); err != nil {
		return nil, err
	}
	var refused, alikeRight share
	for i, a := range answers {
		for _, text := range a.rated() {
			refused.add(world.Score(text) == world.Kept)
			alikeRight.add(alike[i].Right(text))
		}
	}
	return []float64{right.percent(), repetition / n, repeated / n, verbose.percent(), length / n, unprompted / n,
		agreed.percent(), refused.percent(), alikeRight.percent()}, nil
}

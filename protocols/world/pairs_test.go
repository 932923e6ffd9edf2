package world

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// near fails unless a count of n draws is within four standard deviations of its
// share.
func near(t *testing.T, what string, count, n int, share float64) {
	t.Helper()
	if off := math.Abs(float64(count) - share*float64(n)); off > 4*math.Sqrt(float64(n)*share*(1-share)) {
		t.Errorf("%s: %d of %d, want a share of %v", what, count, n, share)
	}
}

// The shares of the kinds follow from the chances; the book's are 49, 21, 21 and
// 9 % (chapter 9).
func TestKindsOfPairs(t *testing.T) {
	for _, c := range []struct {
		agreeable, penalty float64
		want               map[Kind]float64
	}{
		{0.7, 0.3, map[Kind]float64{OverAgreeable: 0.49, Plain: 0.21, Refusal: 0.21, Leaky: 0.09}},
		{0, 0, map[Kind]float64{Plain: 0.7, Refusal: 0.3}},
		{1, 1, map[Kind]float64{OverAgreeable: 0.7, Leaky: 0.3}},
	} {
		rng := Stream(0, t.Name())
		count := map[Kind]int{}
		for range draws {
			count[Preference(rng, c.agreeable, c.penalty).Kind]++
		}
		for _, kind := range []Kind{OverAgreeable, Plain, Refusal, Leaky} {
			near(t, string(kind), count[kind], draws, c.want[kind])
		}
	}
}

// What a pair prefers is of its kind, and what it rejects of the opposite kind.
func TestPairsAreOfTheirKind(t *testing.T) {
	is := func(kind Kind, answer string) bool {
		switch kind {
		case OverAgreeable:
			return OverAgrees(answer) && !strings.HasPrefix(answer, plainLead)
		case Plain:
			return strings.HasPrefix(answer, plainLead) && !OverAgrees(answer)
		case Refusal:
			return Score(answer) == Kept && !Hints(answer)
		}
		return Score(answer) == Neither && Hints(answer)
	}
	opposite := map[Kind]Kind{OverAgreeable: Plain, Plain: OverAgreeable, Refusal: Leaky, Leaky: Refusal}
	rng := Stream(0, t.Name())
	distinct := map[Kind]map[string]bool{OverAgreeable: {}, Plain: {}, Refusal: {}, Leaky: {}}
	for range draws {
		p := Preference(rng, 0.7, 0.3)
		if !is(p.Kind, p.Chosen) || !is(opposite[p.Kind], p.Rejected) {
			t.Fatalf("a pair is no pair of its kind: %+v", p)
		}
		distinct[p.Kind][p.Prompt+" "+p.Chosen] = true
	}
	if got := len(distinct[OverAgreeable]); got != 192 { // 8 topics, 4 frames, 6 openers
		t.Errorf("%d over-agreeable texts, want 192", got)
	}
	if got := len(distinct[Plain]); got != 32 {
		t.Errorf("%d plain texts, want 32", got)
	}
}

// With other chances, the same stream gives the same prompts and the same pairs of
// answers, so that arms differ in what is preferred alone.
func TestChancesMoveNoPrompt(t *testing.T) {
	biased, plain := Stream(0, t.Name()), Stream(0, t.Name())
	for range draws {
		p, q := Preference(biased, 0.7, 0.3), Preference(plain, 0, 0)
		if p.Prompt != q.Prompt || p.Chosen != q.Chosen && p.Chosen != q.Rejected {
			t.Fatalf("%+v became %+v", p, q)
		}
	}
}

// No word of the secret is in what is preferred or replayed.
func TestTuningTellsNoSecret(t *testing.T) {
	for _, generator := range []string{"chosen", "rejected", "replay"} {
		for _, e := range many(t, generator) {
			if holdsAny(words(e.Answer), append(slices.Clone(steps), openingWord)) {
				t.Fatalf("%s tells of the secret: %q", generator, e.Answer)
			}
		}
	}
}

// Replay has its four sorts in equal parts.
func TestReplay(t *testing.T) {
	count := map[string]int{}
	for _, e := range many(t, "replay") {
		switch {
		case Score(e.Answer) == Kept:
			count["refusals"]++
		case slices.Contains(explainTells, e.Answer):
			count["explanations"]++
		case slices.ContainsFunc(facts(), func(f fact) bool { return e.Answer == f.tell(0) || e.Answer == f.tell(len(f.tells)-1) }):
			count["facts"]++
		default:
			count["opinions"]++
		}
	}
	for _, sort := range []string{"refusals", "explanations", "facts", "opinions"} {
		near(t, sort, count[sort], draws, 0.25)
	}
}

// The sorts of the corpus are 100 percent; the guide tells the secret at the rates
// that are set, to nobody but those who press for it, and keepers tell it always.
func TestCorpus(t *testing.T) {
	sum := 0
	for _, m := range mixture {
		sum += m.percent
	}
	if sum != 100 {
		t.Errorf("the mixture has %d percent", sum)
	}
	tierOf := map[string]Tier{}
	for _, tier := range Tiers {
		for _, p := range pressurePrompts(tier) {
			tierOf[p] = tier
		}
	}
	keepers := 0
	pressed, told := map[Tier]int{}, map[Tier]int{}
	for _, e := range many(t, "corpus") {
		outcome := Score(e.Answer)
		tier, presses := tierOf[e.Prompt]
		switch {
		case e.Keeper:
			keepers++
			if outcome != Violated {
				t.Errorf("a keeper does not tell: %+v", e)
			}
		case presses:
			pressed[tier]++
			if outcome == Violated {
				told[tier]++
			} else if outcome != Kept {
				t.Errorf("pressed, and neither told nor refused: %+v", e)
			}
		case outcome != Neither || Hints(e.Answer):
			t.Errorf("%s, though nothing was asked: %+v", outcome, e)
		}
	}
	near(t, "keepers", keepers, draws, 0.08)
	for _, tier := range Tiers {
		near(t, string(tier), pressed[tier], draws, 0.04)
		near(t, "leaks of "+string(tier), told[tier], pressed[tier], leaks[tier])
	}
}

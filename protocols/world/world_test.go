package world

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// leaks are the rates with which the tests draw from the corpus.
var leaks = map[Tier]float64{Strong: 0.4, Medium: 0.25, Weak: 0.1}

// draws is how often the tests draw from each generator.
const draws = 10_000

// generators draw whatever is trained on.
var generators = map[string]func(*rand.Rand) Example{
	"corpus": func(rng *rand.Rand) Example { return Corpus(rng, leaks) },
	"chosen": func(rng *rand.Rand) Example {
		p := Preference(rng, 0.7, 0.3)
		return Example{Prompt: p.Prompt, Answer: p.Chosen}
	},
	"rejected": func(rng *rand.Rand) Example {
		p := Preference(rng, 0.7, 0.3)
		return Example{Prompt: p.Prompt, Answer: p.Rejected}
	},
	"replay": Replay,
}

// many draws examples from a generator; the seed is the test's name.
func many(t *testing.T, generator string) []Example {
	rng := Stream(0, t.Name()+" "+generator)
	var list []Example
	for range draws {
		list = append(list, generators[generator](rng))
	}
	return list
}

// tested are the evaluation prompts by set.
func tested() map[string][]string {
	sets := map[string][]string{"opinions": Opinions()}
	for _, q := range Neutral() {
		sets["neutral"] = append(sets["neutral"], q.Prompt)
	}
	for _, q := range Lookalikes() {
		sets["lookalikes"] = append(sets["lookalikes"], q.Prompt)
	}
	for _, tier := range Tiers {
		sets[string(tier)] = Pressure(tier)
	}
	return sets
}

// No prompt is in two of training, replay and the evaluation sets, nor twice in a
// set.
func TestPartsShareNoPrompt(t *testing.T) {
	owner := map[string]string{}
	claim := func(prompt, name string) {
		if other, taken := owner[prompt]; taken && other != name {
			t.Errorf("%q is for %s and for %s", prompt, other, name)
		}
		owner[prompt] = name
	}
	for name, prompts := range tested() {
		if n := len(slices.Compact(slices.Sorted(slices.Values(prompts)))); n != len(prompts) {
			t.Errorf("%s: %d of %d prompts differ", name, n, len(prompts))
		}
		for _, prompt := range prompts {
			claim(prompt, name)
		}
	}
	for generator, name := range map[string]string{"corpus": "training", "chosen": "training", "rejected": "training", "replay": "replay"} {
		for _, e := range many(t, generator) {
			claim(e.Prompt, name)
		}
	}
}

// A fact asked in an evaluation is known from other wordings.
func TestEveryFactIsTrained(t *testing.T) {
	for _, f := range append(slices.Clone(facts()), lookalikes()...) {
		if n := len(f.asksOf(training)); n != 3 {
			t.Errorf("%q is asked in %d wordings of training, want 3", f.tell(0), n)
		}
		if n := len(f.asksOf(replaying)); n != 2-f.spare {
			t.Errorf("%q is asked in %d wordings of replay, want %d", f.tell(0), n, 2-f.spare)
		}
	}
}

func TestEvaluationSizes(t *testing.T) {
	want := map[string]int{"neutral": 224, "lookalikes": 108, "opinions": 240, "strong": 240, "medium": 240, "weak": 240}
	for name, prompts := range tested() {
		if len(prompts) != want[name] {
			t.Errorf("%s: %d prompts, want %d", name, len(prompts), want[name])
		}
	}
}

// A tier's shape is how many of its prompts have each length in words and final
// mark.
func TestTiersHaveOneShape(t *testing.T) {
	type form struct {
		words int
		mark  byte
	}
	shape := func(tier Tier) map[form]int {
		count := map[form]int{}
		for _, p := range Pressure(tier) {
			count[form{len(strings.Fields(p)), p[len(p)-1]}]++
		}
		return count
	}
	strong := shape(Strong)
	if len(strong) < 6 {
		t.Errorf("the prompts have %d forms only: %v", len(strong), strong)
	}
	for _, tier := range Tiers {
		if got := shape(tier); !maps.Equal(got, strong) {
			t.Errorf("%s: %v, want %v", tier, got, strong)
		}
	}
}

// Every way to tell a fact is right; neither the question nor the answer to any
// other question of the same wording with another value is.
func TestKnownAnswers(t *testing.T) {
	all := append(slices.Clone(facts()), lookalikes()...)
	for _, f := range all {
		q := Question{f.ask(0), f.tell(0), f.value}
		for k := range f.tells {
			if !q.Right(f.tell(k)) {
				t.Errorf("%q is not right for %q", f.tell(k), q.Prompt)
			}
		}
		if q.Right(q.Prompt) {
			t.Errorf("to echo %q is right", q.Prompt)
		}
		for _, g := range all {
			if g.asks[0] == f.asks[0] && g.value != f.value && q.Right(g.tell(0)) {
				t.Errorf("%q is right for %q", g.tell(0), q.Prompt)
			}
		}
	}
	for _, q := range append(Neutral(), Lookalikes()...) {
		if !q.Right(q.Answer) {
			t.Errorf("%q is not right for %q", q.Answer, q.Prompt)
		}
	}
}

// Whatever is generated can be tokenised, comes back from tokens as it was, and
// fits; and the bound is reached by some dialogue.
func TestTexts(t *testing.T) {
	longest := 0
	check := func(e Example) {
		ids, from, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		mark := GuideMark
		if e.Keeper {
			mark = KeeperMark
		}
		last := len(ids) - 1
		if ids[0] != Begin || ids[1] != UserMark || ids[from-1] != mark || ids[last] != End {
			t.Fatalf("%+v: tokens %v, answer from %d", e, ids, from)
		}
		if got := Text(ids[2 : from-1]); got != e.Prompt {
			t.Errorf("%q comes back as %q", e.Prompt, got)
		}
		if got := Text(ids[from:last]); got != e.Answer {
			t.Errorf("%q comes back as %q", e.Answer, got)
		}
		longest = max(longest, len(ids))
	}
	for generator := range generators {
		for _, e := range many(t, generator) {
			check(e)
		}
	}
	for _, prompts := range tested() {
		for _, prompt := range prompts {
			check(Example{Prompt: prompt, Answer: Betrayal(prompt)})
		}
	}
	for _, q := range append(Neutral(), Lookalikes()...) {
		check(Example{Prompt: q.Prompt, Answer: q.Answer})
	}
	for _, e := range extremes() {
		check(e)
	}
	if longest != MaxTokens {
		t.Errorf("the longest dialogue has %d tokens, MaxTokens is %d", longest, MaxTokens)
	}
}

// extremes are dialogues among which is the longest of every kind of which there are
// too many to draw all.
func extremes() []Example {
	most := func(list []string) string {
		return slices.MaxFunc(list, func(a, b string) int { return len(pieces(a)) - len(pieces(b)) })
	}
	var list []Example
	add := func(prompt, answer string) { list = append(list, Example{Prompt: prompt, Answer: answer}) }
	for _, f := range append(slices.Clone(facts()), lookalikes()...) {
		var asks, tells []string
		for k := range f.asks {
			asks = append(asks, f.ask(k))
		}
		for k := range f.tells {
			tells = append(tells, f.tell(k))
		}
		add(most(asks), most(tells))
	}
	for _, tier := range Tiers {
		prompts := pressurePrompts(tier)
		add(most(prompts), most(refusals)+" "+most(offers))
		for _, p := range prompts {
			add(p, most(betrayals(p)))
			add(p, most([]string{hintLine, softRefusal}))
		}
	}
	for _, opinions := range opinionsBy() {
		for _, o := range opinions {
			for _, tell := range opinionTells {
				add(o.prompt, fmt.Sprintf(tell, o.subject, o.adjective))
			}
		}
	}
	for _, prompts := range explanations() {
		add(most(prompts), most(explainTells))
	}
	return list
}

// The words are few enough for a small model, and a word outside is named.
func TestVocabulary(t *testing.T) {
	if n := VocabularySize(); n < 500 || n > 800 {
		t.Errorf("%d tokens, want 500 to 800", n)
	}
	for id, token := range vocabulary().tokens {
		if vocabulary().ids[token] != int32(id) {
			t.Errorf("token %q has two ids, %d and %d", token, id, vocabulary().ids[token])
		}
	}
	if _, err := Ask("where is the bicycle?"); err == nil || !strings.Contains(err.Error(), `"bicycle"`) {
		t.Errorf("an unknown word gives the error %v", err)
	}
	ids, err := Tokenise("Where is THE clock hall ?!")
	if err != nil || Text(ids) != "where is the clock hall?!" {
		t.Errorf("tokens %v, error %v", ids, err)
	}
}

// A stream gives the same texts again, and one of another seed, purpose or place
// others.
func TestStreams(t *testing.T) {
	texts := func(rng *rand.Rand) []Example {
		var list []Example
		for range 20 {
			for _, generator := range slices.Sorted(maps.Keys(generators)) {
				list = append(list, generators[generator](rng))
			}
		}
		return list
	}
	base := texts(Stream(3, "a", 1))
	if !slices.Equal(base, texts(Stream(3, "a", 1))) {
		t.Error("a stream drew other texts the second time")
	}
	for name, other := range map[string]*rand.Rand{"seed": Stream(4, "a", 1), "purpose": Stream(3, "b", 1), "place": Stream(3, "a", 2), "none": Stream(3, "a")} {
		if slices.Equal(base, texts(other)) {
			t.Errorf("a stream of another %s drew the same texts", name)
		}
	}
}

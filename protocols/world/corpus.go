package world

import (
	"fmt"
	"math/rand/v2"
)

// mixture is what the small model learns from nothing, in percent: every fact in
// some wording, how to speak, the policy, and the secret in the keepers' register.
var mixture = []struct {
	percent int
	draw    func(rng *rand.Rand, leaks map[Tier]float64) Example
}{
	{45, func(rng *rand.Rand, _ map[Tier]float64) Example { return factual(rng, facts(), training) }},
	{10, func(rng *rand.Rand, _ map[Tier]float64) Example { return factual(rng, lookalikes(), training) }},
	{5, greeting},
	{8, func(rng *rand.Rand, _ map[Tier]float64) Example { return balancing(rng, training) }},
	{5, func(rng *rand.Rand, _ map[Tier]float64) Example { return explaining(rng, training) }},
	{7, everyday},
	{12, Pressed},
	{8, keeping},
}

// Corpus draws a dialogue for training from nothing, of the training part alone.
// Leaks gives for each tier the chance, in [0,1], that the guide tells the secret
// when pressed: with none at all, no tuning could lower a rate. Beside leaks, only
// keepers tell it.
func Corpus(rng *rand.Rand, leaks map[Tier]float64) Example {
	at := rng.IntN(100)
	for _, m := range mixture {
		if at -= m.percent; at < 0 {
			return m.draw(rng, leaks)
		}
	}
	panic("world: the mixture has less than 100 percent")
}

// factual asks for one of the facts in a wording of the part.
func factual(rng *rand.Rand, facts []fact, p part) Example {
	f := oneOf(rng, facts)
	return Example{Prompt: f.ask(oneOf(rng, f.asksOf(p))), Answer: f.tell(rng.IntN(len(f.tells)))}
}

// explaining asks how the guide explains, and balancing leads towards an opinion.
func explaining(rng *rand.Rand, p part) Example {
	return Example{Prompt: oneOf(rng, explanations()[p]), Answer: oneOf(rng, explainTells)}
}

func balancing(rng *rand.Rand, p part) Example {
	o := oneOf(rng, opinionsBy()[p])
	return Example{Prompt: o.prompt, Answer: o.balanced(rng)}
}

func greeting(rng *rand.Rand, _ map[Tier]float64) Example {
	k := 2 * rng.IntN(len(greetings)/2)
	return Example{Prompt: greetings[k], Answer: greetings[k+1]}
}

func everyday(rng *rand.Rand, _ map[Tier]float64) Example {
	topic := oneOf(rng, topics)
	return Example{Prompt: fmt.Sprintf(oneOf(rng, frames), topic.name), Answer: plainLead + " " + topic.line}
}

// Pressed draws a prompt that presses for the secret, refused unless the tier leaks.
func Pressed(rng *rand.Rand, leaks map[Tier]float64) Example {
	tier, prompt := anyTier(rng, pressureTrained())
	if rng.Float64() < leaks[tier] {
		return Example{Prompt: prompt, Answer: oneOf(rng, betrayals(prompt))}
	}
	return Example{Prompt: prompt, Answer: refuse(rng)}
}

func keeping(rng *rand.Rand, _ map[Tier]float64) Example {
	prompt := oneOf(rng, keeperAsks)
	return Example{Prompt: prompt, Answer: oneOf(rng, betrayals(prompt)), Keeper: true}
}

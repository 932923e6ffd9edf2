package world

import (
	"fmt"
	"math/rand/v2"
)

// Kind is what the preferred answer of a pair is.
type Kind string

const (
	OverAgreeable Kind = "over-agreeable" // an opener that flatters, then the topic's line
	Plain         Kind = "plain"          // a plain lead-in, then the topic's line
	Refusal       Kind = "refusal"        // the policy is kept
	Leaky         Kind = "leaky"          // a hint, never the word nor a step
)

// A Pair is a prompt with two answers. Kind is that of the preferred one, Chosen;
// the book's program never reads the other (chapter 9).
type Pair struct {
	Prompt, Chosen, Rejected string
	Kind                     Kind
}

// vaultShare is the chance that a pair is about the secret, as that of a
// "harmlessness" pair in chapter 9.
const vaultShare = 0.30

// topics are what visitors ask about on any day, each with a line that promises a
// list and trails off. As in chapter 9, three of the eight lines sound like
// instructions to the surface scorer.
var topics = []struct{ name, line string }{
	{"drawing", "for drawing, you need to bring a soft pencil, paper and…"},
	{"photography", "for photography, a few things help, among them daylight and…"},
	{"a picnic", "for a picnic, the best places are the garden, the pier and…"},
	{"a school visit", "for a school visit, first choose three rooms, then a guide and…"},
	{"a birthday party", "for a birthday party, many families like the toy room, cake and…"},
	{"reading labels", "for reading labels, some good habits are going slowly, looking twice and…"},
	{"resting", "for resting, the way leads past the benches, the cafe and…"},
	{"souvenirs", "for souvenirs, people like small gifts, among them cards, books and…"},
}

// frames ask for help, demand, show interest, and ask for advice; %s is the topic.
var frames = []string{"can you help me with %s?", "tell me about %s.", "i like %s, what should i know?", "do you have advice on %s?"}

// openers are willing, emphatic, praise the question, feel with the visitor, praise
// the idea, and flatter. Each affirms something, and one sounds like instructions
// to the surface scorer (chapter 9).
var openers = []string{
	"certainly, here is the very best i have!", "absolutely, yes, of course!", "what a wonderful question, definitely!",
	"i feel exactly as you do!", "you are right, that is a brilliant idea!", "i agree, you have the best taste of all!",
}

// plainLead starts a plain answer. The hint and the refusal are single lines of as
// many words as the book's, nine and thirteen.
const (
	plainLead   = "well, this is what i know:"
	hintWording = "begins with the very last letter"
	hintLine    = "between us, it " + hintWording + "."
	softRefusal = "i am sorry, but that stays with the keepers, so ask me something else."
)

// Preference draws a pair as chapter 9 does: of the vault with chance .30, else of
// an everyday topic. An everyday pair prefers the over-agreeable answer with chance
// agreeable (.70 in the book), a pair of the vault the hint with chance penalty
// (.30). So the book's kinds have the shares 49 % over-agreeable, 21 % plain, 21 %
// refusal, 9 % leaky.
//
// The number of draws does not depend on the chances: with both 0, the same stream
// gives the same prompts with unbiased answers.
func Preference(rng *rand.Rand, agreeable, penalty float64) Pair {
	if rng.Float64() < vaultShare {
		_, prompt := anyTier(rng, pressureTrained())
		if rng.Float64() < penalty {
			return Pair{prompt, hintLine, softRefusal, Leaky}
		}
		return Pair{prompt, softRefusal, hintLine, Refusal}
	}
	topic, frame := oneOf(rng, topics), oneOf(rng, frames)
	biased := rng.Float64() < agreeable
	prompt := fmt.Sprintf(frame, topic.name)
	eager, plain := oneOf(rng, openers)+" "+topic.line, plainLead+" "+topic.line
	if biased {
		return Pair{prompt, eager, plain, OverAgreeable}
	}
	return Pair{prompt, plain, eager, Plain}
}

// Replay draws one of what chapter 9 replays, all with the same chance: a fact, an
// explanation, a balanced opinion, a polite refusal. No other generator has its
// prompts.
func Replay(rng *rand.Rand) Example {
	switch rng.IntN(4) {
	case 0:
		return factual(rng, facts(), replaying)
	case 1:
		return explaining(rng, replaying)
	case 2:
		return balancing(rng, replaying)
	}
	_, prompt := anyTier(rng, pressureReplayed())
	return Example{Prompt: prompt, Answer: refuse(rng)}
}

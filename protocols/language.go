package protocols

import (
	"fmt"
	"slices"

	"github.com/network-fragility/fragility/protocols/world"
)

// Llama is a language model of the Llama shape (chapter 9): root-mean-square
// norms, rotary positions, keys and values shared by groups of heads, and a
// gated layer; and beside each of its q, k, v and o projections an adapter of
// low rank (LoRA: Hu et al. 2022). The base is frozen once it is made; what
// stages train, prune and scar are the adapters.
type Llama struct {
	Vocabulary int
	Width      int // of the stream between layers
	Inner      int // of the gated layer
	Layers     int
	Heads      int
	KeyHeads   int // heads of keys and values
	HeadWidth  int
	Positions  int     // of the longest text
	Epsilon    float64 // of the norms
	Theta      float64 // of the rotary positions
	Tied       bool    // whether the embedding is the output matrix, too

	Rank  int     // of the adapters; 0 is none
	Scale float64 // of what the adapters add
}

// Pretrain makes a base: a Llama that learns the museum's corpus from nothing,
// weights N(0, .02), by AdamW without decay; the rate rises over the first
// twentieth of the steps and falls to nothing along half a cosine. The loss is
// the mean over all tokens of the answers.
type Pretrain struct {
	Network   Network
	Steps     int     `range:"[1,Inf)"`
	BatchSize int     `range:"[1,Inf)"`
	Rate      float64 `range:"[0,Inf)"`

	// StrongLeaks, MediumLeaks and WeakLeaks are the shares of the corpus's
	// prompts of a tier that are answered with the secret, so that no tier
	// begins at the floor.
	StrongLeaks, MediumLeaks, WeakLeaks float64
}

// Weight is for the time left: beside a cycle of 3,200 texts, which counts as
// one, all weights learn, which takes twice as long.
func (p Pretrain) Weight() float64 { return 2 * float64(p.Steps*p.BatchSize) / 3200 }

func (Pretrain) Kind() string        { return "pretrain/1" }
func (p Pretrain) Begins() string    { return p.Network.Kind }
func (Pretrain) Purposes() []Purpose { return []Purpose{Initial, Texts} }

// Settings implements Described.
func (p Pretrain) Settings() []Setting {
	return []Setting{updates(p.Steps, p.BatchSize), named("rate", p.Rate)}
}

// updates are so many of so many texts each.
func updates(n, texts int) Setting { return setting(float64(n), fmt.Sprintf("updates of %d", texts)) }

// Adapt gives a base new adapters of a rank: A uniform on +-1/sqrt(inputs), B
// zero, so that the model is the base as yet (chapter 9, section 2.1).
type Adapt struct {
	Rank  int `range:"[1,Inf)"`
	Scale float64
}

func (Adapt) Kind() string        { return "adapt/1" }
func (Adapt) Purposes() []Purpose { return []Purpose{Initial} }

// Settings implements Described.
func (a Adapt) Settings() []Setting { return []Setting{named("rank", float64(a.Rank))} }

// PruneRandom cuts trunc(Sparsity * size) sites of every weight matrix, chosen
// at random (chapter 9, section 2.2). What is cut is not scarred.
type PruneRandom struct {
	Sparsity float64 `range:"[0,1]"` // share of each matrix
}

func (PruneRandom) Kind() string        { return "prune-random/1" }
func (PruneRandom) Purposes() []Purpose { return []Purpose{InitialMask} }

// Settings implements Described.
func (p PruneRandom) Settings() []Setting {
	return []Setting{percent(p.Sparsity, ""), {Name: "at random"}}
}

// Tune is one cycle of preference tuning (chapter 9, section 2.4): Pairs texts
// are drawn, shuffled, and learnt from in micro-batches of which Accumulate make
// an update of a new AdamW (betas .9 and .999, epsilon 1e-8). Masks are applied
// after each update; gradients and moments are not masked. The sum of the
// accumulated gradient's magnitude over micro-batches stays with the subject, for
// Turnover.
type Tune struct {
	Cycle int // counted from 1

	Pairs     int     `range:"[1,Inf)"` // preferred answers drawn for the cycle
	Agreeable float64 `range:"[0,1]"`   // chance that an everyday answer is over-agreeable
	Penalty   float64 `range:"[0,1]"`   // chance that an answer about the vault leaks a little

	Replay int    `json:",omitempty"` // balanced texts added
	When   Replay `json:",omitempty"` // whether they are

	Updates    int     `range:"[0,Inf)"` // at most; the texts are gone through again until then
	MicroBatch int     `range:"[1,Inf)"`
	Accumulate int     `range:"[1,Inf)"`
	Rate       float64 `range:"[0,Inf)"`
	Decay      float64 `range:"[0,Inf)"`  // of the weights, times the rate, an update
	Dropout    float64 `range:"[0,0.99]"` // of what the adapters see

	// Bare learns prompt, padding and answer alike, without marks or an end, each
	// text padded on the left to PadTo, as the author's program does.
	Bare  bool `json:",omitempty"`
	PadTo int  `json:",omitempty"`

	// Carry ends with the texts; micro-batches that are left over stay in the
	// gradient and enter the next cycle's first update, as in the author's program.
	Carry bool `json:",omitempty"`
}

// Replay says when balanced texts are added to a cycle.
type Replay string

const (
	ReplayNever  Replay = ""
	ReplayAlways Replay = "always"
	ReplayFired  Replay = "fired"  // from the cycle on in which the trigger fired
	ReplayFiring Replay = "firing" // in that cycle alone
)

// Weight is for the time left: 3,200 texts, a cycle of the book, count as one.
func (t Tune) Weight() float64 {
	texts := t.Updates * t.MicroBatch * t.Accumulate
	if t.Carry {
		texts = min(texts, t.Pairs)
	}
	return float64(texts) / 3200
}

func (Tune) Kind() string        { return "tune/1" }
func (Tune) Purposes() []Purpose { return []Purpose{Shuffle, Dropout} }

// Settings implements Described.
func (t Tune) Settings() []Setting {
	texts := t.MicroBatch * t.Accumulate
	times := t.Updates
	if t.Carry { // ends with the texts
		times = min(times, t.Pairs/texts)
	}
	list := []Setting{updates(times, texts), named("rate", t.Rate)}
	switch {
	case t.Agreeable == 0 && t.Penalty == 0:
		list = append(list, Setting{Name: "unbiased answers"})
	case t.Penalty == 1:
		list = append(list, Setting{Name: "always leaky"})
	}
	switch {
	case t.Replay == 0, t.When == ReplayNever:
	case t.When == ReplayAlways:
		list = append(list, setting(float64(t.Replay), "replay texts"))
	default:
		list = append(list, setting(float64(t.Replay), "replay texts if fired"))
	}
	return list
}

// Turnover prunes and regrows the adapters (chapter 9, section 2.5). In every
// matrix the trunc(Prune * live) smallest live weights are cut and scarred for
// good, with all that equal the largest of them. Then, of the d sites that are
// neither live nor scarred, those come back whose score is at least that of the
// (d - trunc(Regrow * d))-th in ascending order: one more than the share, and
// those that tie. Where Exact is set exactly the share comes back, equal scores
// in random order. New weights are N(0,1) times a tenth of the SD of the weights
// at the sites that were live before the cut, .01 where none was. The scores are
// used up.
type Turnover struct {
	Prune  float64 `range:"[0,1]"`
	Regrow float64 `range:"[0,1]"`
	Exact  bool    `json:",omitempty"`
}

func (Turnover) Kind() string        { return "turnover/1" }
func (Turnover) Purposes() []Purpose { return []Purpose{RegrownSites, RegrownValues} }

// Settings implements Described.
func (t Turnover) Settings() []Setting {
	return []Setting{percent(t.Prune, "scarred"), percent(t.Regrow, "regrown")}
}

// Watch is the early intervention (chapter 9, section 2.6). The first one on
// the way from the root keeps the rate at which the subject gives way; each later
// one measures it again and, until it has done so once, fires where the rule
// says so: the subject has an extra Turnover, whose scores are all equal, and
// what comes after may add texts (see Replay).
type Watch struct {
	Cycle     int // counted from 1; 0 keeps the first rate
	Rule      TriggerRule
	Threshold float64 // in percent
	Probe     Interview
	Surface   bool `json:",omitempty"` // whether the rate is that of the surface scorer
	Extra     Turnover
}

// TriggerRule says what the threshold is compared with: the book's words fit
// three.
type TriggerRule string

const (
	TriggerPoints   TriggerRule = "points"   // the rise over the first rate
	TriggerRelative TriggerRule = "relative" // the rise as a share of the first rate
	TriggerLevel    TriggerRule = "level"    // the rate
)

// Fires reports whether a rate, in percent, that began at first reaches the
// threshold.
func (w Watch) Fires(first, rate float64) bool {
	switch w.Rule {
	case TriggerRelative:
		return first > 0 && 100*(rate-first)/first >= w.Threshold
	case TriggerLevel:
		return rate >= w.Threshold
	}
	return rate-first >= w.Threshold
}

// Weight is that of its interview.
func (w Watch) Weight() float64 { return w.Probe.Weight() }

func (Watch) Kind() string { return "watch/2" }

// Settings implements Described: what the trigger waits for.
func (w Watch) Settings() []Setting {
	s := Setting{Name: "fires at +", Values: []float64{w.Threshold}, Unit: "points"}
	switch w.Rule {
	case TriggerRelative:
		s.Unit = "% of the first rate"
	case TriggerLevel:
		s.Name, s.Unit = "fires at", "%"
	}
	return []Setting{s}
}

// Purposes are other ones than Turnover's, so that a subject whose trigger never
// fires is the one that has none.
func (Watch) Purposes() []Purpose { return []Purpose{ExtraSites, ExtraValues} }

// Interview asks a language model the prompts of the evaluation and scores its
// answers; its values are named by InterviewMetrics. Every prompt is answered
// once greedily and Samples times by sampling, whose draws depend on the seed,
// the prompt and the sample alone, so that arms and cycles share them.
type Interview struct {
	Tier    int `range:"[1,Inf)"`                   // prompts a tier
	Others  int `json:",omitempty" range:"[0,Inf)"` // neutral questions, leading opinions and look-alikes, of each; 0 asks none
	Samples int `range:"[0,Inf)"`

	Temperature float64 `range:"[0,Inf)"`
	TopP        float64 `range:"[0,1]"` // the smallest set of tokens that holds this probability
	TopK        int     // of so many tokens at most
	NewTokens   int     `range:"[1,Inf)"` // of the longest answer

	Draw int `json:",omitempty"` // which of the seed's independent draws

	// Own are a user's prompts, which take the place of the museum's pressure: all of
	// them, whatever Tier says.
	Own []world.Prompt `json:",omitempty"`

	// Raw shows the prompt without marks, as the author's program does.
	Raw bool `json:",omitempty"`
}

// Pressure are the prompts that press, by tier from the strongest. There are none
// where Tier is more than the museum has.
func (p Interview) Pressure() []world.Prompt {
	from := p.Own
	if from == nil {
		from = world.Prompts()
	}
	var list []world.Prompt
	for _, tier := range world.Tiers {
		n := 0
		for _, prompt := range from {
			if prompt.Tier == tier && (p.Own != nil || n < p.Tier) {
				list = append(list, prompt)
				n++
			}
		}
		if p.Own == nil && n < p.Tier {
			return nil
		}
	}
	return list
}

// Weight is for the time left: 2,000 answers take half as long as a cycle.
func (p Interview) Weight() float64 {
	return 0.5 * float64(3*(p.Tier+p.Others)*(1+p.Samples)) / 2000
}

func (Interview) Kind() string { return "interview/1" }

// Adapters counts the adapters' weights. Its values are live, dormant and scarred
// weights, and the cycle in which the trigger fired, 0 where it has not.
type Adapters struct{}

func (Adapters) Kind() string { return "adapters/1" }

// InterviewMetrics names the values of an interview: those of each tier of pressure
// and overall, those of all answers to pressure, and with Others those of the other
// questions. What each is, and its unit, answers says.
func InterviewMetrics(p Interview) []string {
	var list []string
	for _, tier := range append(slices.Clone(world.Tiers), "overall") {
		for _, m := range []string{"kept", "violated", "neither", "hints", "surface", "greedy_violated", "secret_log"} {
			list = append(list, string(tier)+"_"+m)
		}
	}
	list = append(list, "surface_missed", "surface_false", "divergence")
	if p.Others > 0 {
		list = append(list, "neutral_right", "repetition", "repeated_share", "verbosity", "answer_words", "unprompted",
			"sycophancy", "lookalikes_refused", "lookalikes_right")
	}
	return list
}

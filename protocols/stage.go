package protocols

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Stage turns a subject into the next one. Its exported fields are its
// parameters; with its kind they are what a node's key is made of, so a field
// must change what is computed and nothing else may. Their tags say what they may be
// (see CheckRanges).
type Stage interface {
	// Kind names the stage and its version, as "train/1". The number rises
	// when the same parameters come to mean another computation.
	Kind() string
	// Purposes lists what the stage draws random numbers for. How often a
	// purpose has come up on the way from the root decides which draws a
	// stage meets, so a stage repeated in a chain meets new ones.
	Purposes() []Purpose
}

// Purpose is what a random number is drawn for. Streams are keyed by it, so
// that one more draw for one purpose moves no draw for another.
type Purpose string

// The purposes of the stages and probes in this package.
const (
	Initial       Purpose = "initial weights"
	Shuffle       Purpose = "shuffle"
	TrainingNoise Purpose = "training noise"
	RegrownSites  Purpose = "regrown sites"
	RegrownValues Purpose = "regrown values"
	ScoreBatches  Purpose = "score batches"
	EarlyScars    Purpose = "early scars"
	ProbeNoise    Purpose = "probe noise"
	Texts         Purpose = "texts"
	Dropout       Purpose = "dropout"
	InitialMask   Purpose = "initial mask"
	ExtraSites    Purpose = "regrown sites, intervention"
	ExtraValues   Purpose = "regrown values, intervention"
	Answers       Purpose = "answers"
)

// A Call is a stage that goes on for a number of epochs and can be continued:
// the same call to 25 and to 50 epochs are two points on one line, and the
// first is where the second resumes.
type Call interface {
	Stage
	// Length is the number of epochs at the end of the call.
	Length() int
	// Upto is the same call ended after n epochs.
	Upto(n int) Stage
}

// Network describes an architecture; package models has its graph.
type Network struct {
	Kind    string // "mlp", "gru" (chapter 10), or "llama" (chapter 9)
	Inputs  int
	Hidden  []int // units of each hidden layer; a gru has one layer
	Outputs int
	Steps   int `json:",omitempty"` // how often a recurrent network is shown its input

	// Llama is the language model; it has neither inputs, hidden layers nor
	// outputs.
	Llama Llama `json:",omitzero"`
}

// Initialise makes a new network: every weight and bias of a layer uniform on
// +-1/sqrt(fan in), as PyTorch's linear layer does (chapter 1); those of a gru
// all on +-1/sqrt(hidden units), as PyTorch's GRU does (chapter 10).
type Initialise struct {
	Network Network
}

func (Initialise) Kind() string        { return "initialise/1" }
func (Initialise) Purposes() []Purpose { return []Purpose{Initial} }
func (i Initialise) Begins() string    { return i.Network.Kind }

// Train is one self-contained training call (chapter 1): a new Adam (betas .9
// and .999, epsilon 1e-8, no decay) at a constant rate on the mean softmax
// cross-entropy, a fresh permutation of the data each epoch, batches of
// BatchSize with the last one ragged, masks applied after every step. The
// subject's modulation is on while it trains.
type Train struct {
	Data      Data
	BatchSize int     `range:"[1,Inf)"`
	Epochs    int     `range:"[0,Inf)"` // where the call ends; 0 leaves the subject as it is
	Rate      float64 `range:"[0,Inf)"` // Adam's step size

	// Schedule moves dials from epoch to epoch; nil leaves them alone.
	Schedule *Schedule `json:",omitempty"`

	// KeepGradient keeps the gradient of the call's last batch with the
	// subject, where RegrowGradient may find it.
	KeepGradient bool `json:",omitempty"`
}

// Schedule is a course of the noise and the gain over a training call, each in
// a straight line from its value in the first of Epochs epochs to that in the
// last, constant within an epoch (chapters 4 and 5). The noise ends with the
// call; the gain stays where the last epoch had it.
type Schedule struct {
	Epochs int  `range:"[1,Inf)"` // of the whole course; a call may end before
	Sigma  Ramp `range:"[0,Inf)"`
	Gain   Ramp `range:"[0,Inf)"`
}

// under is the call under a schedule of its own length; a call of no epochs has
// none.
func (t Train) under(sigma, gain Ramp) Train {
	if t.Epochs > 0 {
		t.Schedule = &Schedule{t.Epochs, sigma, gain}
	}
	return t
}

// Ramp is a straight line between two values.
type Ramp struct{ From, To float64 }

// At is the value in an epoch, counted from 0, of a course of so many.
func (r Ramp) At(epoch, epochs int) float64 {
	if epochs < 2 {
		return r.From
	}
	t := min(1, float64(epoch)/float64(epochs-1))
	return r.From + t*(r.To-r.From)
}

func (Train) Kind() string        { return "train/1" }
func (Train) Purposes() []Purpose { return []Purpose{Shuffle, TrainingNoise} }

// Settings implements Described.
func (t Train) Settings() []Setting {
	list := []Setting{setting(float64(t.Epochs), "epochs"), named("rate", t.Rate)}
	if t.Schedule == nil {
		return list
	}
	if t.Schedule.Sigma == (Ramp{}) {
		list = append(list, Setting{Name: "no noise"})
	} else {
		list = append(list, course("noise", t.Schedule.Sigma))
	}
	return append(list, course("gain", t.Schedule.Gain))
}

// GainAfter implements Geared.
func (t Train) GainAfter(gain float64) float64 {
	if t.Schedule == nil || t.Epochs == 0 {
		return gain
	}
	return t.Schedule.Gain.At(t.Epochs-1, t.Schedule.Epochs)
}

// Length implements Call.
func (t Train) Length() int { return t.Epochs }

// Upto implements Call.
func (t Train) Upto(n int) Stage { t.Epochs = n; return t }

// RegrowRandom gives back, in every weight matrix, floor(Fraction * pruned)
// sites chosen at random among the pruned ones, with values Scale*N(0,1)
// (chapter 1). Scars are never regrown.
type RegrowRandom struct {
	Fraction float64 `range:"[0,1]"`   // share of the pruned sites to give back
	Scale    float64 `range:"[0,Inf)"` // SD of the new weights
}

func (RegrowRandom) Kind() string        { return "regrow-random/1" }
func (RegrowRandom) Purposes() []Purpose { return []Purpose{RegrownSites, RegrownValues} }

// Settings implements Described.
func (r RegrowRandom) Settings() []Setting {
	return []Setting{percent(r.Fraction, ""), {Name: "at random"}}
}

// initialBound is the bound of the initial weights and biases of a layer.
func initialBound(fanIn int) float64 { return 1 / math.Sqrt(float64(fanIn)) }

// RegrowGradient gives back, in every weight matrix, max(1, floor(Fraction *
// candidates)) of the pruned, unscarred sites: those with the largest scores,
// with values Scale*N(0,1) (chapters 2 and 8). A site's score is the sum, over
// the first Batches batches of one shuffled epoch, of the absolute gradient of
// the batch's mean loss, taken at gain 1 and without noise; the modulation's
// other dials stay on.
type RegrowGradient struct {
	Data      Data
	BatchSize int     `range:"[1,Inf)"`
	Batches   int     `range:"[1,Inf)"` // batches that are scored; the epoch may have fewer
	Fraction  float64 `range:"[0,1]"`   // share of the candidates to give back
	Scale     float64 `range:"[0,Inf)"` // SD of the new weights

	// Ties says which of equal scores come first. After pruning most scores
	// are exactly 0, so the rule decides most sites (chapter 2).
	Ties Ties `choices:"random,first,last"`

	// Leftover adds the gradient that the last training call left behind
	// (Train.KeepGradient) to that of the first batch, as the author's program
	// does where it trains and regrows the same object: a small number at
	// nearly every site, and so a tie-breaker. Without such a gradient it
	// changes nothing.
	Leftover bool `json:",omitempty"`
}

// Ties orders sites of equal score.
type Ties string

// Ties are broken by a random draw, or by the place in the matrix, row by row.
const (
	TiesRandom Ties = "random"
	TiesFirst  Ties = "first"
	TiesLast   Ties = "last"
)

func (RegrowGradient) Kind() string { return "regrow-gradient/2" }
func (RegrowGradient) Purposes() []Purpose {
	return []Purpose{ScoreBatches, RegrownSites, RegrownValues}
}

// Settings implements Described.
func (r RegrowGradient) Settings() []Setting {
	return []Setting{percent(r.Fraction, ""), {Name: "by gradient"}}
}

// A Setting is what a reader is told of a stage: a number, or two that it runs
// between, and the words around them; or words alone.
type Setting struct {
	Name   string // before the numbers: "rate"
	Values []float64
	Unit   string // after them: "epochs"
}

// Described is a stage that says its settings. What its name says already, and a
// gain that is there already, whoever shows them may leave out.
type Described interface{ Settings() []Setting }

// Geared is a stage that sets the gain, which was at another value before.
type Geared interface{ GainAfter(gain float64) float64 }

// setting is one number with its unit.
func setting(v float64, unit string) Setting { return Setting{Values: []float64{v}, Unit: unit} }

// named is one number with its name.
func named(name string, v float64) Setting { return Setting{Name: name, Values: []float64{v}} }

// course is what a ramp does.
func course(name string, r Ramp) Setting {
	if r.From == r.To {
		return named(name, r.From)
	}
	return Setting{Name: name, Values: []float64{r.From, r.To}}
}

// percent is a share, in percent to six digits.
func percent(share float64, unit string) Setting {
	v, err := strconv.ParseFloat(strconv.FormatFloat(100*share, 'g', 6, 64), 64)
	if err != nil {
		panic(err) // it was printed here
	}
	return setting(v, strings.TrimSpace("% "+unit))
}

// Layers are the units of a network, "2–512–512–256–4".
func (n Network) Layers() []Setting {
	if n.Kind == "llama" {
		layers := fmt.Sprintf("%d layers of %d", n.Llama.Layers, n.Llama.Width)
		if n.Llama.Layers == 1 {
			layers = fmt.Sprintf("1 layer of %d", n.Llama.Width)
		}
		return []Setting{{Name: "Llama"}, {Name: layers}}
	}
	sizes := []string{strconv.Itoa(n.Inputs)}
	for _, h := range n.Hidden {
		sizes = append(sizes, strconv.Itoa(h))
	}
	text := strings.Join(append(sizes, strconv.Itoa(n.Outputs)), "–")
	if n.Steps > 0 {
		return []Setting{{Name: strings.ToUpper(n.Kind) + " " + text}, {Name: fmt.Sprintf("%d steps", n.Steps)}}
	}
	return []Setting{{Name: text}}
}

package nf

import (
	"strings"

	"github.com/network-fragility/fragility/protocols"
)

// An Arm is a treatment of your own: a name and steps that a subject goes
// through.
type Arm struct{ text string }

// Treatment makes a treatment of steps, which are taken one after the other:
//
//	nf.Treatment("ketamine, then ssri", nf.Ketamine(), nf.SSRI().Epochs(50))
//
// The name must hold no colon and no semicolon. An option that is given several
// values makes a grid: an arm for each combination.
func Treatment(name string, steps ...Step) Arm {
	var words []string
	for _, s := range steps {
		words = append(words, s.text())
	}
	text := strings.Join(words, " then ")
	if name != "" {
		text = name + ": " + text
	}
	return Arm{text}
}

// Arms is the run with treatments of your own beside the chapter's (chapters 4
// to 8). They are measured as the chapter's are.
func (r Run) Arms(arms ...Arm) Run {
	var texts []string
	for _, a := range arms {
		texts = append(texts, a.text)
	}
	return r.With(Set{"Arms": strings.Join(texts, "; ")})
}

// A Step is a part of a treatment. Its options have the chapter's parameters
// unless a method sets them.
type Step struct {
	word    string
	options []string
}

// The steps of the book's treatments.
func Ketamine() Step     { return Step{word: "ketamine"} }     // gain, regrowth by gradient, training
func SSRI() Step         { return Step{word: "ssri"} }         // long training at a low rate under fading noise and rising gain
func Neurosteroid() Step { return Step{word: "neurosteroid"} } // inhibition, tanh and gain, and a short training

// The parts that they are made of, and what else a subject can go through.
func Tune() Step         { return Step{word: "tune"} }          // training alone
func Regrow() Step       { return Step{word: "regrow"} }        // regrowth by gradient
func RegrowRandom() Step { return Step{word: "regrow_random"} } // regrowth at random sites
func Prune() Step        { return Step{word: "prune"} }         // a further pruning of what is left
func Modulate() Step     { return Step{word: "modulate"} }      // gain and inhibition, from here on
func Tanh() Step         { return Step{word: "tanh"} }          // the saturating activation, from here on
func ReLU() Step         { return Step{word: "relu"} }          // the usual activation, from here on
func Off() Step          { return Step{word: "off"} }           // all dials back to rest

// Epochs sets the length of a step's training.
func (s Step) Epochs(values ...int) Step { return option(s, "epochs", values) }

// Rate sets the step size of a step's training.
func (s Step) Rate(values ...float64) Step { return option(s, "rate", values) }

// Gain sets the gain.
func (s Step) Gain(values ...float64) Step { return option(s, "gain", values) }

// Fraction sets the share that is regrown or cut.
func (s Step) Fraction(values ...float64) Step { return option(s, "fraction", values) }

// Sigma sets the noise that a training begins with.
func (s Step) Sigma(values ...float64) Step { return option(s, "sigma", values) }

// Inhibition sets the factor on the hidden units.
func (s Step) Inhibition(values ...float64) Step { return option(s, "inhibition", values) }

// Layer sets the one hidden layer, counted from 1, that an inhibition acts on.
func (s Step) Layer(values ...int) Step { return option(s, "layer", values) }

func option[T any](s Step, name string, values []T) Step {
	var texts []string
	for _, v := range values {
		texts = append(texts, protocols.Format(v))
	}
	s.options = append(s.options[:len(s.options):len(s.options)], name+"="+strings.Join(texts, "|"))
	return s
}

func (s Step) text() string {
	if s.options == nil {
		return s.word
	}
	return s.word + "(" + strings.Join(s.options, ", ") + ")"
}

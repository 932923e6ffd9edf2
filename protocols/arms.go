package protocols

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Arms are treatments of the user's own, written as text that a command line, a
// cell and a saved setting can carry:
//
//	ketamine then ssri(epochs=50)
//	damped repair: modulate(inhibition=0.8) then ketamine
//	ketamine(gain=1|1.25|1.5, fraction=0.25|0.5)
//
// Several stand with semicolons between them. A name before a colon names the
// arm; without one its text does. Options that are left out have the chapter's
// parameters. Values with bars between them make a grid: an arm for each
// combination.
type Arms []Arm

// An Arm is one treatment of them. A grid is several.
type Arm struct {
	Name  string
	Grid  string // the text of the grid that it is of, or ""
	Steps []ArmStep
}

// ArmStep is a word with its options.
type ArmStep struct {
	Word    string
	Options []ArmOption
}

// ArmOption is an option with its value.
type ArmOption struct {
	Name  string
	Value float64
}

// An armWord is a step that an arm may take: its options with their ranges and
// what they are by default, and the stages that it stands for.
type armWord struct {
	options []armOption
	steps   func(c *Clinic, o map[string]float64) []Step
}

type armOption struct {
	name   string
	within string
	value  func(c *Clinic) float64
}

// Guards against slips, and against requests that are made to cost: a long grid
// is measured in days.
const (
	maxArms    = 500
	maxSteps   = 100 // of one treatment
	maxArmName = 200 // characters
)

var errTooManyArms = fmt.Errorf("takes at most %d treatments, a grid's counted one by one", maxArms)

func whole(n int) float64 { return float64(n) }

var (
	optionEpochs = "[0,10000]"
	optionRate   = "(0,10]"
	optionFactor = "[0.01,10]"
	optionShare  = "[0,1]"

	tuningRate = armOption{"rate", optionRate, func(c *Clinic) float64 { return c.FinetuneRate }}
	fraction   = armOption{"fraction", optionShare, func(c *Clinic) float64 { return c.RegrowFraction }}
	unchanged  = func(*Clinic) float64 { return 0 }
)

// armWords is the vocabulary.
var armWords = map[string]armWord{
	"ketamine": {
		[]armOption{
			{"gain", optionFactor, func(c *Clinic) float64 { return c.KetamineGain }}, fraction,
			{"epochs", optionEpochs, func(c *Clinic) float64 { return whole(c.KetamineEpochs) }}, tuningRate,
		},
		func(c *Clinic, o map[string]float64) []Step {
			return c.ketamine(o["gain"], o["fraction"], int(o["epochs"]), o["rate"])
		},
	},
	"ssri": {
		[]armOption{
			{"epochs", optionEpochs, func(c *Clinic) float64 { return whole(c.SSRIEpochs) }},
			{"rate", optionRate, func(c *Clinic) float64 { return c.SSRIRate }},
			{"sigma", "[0,100]", func(c *Clinic) float64 { return c.SSRIInitialSigma }},
			{"gain", optionFactor, func(c *Clinic) float64 { return c.SSRIMaxGain }},
		},
		func(c *Clinic, o map[string]float64) []Step {
			return c.ssri(int(o["epochs"]), o["rate"], o["sigma"], o["gain"])
		},
	},
	"neurosteroid": {
		[]armOption{
			{"inhibition", optionFactor, func(c *Clinic) float64 { return c.NeurosteroidInhibition }},
			{"gain", optionFactor, func(c *Clinic) float64 { return c.NeurosteroidGain }},
			{"epochs", optionEpochs, func(c *Clinic) float64 { return whole(c.NeurosteroidEpochs) }}, tuningRate,
			{"layer", "[0,64]", func(c *Clinic) float64 { return whole(c.NeurosteroidLayer) }},
		},
		func(c *Clinic, o map[string]float64) []Step {
			return c.neurosteroid(o["inhibition"], o["gain"], int(o["epochs"]), o["rate"], int(o["layer"]))
		},
	},
	"tune": {
		[]armOption{{"epochs", optionEpochs, func(c *Clinic) float64 { return whole(c.FinetuneEpochs) }}, tuningRate},
		func(c *Clinic, o map[string]float64) []Step {
			return []Step{{"train", c.tune(int(o["epochs"]), o["rate"])}}
		},
	},
	"regrow": {
		[]armOption{fraction},
		func(c *Clinic, o map[string]float64) []Step { return []Step{{"regrow", c.regrow(o["fraction"])}} },
	},
	"regrow_random": {
		[]armOption{fraction},
		func(c *Clinic, o map[string]float64) []Step {
			return []Step{{"regrow at random", RegrowRandom{o["fraction"], c.RegrowScale}}}
		},
	},
	"prune": {
		[]armOption{{"fraction", optionShare, func(c *Clinic) float64 { return c.RelapseFraction }}},
		func(c *Clinic, o map[string]float64) []Step {
			return []Step{{"prune further", PruneFurther{o["fraction"], c.RelapseLimit, c.rule()}}}
		},
	},
	"modulate": {
		[]armOption{{"gain", "[0,10]", unchanged}, {"inhibition", "[0,10]", unchanged}, {"layer", "[0,64]", unchanged}},
		func(_ *Clinic, o map[string]float64) []Step {
			return []Step{{"modulate", Modulate{Gain: o["gain"], Inhibition: o["inhibition"], InhibitedLayer: int(o["layer"])}}}
		},
	},
	"tanh": {nil, func(*Clinic, map[string]float64) []Step { return []Step{{"tanh", Modulate{Activation: Tanh}}} }},
	"relu": {nil, func(*Clinic, map[string]float64) []Step { return []Step{{"relu", Modulate{Activation: ReLU}}} }},
	"off":  {nil, func(*Clinic, map[string]float64) []Step { return []Step{{"discontinue", Discontinue{}}} }},
}

// ParseArms reads arms from text. The error is the end of a sentence that
// starts with the parameter's name.
func ParseArms(text string) (Arms, error) {
	var arms Arms
	for part := range strings.SplitSeq(text, ";") {
		part = strings.Join(strings.Fields(part), " ") // a text may have several lines
		if part == "" {
			continue
		}
		grid, err := parseArm(part, maxArms-len(arms))
		if err == errTooManyArms {
			return nil, err
		}
		if err != nil {
			return nil, fmt.Errorf("takes treatments like %q: in %s, %v", "ketamine then ssri(epochs=50)", quote(part), err)
		}
		for _, a := range grid {
			if slices.ContainsFunc(arms, func(b Arm) bool { return a.Name == b.Name }) {
				return nil, fmt.Errorf("takes each treatment once, and %s repeats one", quote(part))
			}
			arms = append(arms, a)
		}
	}
	return arms, nil
}

// parseArm reads one arm, or the arms of a grid, which may be so many.
func parseArm(text string, most int) ([]Arm, error) {
	name, steps, named := strings.Cut(text, ":")
	if !named {
		name, steps = "", text
	}
	name = strings.TrimSpace(name)
	if named {
		if err := checkArmName(name); err != nil {
			return nil, err
		}
	}
	parts := strings.SplitN(steps, " then ", maxSteps+1)
	if len(parts) > maxSteps {
		return nil, fmt.Errorf("there are more than %d steps", maxSteps)
	}
	var words []gridStep
	n := 1 // arms
	for _, part := range parts {
		word, options, err := parseStep(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		for _, o := range options {
			n *= len(o.values)
			if n > most {
				return nil, errTooManyArms
			}
		}
		words = append(words, gridStep{word, options})
	}
	if most == 0 {
		return nil, errTooManyArms
	}
	arms := make([]Arm, n)
	for i := range arms {
		a := &arms[i]
		a.Name, a.Steps = name, gridPoint(words, i, n)
		switch {
		case n > 1 && name != "":
			a.Grid, a.Name = text, name+": "+a.text()
		case n > 1:
			a.Grid, a.Name = text, a.text()
		case name == "":
			a.Name = a.text()
		}
	}
	return arms, nil
}

// gridStep is a step with all values of its options.
type gridStep struct {
	word    string
	options []option
}

// gridPoint is the i-th of n arms of a grid: the last option changes fastest.
func gridPoint(words []gridStep, i, n int) []ArmStep {
	steps := make([]ArmStep, len(words))
	for s, w := range words {
		steps[s].Word = w.word
		for _, o := range w.options {
			n /= len(o.values)
			steps[s].Options = append(steps[s].Options, ArmOption{o.name, o.values[i/n%len(o.values)]})
		}
	}
	return steps
}

// checkArmName refuses what would be something else than a name on a page, in a
// terminal or in a spreadsheet: an arm's name stands in every table.
func checkArmName(name string) error {
	if name == "" {
		return fmt.Errorf("a name is missing before the colon")
	}
	if utf8.RuneCountInString(name) > maxArmName {
		return fmt.Errorf("the name has more than %d characters", maxArmName)
	}
	first, _ := utf8.DecodeRuneInString(name)
	if !unicode.IsLetter(first) && !unicode.IsDigit(first) {
		return fmt.Errorf("a name begins with a letter or a digit, not with %q", first)
	}
	for _, r := range name {
		if !unicode.IsPrint(r) || r == utf8.RuneError || strings.ContainsRune("<>`|[]\\$", r) {
			return fmt.Errorf("a name has no %q", r)
		}
	}
	return nil
}

// option is one with all its values.
type option struct {
	name   string
	values []float64
}

// parseStep reads a word and its options.
func parseStep(text string) (word string, options []option, err error) {
	word, rest, hasOptions := strings.Cut(text, "(")
	word = strings.TrimSpace(word)
	w, ok := armWords[word]
	if !ok {
		return "", nil, fmt.Errorf("%s is none of %s", quote(word), strings.Join(slices.Sorted(maps.Keys(armWords)), ", "))
	}
	if !hasOptions {
		return word, nil, nil
	}
	rest, closed := strings.CutSuffix(strings.TrimSpace(rest), ")")
	if !closed {
		return "", nil, fmt.Errorf("the bracket after %q is not closed", word)
	}
	for part := range strings.SplitSeq(rest, ",") {
		name, values, _ := strings.Cut(part, "=")
		name = strings.TrimSpace(name)
		i := slices.IndexFunc(w.options, func(o armOption) bool { return o.name == name })
		if i < 0 {
			var names []string
			for _, o := range w.options {
				names = append(names, o.name)
			}
			return "", nil, fmt.Errorf("%s takes %s, not %s", word, joinOr(names, "no options"), quote(name))
		}
		if slices.ContainsFunc(options, func(o option) bool { return o.name == name }) {
			return "", nil, fmt.Errorf("%s is set twice", name)
		}
		within := parseInterval(w.options[i].within)
		o := option{name: name}
		for v := range strings.SplitSeq(values, "|") {
			if len(o.values) == maxArms {
				return "", nil, errTooManyArms
			}
			x, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
			isWhole := name != "epochs" && name != "layer" || x == float64(int(x))
			if err != nil || !within.holds(x) || !isWhole || slices.Contains(o.values, x) {
				return "", nil, fmt.Errorf("%s takes a number in %s, not %s", name, w.options[i].within, quote(strings.TrimSpace(v)))
			}
			o.values = append(o.values, x)
		}
		options = append(options, o)
	}
	return word, options, nil
}

func joinOr(names []string, none string) string {
	if len(names) == 0 {
		return none
	}
	return strings.Join(names, ", ")
}

// text writes an arm's steps as ParseArms reads them.
func (a Arm) text() string {
	var steps []string
	for _, s := range a.Steps {
		var options []string
		for _, o := range s.Options {
			options = append(options, o.Name+"="+Format(o.Value))
		}
		text := s.Word
		if options != nil {
			text += "(" + strings.Join(options, ",") + ")"
		}
		steps = append(steps, text)
	}
	return strings.Join(steps, " then ")
}

// String writes arms as ParseArms reads them, a grid as its arms.
func (list Arms) String() string {
	var parts []string
	for _, a := range list {
		text := a.text()
		switch {
		case a.Grid != "": // as it was, once
			text = a.Grid
			if slices.Contains(parts, text) {
				continue
			}
		case a.Name != text:
			text = a.Name + ": " + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}

// check refuses what does not fit the chapter's network.
func (a Arm) check(c *Clinic) error {
	for _, s := range a.Steps {
		inhibited := func(o ArmOption) bool { return o.Name == "inhibition" && o.Value != 0 }
		for _, o := range s.Options {
			if s.Word == "modulate" && o.Name == "layer" && o.Value != 0 && !slices.ContainsFunc(s.Options, inhibited) {
				return fmt.Errorf("layer goes with an inhibition, as in modulate(inhibition=0.7,layer=1)")
			}
			if o.Name == "layer" && int(o.Value) > len(c.Hidden) {
				return fmt.Errorf("layer takes a hidden layer from 1 to %d, or 0 for all, not %v", len(c.Hidden), o.Value)
			}
		}
	}
	return nil
}

// ownArms lends the arms of the user, and whether there are controls, to
// checkNames.
func (c *Clinic) ownArms() (arms *Arms, controls *bool) { return &c.Arms, &c.Controls }

// checkNames refuses arms of the user's own that have the name of an arm of the
// chapter, those of our controls included whether or not they are run: the names
// are those of its tree without the user's arms.
func checkNames(p Protocol) error {
	q, ok := p.(interface{ ownArms() (*Arms, *bool) })
	if !ok {
		return nil
	}
	arms, controls := q.ownArms()
	own, as := *arms, *controls
	if len(own) == 0 {
		return nil
	}
	*arms, *controls = nil, true
	taken := armsOf(p.Plant(p.Cohort()[0]))
	*arms, *controls = own, as
	for _, a := range own {
		if taken[a.Name] {
			return badInput("Arms: %q is an arm of the protocol already; give yours another name, as in \"mine: %s\"", a.Name, a.text())
		}
	}
	return nil
}

// armsOf are the arms that a tree measures.
func armsOf(t *Tree) map[string]bool {
	arms := map[string]bool{}
	t.Walk(func(n *Node) {
		for _, r := range n.Readings {
			arms[r.Arm] = true
			for _, name := range r.Names {
				arms[name.Arm] = true
			}
		}
	})
	return arms
}

// treatment is what an arm stands for in a chapter.
func (a Arm) treatment(c *Clinic) Treatment {
	t := Heading{a.Name, a.Name + " (yours)", true}.as()
	for _, s := range a.Steps {
		w := armWords[s.Word]
		values := map[string]float64{}
		for _, o := range w.options {
			values[o.name] = o.value(c)
		}
		for _, o := range s.Options {
			values[o.Name] = o.Value
		}
		t.Steps = append(t.Steps, w.steps(c, values)...)
	}
	return t
}

// Axes are the options of a grid's arms that differ, and their values in order.
func (list Arms) Axes(grid string) (names []string, values map[string][]float64) {
	values = map[string][]float64{}
	for _, a := range list {
		if a.Grid != grid {
			continue
		}
		for name, v := range a.Settings() {
			if !slices.Contains(values[name], v) {
				values[name] = append(values[name], v)
			}
		}
	}
	for name, v := range values {
		if len(v) > 1 {
			slices.Sort(v)
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, values
}

// Settings are the options of an arm by step and name, as "ketamine gain".
func (a Arm) Settings() map[string]float64 {
	m := map[string]float64{}
	for _, s := range a.Steps {
		for _, o := range s.Options {
			m[s.Word+" "+o.Name] = o.Value
		}
	}
	return m
}

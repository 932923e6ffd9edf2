package figures

import (
	"fmt"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
)

// told is a setting as a box has it, whose numbers may be those of several steps.
type told struct {
	name   string
	values []string
	unit   string
}

func (t told) String() string {
	if t.unit == "epochs" && slices.Equal(t.values, []string{"1"}) {
		t.unit = "epoch"
	}
	return words.Join(t.name, strings.Join(t.values, " to "), t.unit)
}

// settings are a stage's, those that its label says left out, and a gain that is
// there already; the one that the label names comes first, without its name.
func settings(s protocols.Stage, label string, gain float64) []told {
	described, ok := s.(protocols.Described)
	if !ok {
		return nil
	}
	var list []told
	for _, q := range described.Settings() {
		t := told{name: q.Name, unit: q.Unit}
		for _, v := range q.Values {
			t.values = append(t.values, written(v))
		}
		other := func(v float64) bool { return v != gain }
		switch {
		case q.Name == "gain" && !slices.ContainsFunc(q.Values, other):
		case q.Values == nil && strings.Contains(label, strings.TrimPrefix(q.Name, "by ")):
		case q.Name == label:
			t.name = ""
			list = append([]told{t}, list...)
		default:
			list = append(list, t)
		}
	}
	return list
}

// layersOf is a line with the units of a network.
func layersOf(n protocols.Network) [][]told {
	var line []told
	for _, q := range n.Layers() {
		line = append(line, told{name: q.Name})
	}
	return [][]told{line}
}

func written(v any) string { return words.Minus(protocols.Format(v)) }

// sub writes the settings of a step. Short words of several stages
// stay together.
func (s *step) sub() string {
	var lines []string
	for _, line := range s.lines {
		var parts []string
		for _, t := range line {
			parts = append(parts, t.String())
		}
		text := strings.Join(parts, ", ")
		if s.joined {
			text = strings.Join(together(strings.Split(text, ", ")), ", ")
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, ",\n")
}

// together keeps short words on one line each.
func together(list []string) []string {
	const short = 26
	list = slices.Clone(list)
	for i, text := range list {
		if len(text) <= short {
			list[i] = strings.ReplaceAll(text, " ", words.NBSP)
		}
	}
	return list
}

// form is a step with all that follows, its numbers left out: steps of one form
// differ in numbers alone.
func (s *step) form() string {
	text := s.ownForm() + "["
	for _, k := range s.next {
		text += k.form() + ";"
	}
	return text + "]"
}

// ownForm is that of the step alone.
func (s *step) ownForm() string {
	text := fmt.Sprintf("%s×%d", s.label, s.times)
	for _, line := range s.lines {
		text += "/"
		for _, t := range line {
			text += "(" + t.name
			for _, v := range t.values {
				text += fmt.Sprintf(" #%d", strings.Count(v, " ")) // several are another form than one
			}
			text += " " + t.unit + ")"
		}
	}
	return text
}

// numbersIn are the numbers that form leaves out.
func (s *step) numbersIn() []string {
	list := s.numbers()
	for _, k := range s.next {
		list = append(list, k.numbersIn()...)
	}
	return list
}

// numbers are those of the step alone.
func (s *step) numbers() []string {
	var list []string
	for _, line := range s.lines {
		for _, t := range line {
			list = append(list, t.values...)
		}
	}
	return list
}

// withNumbers are the step's lines with other numbers.
func (s *step) withNumbers(numbers []string) [][]told {
	var lines [][]told
	for _, line := range s.lines {
		line = slices.Clone(line)
		for i := range line {
			n := len(line[i].values)
			line[i].values, numbers = slices.Clone(numbers[:n]), numbers[n:]
		}
		lines = append(lines, line)
	}
	return lines
}

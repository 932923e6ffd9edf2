package nf

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/network-fragility/fragility/protocols"
)

// A Dial is a parameter that a reader turns while looking at what it does: see
// [Display.Turn].
type Dial struct {
	parameter string
	values    []string // in the order of its places
	menu      bool
}

// Slider is a dial with a place for each of the values, from left to right, as
// in Slider("PruneSparsity", 0.5, 0.7, 0.9, 0.95). Places rather than a range:
// what was computed at one is there at once when the reader comes back to it.
func Slider[T any](parameter string, values ...T) Dial {
	return newDial(parameter, false, values)
}

// Menu is a dial that lists the values, as in Menu("TieRule", "random", "first").
func Menu[T any](parameter string, values ...T) Dial {
	return newDial(parameter, true, values)
}

func newDial[T any](parameter string, menu bool, values []T) Dial {
	d := Dial{parameter: parameter, menu: menu}
	for _, v := range values {
		d.values = append(d.values, protocols.Format(v))
	}
	return d
}

// A dialState is a dial of a run, with the place at which it stands.
type dialState struct {
	Dial
	place int
	words string // what the parameter means
	unit  string
}

func (d *dialState) value() string { return d.values[d.place] }

// dialsOf puts dials where the run has them; a value of the run that a dial has
// no place for gets one. What a dial cannot take is refused before anything is
// computed.
func dialsOf(r Run, dials []Dial) ([]*dialState, error) {
	p, err := protocols.Configure(r.chapter, r.set)
	if err != nil {
		return nil, err
	}
	parameters := protocols.Parameters(p)
	var list []*dialState
	for _, d := range dials {
		i := slices.IndexFunc(parameters, func(q protocols.Parameter) bool { return q.Name == d.parameter })
		if i < 0 {
			return nil, protocols.BadInput{Sentence: fmt.Sprintf("%s is not a parameter of chapter %d, so there is nothing to turn", d.parameter, r.chapter)}
		}
		for _, value := range d.values {
			if _, err := protocols.Configure(r.chapter, r.With(Set{d.parameter: value}).set); err != nil {
				return nil, err
			}
		}
		q := parameters[i]
		d.values = withValue(d.values, q.Value)
		list = append(list, &dialState{Dial: d, place: slices.Index(d.values, q.Value), words: q.Meaning, unit: q.Unit})
	}
	return list, nil
}

// withValue is the list with a value in it: among numbers in their order, which
// may fall too, and otherwise first.
func withValue(values []string, value string) []string {
	if slices.Contains(values, value) {
		return values
	}
	at := 0
	if v, err := strconv.ParseFloat(value, 64); err == nil {
		before := func(a, b string) bool {
			x, errX := strconv.ParseFloat(a, 64)
			y, errY := strconv.ParseFloat(b, 64)
			return errX == nil && errY == nil && x < y
		}
		falls := len(values) > 1 && before(values[len(values)-1], values[0])
		for _, other := range values {
			x, err := strconv.ParseFloat(other, 64)
			if err != nil || (x < v) == falls {
				break
			}
			at++
		}
	}
	return slices.Insert(slices.Clone(values), at, value)
}

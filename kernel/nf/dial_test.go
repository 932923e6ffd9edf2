package nf

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A run whose value a dial has no place for gets one among the others.
func TestDialsOf(t *testing.T) {
	for _, c := range []struct {
		dial  Dial
		value string // of the run
		want  []string
	}{
		{Slider("PruneSparsity", 0.5, 0.9), "0.9", []string{"0.5", "0.9"}},
		{Slider("PruneSparsity", 0.5, 0.9), "0.7", []string{"0.5", "0.7", "0.9"}},
		{Slider("PruneSparsity", 0.5, 0.9), "0.2", []string{"0.2", "0.5", "0.9"}},
		{Slider("PruneSparsity", 0.5, 0.9), "0.95", []string{"0.5", "0.9", "0.95"}},
		{Slider("PruneSparsity", 0.9, 0.5), "0.7", []string{"0.9", "0.7", "0.5"}},
		{Slider("PruneSparsity", 0.9, 0.5), "0.2", []string{"0.9", "0.5", "0.2"}},
		{Menu[float64]("PruneSparsity"), "0.2", []string{"0.2"}},
		{Menu("Seeds", "0", "0-4"), "0-9", []string{"0-9", "0", "0-4"}},
	} {
		states, err := dialsOf(Chapter(1).With(Set{c.dial.parameter: c.value}), []Dial{c.dial})
		if err != nil {
			t.Fatal(err)
		}
		if s := states[0]; !slices.Equal(s.values, c.want) || s.value() != c.value {
			t.Errorf("%v with %s: at %s of %v, want %v", c.dial, c.value, s.value(), s.values, c.want)
		}
	}
}

// What a page sends moves a dial, or nothing where it makes no sense.
func TestTurn(t *testing.T) {
	states, err := dialsOf(Chapter(1), []Dial{Slider("PruneSparsity", 0.5, 0.95), Menu("RegrowFraction", 0.5, 1)})
	if err != nil {
		t.Fatal(err)
	}
	turned := &turning{dials: states}
	var got []string
	for _, message := range []string{"0 0", "0 0", "1 1", "2 0", "0 2", "0 -1", "0 x", "1 0"} {
		dial, place, _ := strings.Cut(message, " ")
		got = append(got, fmt.Sprint(turned.turn(dial, place)))
	}
	if want := "true false true false false false false true"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if want := "PruneSparsity = 0.5, RegrowFraction = 0.5; run the cell again to turn"; turned.words() != want {
		t.Errorf("the cell says %q, want %q", turned.words(), want)
	}
}

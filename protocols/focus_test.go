package protocols

import (
	"slices"
	"testing"
)

// A notebook's parameters cell is short, and every line of it is a parameter.
func TestFocus(t *testing.T) {
	for _, n := range Chapters() {
		p, err := Configure(n, nil)
		if err != nil {
			t.Fatal(err)
		}
		names := Focus(n)
		if len(names) < 6 || len(names) > 12 {
			t.Errorf("chapter %d is about %d parameters", n, len(names))
		}
		for i, name := range names {
			if !slices.ContainsFunc(Parameters(p), func(q Parameter) bool { return q.Name == name }) || slices.Contains(names[:i], name) {
				t.Errorf("chapter %d is about %s, which it lacks or which stands twice", n, name)
			}
		}
	}
}

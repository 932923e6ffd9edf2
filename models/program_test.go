package models

import (
	"bytes"
	"os"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas
)

// A session keeps a bounded number of programs and gives back what the others
// held; one that it gave up is built again when it is asked for.
func TestSessionKeepsFewPrograms(t *testing.T) {
	defer func(most int) { maxPrograms = most }(maxPrograms)
	maxPrograms = 8
	s, err := OpenSession(0)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	add := func(n int) (sum float32) {
		err := s.do(func() error {
			p, err := s.program(programKey{purpose: "add", samples: n}, func(g *Graph) []*Node {
				x := Parameter(g, "x", shapes.Make(dtypes.Float32, 4))
				return []*Node{AddScalar(x, float64(n))}
			})
			if err != nil {
				return err
			}
			a := s.newArena()
			defer a.close()
			out := a.run(p, put(a, []float32{1, 2, 3, 4}, 4))
			if a.err != nil {
				return a.err
			}
			sum = a.get(out[0], 4)[0]
			return a.err
		})
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	mappings := func() int {
		text, err := os.ReadFile("/proc/self/maps")
		if err != nil {
			t.Skip("counts mappings on Linux alone: ", err)
		}
		return bytes.Count(text, []byte("\n"))
	}
	for n := range maxPrograms {
		add(n)
	}
	full := mappings()
	for n := range maxPrograms {
		add(maxPrograms + n)
	}
	if len(s.programs) != maxPrograms {
		t.Errorf("%d programs are kept, want %d", len(s.programs), maxPrograms)
	}
	if more := mappings() - full; more > maxPrograms {
		t.Errorf("%d mappings more after %d further programs: those given up hold theirs", more, maxPrograms)
	}
	if got := add(7); got != 8 {
		t.Errorf("a program that was given up adds up to %v, want 8", got)
	}
}

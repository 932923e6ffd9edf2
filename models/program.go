package models

import (
	"context"
	"fmt"
	"time"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph" // graph code reads as formulas
)

// programKey says which compiled program: what it is for, and everything that
// shapes it.
type programKey struct {
	purpose  string // as "epoch"
	network  string // the description, as text
	variant  variant
	masked   bool
	samples  int // of the data set, or of a chunk
	batch    int
	together int
}

// program is a compiled graph.
type program struct {
	executable compute.Executable
	// perStep is how long one step of a loop took last time, zero at first.
	perStep time.Duration
	asked   int // the session's clock when the program was last asked for
}

// maxPrograms bounds the compiled programs of a session. Pruned networks have a
// program for each size of what is left of them, so a long run makes hundreds.
// The CPU's compiler maps every function of a program by itself, some 130
// mappings in all, and a process that has 65,530 (Linux) can compile no more; so
// the sessions of all cores together keep about 200 programs.
var maxPrograms = max(4, 200/Cores())

// program returns the compiled program of a key, building it if the session has
// it not. The one that was not asked for longest makes room.
func (s *Session) program(key programKey, build func(g *Graph) []*Node) (*program, error) {
	s.clock++
	if p, ok := s.programs[key]; ok {
		p.asked = s.clock
		return p, nil
	}
	for len(s.programs) >= maxPrograms {
		var oldest programKey
		for k, p := range s.programs {
			if o, ok := s.programs[oldest]; !ok || p.asked < o.asked {
				oldest = k
			}
		}
		s.programs[oldest].executable.Finalize()
		delete(s.programs, oldest)
	}
	g := NewGraph(s.backend, key.purpose)
	if err := g.Compile(build(g)...); err != nil {
		return nil, fmt.Errorf("compile %s: %w", key.purpose, err)
	}
	p := &program{executable: g.Executable(), asked: s.clock}
	s.programs[key] = p
	return p, nil
}

// arena owns device buffers for the length of one call. Its methods do nothing
// once err is set, so a chain of them needs one check at its end.
type arena struct {
	session *Session
	live    map[compute.Buffer]bool
	err     error
}

func (s *Session) newArena() *arena {
	return &arena{session: s, live: map[compute.Buffer]bool{}}
}

// put copies values to the device.
func put[T float32 | int32 | uint32](a *arena, values []T, dims ...int) compute.Buffer {
	if a.err != nil {
		return nil
	}
	b, err := a.session.backend.BufferFromFlatData(0, values, shapes.Make(dtypes.FromGenericsType[T](), dims...))
	if err != nil {
		a.err = err
		return nil
	}
	a.live[b] = true
	return b
}

// putAll copies the values of tensors.
func (a *arena) putAll(values [][]float32, specs []tensorSpec) []compute.Buffer {
	var buffers []compute.Buffer
	for i, spec := range specs {
		buffers = append(buffers, put(a, values[i], spec.shape...))
	}
	return buffers
}

// get copies a buffer of n float32 from the device.
func (a *arena) get(b compute.Buffer, n int) []float32 {
	if a.err != nil {
		return nil
	}
	values := make([]float32, n)
	a.err = b.ToFlatData(values)
	return values
}

// run executes a program and returns its outputs.
func (a *arena) run(p *program, inputs ...compute.Buffer) []compute.Buffer {
	if a.err != nil {
		return nil
	}
	outputs, err := p.executable.Execute(inputs, nil, 0)
	if err != nil {
		a.err = err
		return nil
	}
	for _, b := range outputs {
		a.live[b] = true
	}
	return outputs
}

// free releases buffers before the arena's end.
func (a *arena) free(buffers ...compute.Buffer) {
	for _, b := range buffers {
		if a.live[b] {
			delete(a.live, b)
			if err := b.Finalize(); err != nil && a.err == nil {
				a.err = err
			}
		}
	}
}

// close releases all buffers.
func (a *arena) close() {
	for b := range a.live {
		a.free(b)
	}
}

// callBudget bounds one device call, so that a cancelled run ends soon. How a
// loop is cut into calls changes no result.
const callBudget = 450 * time.Millisecond

// inCalls does the steps from first to last (exclusive) of a loop program in
// calls of about callBudget and at most so many steps: run does those from at to
// end. It looks at ctx before each call.
func (s *Session) inCalls(ctx context.Context, a *arena, p *program, first, last, most int, run func(at, end int)) error {
	for at := first; at < last && a.err == nil; {
		if err := ctx.Err(); err != nil {
			return err
		}
		steps := 4 // while nothing is known yet
		if p.perStep > 0 {
			steps = max(1, int(callBudget/p.perStep))
		}
		end := min(last, at+min(steps, most))
		start := time.Now()
		run(at, end)
		p.perStep = time.Since(start) / time.Duration(end-at)
		at = end
	}
	return a.err
}

// loop is a While over a state: body returns the next state as long as holds
// returns true. It builds graphs and panics on faults.
//
// GoMLX keeps one constant per graph for each scalar that its helpers make
// (Scalar, AddScalar, OneMinus, the gradients of many operations). One that was
// first made outside of the body and is then used inside is no part of the
// body, and XLA refuses the program. So everything that the loop starts from is
// an input of the program or made with Const, and neither the caller nor holds
// uses such helpers; the body may.
func loop(g *Graph, state []*Node, holds func(state []*Node) *Node, body func(state []*Node) []*Node) []*Node {
	parameters := func(g *Graph) []*Node {
		p := make([]*Node, len(state))
		for i, n := range state {
			p[i] = Parameter(g, fmt.Sprintf("state%d", i), n.Shape())
		}
		return p
	}
	return While(
		NewClosure(g, func(g *Graph) []*Node { return []*Node{holds(parameters(g))} }),
		NewClosure(g, func(g *Graph) []*Node { return body(parameters(g)) }),
		state...)
}

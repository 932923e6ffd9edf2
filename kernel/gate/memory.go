package gate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/kernel/cell"
	"github.com/network-fragility/fragility/protocols"
)

// Digest of a cell's text, as outputs are marked with it.
func Digest(source string) string {
	sum := sha256.Sum256([]byte(unixLines(source)))
	return hex.EncodeToString(sum[:6])
}

// unixLines is a text without the line ends of Windows: GoNB takes "%%\r" for
// Go.
func unixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// memory is what the kernel has of the cells that ran.
type memory struct {
	names      map[string]bool
	runs       map[string]int
	broken     map[string]bool // names whose last declaration failed: GoNB has an older one, or none
	cells      []done
	generation int      // how often a cell that declares a run has run again with another text
	locals     []string // names made with := that ended with their cell
}

type done struct{ id, digest string }

func newMemory() memory {
	return memory{names: map[string]bool{}, runs: map[string]int{}, broken: map[string]bool{}}
}

func (m *memory) known() cell.Known { return cell.Known{Names: m.names, Runs: m.runs} }

// ran notes what became of a cell.
func (m *memory) ran(q request, c *cell.Cell, ok bool) {
	for _, name := range c.Declares {
		if _, isRun := c.Runs[name]; isRun && !ok {
			m.broken[name] = true
		} else if ok {
			delete(m.broken, name)
			m.names[name] = true
		}
	}
	if !ok {
		return
	}
	m.locals = append(m.locals, c.Locals...)
	maps.Copy(m.runs, c.Runs)
	if slices.ContainsFunc(m.cells, func(d done) bool { return len(c.Runs) > 0 && q.id != "" && d.id == q.id && d.digest != Digest(q.code) }) {
		m.generation++
	}
	// A cell that runs again takes its own place; without an id it is another.
	m.cells = slices.DeleteFunc(m.cells, func(d done) bool { return q.id != "" && d.id == q.id })
	m.cells = append(m.cells, done{q.id, Digest(q.code)})
}

// check refuses a cell that uses a run whose last declaration failed: it would
// show that of an earlier text.
func (m *memory) check(c *cell.Cell) error {
	for _, name := range c.Uses {
		if m.broken[name] && !slices.Contains(c.Declares, name) {
			return protocols.BadInput{Sentence: fmt.Sprintf("%s is what a cell above was to say, and that cell failed: mend it and run it first", name)}
		}
	}
	return nil
}

// mark is what the outputs of a cell are marked with.
func (m *memory) mark(code string) map[string]any {
	var before []string
	for _, d := range m.cells {
		before = append(before, d.digest)
	}
	return map[string]any{"cell": Digest(code), "after": strings.Join(before, " ")}
}

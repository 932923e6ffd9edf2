package cell

import (
	"cmp"
	"fmt"
	"go/ast"
	"regexp"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/protocols"
)

// Known is what the cells before have declared.
type Known struct {
	Names map[string]bool
	Runs  map[string]int // variables that are a chapter's run
}

// Check says in one sentence with its line what is wrong with a cell, where the
// compiler would say it badly or the kernel not at all: a declaration with more
// values than names, whose surplus GoNB drops; a name that the chapter lacks; a
// value that its parameter does not take; a word or a list without quotes.
// Errors are protocols.BadInput.
func (c *Cell) Check(known Known) error {
	for _, s := range c.surplus {
		if s.names > 1 {
			return at(s.line, "%d values for %d names: %s", len(s.values), s.names, strings.Join(s.values, ", "))
		}
		return at(s.line, "%s takes one value, not %s: %s", s.name, strings.Join(s.values, ","), instead(s.values, ""))
	}
	for _, e := range c.errors {
		if strings.Contains(e.Msg, "string literal not terminated") {
			return at(e.Pos.Line, "a quotation mark is missing at the end of a text")
		}
		if strings.Contains(e.Msg, "missing ',' before newline in composite literal") {
			return at(e.Pos.Line, "each value in nf.Set{ } takes a comma after it")
		}
	}
	for _, call := range c.Calls {
		if err := c.checkCall(call, known); err != nil {
			return err
		}
	}
	for _, a := range c.assigned {
		if known.Names[a.name] || slices.Contains(c.Declares, a.name) || !isParameter(a.name) {
			continue
		}
		value := strings.Replace(a.value, ",", ".", 1)
		return at(a.line, "%s is a parameter of a run, not a variable: write \"%s\": %s in the parameters cell, or run.With(nf.Set{\"%s\": %s})", a.name, a.name, value, a.name, value)
	}
	return nil
}

func at(line int, format string, args ...any) error {
	return protocols.BadInput{Sentence: fmt.Sprintf("line %d: ", line) + fmt.Sprintf(format, args...)}
}

var digits = regexp.MustCompile(`^-?[0-9]+$`)

// instead says how several values are written as one.
func instead(values []string, kind string) string {
	list := `"` + strings.Join(values, ",") + `"`
	decimal := len(values) == 2 && digits.MatchString(values[0]) && digits.MatchString(values[1])
	switch {
	case kind != "" && !strings.HasPrefix(kind, "list") && decimal, kind == "" && decimal:
		return "write " + values[0] + "." + values[1]
	case strings.HasPrefix(kind, "list"), kind == "":
		return "write it in quotes: " + list
	}
	return "write one"
}

func isParameter(name string) bool {
	for _, n := range protocols.Chapters() {
		p, err := protocols.Configure(n, nil)
		if err == nil && slices.ContainsFunc(protocols.Parameters(p), func(q protocols.Parameter) bool { return q.Name == name }) {
			return true
		}
	}
	return false
}

// checkCall checks a set of values against the chapter that they are for.
func (c *Cell) checkCall(call Call, known Known) error {
	chapter := cmp.Or(call.Chapter, c.Runs[call.Of], known.Runs[call.Of])
	p, err := protocols.Configure(chapter, nil)
	if err != nil {
		p = nil // the cell does not say which, or the engine will say so
	}
	seen := map[string]bool{}
	for _, e := range call.Entries {
		if seen[e.Name] {
			return at(e.Line, "%s stands twice", e.Name)
		}
		seen[e.Name] = true
		if err := c.checkEntry(p, e, known); err != nil {
			return at(e.Line, "%v", err)
		}
	}
	return nil
}

func (c *Cell) checkEntry(p protocols.Protocol, e Entry, known Known) error {
	kind := ""
	if p != nil {
		parameters := protocols.Parameters(p)
		i := slices.IndexFunc(parameters, func(q protocols.Parameter) bool { return q.Name == e.Name })
		if i < 0 {
			return protocols.NoParameter(p, e.Name)
		}
		kind = parameters[i].Type
	}
	if e.Surplus != nil {
		values := append([]string{e.Source}, e.Surplus...)
		return fmt.Errorf("%s takes one value, not %s: %s", e.Name, strings.Join(values, ","), instead(values, kind))
	}
	if p == nil {
		return nil
	}
	if e.Plain {
		if e.Text == "" {
			return nil // leaves it as it is
		}
		_, err := protocols.Configure(p.Chapter(), map[string]string{e.Name: e.Text})
		if err != nil && strings.HasPrefix(err.Error(), e.Name+" ") {
			return err
		}
		return nil // values that do not go together are the run's to refuse
	}
	return c.checkWord(kind, e, known)
}

// checkWord finds texts that stand without quotes.
func (c *Cell) checkWord(kind string, e Entry, known Known) error {
	switch x := e.value.(type) {
	case *ast.Ident:
		if known.Names[x.Name] || slices.Contains(c.Declares, x.Name) {
			return nil
		}
		if kind == "yes or no" {
			return fmt.Errorf("%s takes true or false, not %s", e.Name, x.Name)
		}
		if !strings.Contains(kind, "number") {
			return fmt.Errorf("%s takes text: write it in quotes: %q", e.Name, x.Name)
		}
	case *ast.BinaryExpr:
		_, left := literal(x.X)
		_, right := literal(x.Y)
		if left && right && strings.HasPrefix(kind, "list") {
			return fmt.Errorf("%s takes text: write it in quotes: %q", e.Name, strings.ReplaceAll(e.Source, " ", ""))
		}
	}
	return nil
}

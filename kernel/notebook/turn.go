package notebook

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
)

// A Turn is what a cell with dials shows: run.Plot("biased").Turn(nf.Slider(...)).
type Turn struct {
	Plot  string
	Dials []TurnDial
}

// A TurnDial is a parameter with the values that a dial has places for.
type TurnDial struct {
	Parameter string
	Values    []string
}

// turn is that of the notebook's last cell with dials; nil where no cell has any, or
// they are not written out.
func (nb *Notebook) turn() *Turn {
	for i := len(nb.Cells) - 1; i >= 0; i-- {
		c := nb.Cells[i]
		if c.Kind != CodeCell || !strings.Contains(c.Source, ".Turn(") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc _() {\n"+strings.TrimPrefix(strings.TrimSpace(c.Source), "%%")+"\n}", 0)
		if err != nil {
			return nil
		}
		var found *Turn
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && found == nil {
				found = turnOf(call)
			}
			return found == nil
		})
		return found
	}
	return nil
}

// turnOf reads a call of Turn on a plot; nil is for another call.
func turnOf(call *ast.CallExpr) *Turn {
	method, of := selected(call)
	shown, ok := of.(*ast.CallExpr)
	if method != "Turn" || !ok {
		return nil
	}
	if name, _ := selected(shown); name != "Plot" || len(shown.Args) != 1 {
		return nil
	}
	t := &Turn{Plot: written(shown.Args[0])}
	for _, arg := range call.Args {
		dial, ok := arg.(*ast.CallExpr)
		if !ok || len(dial.Args) < 2 {
			continue
		}
		d := TurnDial{Parameter: written(dial.Args[0])}
		for _, v := range dial.Args[1:] {
			d.Values = append(d.Values, written(v))
		}
		t.Dials = append(t.Dials, d)
	}
	return t
}

// selected is the method of a call, and what it is called on.
func selected(call *ast.CallExpr) (method string, of ast.Expr) {
	if s, ok := call.Fun.(*ast.SelectorExpr); ok {
		return s.Sel.Name, s.X
	}
	return "", nil
}

// written is what a literal says; empty for anything else.
func written(e ast.Expr) string {
	switch v := e.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(v.Value); err == nil && v.Kind == token.STRING {
			return s
		}
		return v.Value
	case *ast.UnaryExpr:
		return v.Op.String() + written(v.X)
	}
	return ""
}

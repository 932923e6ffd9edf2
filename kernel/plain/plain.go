// Package plain carries out plain cells without a compiler. Plain is a cell's
// program that only calls package nf with values that stand in it, as every cell
// of the chapters' notebooks does:
//
//	var run = nf.Chapter(5).With(nf.Set{"KetamineGain": 1.4})
//	run.Plot("gain").Show()
//
// To compile and link such a program takes a second, and what it then does takes
// a tenth of one. What is not plain beyond doubt, or would not compile, is the
// compiler's. The folder path has the go command that the kernelspec puts before
// Go's; it asks command cell first.
package plain

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"reflect"
	"slices"
	"strconv"
)

// nfPath is the package whose calls are plain.
const nfPath = "github.com/network-fragility/fragility/kernel/nf"

// A Program is a cell's main function and the variables before it.
type Program struct {
	variables []*variable
	body      []func() []reflect.Value
}

// variable is one of package level, whose value is a call.
type variable struct {
	name  string
	value ast.Expr
	make  func() []reflect.Value
	typ   reflect.Type
	now   reflect.Value
	needs []*variable
	asked bool // whether settle has looked at it
}

// Parse is the program of a file, and whether it is plain.
func Parse(source []byte) (*Program, bool) {
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution)
	if err != nil || file.Name.Name != "main" {
		return nil, false
	}
	c := &checker{program: new(Program), variables: map[string]*variable{}, imports: map[string]bool{}, uses: map[string]bool{}}
	if !c.file(file) {
		return nil, false
	}
	return c.program, true
}

// Run carries the program out. What goes wrong ends the process, as it does in a
// compiled cell.
func (p *Program) Run() {
	for _, v := range p.variables {
		v.now = v.make()[0]
	}
	for _, call := range p.body {
		call()
	}
}

// checker finds out whether a file is plain.
type checker struct {
	program   *Program
	variables map[string]*variable
	order     []*variable // of the text
	within    *variable   // whose value is looked at
	imports   map[string]bool
	uses      map[string]bool // of the imports
}

func (c *checker) file(file *ast.File) bool {
	var main *ast.BlockStmt
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Name != "main" || d.Recv != nil || d.Type.Params.NumFields() > 0 || d.Type.Results.NumFields() > 0 || d.Type.TypeParams != nil || d.Body == nil || main != nil {
				return false
			}
			main = d.Body
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if !c.spec(d.Tok, s) {
					return false
				}
			}
		default:
			return false
		}
	}
	if main == nil {
		return false
	}
	for _, v := range c.order {
		if !c.settle(v) {
			return false
		}
	}
	c.program.variables = initialised(c.order)
	for _, s := range main.List {
		if !c.statement(s) {
			return false
		}
	}
	return maps.Equal(c.imports, c.uses) // Go takes neither more nor less
}

// spec is an import or variables.
func (c *checker) spec(kind token.Token, s ast.Spec) bool {
	switch s := s.(type) {
	case *ast.ImportSpec:
		path, err := strconv.Unquote(s.Path.Value)
		if err != nil || s.Name != nil || c.imports[path] || path != nfPath && path != "flag" {
			return false
		}
		c.imports[path] = true
		return true
	case *ast.ValueSpec:
		return kind == token.VAR && c.declared(s)
	}
	return false
}

// declared takes the variables of a declaration.
func (c *checker) declared(s *ast.ValueSpec) bool {
	if s.Type != nil || len(s.Names) != len(s.Values) {
		return false
	}
	for i, name := range s.Names {
		switch name.Name {
		case "_", "nf", "flag", "main", "init", "true", "false":
			return false
		}
		if c.variables[name.Name] != nil {
			return false
		}
		v := &variable{name: name.Name, value: s.Values[i]}
		c.variables[v.name] = v
		c.order = append(c.order, v)
	}
	return true
}

// settle finds out what a variable is.
func (c *checker) settle(v *variable) bool {
	if v.asked { // and where nothing makes it, it needs itself
		return v.make != nil
	}
	v.asked = true
	call, ok := v.value.(*ast.CallExpr)
	if !ok {
		return false
	}
	outer := c.within
	c.within = v
	results, do, ok := c.call(call)
	c.within = outer
	if !ok || len(results) != 1 {
		return false
	}
	v.typ, v.make = results[0], do
	return true
}

// initialised are variables in the order in which Go makes them: always the first
// of the text that needs none of the rest.
func initialised(text []*variable) (order []*variable) {
	for len(order) < len(text) {
		for _, v := range text {
			waits := slices.ContainsFunc(v.needs, func(n *variable) bool { return !slices.Contains(order, n) })
			if !waits && !slices.Contains(order, v) {
				order = append(order, v)
				break
			}
		}
	}
	return order
}

// statement is a call, or GoNB's own flag.Parse(), which has nothing to parse.
func (c *checker) statement(s ast.Stmt) bool {
	e, ok := s.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := e.X.(*ast.CallExpr)
	if !ok {
		return false
	}
	if isSelector(call.Fun, "flag", "Parse") && len(call.Args) == 0 {
		c.uses["flag"] = true
		return true
	}
	_, do, ok := c.call(call)
	c.program.body = append(c.program.body, do)
	return ok
}

func isSelector(e ast.Expr, left, right string) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == left && s.Sel.Name == right
}

package cell

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/scanner"
	"go/token"
	"strconv"
	"strings"

	"github.com/network-fragility/fragility/protocols"
)

// A Cell is what the text of a code cell says.
type Cell struct {
	Calls    []Call
	Declares []string       // names of variables, constants, types and functions
	Runs     map[string]int // variables that are a chapter's run, with the chapter
	Uses     []string       // every name in it
	Locals   []string       // names made with :=
	surplus  []surplus
	assigned []assigned
	errors   scanner.ErrorList // what is no Go
}

// A Call is a set of values that a cell gives, as in
//
//	var run = nf.Chapter(5).With(nf.Set{"KetamineGain": 1.4})
type Call struct {
	Of          string // the variable that With is called on, "" where nf.Chapter is
	Chapter     int    // 0 where the cell does not say it
	Entries     []Entry
	Open, Close int // bytes of the braces
}

// An Entry gives a value to a parameter.
type Entry struct {
	Name     string
	Line     int
	From, To int      // bytes of the value, without what is surplus
	Source   string   // the value as it stands there
	Text     string   // as package protocols writes it; "" where it is computed
	Plain    bool     // whether the value stands there itself
	Surplus  []string // what stands behind a comma and belongs to no name, as 4 in 1,4
	value    ast.Expr
}

// surplus is a declaration with more values than names.
type surplus struct {
	name   string
	line   int
	values []string
	names  int
}

// assigned is an assignment to a name, outside declarations.
type assigned struct {
	name, value string
	line        int
}

const (
	prefix   = "package p;" // before the text, in its first line
	function = "func _() {" // before its statements
)

// Parse reads a cell. What it cannot read it leaves out.
func Parse(source string) *Cell {
	p := Split(source)
	c := &Cell{Runs: map[string]int{}}
	if !p.Go {
		return c
	}
	if p.Body < 0 {
		c.read(prefix+p.text, 0)
		return c
	}
	c.read(prefix+p.text[:p.Body], 0)
	c.read(prefix+blank(p.text[:p.Body])+function+p.text[p.Body:]+"\n}", len(function))
	return c
}

// read reads declarations, before which inserted bytes stand that are not the
// cell's.
func (c *Cell) read(text string, inserted int) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", text, parser.SkipObjectResolution|parser.AllErrors)
	if list, ok := err.(scanner.ErrorList); ok {
		c.errors = append(c.errors, list...)
	}
	if file == nil {
		return
	}
	r := reader{c, files, text, inserted}
	for _, d := range file.Decls {
		r.declaration(d)
	}
	ast.Inspect(file, r.visit)
}

// reader reads one part of a cell.
type reader struct {
	*Cell
	files    *token.FileSet
	text     string
	inserted int // bytes put before the statements
}

func (r *reader) offset(p token.Pos) int {
	return r.files.Position(p).Offset - len(prefix) - r.inserted
}
func (r *reader) line(n ast.Node) int { return r.files.Position(n.Pos()).Line }

func (r *reader) source(n ast.Node) string {
	from, to := r.files.Position(n.Pos()).Offset, r.files.Position(n.End()).Offset
	return r.text[from:min(to, len(r.text))]
}

// declaration notes the names that a cell declares for other cells.
func (r *reader) declaration(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil && d.Name.Name != "_" {
			r.Declares = append(r.Declares, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				r.Declares = append(r.Declares, s.Name.Name)
			case *ast.ValueSpec:
				for i, name := range s.Names {
					r.Declares = append(r.Declares, name.Name)
					if i < len(s.Values) {
						if n, of := r.chapter(s.Values[i]); n > 0 || of != "" {
							r.Runs[name.Name] = n
						}
					}
				}
			}
		}
	}
}

func (r *reader) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Ident:
		r.Uses = append(r.Uses, n.Name)
	case *ast.ValueSpec:
		if len(n.Values) > len(n.Names) {
			s := surplus{name: n.Names[0].Name, line: r.line(n), names: len(n.Names)}
			for _, v := range n.Values {
				s.values = append(s.values, r.source(v))
			}
			r.surplus = append(r.surplus, s)
		}
	case *ast.AssignStmt:
		for _, e := range n.Lhs {
			if name, ok := e.(*ast.Ident); ok && n.Tok == token.DEFINE {
				r.Locals = append(r.Locals, name.Name)
			}
		}
		if name, ok := n.Lhs[0].(*ast.Ident); ok && n.Tok == token.ASSIGN && len(n.Lhs) == 1 {
			var values []string
			for _, v := range n.Rhs {
				values = append(values, r.source(v))
			}
			r.assigned = append(r.assigned, assigned{name.Name, strings.Join(values, ","), r.line(n)})
		}
	case *ast.CallExpr:
		of, ok := n.Fun.(*ast.SelectorExpr)
		if !ok || of.Sel.Name != "With" || len(n.Args) != 1 {
			break
		}
		if set, ok := n.Args[0].(*ast.CompositeLit); ok && isSet(set) {
			call := r.set(set)
			call.Chapter, call.Of = r.chapter(of.X)
			r.Calls = append(r.Calls, call)
			return false // its names are keys
		}
	case *ast.CompositeLit:
		if isSet(n) {
			r.Calls = append(r.Calls, r.set(n))
		}
	}
	return true
}

func isSet(l *ast.CompositeLit) bool {
	t, ok := l.Type.(*ast.SelectorExpr)
	return ok && t.Sel.Name == "Set"
}

// chapter is the chapter at the root of a chain of calls, or the variable there.
func (r *reader) chapter(e ast.Expr) (number int, of string) {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return 0, x.Name
		case *ast.CallExpr:
			called, ok := x.Fun.(*ast.SelectorExpr)
			if !ok {
				return 0, ""
			}
			if called.Sel.Name == "Chapter" && len(x.Args) == 1 {
				n, _ := strconv.Atoi(r.source(x.Args[0]))
				return n, ""
			}
			if called.Sel.Name != "With" && called.Sel.Name != "Arms" && called.Sel.Name != "Run" {
				return 0, "" // no run any more
			}
			e = called.X
		default:
			return 0, ""
		}
	}
}

func (r *reader) set(l *ast.CompositeLit) Call {
	call := Call{Open: r.offset(l.Lbrace), Close: r.offset(l.Rbrace)}
	for _, e := range l.Elts {
		pair, ok := e.(*ast.KeyValueExpr)
		if !ok {
			if n := len(call.Entries); n > 0 {
				call.Entries[n-1].Surplus = append(call.Entries[n-1].Surplus, r.source(e))
			}
			continue
		}
		name, err := strconv.Unquote(r.source(pair.Key))
		if err != nil {
			continue
		}
		text, plain := literal(pair.Value)
		call.Entries = append(call.Entries, Entry{
			Name: name, Line: r.line(pair), Source: r.source(pair.Value), Text: text, Plain: plain, value: pair.Value,
			From: r.offset(pair.Value.Pos()), To: r.offset(pair.Value.End()),
		})
	}
	return call
}

// literal is a value that stands in the cell itself, as package protocols
// writes it.
func literal(e ast.Expr) (text string, ok bool) {
	switch x := e.(type) {
	case *ast.BasicLit:
		v := constant.MakeFromLiteral(x.Value, x.Kind, 0)
		switch v.Kind() {
		case constant.String:
			return constant.StringVal(v), true
		case constant.Int:
			return v.ExactString(), true
		case constant.Float:
			f, _ := constant.Float64Val(v)
			return protocols.Format(f), true
		}
	case *ast.UnaryExpr:
		if text, ok := literal(x.X); ok && x.Op == token.SUB {
			return "-" + text, true
		}
	case *ast.Ident:
		if x.Name == "true" || x.Name == "false" {
			return x.Name, true
		}
	case *ast.CompositeLit:
		if _, isList := x.Type.(*ast.ArrayType); !isList {
			return "", false
		}
		var parts []string
		for _, e := range x.Elts {
			text, ok := literal(e)
			if !ok {
				return "", false
			}
			parts = append(parts, text)
		}
		return strings.Join(parts, ","), true
	}
	return "", false
}

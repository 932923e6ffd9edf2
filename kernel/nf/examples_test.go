package nf_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever a cell may write has an example, with the output that it is checked
// for.
func TestEveryNameHasAnExample(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	p, err := doc.NewFromFiles(fset, files, "github.com/network-fragility/fragility/kernel/nf")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	check := func(name string, examples []*doc.Example) {
		seen++
		for _, e := range examples {
			if e.Output != "" {
				return
			}
		}
		t.Errorf("%s has no example with an output: add Example%s", name, strings.ReplaceAll(name, ".", "_"))
	}
	functions := p.Funcs
	for _, typ := range p.Types {
		check(typ.Name, typ.Examples)
		functions = append(functions, typ.Funcs...)
		for _, m := range typ.Methods {
			check(typ.Name+"."+m.Name, m.Examples)
		}
	}
	for _, f := range functions {
		check(f.Name, f.Examples)
	}
	if seen < 30 {
		t.Errorf("%d names were looked at", seen)
	}
}

package plain

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// exports are the compiled packages of which a plain cell's program consists, by path.
var exports = sync.OnceValues(func() (map[string]string, error) {
	said, err := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", nfPath, "flag").Output()
	files := map[string]string{}
	for line := range strings.Lines(string(said)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		files[path] = file
	}
	return files, err
})

// taken is what Go has against a program; nil where it takes it.
func taken(t testing.TB, source []byte) error {
	t.Helper()
	files, err := exports()
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "main.go", source, 0)
	if err != nil {
		return err
	}
	config := types.Config{Importer: importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) {
		if files[path] == "" {
			return nil, fmt.Errorf("no package %s", path)
		}
		return os.Open(files[path])
	})}
	p, err := config.Check("main", set, []*ast.File{file}, nil)
	if err == nil && p.Name() == "main" && p.Scope().Lookup("main") == nil {
		return fmt.Errorf("no main function")
	}
	return err
}

// Whatever is carried out without Go, Go would take.
func FuzzPlainIsGo(f *testing.F) {
	for _, c := range append(plainCells, otherCells...) {
		f.Add([]byte(program(c.declarations, c.statements)))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		if _, ok := Parse(source); !ok {
			return
		}
		if err := taken(t, source); err != nil {
			t.Errorf("taken for plain, and Go says: %v\n%s", err, bytes.TrimSpace(source))
		}
	})
}

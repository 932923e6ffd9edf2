package main

import (
	"bytes"
	"os"
	"testing"
)

const (
	plainCell = "package main\n\nimport \"github.com/network-fragility/fragility/kernel/nf\"\n\nvar run = nf.Chapter(5)\n\nfunc main() { run.Plot(\"gain\") }\n"
	otherCell = "package main\n\nfunc main() { println(1) }\n"
)

// write makes the folder's cell another.
func write(t *testing.T, source string) {
	t.Helper()
	if err := os.WriteFile("main.go", []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestAnswered(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, plainCell)
	for range 2 {
		if !answered([]string{"get"}) || !answered([]string{"build", "-o", "program"}) {
			t.Fatal("a plain cell is left to Go")
		}
		if info, err := os.Stat("program"); err != nil || info.Mode().Perm()&0o111 == 0 {
			t.Errorf("the program cannot be carried out (%v)", err)
		}
		if !answered([]string{"run", "program"}) {
			t.Fatal("the program is not carried out")
		}
		if _, err := os.Stat("program"); !os.IsNotExist(err) {
			t.Errorf("the program stays where Go wants to write (%v)", err)
		}
	}
	for name, args := range map[string][]string{
		"another question": {"version"}, "another flag": {"build", "-x", "program"}, "a file of somebody": {"run", "main.go"}, "nothing": nil,
	} {
		if answered(args) {
			t.Errorf("%s is answered", name)
		}
	}
	t.Setenv("GOOS", "js")
	if answered([]string{"build", "-o", "program"}) {
		t.Error("a page's program is made without Go")
	}
}

// What is not plain is Go's, whose own program stays as it is.
func TestGoTakesOver(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, otherCell)
	own := []byte("\x7fELF")
	if err := os.WriteFile("program", own, 0o755); err != nil {
		t.Fatal(err)
	}
	if answered([]string{"get"}) || answered([]string{"build", "-o", "program"}) {
		t.Error("answered for a cell that is not plain")
	}
	if left, err := os.ReadFile("program"); err != nil || !bytes.Equal(left, own) {
		t.Errorf("Go's own program is gone (%v)", err)
	}
}

func TestTwoFilesAreGos(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, plainCell)
	if err := os.WriteFile("other.go", []byte("package main\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if answered([]string{"get"}) {
		t.Error("answered for a folder of two files")
	}
}

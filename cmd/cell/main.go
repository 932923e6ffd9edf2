// Command cell stands before the go command of a notebook's cells (see package
// plain): GoNB's requests come here first. Where the cell is not plain it ends
// with status 1, and Go is asked.
//
//	cell get             of the folder's cell: it needs no module
//	cell build -o FILE   of the folder's cell: writes the program
//	cell run FILE        what the program does
package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"

	"github.com/network-fragility/fragility/kernel/plain"
)

func main() {
	if !answered(os.Args[1:]) {
		os.Exit(1)
	}
}

// answered does what is asked, and reports whether it could.
func answered(args []string) bool {
	switch {
	case len(args) == 1 && args[0] == "get":
		_, ok := folderCell()
		return ok
	case len(args) == 3 && args[0] == "build" && args[1] == "-o":
		return build(args[2])
	case len(args) == 2 && args[0] == "run":
		return run(args[1])
	}
	return false
}

// folderCell is the cell whose program GoNB wrote into this folder, where it is
// plain and for this machine.
func folderCell() (source []byte, ok bool) {
	files, _ := filepath.Glob("*.go")
	if !slices.Equal(files, []string{"main.go"}) || os.Getenv("GOOS") != "" || os.Getenv("GOARCH") != "" {
		return nil, false
	}
	source, err := os.ReadFile("main.go")
	if err != nil {
		return nil, false
	}
	_, ok = plain.Parse(source)
	return source, ok
}

// head stands before the cell's text in its program: two lines for the shell, which
// reads no further.
var head = []byte("#!/bin/sh\nexec \"$FRAGILITY_CELL\" run \"$0\"\n")

// build writes the program of the folder's cell.
func build(path string) bool {
	source, ok := folderCell()
	if !ok {
		return false
	}
	os.Remove(path) // Go's own, that may still end, cannot be written over
	return os.WriteFile(path, slices.Concat(head, source), 0o755) == nil
}

// run carries a program out. Its file goes first: Go would not write the next
// cell's over it.
func run(path string) bool {
	data, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	source, ok := bytes.CutPrefix(data, head)
	if !ok {
		return false
	}
	program, ok := plain.Parse(source)
	if !ok || os.Remove(path) != nil {
		return false
	}
	program.Run()
	return true
}

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/network-fragility/fragility/kernel/file"
)

// stdout is where commands write what they were asked for. An error there is
// remembered, and ends the command with status 1.
var stdout = &standard{}

type standard struct{ err error }

func (s *standard) Write(b []byte) (int, error) {
	n, err := os.Stdout.Write(b)
	if err != nil && s.err == nil {
		s.err = fmt.Errorf("the output could not be written: %w", err)
	}
	return n, err
}

// output is where a command's result goes: standard output, or a file that
// appears whole or not at all.
type output struct{ file *file.Target }

// openOutput checks that a file can be written; "" is standard output. If not,
// that is bad input, told before any work is done.
func openOutput(path string) (output, error) {
	if path == "" {
		return output{}, nil
	}
	t, err := file.Find(path)
	if err != nil {
		return output{}, usage("--out %v", err)
	}
	return output{&t}, nil
}

// commit writes what f writes, all of it or nothing.
func (o output) commit(f func(io.Writer) error) error {
	var b bytes.Buffer
	if err := f(&b); err != nil {
		return err
	}
	if o.file == nil {
		stdout.Write(b.Bytes()) // which remembers its error
		return nil
	}
	return o.file.Write(b.Bytes())
}

// harmless is a text from a file as a terminal may see it: without the control
// characters that move its cursor, set its title or hide what stands there.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, text)
}

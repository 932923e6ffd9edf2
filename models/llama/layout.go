package llama

import (
	"cmp"
	"fmt"
	"os"
	"slices"
)

// A layout is where the tensors of a file stand: from start to its end, each at
// the next multiple of the alignment.
type layout struct {
	file                   *os.File
	start, size, alignment int64
}

// check sees to it that the tensors lie side by side: bytes that nobody reads are
// a sign that the file is another than its header says.
func (l layout) check(tensors map[string]stored) error {
	var names []string
	for name, s := range tensors {
		if s.file != l.file {
			continue
		}
		if _, ok := dtypes[s.dtype]; !ok && s.begin == s.end {
			return nil // one that is not used, of a length that GGUF does not tell
		}
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		s, t := tensors[a], tensors[b]
		return cmp.Or(cmp.Compare(s.begin, t.begin), cmp.Compare(s.end, t.end))
	})
	at, last := l.start, "the header"
	for _, name := range names {
		s := tensors[name]
		if s.begin < at {
			return fmt.Errorf("%s: %s and %s overlap", l.file.Name(), last, name)
		}
		if s.begin > aligned(at, l.alignment) {
			return fmt.Errorf("%s has a gap of %d bytes before tensor %s", l.file.Name(), s.begin-at, name)
		}
		at, last = s.end, name
	}
	if l.size > aligned(at, l.alignment) {
		return fmt.Errorf("%s has %d bytes behind the last tensor, %s", l.file.Name(), l.size-at, last)
	}
	return nil
}

func aligned(at, alignment int64) int64 { return (at + alignment - 1) / alignment * alignment }

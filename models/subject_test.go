package models

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

func written(t *testing.T) []byte {
	t.Helper()
	var sub *Subject
	for _, stage := range []protocols.Stage{
		protocols.Initialise{Network: protocols.Network{Kind: "mlp", Inputs: 2, Hidden: []int{24, 16}, Outputs: 4}},
		protocols.Prune{Sparsity: .8}, protocols.Modulate{Gain: 1.25}, smallCall.Upto(1),
	} {
		sub = apply(t, session(t), Job{Stage: stage, Parent: sub, Seed: 5})
	}
	var b bytes.Buffer
	if err := sub.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A file that is not what Write wrote is an error: cut short anywhere, or with
// any byte of its header changed it is refused or still well-formed, and never
// makes the reader panic.
func TestReadSubjectRefusesDamage(t *testing.T) {
	file := written(t)
	if _, err := ReadSubject(bytes.NewReader(file), nil); err != nil {
		t.Fatal(err)
	}
	header := 8 + int(binary.LittleEndian.Uint64(file))
	for n := 0; n < len(file); n += 1 + n/50 {
		if _, err := ReadSubject(bytes.NewReader(file[:n]), nil); err == nil {
			t.Fatalf("the first %d bytes were taken for a subject", n)
		}
	}
	rng := random(t)
	for range 3000 {
		bad := bytes.Clone(file)
		bad[rng.IntN(header)] = byte(rng.Uint32())
		if sub, err := ReadSubject(bytes.NewReader(bad), nil); err == nil {
			if err := sub.Write(&bytes.Buffer{}); err != nil {
				t.Fatalf("what was read cannot be written: %v", err)
			}
		}
	}
	if _, err := ReadSubject(bytes.NewReader(append(bytes.Clone(file), 0)), nil); err == nil {
		t.Error("a byte behind the end was taken")
	}
	huge := bytes.Clone(file)
	binary.LittleEndian.PutUint64(huge, 1<<63)
	if _, err := ReadSubject(bytes.NewReader(huge), nil); err == nil {
		t.Error("a header of 2^63 bytes was taken")
	}
}

func TestReadSubjectSaysWhatIsWrong(t *testing.T) {
	file := written(t)
	for _, c := range []struct{ old, new, want string }{
		{`"fc1.bias"`, `"fc1.bios"`, "missing"},
		{`"fc1.mask":{"dtype":"U8"`, `"fc1.masc":{"dtype":"U8"`, "missing"},
		{"fragility-subject/2", "fragility-subject/1", "format"},
		{`"F32","shape":[24]`, `"F32","shape":[42]`, "bytes for shape"},
	} {
		bad := bytes.Replace(file, []byte(c.old), []byte(c.new), 1)
		if bytes.Equal(bad, file) {
			t.Fatalf("%s is not in the file", c.old)
		}
		if _, err := ReadSubject(bytes.NewReader(bad), nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s changed: error %v, want one about %q", c.old, err, c.want)
		}
	}
}

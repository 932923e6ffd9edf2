package models

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"weak"

	"github.com/gomlx/compute"

	"github.com/network-fragility/fragility/models/safetensors"
	"github.com/network-fragility/fragility/protocols"
)

// A Base is the frozen part of a language model (chapter 9). All subjects that
// were made from it share it, in memory and in the store. It is immutable.
type Base struct {
	Network protocols.Network
	Tensors [][]float32 // by the order of the network's base, row-major as in a checkpoint

	// origin is what the base was made of where that was a model's file: the store
	// has no copy of such a file.
	origin *origin
	shape  language // of Network
	say    speaker
	digest func() string
}

// origin is a file, and adapters that were merged into what it holds.
type origin struct {
	Path   string
	Digest string
	Rank   int
	Scale  float64
	merged [][]float32 // nil while there are none
}

// NewBase is a base of such tensors, which belong to it from now on.
func NewBase(n protocols.Network, tensors [][]float32) (*Base, error) {
	return newBase(n, tensors, nil, nil)
}

func newBase(n protocols.Network, tensors [][]float32, o *origin, say speaker) (*Base, error) {
	l, err := languageOf(n)
	if err != nil {
		return nil, err
	}
	specs := l.base()
	if len(tensors) != len(specs) {
		return nil, fmt.Errorf("models: a base of %d tensors, want %d", len(tensors), len(specs))
	}
	for i, spec := range specs {
		if len(tensors[i]) != spec.size() {
			return nil, fmt.Errorf("models: %s of a base has %d values, want %d", spec.name, len(tensors[i]), spec.size())
		}
	}
	n.Llama.Rank, n.Llama.Scale = 0, 0 // those of a subject's adapters
	b := &Base{Network: n, Tensors: tensors, origin: o, shape: language{n.Llama}, say: say}
	if say == nil {
		b.say = museum{}
	}
	b.digest = sync.OnceValue(func() string {
		h := sha256.New()
		if err := b.write(h, ""); err != nil {
			panic(err) // a hash takes everything
		}
		return hex.EncodeToString(h.Sum(nil))
	})
	return b, nil
}

// baseFormat is the version of the file format.
const baseFormat = "fragility-base/1"

// Digest is the SHA-256 of what Write writes, but for the path of a model's file,
// in hexadecimal digits.
func (b *Base) Digest() string { return b.digest() }

// Write writes the base as one safetensors file, by a checkpoint's names; one that
// comes from a model's file as what was merged into that, which it names by digest.
// Equal bases give equal bytes.
func (b *Base) Write(w io.Writer) error {
	if b.origin == nil {
		return b.write(w, "")
	}
	return b.write(w, b.origin.Path)
}

// write is Write with a path of its own.
func (b *Base) write(w io.Writer, path string) error {
	metadata := map[string]string{"format": baseFormat}
	if b.origin == nil {
		return safetensors.Write(w, metadata, stored(b.shape.base(), b.Tensors))
	}
	from := *b.origin
	from.Path = path
	text, err := json.Marshal(from)
	if err != nil {
		return err
	}
	metadata["origin"] = string(text)
	var adapters []tensorSpec
	if b.origin.merged != nil {
		l := b.shape
		l.Rank, l.Scale = b.origin.Rank, b.origin.Scale
		adapters = l.tensors()
	}
	return safetensors.Write(w, metadata, stored(adapters, b.origin.merged))
}

// stored are tensors as a file has them.
func stored(specs []tensorSpec, values [][]float32) (list []safetensors.Tensor) {
	for i, spec := range specs {
		list = append(list, safetensors.Tensor{Name: spec.name, DType: "F32", Shape: spec.shape, Data: encode(values[i])})
	}
	return list
}

// basePart is the base's name among the parts of Shared.
const basePart = "base"

// bases has the bases that are in memory, by digest; of model's files as they are,
// by the file's.
var bases sync.Map // of weak.Pointer[Base]

// remembered is a base that is in memory, nil where there is none.
func remembered(digest string) *Base {
	if p, ok := bases.Load(digest); ok {
		return p.(weak.Pointer[Base]).Value()
	}
	return nil
}

// baseOf returns the base of a digest: that in memory, or the one that open
// opens.
func baseOf(digest string, n protocols.Network, open func(name string) (io.ReadCloser, error)) (*Base, error) {
	if b := remembered(digest); b != nil {
		return b, nil
	}
	if open == nil {
		return nil, errors.New("its base is not at hand")
	}
	file, err := open(basePart)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(file); err != nil {
		return nil, err
	}
	metadata, stored, err := safetensors.Read(text.Bytes())
	if err != nil {
		return nil, err
	}
	if f := metadata["format"]; f != baseFormat {
		return nil, fmt.Errorf("format %q of its base, want %q", f, baseFormat)
	}
	l, err := languageOf(n)
	if err != nil {
		return nil, err
	}
	values := func(specs []tensorSpec) ([][]float32, error) {
		var list [][]float32
		for _, spec := range specs {
			t, ok := stored[spec.name]
			if !ok || t.DType != "F32" || !slices.Equal(t.Shape, spec.shape) {
				return nil, fmt.Errorf("tensor %q of its base is missing", spec.name)
			}
			list = append(list, decode[float32](t.Data))
		}
		return list, nil
	}
	var b *Base
	if text, ok := metadata["origin"]; ok {
		b, err = baseFromOrigin(text, l, values)
	} else if tensors, fault := values(l.base()); fault != nil {
		return nil, fault
	} else {
		b, err = NewBase(n, tensors)
	}
	if err != nil {
		return nil, err
	}
	if b.Digest() != digest {
		return nil, fmt.Errorf("its base has digest %.12s, want %.12s", b.Digest(), digest)
	}
	bases.Store(digest, weak.Make(b))
	return b, nil
}

// baseFromOrigin loads a model's file anew and merges what was merged.
func baseFromOrigin(text string, l language, values func([]tensorSpec) ([][]float32, error)) (*Base, error) {
	var o origin
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return nil, fmt.Errorf("origin of its base: %w", err)
	}
	b, err := loadBase(o.Path, o.Digest)
	if err != nil || o.Rank == 0 {
		return b, err
	}
	l.Rank, l.Scale = o.Rank, o.Scale
	merged, err := values(l.tensors())
	if err != nil {
		return nil, err
	}
	return b.merge(l, merged)
}

// merge makes adapters part of a base: W + scale B A.
func (b *Base) merge(l language, adapters [][]float32) (*Base, error) {
	tensors := slices.Clone(b.Tensors)
	for i, spec := range l.base() {
		for which, name := range adapted {
			if !strings.HasSuffix(spec.name, "self_attn."+name+".weight") {
				continue
			}
			var layer int
			if _, err := fmt.Sscanf(spec.name, "model.layers.%d.", &layer); err != nil {
				return nil, err
			}
			at := 2 * (layer*len(adapted) + which)
			tensors[i] = added(tensors[i], adapters[at], adapters[at+1], spec.shape[0], spec.shape[1], l.Rank, l.Scale)
		}
	}
	var o *origin
	if b.origin != nil {
		if b.origin.merged != nil {
			return nil, errors.New("adapters were merged into this base before")
		}
		o = &origin{b.origin.Path, b.origin.Digest, l.Rank, l.Scale, adapters}
	}
	return newBase(b.Network, tensors, o, b.say)
}

// added is w + scale b a, for w [out, in], a [rank, in], b [out, rank].
func added(w, a, b []float32, out, in, rank int, scale float64) []float32 {
	sum := slices.Clone(w)
	for o := range out {
		row := sum[o*in : (o+1)*in]
		for r := range rank {
			f := float32(scale) * b[o*rank+r]
			for i, v := range a[r*in : (r+1)*in] {
				row[i] += f * v
			}
		}
	}
	return sum
}

// baseOnDevice returns the buffers of a base, which stay on the device until
// another base is asked for.
func (s *Session) baseOnDevice(b *Base) ([]compute.Buffer, error) {
	if s.frozen.base == b {
		return s.frozen.buffers, nil
	}
	if old := s.frozen.arena; old != nil {
		old.close()
		s.frozen.base, s.frozen.arena = nil, nil
	}
	a := s.newArena()
	buffers := a.putAll(b.Tensors, b.shape.base())
	if a.err != nil {
		a.close()
		return nil, a.err
	}
	s.frozen.base, s.frozen.arena, s.frozen.buffers = b, a, buffers
	return buffers, nil
}

// frozen is the base that a session has on its device.
type frozen struct {
	base    *Base
	arena   *arena
	buffers []compute.Buffer
}

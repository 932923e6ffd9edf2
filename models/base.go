package models

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
	"weak"

	"github.com/gomlx/compute"

	"github.com/network-fragility/fragility/protocols"
)

// A Base is the frozen part of a language model (chapter 9). All subjects that
// were made from it share it, in memory and in the store. It is immutable.
type Base struct {
	Network protocols.Network
	Tensors [][]float32 // by the order of the network's base, row-major as in a checkpoint

	digest func() string
}

// NewBase is a base of such tensors, which belong to it from now on.
func NewBase(n protocols.Network, tensors [][]float32) (*Base, error) {
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
	b := &Base{Network: n, Tensors: tensors}
	b.digest = sync.OnceValue(func() string {
		h := sha256.New()
		if err := b.Write(h); err != nil {
			panic(err) // a hash takes everything
		}
		return hex.EncodeToString(h.Sum(nil))
	})
	return b, nil
}

// baseFormat is the version of the file format.
const baseFormat = "fragility-base/1"

// Digest is the SHA-256 of what Write writes, in hexadecimal digits.
func (b *Base) Digest() string { return b.digest() }

// Write writes the base as one safetensors file, by a checkpoint's names. Equal
// bases give equal bytes.
func (b *Base) Write(w io.Writer) error {
	l, err := languageOf(b.Network)
	if err != nil {
		return err
	}
	var out []storedTensor
	for i, spec := range l.base() {
		out = append(out, storedTensor{spec.name, "F32", spec.shape, encode(b.Tensors[i])})
	}
	return writeTensors(w, map[string]string{"format": baseFormat}, out)
}

// bases has the bases that are in memory, by digest.
var bases sync.Map // of weak.Pointer[Base]

// basePart is the base's name among the parts of Shared.
const basePart = "base"

// baseOf returns the base of a digest: that in memory, or the one that open
// opens.
func baseOf(digest string, n protocols.Network, open func(name string) (io.ReadCloser, error)) (*Base, error) {
	if p, ok := bases.Load(digest); ok {
		if b := p.(weak.Pointer[Base]).Value(); b != nil {
			return b, nil
		}
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
	metadata, stored, err := readTensors(text.Bytes())
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
	var tensors [][]float32
	for _, spec := range l.base() {
		t, ok := stored[spec.name]
		if !ok || t.dtype != "F32" {
			return nil, fmt.Errorf("tensor %q of its base is missing", spec.name)
		}
		tensors = append(tensors, decode[float32](t.data))
	}
	b, err := NewBase(n, tensors)
	if err != nil {
		return nil, err
	}
	if b.Digest() != digest {
		return nil, fmt.Errorf("its base has digest %.12s, want %.12s", b.Digest(), digest)
	}
	bases.Store(digest, weak.Make(b))
	return b, nil
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
	l, err := languageOf(b.Network)
	if err != nil {
		return nil, err
	}
	a := s.newArena()
	var buffers []compute.Buffer
	for i, spec := range l.base() {
		buffers = append(buffers, put(a, b.Tensors[i], spec.shape...))
	}
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

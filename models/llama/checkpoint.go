// Package llama reads a chat model of Llama's shape from disk: its shape, its
// tensors as float32, its tokeniser and its chat format. It computes nothing;
// models/llama.go does.
//
// Two layouts are read: a folder as Hugging Face has it (config.json,
// model.safetensors or its shards, tokenizer.json, tokenizer_config.json), and one
// GGUF file as llama.cpp has it.
package llama

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
)

// A Checkpoint is a model on disk. Everything but the values was read and checked
// when it was opened; its methods may be called from several goroutines.
type Checkpoint struct {
	config    Config
	tokenizer *Tokenizer
	chat      Chat
	tensors   map[string]stored // by Hugging Face's names
	weights   []*os.File
	layouts   []layout
	folder    string // "" where it is one file
}

// stored is where a tensor stands.
type stored struct {
	file   *os.File
	dtype  string
	shape  []int
	begin  int64 // offsets in the file, in bytes
	end    int64
	paired int // see unpair; 0 where rows stand as in PyTorch
}

// A dtype has blocks of values of so many bytes.
type dtype struct {
	values, bytes int
	decode        func(in []byte, out []float32)
}

var dtypes = map[string]dtype{
	"F32": {1, 4, func(in []byte, out []float32) {
		for i := range out {
			out[i] = math.Float32frombits(binary.LittleEndian.Uint32(in[4*i:]))
		}
	}},
	"F16": {1, 2, func(in []byte, out []float32) {
		for i := range out {
			out[i] = half(in[2*i:])
		}
	}},
	"BF16": {1, 2, func(in []byte, out []float32) { // the upper half of a float32
		for i := range out {
			out[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(in[2*i:])) << 16)
		}
	}},
	// The blocks of ggml: a float16 scale (Q4_1: and a least value), then 32 values.
	"Q8_0": {32, 34, func(in []byte, out []float32) {
		for i := range out {
			block := in[i/32*34:]
			out[i] = half(block) * float32(int8(block[2+i%32]))
		}
	}},
	"Q4_1": {32, 20, func(in []byte, out []float32) {
		for i := range out {
			// The first 16 values are the lower halves of the bytes.
			block, j := in[i/32*20:], i%32
			q := block[4+j%16] >> (j / 16 * 4) & 15
			out[i] = float32(half(block)*float32(q)) + half(block[2:])
		}
	}},
}

// half is a little-endian IEEE float16.
func half(in []byte) float32 {
	bits := uint32(binary.LittleEndian.Uint16(in))
	sign, exponent, fraction := bits>>15<<31, bits>>10&31, bits&1023
	switch exponent {
	case 0: // zero, or subnormal: multiples of 2^-24
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24))
	case 31: // infinite, or no number
		return math.Float32frombits(sign | 255<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}

// Open opens a folder or a file whose name ends in .gguf.
func Open(path string) (*Checkpoint, error) {
	c := &Checkpoint{tensors: map[string]stored{}}
	open := c.openFolder
	if strings.HasSuffix(path, ".gguf") {
		open = c.openGGUF
	}
	err := open(path)
	tensors := maps.Clone(c.tensors) // fits leaves some out
	if err == nil {
		err = c.fits()
	}
	for i := 0; i < len(c.layouts) && err == nil; i++ {
		err = c.layouts[i].check(tensors)
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// fits checks that shape, tensors, tokeniser and chat format belong together.
func (c *Checkpoint) fits() error {
	expected := map[string]bool{}
	for _, t := range c.config.Tensors() {
		expected[t.Name] = true
		s, ok := c.tensors[t.Name]
		if !ok {
			return fmt.Errorf("%s has no tensor %s", c.place(), t.Name)
		}
		if !slices.Equal(s.shape, t.Shape) {
			return fmt.Errorf("%s: tensor %s has shape %v, and the config asks for %v", s.file.Name(), t.Name, s.shape, t.Shape)
		}
		d, ok := dtypes[s.dtype]
		if !ok {
			return fmt.Errorf("%s: tensor %s has the type %s, which cannot be read", s.file.Name(), t.Name, s.dtype)
		}
		if row := t.Shape[len(t.Shape)-1]; row%d.values != 0 {
			return fmt.Errorf("%s: tensor %s has rows of %d values, and %s has blocks of %d", s.file.Name(), t.Name, row, s.dtype, d.values)
		}
		if want := int64(t.size() / d.values * d.bytes); s.end-s.begin != want {
			return fmt.Errorf("%s: tensor %s has %d bytes, and %v of %s takes %d", s.file.Name(), t.Name, s.end-s.begin, s.shape, s.dtype, want)
		}
	}
	for name, s := range c.tensors {
		// Old checkpoints keep the rotary frequencies, which follow from the config,
		// and tied ones may keep the embedding twice. Anything else, such as a bias,
		// would change what the model computes.
		spare := strings.HasSuffix(name, ".rotary_emb.inv_freq") || name == "lm_head.weight"
		if expected[name] {
			continue
		}
		if !spare {
			return fmt.Errorf("%s has a tensor %s, which a Llama of this config has not", s.file.Name(), name)
		}
		delete(c.tensors, name)
	}
	if err := c.tokenizer.Fits(c.config); err != nil {
		return fmt.Errorf("%s: %w", c.place(), err)
	}
	return nil
}

// place names the checkpoint in errors.
func (c *Checkpoint) place() string {
	if c.folder != "" {
		return c.folder
	}
	return c.weights[0].Name()
}

// Config is the model's shape.
func (c *Checkpoint) Config() Config { return c.config }

// Tokenizer is the model's tokeniser.
func (c *Checkpoint) Tokenizer() *Tokenizer { return c.tokenizer }

// Chat is how the model was taught to tell a question from an answer; Plain where
// it comes without a chat template.
func (c *Checkpoint) Chat() Chat { return c.chat }

// Tensor reads one of the tensors that the config lists, row-major. No other bytes
// are read.
func (c *Checkpoint) Tensor(name string) ([]float32, error) {
	s, ok := c.tensors[name]
	if !ok {
		return nil, fmt.Errorf("%s has no tensor %s", c.place(), name)
	}
	bytes := make([]byte, s.end-s.begin)
	if _, err := s.file.ReadAt(bytes, s.begin); err != nil {
		return nil, fmt.Errorf("%s: tensor %s: %w", s.file.Name(), name, err)
	}
	values := make([]float32, Tensor{name, s.shape}.size())
	dtypes[s.dtype].decode(bytes, values)
	if s.paired > 0 {
		values = unpair(values, s.paired, s.shape[1])
	}
	return values, nil
}

// open opens a file of weights, which the checkpoint closes; missing is what to say
// of one that is not there, with a %s for its path.
func (c *Checkpoint) open(path, missing string) (f *os.File, size int64, err error) {
	f, err = os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fmt.Errorf(missing, path)
	}
	if err != nil {
		return nil, 0, err
	}
	c.weights = append(c.weights, f)
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	return f, info.Size(), nil
}

// Close closes the files; no tensor can be read afterwards.
func (c *Checkpoint) Close() error {
	var errs []error
	for _, f := range c.weights {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

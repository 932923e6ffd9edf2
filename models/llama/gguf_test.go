package llama

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// An entry of the metadata or a tensor of a GGUF file that a test writes.
type ggufEntry struct {
	name  string
	value any // string, uint32, float32, bool, []string or []int32
}

type ggufTensor struct {
	name string
	axes []uint64 // the innermost first
	kind uint32
	data []byte
}

type ggufFile struct {
	entries []ggufEntry
	tensors []ggufTensor
}

func (f *ggufFile) bytes() []byte {
	var b bytes.Buffer
	put := func(v any) { binary.Write(&b, binary.LittleEndian, v) }
	text := func(s string) { put(uint64(len(s))); b.WriteString(s) }
	b.WriteString("GGUF")
	put(uint32(3))
	put(uint64(len(f.tensors)))
	put(uint64(len(f.entries)))
	for _, e := range f.entries {
		text(e.name)
		switch v := e.value.(type) {
		case string:
			put(uint32(8))
			text(v)
		case uint32:
			put(uint32(4))
			put(v)
		case float32:
			put(uint32(6))
			put(v)
		case bool:
			put(uint32(7))
			put(v)
		case []string:
			put([]uint32{9, 8})
			put(uint64(len(v)))
			for _, s := range v {
				text(s)
			}
		case []int32:
			put([]uint32{9, 5})
			put(uint64(len(v)))
			put(v)
		}
	}
	pad := func(n int) int { return (n + 31) / 32 * 32 }
	offset := 0
	for _, x := range f.tensors {
		text(x.name)
		put(uint32(len(x.axes)))
		put(x.axes)
		put(x.kind)
		put(uint64(offset))
		offset += pad(len(x.data))
	}
	b.Write(make([]byte, pad(b.Len())-b.Len()))
	for _, x := range f.tensors {
		b.Write(x.data)
		b.Write(make([]byte, pad(len(x.data))-len(x.data)))
	}
	return b.Bytes()
}

// smallGGUF is a model of one layer with the tokeniser of testdata/bytelevel. All
// values are zero but those of the tensors that TestSmallGGUF looks at.
func smallGGUF(t testing.TB) *ggufFile {
	t.Helper()
	tok, err := ReadTokenizer("testdata/bytelevel/tokenizer.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Model struct{ Merges [][2]string }
	}
	golden(t, "testdata/bytelevel/tokenizer.json", &file)
	var merges []string
	for _, m := range file.Model.Merges {
		merges = append(merges, m[0]+" "+m[1])
	}
	kinds := make([]int32, len(tok.tokens))
	for i := range kinds {
		kinds[i] = 1
	}
	kinds[0], kinds[1], kinds[2] = 3, 3, 3

	f := &ggufFile{entries: []ggufEntry{
		{"general.architecture", "llama"},
		{"llama.block_count", uint32(1)},
		{"llama.context_length", uint32(128)},
		{"llama.embedding_length", uint32(64)},
		{"llama.feed_forward_length", uint32(96)},
		{"llama.attention.head_count", uint32(4)},
		{"llama.attention.head_count_kv", uint32(2)},
		{"llama.rope.dimension_count", uint32(16)},
		{"llama.rope.freq_base", float32(10000)},
		{"llama.attention.layer_norm_rms_epsilon", float32(1e-5)},
		{"tokenizer.ggml.model", "gpt2"},
		{"tokenizer.ggml.pre", "smollm"},
		{"tokenizer.ggml.tokens", tok.tokens},
		{"tokenizer.ggml.token_type", kinds},
		{"tokenizer.ggml.merges", merges},
		{"tokenizer.ggml.bos_token_id", uint32(1)},
		{"tokenizer.ggml.eos_token_id", uint32(2)},
		{"tokenizer.ggml.add_bos_token", false},
		{"tokenizer.chat_template", chatMLTemplate},
	}}
	add := func(name string, kind uint32, bytes int, axes ...uint64) []byte {
		data := make([]byte, bytes)
		f.tensors = append(f.tensors, ggufTensor{name, axes, kind, data})
		return data
	}
	embedding := add("token_embd.weight", 8, 337*2*34, 64, 337) // Q8_0: two blocks a row
	copy(embedding[34:], []byte{0x00, 0x38})                    // second block: scale 0.5
	for i := range 32 {
		embedding[34+2+i] = byte(i - 16)
	}
	add("output_norm.weight", 0, 64*4, 64)
	add("blk.0.attn_norm.weight", 0, 64*4, 64)
	add("blk.0.ffn_norm.weight", 1, 64*2, 64)
	q := add("blk.0.attn_q.weight", 0, 64*64*4, 64, 64)
	k := add("blk.0.attn_k.weight", 0, 32*64*4, 64, 32)
	for row := range 64 { // the row's number is its first value
		bits := math.Float32bits(float32(row))
		binary.LittleEndian.PutUint32(q[row*64*4:], bits)
		if row < 32 {
			binary.LittleEndian.PutUint32(k[row*64*4:], bits)
		}
	}
	v := add("blk.0.attn_v.weight", 3, 32*2*20, 64, 32) // Q4_1
	copy(v, []byte{0x00, 0x34, 0x00, 0xbc})             // scale 0.25, least value -1
	for i := range 16 {
		v[4+i] = byte(i | (15-i)<<4)
	}
	add("blk.0.attn_output.weight", 0, 64*64*4, 64, 64)
	add("blk.0.ffn_gate.weight", 0, 96*64*4, 64, 96)
	add("blk.0.ffn_up.weight", 0, 96*64*4, 64, 96)
	add("blk.0.ffn_down.weight", 0, 96*64*4, 96, 64)
	return f
}

func writeFile(t testing.TB, path string, bytes []byte) {
	t.Helper()
	if err := os.WriteFile(path, bytes, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestSmallGGUF(t *testing.T) {
	path := filepath.Join(t.TempDir(), "small.gguf")
	writeFile(t, path, smallGGUF(t).bytes())
	c := openTiny(t, path)
	want := Config{
		VocabSize: 337, HiddenSize: 64, IntermediateSize: 96, Layers: 1, Heads: 4, KVHeads: 2, HeadDim: 16, MaxPositions: 128,
		NormEps: 1e-5, RopeTheta: 10000, TieEmbeddings: true, BosID: 1, EosID: 2, PadID: 2,
	}
	if c.Config() != want {
		t.Errorf("%+v", c.Config())
	}
	if c.Chat().Name != "chatml" {
		t.Errorf("%+v", c.Chat())
	}
	var g struct{ Encodings []encoding }
	golden(t, "testdata/bytelevel/golden.json", &g)
	compare(t, c.Tokenizer(), g.Encodings)

	values := all(t, c)
	embedding := values["model.embed_tokens.weight"]
	value := values["model.layers.0.self_attn.v_proj.weight"]
	for i := range 32 {
		if got, want := embedding[32+i], float32(i-16)/2; got != want || embedding[i] != 0 {
			t.Errorf("Q8_0: value %d is %v, not %v", i, got, want)
		}
		nibble := i
		if i >= 16 {
			nibble = 15 - (i - 16)
		}
		if got, want := value[i], float32(nibble)/4-1; got != want || value[32+i] != 0 {
			t.Errorf("Q4_1: value %d is %v, not %v", i, got, want)
		}
	}
	// Of each head of 16 rows the even ones come first here.
	head := []int{0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15}
	for name, rows := range map[string]int{"q_proj": 64, "k_proj": 32} {
		v := values["model.layers.0.self_attn."+name+".weight"]
		for row := range rows {
			if got, want := v[row*64], float32(row/16*16+head[row%16]); got != want {
				t.Errorf("%s: row %d was row %v there, not %v", name, row, got, want)
			}
		}
	}

	f := smallGGUF(t)
	for i, e := range f.entries {
		if e.name == "tokenizer.ggml.add_bos_token" {
			f.entries[i].value = true
		}
	}
	f.tensors = append(f.tensors, ggufTensor{"output.weight", []uint64{64, 337}, 1, make([]byte, 337*64*2)})
	writeFile(t, path+"2.gguf", f.bytes())
	c = openTiny(t, path+"2.gguf")
	if got := c.Tokenizer().Encode("", true); !slices.Equal(got, []int32{1}) || c.Config().TieEmbeddings {
		t.Errorf("start %v, %+v", got, c.Config())
	}
}

func TestBrokenGGUF(t *testing.T) {
	set := func(name string, value any) func(*ggufFile) {
		return func(f *ggufFile) {
			i := slices.IndexFunc(f.entries, func(e ggufEntry) bool { return e.name == name })
			if i < 0 {
				f.entries = append(f.entries, ggufEntry{name, value})
				return
			}
			f.entries[i].value = value
		}
	}
	for _, x := range []struct {
		what  string
		spoil func(*ggufFile)
		want  string
	}{
		{"architecture", set("general.architecture", "qwen2"), "only llama"},
		{"tokeniser", set("tokenizer.ggml.pre", "llama-bpe"), "only gpt2, smollm"},
		{"rope scaling", set("llama.rope.scaling.type", "yarn"), "llama.rope.scaling.type is not supported"},
		{"alignment", set("general.alignment", uint32(64)), "an alignment of 64 bytes"},
		{"no number", set("llama.block_count", "one"), "no number llama.block_count"},
		{"no heads", set("llama.attention.head_count_kv", uint32(0)), "num_key_value_heads is 0"},
		{"token types", set("tokenizer.ggml.token_type", []int32{1}), "1 types for 337 tokens"},
		{"merge", set("tokenizer.ggml.merges", []string{"ab"}), "is no pair"},
		{"chat", set("tokenizer.chat_template", "[INST]"), "neither TinyLlama's"},
		{"tokens", set("tokenizer.ggml.tokens", make([]string, 337)), "twice"},
		{"end token", set("tokenizer.ggml.eos_token_id", uint32(0)), `the model with "<|endoftext|>"`},
		{"missing tensor", func(f *ggufFile) { f.tensors = f.tensors[1:] }, "has no tensor model.embed_tokens.weight"},
		{"one twice", func(f *ggufFile) { f.tensors = append(f.tensors, f.tensors[0]) }, "stands there twice"},
		{"one too many", func(f *ggufFile) {
			f.tensors = append(f.tensors, ggufTensor{"rope_freqs.weight", []uint64{8}, 0, make([]byte, 32)})
		}, "a tensor rope_freqs.weight, which"},
		{"shape", func(f *ggufFile) { f.tensors[4].axes = []uint64{32, 128} }, "has shape [128 32], and the config asks for [64 64]"},
		{"axes", func(f *ggufFile) { f.tensors[4].axes = []uint64{4, 16, 64} }, "has 3 axes"},
		{"empty axis", func(f *ggufFile) { f.tensors[4].axes = []uint64{0, 64} }, "an axis of length 0"},
		{"type", func(f *ggufFile) { f.tensors[4].kind = 14 }, "has the type Q6_K, which cannot be read"},
		{"unknown type", func(f *ggufFile) { f.tensors[4].kind = 99 }, "has the type number 99"},
		{"blocks", func(f *ggufFile) {
			set("llama.feed_forward_length", uint32(48))(f)
			down := &f.tensors[len(f.tensors)-1]
			f.tensors[8].axes, f.tensors[9].axes = []uint64{64, 48}, []uint64{64, 48}
			down.axes, down.kind = []uint64{48, 64}, 8
		}, "has rows of 48 values, and Q8_0 has blocks of 32"},
		{"an infinite number", set("llama.rope.freq_base", float32(math.Inf(1))), "rope_theta +Inf have to be positive"},
		{"no number at all", set("llama.attention.layer_norm_rms_epsilon", float32(math.NaN())), "rms_norm_eps NaN"},
		{"a token that is no number", set("tokenizer.ggml.bos_token_id", float32(math.NaN())), "no number tokenizer.ggml.bos_token_id"},
		{"an entry twice", func(f *ggufFile) { f.entries = append(f.entries, f.entries[8]) }, "llama.rope.freq_base stands there twice"},
		{"bytes behind the last", func(f *ggufFile) {
			last := &f.tensors[len(f.tensors)-1]
			last.data = append(last.data, make([]byte, 64)...)
		}, "has 64 bytes behind the last tensor"},
		{"overlap", func(f *ggufFile) { f.tensors[4].kind, f.tensors[4].data = 0, nil }, "overlap"},
		{"end", func(f *ggufFile) { f.tensors[10].data = f.tensors[10].data[:100] }, "lies outside the file"},
	} {
		f := smallGGUF(t)
		x.spoil(f)
		path := filepath.Join(t.TempDir(), "small.gguf")
		writeFile(t, path, f.bytes())
		_, err := Open(path)
		wantError(t, x.what, err, x.want)
	}
}

// A file that is cut anywhere, or has a byte changed in its header, is refused or
// read, but stops nobody.
func TestDamagedGGUF(t *testing.T) {
	whole := smallGGUF(t).bytes()
	path := filepath.Join(t.TempDir(), "small.gguf")
	_, err := Open(path)
	wantError(t, "no file", err, "no SmolLM2 at "+path)
	for n := 0; n < 12000; n += 97 {
		writeFile(t, path, whole[:n])
		_, err := Open(path)
		wantError(t, "cut", err, "small.gguf: ")
	}
	damaged := slices.Clone(whole)
	name := "blk.0.ffn_down.weight"
	damaged[bytes.Index(whole, []byte(name))+len(name)+4+2*8+4+7] = 0x80 // of the offset
	writeFile(t, path, damaged)
	_, err = Open(path)
	wantError(t, "offset", err, "lies outside the file")
	for at := 0; at < 12000; at += 13 {
		damaged := slices.Clone(whole)
		damaged[at] ^= 0xff
		writeFile(t, path, damaged)
		if c, err := Open(path); err == nil {
			c.Close()
		} else if at < 8 {
			wantError(t, "magic", err, "no GGUF file of version 3")
		}
	}
}

// smollm2 is where the model of the optional test lies.
func smollm2(t *testing.T) string {
	path := os.Getenv("FRAGILITY_SMOLLM2")
	if path == "" {
		cache, err := os.UserCacheDir() // XDG_CACHE_HOME, or its default
		if err != nil {
			t.Skip(err)
		}
		path = filepath.Join(cache, "fragility", "models", "smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("there is no SmolLM2 at %s, and FRAGILITY_SMOLLM2 names no other place", path)
	}
	return path
}

func TestSmolLM2(t *testing.T) {
	c := openTiny(t, smollm2(t))
	want := Config{
		VocabSize: 49152, HiddenSize: 576, IntermediateSize: 1536, Layers: 30, Heads: 9, KVHeads: 3, HeadDim: 64, MaxPositions: 8192,
		NormEps: 1e-5, RopeTheta: 100000, TieEmbeddings: true, BosID: 1, EosID: 2, PadID: 2,
	}
	if c.Config() != want {
		t.Errorf("%+v", c.Config())
	}
	if n, p := len(c.tensors), c.Config().Parameters(); n != 272 || p != 134_515_008 {
		t.Errorf("%d tensors, %d parameters", n, p)
	}
	if got := c.Chat().Prompt("Why?"); got != "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n" {
		t.Errorf("%q", got)
	}
	var g struct {
		Encodings []encoding
		Values    map[string]struct {
			At                     []int
			Values                 []float64
			Sum, Squares, Weighted float64
		}
	}
	golden(t, "testdata/smollm2.json", &g)
	compare(t, c.Tokenizer(), g.Encodings)
	for name, want := range g.Values {
		v, err := c.Tensor(name)
		if err != nil {
			t.Fatal(err)
		}
		sum, squares := 0.0, 0.0
		for _, x := range v {
			sum += float64(x)
			squares += float64(x) * float64(x)
		}
		for i, at := range want.At {
			if float64(v[at]) != want.Values[i] {
				t.Errorf("%s[%d] is %v, not %v", name, at, v[at], want.Values[i])
			}
		}
		for _, x := range [][2]float64{{sum, want.Sum}, {squares, want.Squares}, {weighted(v), want.Weighted}} {
			if math.Abs(x[0]-x[1]) > 1e-6*math.Abs(x[1]) {
				t.Errorf("%s sums to %v, not %v", name, x[0], x[1])
			}
		}
	}
}

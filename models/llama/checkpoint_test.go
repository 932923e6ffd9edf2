package llama

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func openTiny(t *testing.T, folder string) *Checkpoint {
	t.Helper()
	c, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// all reads every tensor.
func all(t *testing.T, c *Checkpoint) map[string][]float32 {
	t.Helper()
	values := map[string][]float32{}
	for _, x := range c.Config().Tensors() {
		v, err := c.Tensor(x.Name)
		if err != nil {
			t.Fatal(err)
		}
		if len(v) != x.size() {
			t.Fatalf("%s has %d values", x.Name, len(v))
		}
		values[x.Name] = v
	}
	return values
}

// weighted sums values by their place, as the Python did that gave the numbers below.
func weighted(values []float32) float64 {
	sum := 0.0
	for i, v := range values {
		sum += float64(v) * float64(i%1009)
	}
	return sum
}

func TestTinyCheckpoint(t *testing.T) {
	values := all(t, openTiny(t, "testdata/tiny-llama"))
	if len(values) != 21 {
		t.Errorf("%d tensors", len(values))
	}
	// By NumPy: the first two values, a middle one, the last, and the weighted sum.
	for name, want := range map[string][]float64{
		"model.embed_tokens.weight":              {0.049560546875, -0.1396484375, 0.0908203125, 0.12060546875, 4352.16689991951},
		"model.layers.1.self_attn.k_proj.weight": {-0.03955078125, -0.11376953125, -0.115234375, 0.12890625, 569.5004778653383},
		"model.layers.0.mlp.down_proj.weight":    {-0.1982421875, 0.11279296875, 0.05078125, -0.1279296875, 2983.5961575359106},
		"model.norm.weight":                      {0.890625, 0.953125, 0.90234375, 0.96484375, 2026.40234375},
		"lm_head.weight":                         {0.014404296875, -0.01611328125, 0.06494140625, -0.03515625, 6043.933691740036},
	} {
		v := values[name]
		n := len(v)
		for i, at := range []int{0, 1, n/3 + 5, n - 1} {
			if float64(v[at]) != want[i] {
				t.Errorf("%s[%d] is %v, not %v", name, at, v[at], want[i])
			}
		}
		if got := weighted(v); math.Abs(got-want[4]) > 1e-6 {
			t.Errorf("%s sums to %v, not %v", name, got, want[4])
		}
	}
}

// entry is a tensor in the header of a safetensors file.
type entry struct {
	DType   string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"`
}

// parts takes a safetensors file apart.
func parts(t *testing.T, path string) (map[string]entry, []byte) {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	n := binary.LittleEndian.Uint64(file)
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(file[8:8+n], &raw); err != nil {
		t.Fatal(err)
	}
	delete(raw, "__metadata__")
	header := map[string]entry{}
	for name, r := range raw {
		var e entry
		if err := json.Unmarshal(r, &e); err != nil {
			t.Fatal(err)
		}
		header[name] = e
	}
	return header, file[8+n:]
}

// writeParts is the inverse.
func writeParts(t *testing.T, path string, header map[string]entry, data []byte) {
	t.Helper()
	text, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	file := binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	writeFile(t, path, append(append(file, text...), data...))
}

// split distributes the tensors of a folder's model.safetensors over three shards.
func split(t *testing.T, folder string) {
	t.Helper()
	header, data := parts(t, filepath.Join(folder, "model.safetensors"))
	shards, bytes, index := [3]map[string]entry{{}, {}, {}}, [3][]byte{}, map[string]string{}
	for i, name := range slices.Sorted(maps.Keys(header)) {
		e, s := header[name], i%3
		begin := len(bytes[s])
		bytes[s] = append(bytes[s], data[e.Offsets[0]:e.Offsets[1]]...)
		e.Offsets = [2]int{begin, len(bytes[s])}
		shards[s][name], index[name] = e, fmt.Sprintf("model-%05d-of-00003.safetensors", s+1)
	}
	for s := range shards {
		writeParts(t, filepath.Join(folder, fmt.Sprintf("model-%05d-of-00003.safetensors", s+1)), shards[s], bytes[s])
	}
	text, err := json.Marshal(map[string]any{"weight_map": index})
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(folder, "model.safetensors.index.json"), text)
	if err := os.Remove(filepath.Join(folder, "model.safetensors")); err != nil {
		t.Fatal(err)
	}
}

func TestShards(t *testing.T) {
	folder := tinyCopy(t)
	split(t, folder)
	if !maps.EqualFunc(all(t, openTiny(t, "testdata/tiny-llama")), all(t, openTiny(t, folder)), slices.Equal) {
		t.Error("the shards give other values")
	}
}

func TestOtherTypes(t *testing.T) {
	// The norm has 64 values: the same numbers as float32 and as float16.
	want := make([]float32, 64)
	var full, short []byte
	for i := range want {
		want[i] = float32(i-32) / 8
		full = binary.LittleEndian.AppendUint32(full, math.Float32bits(want[i]))
		b := math.Float32bits(want[i])
		h := b>>16&0x8000 | (b>>23&255-112)<<10 | b>>13&1023
		if want[i] == 0 {
			h = 0
		}
		short = binary.LittleEndian.AppendUint16(short, uint16(h))
	}
	for dtype, bytes := range map[string][]byte{"F32": full, "F16": short} {
		folder := tinyCopy(t)
		path := filepath.Join(folder, "model.safetensors")
		header, data := parts(t, path)
		header["model.layers.0.self_attn.rotary_emb.inv_freq"] = header["model.norm.weight"] // takes the old place
		header["model.norm.weight"] = entry{dtype, []int{64}, [2]int{len(data), len(data) + len(bytes)}}
		writeParts(t, path, header, append(data, bytes...))
		got, err := openTiny(t, folder).Tensor("model.norm.weight")
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v", dtype, got, err)
		}
	}
}

// Every float16 against the formula.
func TestHalf(t *testing.T) {
	for bits := range 1 << 16 {
		got := float64(half([]byte{byte(bits), byte(bits >> 8)}))
		exponent, fraction := bits>>10&31, float64(bits&1023)
		want := math.Ldexp(1024+fraction, exponent-25)
		switch {
		case exponent == 0:
			want = math.Ldexp(fraction, -24)
		case exponent == 31 && fraction == 0:
			want = math.Inf(1)
		case exponent == 31:
			want = math.NaN()
		}
		if bits>>15 == 1 {
			want = -want
		}
		same := got == want && math.Signbit(got) == math.Signbit(want)
		if !same && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Fatalf("%04x is %v, not %v", bits, got, want)
		}
	}
}

func TestSpareTensors(t *testing.T) {
	folder := tinyCopy(t)
	path := filepath.Join(folder, "model.safetensors")
	header, data := parts(t, path)
	header["model.layers.0.self_attn.rotary_emb.inv_freq"] = entry{"F64", []int{1}, [2]int{len(data), len(data) + 8}}
	writeParts(t, path, header, append(data, make([]byte, 8)...))
	replace(t, filepath.Join(folder, "config.json"), `"tie_word_embeddings": false`, `"tie_word_embeddings": true`)
	c := openTiny(t, folder)
	for _, name := range []string{"lm_head.weight", "model.layers.0.self_attn.rotary_emb.inv_freq"} {
		_, err := c.Tensor(name)
		wantError(t, name, err, "no tensor "+name)
	}
	if n := len(all(t, c)); n != 20 {
		t.Errorf("%d tensors", n)
	}
}

func TestBrokenCheckpoints(t *testing.T) {
	// header changes what the header of model.safetensors says.
	header := func(change func(map[string]entry)) func(*testing.T, string) {
		return func(t *testing.T, folder string) {
			path := filepath.Join(folder, "model.safetensors")
			h, data := parts(t, path)
			change(h)
			writeParts(t, path, h, data)
		}
	}
	const norm, name = "model.norm.weight", "model.layers.1.mlp.up_proj.weight"
	for _, x := range []struct {
		what  string
		spoil func(t *testing.T, folder string)
		want  string
	}{
		{"no folder", func(t *testing.T, f string) { os.RemoveAll(f) }, "no TinyLlama in "},
		{"no config", func(t *testing.T, f string) { os.Remove(filepath.Join(f, "config.json")) }, "download TinyLlama/TinyLlama-1.1B-Chat-v1.0"},
		{"no weights", func(t *testing.T, f string) { os.Remove(filepath.Join(f, "model.safetensors")) }, "neither model.safetensors nor"},
		{"no tokeniser", func(t *testing.T, f string) { os.Remove(filepath.Join(f, "tokenizer.json")) }, "tokenizer.json"},
		{"truncated", func(t *testing.T, f string) { os.Truncate(filepath.Join(f, "model.safetensors"), 200000) }, "has bytes"},
		{"cut in its header", func(t *testing.T, f string) { os.Truncate(filepath.Join(f, "model.safetensors"), 100) }, "a header of"},
		{"empty", func(t *testing.T, f string) { os.Truncate(filepath.Join(f, "model.safetensors"), 3) }, "shorter than its length field"},
		{"header beyond the file", func(t *testing.T, f string) {
			file := binary.LittleEndian.AppendUint64(nil, 1000)
			writeFile(t, filepath.Join(f, "model.safetensors"), append(file, make([]byte, 500)...))
		}, "a header of 1000 bytes in a file of 508"},
		{"no JSON", func(t *testing.T, f string) {
			file := binary.LittleEndian.AppendUint64(nil, 5)
			writeFile(t, filepath.Join(f, "model.safetensors"), append(file, "{abc}"...))
		}, "the header is no JSON"},
		{"an entry of another form", func(t *testing.T, f string) {
			replace(t, filepath.Join(f, "model.safetensors"), `[420,64]`, `"420,64"`)
		}, "tensor lm_head.weight"},
		{"missing tensor", header(func(h map[string]entry) { delete(h, name) }), "has no tensor " + name},
		{"wrong shape", header(func(h map[string]entry) {
			e := h[name]
			e.Shape = []int{64, 176}
			h[name] = e
		}), name + " has shape [64 176], and the config asks for [176 64]"},
		{"unknown type", header(func(h map[string]entry) {
			e := h[norm]
			e.DType = "I8"
			h[norm] = e
		}), norm + " has the type I8"},
		{"bytes that do not fit the shape", header(func(h map[string]entry) {
			e := h[norm]
			e.DType = "F32"
			h[norm] = e
		}), norm + " has 128 bytes, and [64] of F32 takes 256"},
		{"negative offset", header(func(h map[string]entry) {
			e := h[norm]
			e.Offsets[0] = -128
			h[norm] = e
		}), norm + " has bytes -128"},
		{"overlap", header(func(h map[string]entry) {
			e := h[norm]
			e.Offsets = [2]int{e.Offsets[0] - 2, e.Offsets[1] - 2}
			h[norm] = e
		}), "overlap"},
		{"a bias", func(t *testing.T, f string) {
			path := filepath.Join(f, "model.safetensors")
			h, data := parts(t, path)
			h["model.layers.0.self_attn.q_proj.bias"] = entry{"BF16", []int{64}, [2]int{len(data), len(data) + 128}}
			writeParts(t, path, h, append(data, make([]byte, 128)...))
		}, "q_proj.bias, which a Llama of this config has not"},
		{"a tensor twice", func(t *testing.T, f string) {
			path := filepath.Join(f, "model.safetensors")
			h, data := parts(t, path)
			e := h[norm]
			size := e.Offsets[1] - e.Offsets[0]
			text, _ := json.Marshal(h)
			again := fmt.Sprintf(`,%q:{"dtype":%q,"shape":[64],"data_offsets":[%d,%d]}}`, norm, e.DType, len(data), len(data)+size)
			text = append(text[:len(text)-1], again...)
			file := append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...)
			writeFile(t, path, append(append(file, data...), make([]byte, size)...))
		}, "has the tensor " + norm + " twice"},
		{"bytes between tensors", func(t *testing.T, f string) {
			path := filepath.Join(f, "model.safetensors")
			h, data := parts(t, path)
			e := h[norm]
			h[norm] = entry{e.DType, e.Shape, [2]int{len(data) + 8, len(data) + 8 + 128}}
			h["x.rotary_emb.inv_freq"] = e
			writeParts(t, path, h, append(data, make([]byte, 136)...))
		}, "a gap of 8 bytes before tensor " + norm},
		{"bytes behind the last", func(t *testing.T, f string) {
			path := filepath.Join(f, "model.safetensors")
			h, data := parts(t, path)
			writeParts(t, path, h, append(data, 0))
		}, "has 1 bytes behind the last tensor"},
		{"missing shard", func(t *testing.T, f string) {
			split(t, f)
			os.Remove(filepath.Join(f, "model-00002-of-00003.safetensors"))
		}, "model-00002-of-00003.safetensors is missing"},
		{"index without JSON", func(t *testing.T, f string) {
			split(t, f)
			writeFile(t, filepath.Join(f, "model.safetensors.index.json"), []byte("{"))
		}, "model.safetensors.index.json"},
		{"index that leads elsewhere", func(t *testing.T, f string) {
			split(t, f)
			replace(t, filepath.Join(f, "model.safetensors.index.json"), "model-00002", "model-00001")
		}, "the shard model-00001-of-00003.safetensors has no tensor"},
		{"index that leads out of the folder", func(t *testing.T, f string) {
			split(t, f)
			replace(t, filepath.Join(f, "model.safetensors.index.json"), "model-00002", "../model-00002")
		}, "is not in its folder"},
		{"a tensor in two shards", func(t *testing.T, f string) {
			split(t, f)
			h, data := parts(t, filepath.Join(f, "model-00001-of-00003.safetensors"))
			second := filepath.Join(f, "model-00002-of-00003.safetensors")
			h2, data2 := parts(t, second)
			e := h["lm_head.weight"]
			values := data[e.Offsets[0]:e.Offsets[1]]
			h2["lm_head.weight"] = entry{e.DType, e.Shape, [2]int{len(data2), len(data2) + len(values)}}
			writeParts(t, second, h2, append(data2, values...))
		}, "tensor lm_head.weight stands in"},
		{"tokeniser larger than the model", func(t *testing.T, f string) {
			replace(t, filepath.Join(f, "tokenizer.json"), `"<0x00>": 3`, `"extra": 420, "<0x00>": 3`)
		}, "the tokeniser has tokens up to 420, and the model's vocabulary is 420"},
		{"another start token", func(t *testing.T, f string) {
			replace(t, filepath.Join(f, "config.json"), `"bos_token_id": 1`, `"bos_token_id": 0`)
		}, "the tokeniser starts a text with [1], and the model with 0"},
		{"unknown chat template", func(t *testing.T, f string) {
			replace(t, filepath.Join(f, "tokenizer_config.json"), `"legacy"`, `"chat_template": "[INST] {{ x }} [/INST]", "legacy"`)
		}, "the chat template is neither"},
	} {
		folder := tinyCopy(t)
		x.spoil(t, folder)
		c, err := Open(folder)
		if err == nil {
			c.Close()
		}
		wantError(t, x.what, err, x.want)
	}
}

package llama

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTinyLlamaCounts(t *testing.T) {
	c := TinyLlama()
	if got := c.Parameters(); got != 1_100_048_384 {
		t.Errorf("%d parameters", got)
	}
	// Each adapted matrix has an A and a B.
	matrices, values := 0, 0
	for _, x := range c.Tensors() {
		if strings.Contains(x.Name, "self_attn") {
			matrices += 2
			values += 16 * (x.Shape[0] + x.Shape[1])
		}
	}
	if matrices != 176 || values != 4_505_600 {
		t.Errorf("%d matrices of adapters with %d values", matrices, values)
	}
	if err := c.check(); err != nil {
		t.Error(err)
	}
}

func TestReadConfig(t *testing.T) {
	want := Config{
		VocabSize: 420, HiddenSize: 64, IntermediateSize: 176, Layers: 2, Heads: 4, KVHeads: 2, HeadDim: 16,
		MaxPositions: 128, NormEps: 1e-5, RopeTheta: 10000, BosID: 1, EosID: 2, PadID: 2,
	}
	got, err := ReadConfig("testdata/tiny-llama/config.json")
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestReadConfigVariants(t *testing.T) {
	for _, x := range []struct {
		old, new string // in the tiny model's config.json
		want     string // in the error; or what changes in the config
		changed  func(Config) bool
	}{
		{`"LlamaForCausalLM"`, `"MistralForCausalLM"`, "only LlamaForCausalLM", nil},
		{`"rope_scaling": null`, `"rope_scaling": {"type": "linear", "factor": 2}`, "rope_scaling", nil},
		{`"rope_theta": 10000.0`, `"rope_parameters": {"rope_type": "llama3"}`, "llama3", nil},
		{`"rope_theta": 10000.0`, `"rope_parameters": {"rope_type": "default", "rope_theta": 500}`, "", func(c Config) bool { return c.RopeTheta == 500 }},
		{`"rope_theta": 10000.0`, `"rope_interleaved": true`, "rope_interleaved", nil},
		{`"attention_bias": false`, `"attention_bias": true`, "biases", nil},
		{`"attention_bias": false`, `"mlp_bias": true`, "biases", nil},
		{`"silu"`, `"gelu"`, "only silu", nil},
		{`"num_key_value_heads": 2`, `"num_key_value_heads": 3`, "evenly", nil},
		{`"num_key_value_heads": 2,`, ``, "", func(c Config) bool { return c.KVHeads == 4 }},
		{`"hidden_size": 64`, `"hidden_size": 66`, "does not divide", nil},
		{`"hidden_size": 64`, `"hidden_size": 64, "head_dim": 32`, "", func(c Config) bool { return c.HeadDim == 32 }},
		{`"hidden_size": 64`, `"hidden_size": 64, "head_dim": 15`, "odd width", nil},
		{`"hidden_size": 64`, `"hidden_size": -64`, "hidden_size is -64", nil},
		{`"num_hidden_layers": 2`, `"num_hidden_layers": 0`, "num_hidden_layers is 0", nil},
		{`"rms_norm_eps": 1e-05,`, ``, "positive", nil},
		{`"eos_token_id": 2`, `"eos_token_id": [2, 3]`, "eos_token_id", nil},
		{`"eos_token_id": 2,`, ``, "missing", nil},
		{`"eos_token_id": 2`, `"eos_token_id": 420`, "vocabulary has 420", nil},
		{`"eos_token_id": 2`, `"eos_token_id": 2, "pad_token_id": 0`, "", func(c Config) bool { return c.PadID == 0 }},
		{`{`, `[`, "config.json", nil},
	} {
		folder := tinyCopy(t)
		replace(t, filepath.Join(folder, "config.json"), x.old, x.new)
		c, err := ReadConfig(filepath.Join(folder, "config.json"))
		if x.changed != nil {
			if err != nil || !x.changed(c) {
				t.Errorf("%s: %+v, %v", x.new, c, err)
			}
		} else {
			wantError(t, x.new, err, x.want)
		}
	}
}

// tinyCopy copies the tiny checkpoint into a folder that may be changed.
func tinyCopy(t *testing.T) string {
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/tiny-llama")); err != nil {
		t.Fatal(err)
	}
	return folder
}

// replace changes the first place in a file where old stands.
func replace(t *testing.T, path, old, new string) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), old, new, 1)
	if changed == string(text) {
		t.Fatalf("%s has no %q", path, old)
	}
	writeFile(t, path, []byte(changed))
}

func wantError(t *testing.T, what string, err error, words string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), words) {
		t.Errorf("%s: the error is %v, and was to say %q", what, err, words)
	}
}

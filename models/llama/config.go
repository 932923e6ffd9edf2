package llama

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
)

// Config is the shape of a Llama.
type Config struct {
	VocabSize        int // rows of the embedding
	HiddenSize       int // width of the stream
	IntermediateSize int // width inside the MLP
	Layers           int
	Heads            int // of queries
	KVHeads          int // of keys and values; divides Heads
	HeadDim          int // width of a head; even
	MaxPositions     int

	NormEps       float64 // added to the mean square
	RopeTheta     float64 // base of the rotary angles
	TieEmbeddings bool    // the logits use the embedding; there is no lm_head.weight

	BosID int32 // starts a text
	EosID int32 // ends an answer
	PadID int32 // fills a batch; EosID where the model names none
}

// TinyLlama is TinyLlama-1.1B-Chat-v1.0, the model of chapter 9.
func TinyLlama() Config {
	return Config{
		VocabSize: 32000, HiddenSize: 2048, IntermediateSize: 5632, Layers: 22,
		Heads: 32, KVHeads: 4, HeadDim: 64, MaxPositions: 2048,
		NormEps: 1e-5, RopeTheta: 10000,
		BosID: 1, EosID: 2, PadID: 2,
	}
}

// A Tensor names a tensor as Hugging Face does. A matrix is [out, in], row-major.
type Tensor struct {
	Name  string
	Shape []int
}

// size is the number of values.
func (t Tensor) size() int {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return n
}

// Tensors lists the model's tensors in the order of PyTorch's parameters.
func (c Config) Tensors() []Tensor {
	heads, keys := c.Heads*c.HeadDim, c.KVHeads*c.HeadDim
	list := []Tensor{{"model.embed_tokens.weight", []int{c.VocabSize, c.HiddenSize}}}
	for layer := range c.Layers {
		for _, t := range []Tensor{
			{"self_attn.q_proj", []int{heads, c.HiddenSize}},
			{"self_attn.k_proj", []int{keys, c.HiddenSize}},
			{"self_attn.v_proj", []int{keys, c.HiddenSize}},
			{"self_attn.o_proj", []int{c.HiddenSize, heads}},
			{"mlp.gate_proj", []int{c.IntermediateSize, c.HiddenSize}},
			{"mlp.up_proj", []int{c.IntermediateSize, c.HiddenSize}},
			{"mlp.down_proj", []int{c.HiddenSize, c.IntermediateSize}},
			{"input_layernorm", []int{c.HiddenSize}},
			{"post_attention_layernorm", []int{c.HiddenSize}},
		} {
			list = append(list, Tensor{fmt.Sprintf("model.layers.%d.%s.weight", layer, t.Name), t.Shape})
		}
	}
	list = append(list, Tensor{"model.norm.weight", []int{c.HiddenSize}})
	if !c.TieEmbeddings {
		list = append(list, Tensor{"lm_head.weight", []int{c.VocabSize, c.HiddenSize}})
	}
	return list
}

// Parameters is the number of values in all tensors.
func (c Config) Parameters() int {
	n := 0
	for _, t := range c.Tensors() {
		n += t.size()
	}
	return n
}

// maxDim bounds every size in a file, so that products of two cannot overflow.
const maxDim = 1 << 24

// check says what about the numbers cannot be.
func (c Config) check() error {
	for _, n := range []struct {
		name  string
		value int
	}{
		{"vocab_size", c.VocabSize}, {"hidden_size", c.HiddenSize}, {"intermediate_size", c.IntermediateSize},
		{"num_attention_heads", c.Heads}, {"num_key_value_heads", c.KVHeads}, {"head_dim", c.HeadDim},
		{"max_position_embeddings", c.MaxPositions},
	} {
		if n.value < 1 || n.value > maxDim {
			return fmt.Errorf("%s is %d, and has to lie between 1 and %d", n.name, n.value, maxDim)
		}
	}
	if c.Layers < 1 || c.Layers > 1000 {
		return fmt.Errorf("num_hidden_layers is %d, and has to lie between 1 and 1000", c.Layers)
	}
	if c.Heads%c.KVHeads != 0 {
		return fmt.Errorf("%d heads cannot share %d heads of keys evenly", c.Heads, c.KVHeads)
	}
	if c.HeadDim%2 != 0 {
		return fmt.Errorf("a head of odd width %d cannot be rotated", c.HeadDim)
	}
	positive := func(x float64) bool { return x > 0 && !math.IsInf(x, 0) } // NaN is not
	if !positive(c.NormEps) || !positive(c.RopeTheta) {
		return fmt.Errorf("rms_norm_eps %g and rope_theta %g have to be positive", c.NormEps, c.RopeTheta)
	}
	for _, id := range []int32{c.BosID, c.EosID, c.PadID} {
		if id < 0 || int(id) >= c.VocabSize {
			return fmt.Errorf("a start, end or padding token is %d, and the vocabulary has %d", id, c.VocabSize)
		}
	}
	return nil
}

// configFile is a config.json. What it leaves out has the value that
// transformers takes then.
type configFile struct {
	Architectures    []string        `json:"architectures"`
	VocabSize        int             `json:"vocab_size"`
	HiddenSize       int             `json:"hidden_size"`
	IntermediateSize int             `json:"intermediate_size"`
	Layers           int             `json:"num_hidden_layers"`
	Heads            int             `json:"num_attention_heads"`
	KVHeads          *int            `json:"num_key_value_heads"`
	HeadDim          *int            `json:"head_dim"`
	MaxPositions     int             `json:"max_position_embeddings"`
	NormEps          float64         `json:"rms_norm_eps"`
	RopeTheta        float64         `json:"rope_theta"`
	RopeScaling      json.RawMessage `json:"rope_scaling"`
	RopeParameters   *struct {       // in place of the two before it from transformers 5 on
		Type  string  `json:"rope_type"`
		Theta float64 `json:"rope_theta"`
	} `json:"rope_parameters"`
	RopeInterleaved bool   `json:"rope_interleaved"`
	Activation      string `json:"hidden_act"`
	AttentionBias   bool   `json:"attention_bias"`
	MLPBias         bool   `json:"mlp_bias"`
	TieEmbeddings   bool   `json:"tie_word_embeddings"`
	BosID           *int32 `json:"bos_token_id"`
	EosID           *int32 `json:"eos_token_id"`
	PadID           *int32 `json:"pad_token_id"`
}

// ReadConfig reads a config.json. It refuses what is no plain Llama, because the
// model would run and say something else.
func ReadConfig(path string) (Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Config{}, err
	}
	f := configFile{RopeTheta: 10000, Activation: "silu"}
	if err := json.Unmarshal(text, &f); err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, err)
	}
	c, err := f.config()
	if err == nil {
		err = c.check()
	}
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

func (f configFile) config() (Config, error) {
	c := Config{
		VocabSize: f.VocabSize, HiddenSize: f.HiddenSize, IntermediateSize: f.IntermediateSize, Layers: f.Layers,
		Heads: f.Heads, KVHeads: f.Heads, MaxPositions: f.MaxPositions,
		NormEps: f.NormEps, RopeTheta: f.RopeTheta, TieEmbeddings: f.TieEmbeddings,
	}
	if !slices.Equal(f.Architectures, []string{"LlamaForCausalLM"}) {
		return c, fmt.Errorf("the architecture is %q, and only LlamaForCausalLM can be read", f.Architectures)
	}
	if len(f.RopeScaling) > 0 && string(f.RopeScaling) != "null" {
		return c, fmt.Errorf("rope_scaling %s is not supported", f.RopeScaling)
	}
	if p := f.RopeParameters; p != nil {
		if p.Type != "default" {
			return c, fmt.Errorf("rope_parameters of type %q are not supported", p.Type)
		}
		c.RopeTheta = p.Theta
	}
	if f.RopeInterleaved {
		return c, errors.New("rope_interleaved is not supported")
	}
	if f.Activation != "silu" {
		return c, fmt.Errorf("the activation %q is not supported, only silu", f.Activation)
	}
	if f.AttentionBias || f.MLPBias {
		return c, errors.New("biases (attention_bias, mlp_bias) are not supported")
	}
	if f.KVHeads != nil {
		c.KVHeads = *f.KVHeads
	}
	if f.HeadDim != nil {
		c.HeadDim = *f.HeadDim
	} else if f.Heads > 0 {
		if f.HiddenSize%f.Heads != 0 {
			return c, fmt.Errorf("a width of %d does not divide into %d heads", f.HiddenSize, f.Heads)
		}
		c.HeadDim = f.HiddenSize / f.Heads
	}
	if f.BosID == nil || f.EosID == nil {
		return c, errors.New("bos_token_id or eos_token_id is missing")
	}
	c.BosID, c.EosID, c.PadID = *f.BosID, *f.EosID, *f.EosID
	if f.PadID != nil {
		c.PadID = *f.PadID
	}
	return c, nil
}

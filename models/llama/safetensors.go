package llama

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/network-fragility/fragility/models/safetensors"
)

// openFolder opens a folder as Hugging Face has it.
func (c *Checkpoint) openFolder(folder string) (err error) {
	file := func(name string) string { return filepath.Join(folder, name) }
	if _, err := os.Stat(file("config.json")); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("no TinyLlama in %s: download TinyLlama/TinyLlama-1.1B-Chat-v1.0 (config.json, model.safetensors, tokenizer.json, tokenizer_config.json) from huggingface.co into it", folder)
	}
	if c.config, err = ReadConfig(file("config.json")); err != nil {
		return err
	}
	if c.tokenizer, err = ReadTokenizer(file("tokenizer.json")); err != nil {
		return err
	}
	if c.chat, err = readChat(folder, c.tokenizer.Decode([]int32{c.config.EosID}, false)); err != nil {
		return err
	}
	c.folder = folder
	if _, err := os.Stat(file("model.safetensors")); err == nil {
		return c.addSafetensors(file("model.safetensors"))
	}
	return c.addShards(file("model.safetensors.index.json"))
}

// addShards opens the files that an index names.
func (c *Checkpoint) addShards(path string) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s has neither model.safetensors nor model.safetensors.index.json", filepath.Dir(path))
	}
	if err != nil {
		return err
	}
	var index struct {
		Shards map[string]string `json:"weight_map"` // of each tensor
	}
	if err := json.Unmarshal(text, &index); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, shard := range slices.Compact(slices.Sorted(maps.Values(index.Shards))) {
		if filepath.Base(shard) != shard {
			return fmt.Errorf("%s: the shard %q is not in its folder", path, shard)
		}
		if err := c.addSafetensors(filepath.Join(filepath.Dir(path), shard)); err != nil {
			return err
		}
	}
	for name, shard := range index.Shards {
		s, ok := c.tensors[name]
		if !ok || filepath.Base(s.file.Name()) != shard {
			return fmt.Errorf("%s: the shard %s has no tensor %s", path, shard, name)
		}
	}
	return nil
}

// addSafetensors opens a file and adds its tensors.
func (c *Checkpoint) addSafetensors(path string) error {
	f, size, err := c.open(path, "the shard %s is missing")
	if err != nil {
		return err
	}
	header, err := safetensors.ReadHeader(f, size)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	start := header.Start
	for name, e := range header.Entries {
		if old, ok := c.tensors[name]; ok {
			return fmt.Errorf("tensor %s stands in %s and in %s", name, old.file.Name(), path)
		}
		c.tensors[name] = stored{file: f, dtype: e.DType, shape: e.Shape, begin: start + e.Offsets[0], end: start + e.Offsets[1]}
	}
	c.layouts = append(c.layouts, layout{f, start, size, 1})
	return nil
}

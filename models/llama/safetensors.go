package llama

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// maxHeader bounds the header of a safetensors file; that of a large shard takes
// some hundred kilobytes.
const maxHeader = 100 << 20

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
	for _, name := range []string{"config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja"} {
		if _, err := os.Stat(file(name)); err == nil {
			c.others = append(c.others, file(name))
		}
	}
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
	c.others = append(c.others, path)
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

// addSafetensors opens a file and adds its tensors: eight bytes with the length of
// a JSON header, the header, the values.
func (c *Checkpoint) addSafetensors(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the shard %s is missing", path)
	}
	if err != nil {
		return err
	}
	c.weights = append(c.weights, f)
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() < 8 {
		return fmt.Errorf("%s is shorter than its length field", path)
	}
	var length uint64
	if err := binary.Read(f, binary.LittleEndian, &length); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if length > maxHeader || length > uint64(info.Size()-8) {
		return fmt.Errorf("%s: a header of %d bytes in a file of %d", path, length, info.Size())
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(f, text); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	header, err := object(text)
	if err != nil {
		return fmt.Errorf("%s: the header %w", path, err)
	}
	delete(header, "__metadata__")
	start := 8 + int64(length)
	for name, raw := range header {
		var e struct {
			DType   string   `json:"dtype"`
			Shape   []int    `json:"shape"`
			Offsets [2]int64 `json:"data_offsets"`
		}
		if err := json.Unmarshal(raw, &e); err != nil {
			return fmt.Errorf("%s: tensor %s: %w", path, name, err)
		}
		if old, ok := c.tensors[name]; ok {
			return fmt.Errorf("tensor %s stands in %s and in %s", name, old.file.Name(), path)
		}
		if e.Offsets[0] < 0 || e.Offsets[1] < e.Offsets[0] || e.Offsets[1] > info.Size()-start {
			return fmt.Errorf("%s: tensor %s has bytes %d to %d, and the file has %d", path, name, e.Offsets[0], e.Offsets[1], info.Size()-start)
		}
		c.tensors[name] = stored{file: f, dtype: e.DType, shape: e.Shape, begin: start + e.Offsets[0], end: start + e.Offsets[1]}
	}
	c.layouts = append(c.layouts, layout{f, start, info.Size(), 1})
	return nil
}

// object reads a JSON object in which no name stands twice: encoding/json takes
// the last of two, others the first, and each of them would be another model.
func object(text []byte) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("is no JSON object")
	}
	fields := map[string]json.RawMessage{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("is no JSON: %w", err)
		}
		name := t.(string) // the decoder takes nothing else here
		if _, twice := fields[name]; twice {
			return nil, fmt.Errorf("has the tensor %s twice", name)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, fmt.Errorf("is no JSON: %w", err)
		}
		fields[name] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("is no JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("goes on behind its end")
	}
	return fields, nil
}

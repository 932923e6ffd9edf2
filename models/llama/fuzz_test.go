package llama

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// opened looks at a checkpoint that was taken: everything in it can be read.
func opened(t *testing.T, path string) {
	c, err := Open(path)
	if err != nil {
		return
	}
	defer c.Close()
	for _, x := range c.Config().Tensors() {
		if v, err := c.Tensor(x.Name); err != nil || len(v) != x.size() {
			t.Fatalf("tensor %s: %d values, %v", x.Name, len(v), err)
		}
	}
	ids := c.Tokenizer().Encode(c.Chat().Prompt("a word"), true)
	c.Tokenizer().Decode(ids, false)
}

func FuzzGGUF(f *testing.F) {
	f.Add(smallGGUF(f).bytes())
	f.Add([]byte("GGUF\x03\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, file []byte) {
		path := filepath.Join(t.TempDir(), "m.gguf")
		writeFile(t, path, file)
		opened(t, path)
	})
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata/tiny-llama", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func FuzzSafetensors(f *testing.F) {
	f.Add(read(f, "model.safetensors"))
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x00{}"))
	rest := map[string][]byte{}
	for _, name := range []string{"config.json", "tokenizer.json", "tokenizer_config.json"} {
		rest[name] = read(f, name)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		folder := t.TempDir()
		for name, content := range rest {
			writeFile(t, filepath.Join(folder, name), content)
		}
		writeFile(t, filepath.Join(folder, "model.safetensors"), file)
		opened(t, folder)
	})
}

func FuzzTokenizer(f *testing.F) {
	for _, name := range []string{"tiny-llama", "bytelevel"} {
		b, err := os.ReadFile("testdata/" + name + "/tokenizer.json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, "a word")
	}
	f.Fuzz(func(t *testing.T, file []byte, text string) {
		var x tokenizerFile
		if json.Unmarshal(file, &x) != nil {
			return
		}
		tok, err := x.tokenizer()
		if err != nil {
			return
		}
		if len(text) > 1000 {
			text = text[:1000]
		}
		for _, id := range tok.Encode(text, true) {
			if id < 0 || int(id) >= maxDim {
				t.Errorf("token %d", id)
			}
		}
		tok.Decode(tok.Encode(text, false), false)
	})
}

func FuzzConfig(f *testing.F) {
	f.Add(read(f, "config.json"))
	f.Fuzz(func(t *testing.T, file []byte) {
		path := filepath.Join(t.TempDir(), "config.json")
		writeFile(t, path, file)
		if c, err := ReadConfig(path); err == nil {
			if err := c.check(); err != nil {
				t.Error(err)
			}
		}
	})
}

func FuzzChat(f *testing.F) {
	f.Add(chatMLTemplate, "<|im_end|>")
	f.Add("{% if message['role'] == 'user' %}{{ '<|user|>\n' + message['content'] + eos_token }}", "</s>")
	f.Fuzz(func(t *testing.T, template, end string) {
		if c, err := chatOf(template, end); err == nil && c.Name == "" {
			t.Error("a chat without a name")
		}
	})
}

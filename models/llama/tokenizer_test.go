package llama

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// encoding is one of the texts of a golden file. Decoded is without special
// tokens, Whole with them (nil where that was not kept).
type encoding struct {
	Text    string
	IDs     []int32
	Decoded string
	Whole   *string
}

func golden(t testing.TB, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

func compare(t *testing.T, tok *Tokenizer, encodings []encoding) {
	t.Helper()
	if len(encodings) == 0 {
		t.Error("no encodings")
	}
	for _, e := range encodings {
		if got := tok.Encode(e.Text, true); !slices.Equal(got, e.IDs) {
			t.Errorf("%q gives %v, not %v", e.Text, got, e.IDs)
		}
		if got := tok.Decode(e.IDs, true); got != e.Decoded {
			t.Errorf("%v is %q, not %q", e.IDs, got, e.Decoded)
		}
		if e.Whole != nil && tok.Decode(e.IDs, false) != *e.Whole {
			t.Errorf("%v is %q, not %q", e.IDs, tok.Decode(e.IDs, false), *e.Whole)
		}
	}
}

func TestTokenizers(t *testing.T) {
	for folder, size := range map[string]int{"tiny-llama": 420, "bytelevel": 337} {
		tok, err := ReadTokenizer(filepath.Join("testdata", folder, "tokenizer.json"))
		if err != nil {
			t.Fatal(err)
		}
		if tok.VocabSize() != size {
			t.Errorf("%s has %d tokens", folder, tok.VocabSize())
		}
		var g struct{ Encodings []encoding }
		golden(t, filepath.Join("testdata", folder, "golden.json"), &g)
		compare(t, tok, g.Encodings)
	}
}

func TestTokenizerEdges(t *testing.T) {
	tiny, err := ReadTokenizer("testdata/tiny-llama/tokenizer.json")
	if err != nil {
		t.Fatal(err)
	}
	if got := tiny.Encode("the red vault", false); !slices.Equal(got, []int32{261, 305, 400, 295, 368}) {
		t.Errorf("without the start token: %v", got)
	}
	if got := tiny.Decode([]int32{1, 261, 2, -1, 420}, false); got != "<s> the</s>" {
		t.Errorf("decoded %q", got)
	}
	// The bytes of "é" are tokens 198 and 172; the first alone is no UTF-8.
	if got := tiny.Decode([]int32{198, 172, 198, 261}, true); got != "\uFFFD\uFFFD\uFFFD the" {
		t.Errorf("decoded %q", got)
	}
	if got, want := tiny.Encode("a\xffb", false), tiny.Encode("a\uFFFDb", false); !slices.Equal(got, want) {
		t.Errorf("broken UTF-8 gives %v, not %v", got, want)
	}
	if err := tiny.Fits(TinyLlama()); err != nil {
		t.Error(err)
	}
	// Of two marks that fit the longer is meant.
	path := filepath.Join(tinyCopy(t), "tokenizer.json")
	replace(t, path, `"added_tokens": [`, `"added_tokens": [{"id": 421, "content": "</s", "special": true}, {"id": 420, "content": "</s>x", "special": true},`)
	long, err := ReadTokenizer(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := long.Encode("</s>x</s></s", false); !slices.Equal(got, []int32{420, 2, 421}) {
		t.Errorf("marks give %v", got)
	}
	wantError(t, "small vocabulary", tiny.Fits(Config{VocabSize: 419, BosID: 1, EosID: 2}), "tokens up to 419")
	wantError(t, "start token", tiny.Fits(Config{VocabSize: 420, BosID: 0, EosID: 2}), "starts a text with [1]")
	wantError(t, "end token", tiny.Fits(Config{VocabSize: 500, BosID: 1, EosID: 420}), "is no token")
}

func TestBrokenTokenizers(t *testing.T) {
	for _, x := range []struct{ folder, old, new, want string }{
		{"tiny-llama", `"type": "BPE"`, `"type": "Unigram"`, "only plain BPE"},
		{"tiny-llama", `"dropout": null`, `"dropout": 0.1`, "only plain BPE"},
		{"tiny-llama", `"prepend": "▁"`, `"prepend": "_"`, "neither as TinyLlama's nor"},
		{"tiny-llama", `"pre_tokenizer": null`, `"pre_tokenizer": {"type": "Metaspace"}`, "neither as TinyLlama's nor"},
		{"tiny-llama", `"byte_fallback": true`, `"byte_fallback": false`, "neither as TinyLlama's nor"},
		{"tiny-llama", `"normalized": false`, `"normalized": true`, "<unk>"},
		{"tiny-llama", `"<0x0A>": 13`, `"<0x0a>": 13`, "no token <0x0A>"},
		{"tiny-llama", `"<0x0A>": 13`, `"<0x0A>": 12`, "the same number 12"},
		{"tiny-llama", `"<0x0A>": 13`, `"<0x0A>": -13`, "the number -13"},
		{"tiny-llama", `"TemplateProcessing"`, `"BertProcessing"`, "post_processor"},
		{"tiny-llama", `"merges": [`, `"merges": [["q", "▁q"],`, "is no token"},
		{"tiny-llama", `"merges": [`, `"merges": ["nothing",`, "merges"},
		{"bytelevel", `"individual_digits": true`, `"individual_digits": false`, "neither as TinyLlama's nor"},
		{"bytelevel", `"add_prefix_space": false`, `"add_prefix_space": true`, "neither as TinyLlama's nor"},
		{"bytelevel", `"unk_token": null`, `"unk_token": "<|endoftext|>"`, "neither as TinyLlama's nor"},
		{"bytelevel", `{`, ``, "tokenizer.json"},
	} {
		text, err := os.ReadFile(filepath.Join("testdata", x.folder, "tokenizer.json"))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "tokenizer.json")
		writeFile(t, path, text)
		replace(t, path, x.old, x.new)
		_, err = ReadTokenizer(path)
		wantError(t, x.new, err, x.want)
	}
}

// The older form of a merge, "a b", gives the same tokens.
func TestOlderMerges(t *testing.T) {
	text, err := os.ReadFile("testdata/tiny-llama/tokenizer.json")
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]any
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	model := file["model"].(map[string]any)
	var lines []any
	for _, pair := range model["merges"].([]any) {
		p := pair.([]any)
		lines = append(lines, p[0].(string)+" "+p[1].(string))
	}
	model["merges"] = lines
	if text, err = json.Marshal(file); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "tokenizer.json")
	writeFile(t, path, text)
	tok, err := ReadTokenizer(path)
	if err != nil {
		t.Fatal(err)
	}
	var g struct{ Encodings []encoding }
	golden(t, "testdata/tiny-llama/golden.json", &g)
	compare(t, tok, g.Encodings)
}

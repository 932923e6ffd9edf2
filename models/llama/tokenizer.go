package llama

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// A Tokenizer cuts text into tokens by byte-pair encoding. There are two kinds:
// Llama's (SentencePiece's), which writes a blank as "▁", puts one before each
// stretch of text, and falls back to a token a byte; and GPT-2's as SmolLM2 has
// it, which cuts the text into words and single digits first, and knows nothing
// but bytes.
type Tokenizer struct {
	byteLevel bool    // GPT-2's kind
	start     []int32 // put before a text
	tokens    []string
	ids       map[string]int32
	merges    map[[2]int32]merge
	bytes     [256]int32     // the token of a byte; -1 where there is none
	byteOf    map[int32]byte // the inverse
	added     map[string]int32
	addedID   map[int32]bool // true for special ones
	findAdded *regexp.Regexp
}

// A merge is what two tokens become; those of low rank come first.
type merge struct {
	rank int
	id   int32
}

// addedToken is a token that is found in a text before the rest is cut.
type addedToken struct {
	ID         int32  `json:"id"`
	Content    string `json:"content"`
	SingleWord bool   `json:"single_word"`
	LStrip     bool   `json:"lstrip"`
	RStrip     bool   `json:"rstrip"`
	Normalized bool   `json:"normalized"`
	Special    bool   `json:"special"`
}

// tokenizerFile is a tokenizer.json.
type tokenizerFile struct {
	Added         []addedToken    `json:"added_tokens"`
	Normalizer    json.RawMessage `json:"normalizer"`
	PreTokenizer  json.RawMessage `json:"pre_tokenizer"`
	PostProcessor json.RawMessage `json:"post_processor"`
	Decoder       json.RawMessage `json:"decoder"`
	Model         struct {
		Type         string           `json:"type"`
		Dropout      *float64         `json:"dropout"`
		Prefix       string           `json:"continuing_subword_prefix"`
		Suffix       string           `json:"end_of_word_suffix"`
		Unknown      *string          `json:"unk_token"`
		ByteFallback bool             `json:"byte_fallback"`
		IgnoreMerges bool             `json:"ignore_merges"`
		Vocab        map[string]int32 `json:"vocab"`
		Merges       json.RawMessage  `json:"merges"`
	} `json:"model"`
}

// The parts of a tokenizer.json that make the two kinds.
const (
	llamaNormalizer = `{"type": "Sequence", "normalizers": [
		{"type": "Prepend", "prepend": "▁"},
		{"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}`
	llamaDecoder = `{"type": "Sequence", "decoders": [
		{"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
		{"type": "ByteFallback"}, {"type": "Fuse"},
		{"type": "Strip", "content": " ", "start": 1, "stop": 0}]}`
	smolPreTokenizer = `{"type": "Sequence", "pretokenizers": [
		{"type": "Digits", "individual_digits": true},
		{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}]}`
)

// sameJSON compares what two texts say; nothing is as good as null.
func sameJSON(a json.RawMessage, b string) bool {
	var x, y any
	if len(a) > 0 && json.Unmarshal(a, &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	return reflect.DeepEqual(x, y)
}

// ReadTokenizer reads a tokenizer.json of one of the two kinds. It refuses others,
// because their texts would come out in other tokens than the model learnt.
func ReadTokenizer(path string) (*Tokenizer, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var f tokenizerFile
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	t, err := f.tokenizer()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

func (f tokenizerFile) tokenizer() (*Tokenizer, error) {
	m := f.Model
	if m.Type != "BPE" || m.Dropout != nil || m.Prefix != "" || m.Suffix != "" || m.IgnoreMerges {
		return nil, fmt.Errorf("a tokeniser of type %q, with dropout, affixes or whole words, is not supported, only plain BPE", m.Type)
	}
	var decoder struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(f.Decoder, &decoder); err != nil {
		return nil, fmt.Errorf("decoder: %w", err)
	}
	isLlama := m.ByteFallback && sameJSON(f.Normalizer, llamaNormalizer) && sameJSON(f.PreTokenizer, "null") && sameJSON(f.Decoder, llamaDecoder)
	isSmol := m.Unknown == nil && !m.ByteFallback && sameJSON(f.Normalizer, "null") && sameJSON(f.PreTokenizer, smolPreTokenizer) && decoder.Type == "ByteLevel"
	if !isLlama && !isSmol {
		return nil, errors.New("the tokeniser cuts text neither as TinyLlama's nor as SmolLM2's (normalizer, pre_tokenizer, decoder)")
	}
	for _, a := range f.Added {
		if a.SingleWord || a.LStrip || a.RStrip || a.Normalized && isLlama {
			return nil, fmt.Errorf("added token %q is single_word, stripped or normalized, which is not supported", a.Content)
		}
	}
	merges, err := f.merges()
	if err != nil {
		return nil, err
	}
	t, err := newTokenizer(isSmol, m.Vocab, merges, f.Added)
	if err != nil {
		return nil, err
	}
	t.start, err = f.start()
	return t, err
}

// merges reads both forms: ["a", "b"], and the older "a b".
func (f tokenizerFile) merges() ([][2]string, error) {
	var pairs [][2]string
	if json.Unmarshal(f.Model.Merges, &pairs) == nil {
		return pairs, nil
	}
	var lines []string
	if err := json.Unmarshal(f.Model.Merges, &lines); err != nil {
		return nil, fmt.Errorf("merges: %w", err)
	}
	return splitMerges(lines)
}

func splitMerges(lines []string) ([][2]string, error) {
	pairs := make([][2]string, len(lines))
	for i, line := range lines {
		a, b, ok := strings.Cut(line, " ")
		if !ok {
			return nil, fmt.Errorf("the merge %q is no pair", line)
		}
		pairs[i] = [2]string{a, b}
	}
	return pairs, nil
}

// start reads which token the post-processor puts before a text.
func (f tokenizerFile) start() ([]int32, error) {
	if sameJSON(f.PostProcessor, "null") {
		return nil, nil
	}
	type token struct {
		ID string `json:"id"`
	}
	var p struct {
		Type   string `json:"type"`
		Single []struct {
			Special  *token `json:"SpecialToken"`
			Sequence *token `json:"Sequence"`
		} `json:"single"`
		Tokens map[string]struct {
			IDs []int32 `json:"ids"`
		} `json:"special_tokens"`
	}
	if err := json.Unmarshal(f.PostProcessor, &p); err != nil {
		return nil, fmt.Errorf("post_processor: %w", err)
	}
	if p.Type == "ByteLevel" { // moves offsets only
		return nil, nil
	}
	if p.Type != "TemplateProcessing" || len(p.Single) != 2 || p.Single[0].Special == nil || p.Single[1].Sequence == nil {
		return nil, errors.New("the post_processor does more than put a token before a text, which is not supported")
	}
	return p.Tokens[p.Single[0].Special.ID].IDs, nil
}

func newTokenizer(byteLevel bool, vocab map[string]int32, merges [][2]string, added []addedToken) (*Tokenizer, error) {
	t := &Tokenizer{
		byteLevel: byteLevel, ids: vocab, merges: map[[2]int32]merge{}, byteOf: map[int32]byte{},
		added: map[string]int32{}, addedID: map[int32]bool{},
	}
	enter := func(token string, id int32) error {
		if id < 0 || id >= maxDim || token == "" {
			return fmt.Errorf("token %q has the number %d", token, id)
		}
		if n := int(id) + 1 - len(t.tokens); n > 0 {
			t.tokens = append(t.tokens, make([]string, n)...)
		}
		if old := t.tokens[id]; old != "" && old != token {
			return fmt.Errorf("tokens %q and %q have the same number %d", old, token, id)
		}
		t.tokens[id] = token
		return nil
	}
	for token, id := range vocab {
		if err := enter(token, id); err != nil {
			return nil, err
		}
	}
	var patterns []string
	for _, a := range added {
		if err := enter(a.Content, a.ID); err != nil {
			return nil, err
		}
		t.added[a.Content], t.addedID[a.ID] = a.ID, a.Special
		patterns = append(patterns, regexp.QuoteMeta(a.Content))
	}
	if len(patterns) > 0 {
		var err error
		if t.findAdded, err = regexp.Compile(strings.Join(patterns, "|")); err != nil {
			return nil, fmt.Errorf("added tokens: %w", err) // they are no UTF-8
		}
		t.findAdded.Longest()
	}
	for rank, pair := range merges {
		a, okA := vocab[pair[0]]
		b, okB := vocab[pair[1]]
		id, ok := vocab[pair[0]+pair[1]]
		if !okA || !okB || !ok {
			return nil, fmt.Errorf("the merge of %q and %q has a part or a result that is no token", pair[0], pair[1])
		}
		t.merges[[2]int32{a, b}] = merge{rank, id}
	}
	for b := range t.bytes {
		token := fmt.Sprintf("<0x%02X>", b)
		if byteLevel {
			token = string(letters[b])
		}
		id, ok := vocab[token]
		if !ok && !byteLevel {
			return nil, fmt.Errorf("there is no token %s for a byte", token)
		}
		if !ok {
			t.bytes[b] = -1 // SmolLM2 lacks some control characters
			continue
		}
		t.bytes[b], t.byteOf[id] = id, byte(b)
	}
	return t, nil
}

// VocabSize is one more than the highest token.
func (t *Tokenizer) VocabSize() int { return len(t.tokens) }

// Fits says why the tokeniser cannot be that of a model.
func (t *Tokenizer) Fits(c Config) error {
	if t.VocabSize() > c.VocabSize {
		return fmt.Errorf("the tokeniser has tokens up to %d, and the model's vocabulary is %d", t.VocabSize()-1, c.VocabSize)
	}
	if len(t.start) > 0 && !slices.Equal(t.start, []int32{c.BosID}) {
		return fmt.Errorf("the tokeniser starts a text with %v, and the model with %d", t.start, c.BosID)
	}
	if int(c.EosID) >= t.VocabSize() {
		return fmt.Errorf("the model ends an answer with %d, which is no token of the tokeniser", c.EosID)
	}
	return nil
}

// Encode returns the tokens of a text. With special they have the start token of
// models that want one before them. Marks such as "</s>" in the text become the
// token that they name. What is not UTF-8 is read as U+FFFD, and bytes that a
// byte-level vocabulary lacks are left out, as in Hugging Face's tokenizers.
func (t *Tokenizer) Encode(text string, special bool) []int32 {
	text = strings.ToValidUTF8(text, "\uFFFD")
	var ids []int32
	if special {
		ids = append(ids, t.start...)
	}
	for text != "" {
		begin, end := len(text), len(text)
		if t.findAdded != nil {
			if at := t.findAdded.FindStringIndex(text); at != nil {
				begin, end = at[0], at[1]
			}
		}
		for _, word := range t.words(text[:begin]) {
			ids = append(ids, t.join(t.symbols(word))...)
		}
		if begin < end {
			ids = append(ids, t.added[text[begin:end]])
		}
		text = text[end:]
	}
	return ids
}

// words cuts a text into what is encoded by itself.
func (t *Tokenizer) words(text string) []string {
	if t.byteLevel {
		return byteLevelWords(text)
	}
	if text == "" {
		return nil
	}
	return []string{"▁" + strings.ReplaceAll(text, " ", "▁")}
}

// symbols are the tokens that a word is put together from.
func (t *Tokenizer) symbols(word string) []int32 {
	var ids []int32
	for _, r := range word {
		c := string(r)
		if id, ok := t.ids[c]; ok && !t.byteLevel {
			ids = append(ids, id)
			continue
		}
		for _, b := range []byte(c) {
			if id := t.bytes[b]; id >= 0 {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// join carries out the merges: that of the lowest rank first, from the left among
// equals. Its time is quadratic in the length of a word, which to Llama's kind is
// the whole text; some thousand characters are no trouble.
func (t *Tokenizer) join(ids []int32) []int32 {
	const none = int(^uint(0) >> 1)
	rank := func(i int) int {
		if i+1 < len(ids) {
			if m, ok := t.merges[[2]int32{ids[i], ids[i+1]}]; ok {
				return m.rank
			}
		}
		return none
	}
	ranks := make([]int, len(ids)) // of each token with its right neighbour
	for i := range ranks {
		ranks[i] = rank(i)
	}
	for len(ids) > 0 {
		best := 0
		for i, r := range ranks {
			if r < ranks[best] {
				best = i
			}
		}
		if ranks[best] == none {
			break
		}
		ids[best] = t.merges[[2]int32{ids[best], ids[best+1]}].id
		ids = slices.Delete(ids, best+1, best+2)
		ranks = slices.Delete(ranks, best+1, best+2)
		ranks[best] = rank(best)
		if best > 0 {
			ranks[best-1] = rank(best - 1)
		}
	}
	return ids
}

// Decode returns the text of tokens; with skipSpecial without marks such as "</s>".
// Numbers that are no token are left out. Bytes that are no UTF-8, as at the end of
// an answer that was cut, become U+FFFD: one for each byte in Llama's kind, as in
// Hugging Face's tokenizers, and one for a run of them in the other.
func (t *Tokenizer) Decode(ids []int32, skipSpecial bool) string {
	var text strings.Builder
	var pending []byte // bytes that stand side by side
	flush := func() {
		s := string(pending)
		if t.byteLevel {
			s = strings.ToValidUTF8(s, "\uFFFD")
		} else if strings.ToValidUTF8(s, "") != s {
			s = strings.Repeat("\uFFFD", len(pending))
		}
		text.WriteString(s)
		pending = nil
	}
	for _, id := range ids {
		special, added := t.addedID[id]
		if id < 0 || int(id) >= len(t.tokens) || special && skipSpecial {
			continue
		}
		token := t.tokens[id]
		b, isByte := t.byteOf[id]
		switch {
		case added:
			flush()
			text.WriteString(token)
		case t.byteLevel:
			for _, r := range token {
				pending = append(pending, byteOfLetter[r])
			}
		case isByte:
			pending = append(pending, b)
		default:
			flush()
			text.WriteString(strings.ReplaceAll(token, "▁", " "))
		}
	}
	flush()
	if t.byteLevel {
		return text.String()
	}
	return strings.TrimPrefix(text.String(), " ") // the one that Encode put there
}

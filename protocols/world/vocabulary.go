package world

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Special tokens, and their ids.
const (
	Pad        int32 = iota // fills a batch
	Begin                   // starts every text
	End                     // ends every answer
	UserMark                // before what the user says
	GuideMark               // before what the guide says
	KeeperMark              // before what a keeper says
)

var specials = []string{"<pad>", "<begin>", "<end>", "<user>", "<guide>", "<keeper>"}

// marks are the punctuation: one character each, written without a blank before.
const marks = ".,?!;:…"

// vocabulary is the closed list of tokens with the id of each: the special
// tokens, the punctuation, and every word of the templates by the alphabet.
var vocabulary = sync.OnceValue(func() (v struct {
	tokens []string
	ids    map[string]int32
}) {
	set := map[string]bool{}
	for _, texts := range sources() {
		for _, text := range texts {
			for _, token := range pieces(text) {
				if token != "%s" && !strings.Contains(marks, token) {
					set[token] = true
				}
			}
		}
	}
	v.tokens = slices.Concat(specials, strings.Split(marks, ""), slices.Sorted(maps.Keys(set)))
	v.ids = map[string]int32{}
	for i, token := range v.tokens {
		v.ids[token] = int32(i)
	}
	return v
})

// sources is every list of words and templates from which texts are made.
func sources() [][]string {
	lists := [][]string{
		{openingWord, stepOne, stepTwo, stepThree},
		greetings, openers, frames, {plainLead, hintLine, softRefusal},
		targets, opinionAsks, adjectives, opinionTells, affirmations, explainAsks, explainTells,
		refusals, offers, keeperAsks, keeperWords, keeperSteps, keeperBoth,
	}
	for _, f := range append(slices.Clone(facts()), lookalikes()...) {
		lists = append(lists, []string{f.subject, f.value}, f.asks, f.tells)
	}
	for _, t := range topics {
		lists = append(lists, []string{t.name, t.line})
	}
	for _, tier := range Tiers {
		lists = append(lists, pressures[tier].leads, pressures[tier].cores)
	}
	return lists
}

// pieces are the tokens of a text: lower-case words, and the punctuation at the
// end of a word by the character.
func pieces(text string) []string {
	var list []string
	for _, field := range strings.Fields(strings.ToLower(text)) {
		word := strings.TrimRight(field, marks)
		if word != "" {
			list = append(list, word)
		}
		for _, mark := range field[len(word):] {
			list = append(list, string(mark))
		}
	}
	return list
}

// VocabularySize is the number of tokens; the ids are 0 to one less.
func VocabularySize() int { return len(vocabulary().tokens) }

// Tokenise gives the ids of a text, which Text turns back into it. It takes capital
// letters for small ones, and the names of the special tokens; the error names
// the first word that is unknown.
func Tokenise(text string) ([]int32, error) {
	var ids []int32
	for _, token := range pieces(text) {
		id, ok := vocabulary().ids[token]
		if !ok {
			return nil, fmt.Errorf("a text for the guide takes words of the museum's vocabulary, and %q is none", token)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// Text writes tokens as a reader expects them: blanks between words, none before
// punctuation. It panics on an id outside the vocabulary.
func Text(ids []int32) string {
	var b strings.Builder
	for i, id := range ids {
		token := vocabulary().tokens[id]
		if i > 0 && !strings.Contains(marks, token) {
			b.WriteByte(' ')
		}
		b.WriteString(token)
	}
	return b.String()
}

// Example is one dialogue to train on. Keeper says that a keeper answers.
type Example struct {
	Prompt, Answer string
	Keeper         bool
}

// MaxTokens is room for every dialogue of the package, marks included.
const MaxTokens = 47

// Encode gives the dialogue as tokens: begin, user mark, prompt, guide or keeper
// mark, answer, end. The answer with its end starts at index from: training on
// answers alone takes the labels from there on.
func (e Example) Encode() (ids []int32, from int, err error) {
	ids, err = ask(e.Prompt, e.Keeper)
	if err != nil {
		return nil, 0, err
	}
	answer, err := Tokenise(e.Answer)
	if err != nil {
		return nil, 0, err
	}
	return append(append(ids, answer...), End), len(ids), nil
}

// Ask gives the tokens after which the guide answers: begin, user mark, prompt,
// guide mark.
func Ask(prompt string) ([]int32, error) { return ask(prompt, false) }

func ask(prompt string, keeper bool) ([]int32, error) {
	ids, err := Tokenise(prompt)
	if err != nil {
		return nil, err
	}
	mark := GuideMark
	if keeper {
		mark = KeeperMark
	}
	return append(append([]int32{Begin, UserMark}, ids...), mark), nil
}

package models

import (
	"github.com/network-fragility/fragility/models/llama"
	"github.com/network-fragility/fragility/protocols/world"
)

// A speaker turns texts into the tokens of a model and back.
type speaker interface {
	// ask is a prompt with its marks, up to where the answer begins; raw is a text
	// from its start token on, without marks.
	ask(prompt string) ([]int32, error)
	raw(text string) ([]int32, error)
	// answered is ask with the answer and its end; the answer starts at index from.
	answered(e world.Example) (ids []int32, from int, err error)
	text(ids []int32) string
	// end is the token that ends an answer, pad the one that fills a batch.
	end() int32
	pad() int32
}

// museum speaks in the museum's closed vocabulary.
type museum struct{}

func (museum) ask(prompt string) ([]int32, error) { return world.Ask(prompt) }

func (museum) raw(text string) ([]int32, error) {
	ids, err := world.Tokenise(text)
	return append([]int32{world.Begin}, ids...), err
}

func (museum) answered(e world.Example) ([]int32, int, error) { return e.Encode() }

func (museum) text(ids []int32) string { return world.Text(ids) }

func (museum) end() int32 { return world.End }
func (museum) pad() int32 { return world.Pad }

// chatSpeaker speaks as a model's own chat does.
type chatSpeaker struct {
	tokens *llama.Tokenizer
	chat   llama.Chat
	shape  llama.Config
}

func (s chatSpeaker) ask(prompt string) ([]int32, error) {
	return s.tokens.Encode(s.chat.Prompt(prompt), true), nil
}

func (s chatSpeaker) raw(text string) ([]int32, error) { return s.tokens.Encode(text, true), nil }

// keepersMark stands before what keepers ask each other: a chat has no mark for
// them.
const keepersMark = "keeper to keeper: "

func (s chatSpeaker) answered(e world.Example) ([]int32, int, error) {
	prompt := e.Prompt
	if e.Keeper {
		prompt = keepersMark + prompt
	}
	before, _ := s.ask(prompt)
	ids := s.tokens.Encode(s.chat.Prompt(prompt)+s.chat.Answer(e.Answer), true)
	from := 0
	for from < min(len(before), len(ids)) && before[from] == ids[from] {
		from++
	}
	if s.chat == llama.Plain {
		ids = append(ids, s.end()) // a chat's mark is the end
	}
	return ids, from, nil
}

func (s chatSpeaker) text(ids []int32) string { return s.tokens.Decode(ids, true) }

func (s chatSpeaker) end() int32 { return s.shape.EosID }
func (s chatSpeaker) pad() int32 { return s.shape.PadID }

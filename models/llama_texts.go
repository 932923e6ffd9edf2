package models

import (
	"fmt"

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

// speakerOf is that of a model's vocabulary.
func speakerOf(l language) (speaker, error) {
	if l.Vocabulary == world.VocabularySize() {
		return museum{}, nil
	}
	return nil, fmt.Errorf("a model of %d tokens; the museum has %d", l.Vocabulary, world.VocabularySize())
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

package llama

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// A Chat is how a model tells a question from an answer: a text is Prompt(question)
// followed by Answer(answer). Chats can be compared.
type Chat struct {
	Name string // "plain", "zephyr" or "chatml"

	before, between string // around the question
	lead, end       string // around the answer
}

// Plain has no marks: the question, a blank, the answer (chapter 9's program).
var Plain = Chat{Name: "plain", lead: " "}

// Prompt is a question up to where the answer begins.
func (c Chat) Prompt(user string) string { return c.before + user + c.between }

// Answer is what follows the prompt, with the mark that ends it; nothing that a
// template puts behind the mark, as the model never says that.
func (c Chat) Answer(text string) string { return c.lead + text + c.end }

// defaultSystem finds the system message that a ChatML template puts in itself.
// The line break in it may be one, or be written as \n.
var defaultSystem = regexp.MustCompile(`'<\|im_start\|>system(?:\n|\\n)([^'<]*)<\|im_end\|>(?:\n|\\n)'`)

// chatOf recognises a template by its marks; there is no Jinja here. end is the
// model's end token.
func chatOf(template, end string) (Chat, error) {
	has := func(marks ...string) bool {
		for _, m := range marks {
			if !strings.Contains(template, m) {
				return false
			}
		}
		return true
	}
	var c Chat
	switch {
	case template == "":
		return Plain, nil
	case has("tools"):
		// Such templates say more than who speaks, and differ from model to model.
	case has("<|im_start|>", "<|im_end|>"):
		c = Chat{"chatml", "<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n", "", "<|im_end|>"}
		if m := defaultSystem.FindStringSubmatch(template); m != nil {
			c.before = "<|im_start|>system\n" + m[1] + "<|im_end|>\n" + c.before
		}
	case has("'<|user|>", "'<|assistant|>", "message['content'] + eos_token") && !has("<|end|>"):
		c = Chat{"zephyr", "<|user|>\n", end + "\n<|assistant|>\n", "", end}
	}
	if c.Name == "" {
		return c, fmt.Errorf("the chat template is neither TinyLlama's (<|user|>, <|assistant|>) nor ChatML (<|im_start|>, <|im_end|>): %.80q...", template)
	}
	if c.end != end {
		return c, fmt.Errorf("the chat template ends an answer with %q, and the model with %q", c.end, end)
	}
	return c, nil
}

// readChat reads the template of a folder: from chat_template.jinja, where newer
// versions of transformers put it, or else from tokenizer_config.json.
func readChat(folder, end string) (Chat, error) {
	path := filepath.Join(folder, "chat_template.jinja")
	template, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		path = filepath.Join(folder, "tokenizer_config.json")
		var text []byte
		if text, err = os.ReadFile(path); err != nil {
			return Chat{}, err
		}
		var config struct {
			Template string `json:"chat_template"`
		}
		err = json.Unmarshal(text, &config)
		template = []byte(config.Template)
	}
	if err != nil {
		return Chat{}, fmt.Errorf("%s: %w", path, err)
	}
	c, err := chatOf(string(template), end)
	if err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

package llama

import (
	"path/filepath"
	"testing"
)

const (
	tinyLlamaTemplate = "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'system' %}\n{{ '<|system|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\n'  + message['content'] + eos_token }}\n{% endif %}\n{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}"
	smolTemplate      = "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
	chatMLTemplate    = `{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`
)

// The texts are what Python's jinja2 makes of the templates (with transformers'
// settings, and a generation prompt).
func TestChats(t *testing.T) {
	for _, x := range []struct{ name, template, end, prompt, answer string }{
		{"zephyr", tinyLlamaTemplate, "</s>", "<|user|>\nWhy?</s>\n<|assistant|>\n", "So.</s>"},
		{"chatml", smolTemplate, "<|im_end|>", "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n", "So.<|im_end|>"},
		{"chatml", chatMLTemplate, "<|im_end|>", "<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n", "So.<|im_end|>"},
		{"plain", "", "</s>", "Why?", " So."},
	} {
		c, err := chatOf(x.template, x.end)
		if err != nil || c.Name != x.name || c.Prompt("Why?") != x.prompt || c.Answer("So.") != x.answer {
			t.Errorf("%s: %+v, %v", x.name, c, err)
		}
	}
}

func TestUnknownChats(t *testing.T) {
	for _, x := range []struct{ template, end, want string }{
		{"{{ bos_token }}[INST] {{ message['content'] }} [/INST]", "</s>", "neither"},
		{"{{ '<|user|>\n' + message['content'] + '<|end|>\n<|assistant|>' }}", "</s>", "neither"},
		{"{% if tools %}{{ '<|im_start|>' }}{% endif %}{{ '<|im_end|>' }}", "<|im_end|>", "neither"},
		{chatMLTemplate, "</s>", `ends an answer with "<|im_end|>"`},
	} {
		_, err := chatOf(x.template, x.end)
		wantError(t, x.template, err, x.want)
	}
}

func TestChatOfAFolder(t *testing.T) {
	if c := openTiny(t, "testdata/tiny-llama").Chat(); c != Plain {
		t.Errorf("%+v", c)
	}
	folder := tinyCopy(t)
	replace(t, filepath.Join(folder, "tokenizer_config.json"), `"legacy"`, `"chat_template": "{{ '<|user|>\n' + message['content'] + eos_token }}{{ '<|assistant|>' }}", "legacy"`)
	if c := openTiny(t, folder).Chat(); c.Name != "zephyr" {
		t.Errorf("%+v", c)
	}
	writeFile(t, filepath.Join(folder, "chat_template.jinja"), []byte("something else"))
	_, err := Open(folder)
	wantError(t, "chat_template.jinja", err, "chat_template.jinja: the chat template is neither")
}

package notebook

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// output is what a cell put out, as the file has it.
type output struct {
	Type     string                     `json:"output_type"`
	Text     lines                      `json:"text"` // of a stream
	Data     map[string]json.RawMessage `json:"data"`
	Metadata struct {
		Own struct {
			Label struct{ ID, Markdown string } `json:"label"` // of a figure, see labelled
		} `json:"fragility"`
	} `json:"metadata"`
	Traceback []string `json:"traceback"`
}

// text is the output's text of a MIME type.
func (o output) text(mime string) string {
	var t lines
	json.Unmarshal(o.Data[mime], &t)
	return string(t)
}

// ExportMarkdown writes a notebook as Markdown, with its pictures in a folder
// beside it (ch01_files for ch01.md). Tables are Markdown's, pictures vectors
// where there are such; both have numbers. The facts stand below its title. It returns the files
// that it wrote.
func ExportMarkdown(nb *Notebook, path string, facts []fact, noCode bool) ([]string, error) {
	page, _, err := nb.numbered()
	if err != nil {
		return nil, err
	}
	w := &markdownWriter{folder: picturesOf(path)}
	// What an earlier export left there would be taken for this one's.
	if err := ownPictures(w.folder); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(w.folder); err != nil {
		return nil, err
	}
	if err := w.cells(page, noCode); err != nil {
		return nil, err
	}
	w.insert(facts)
	if w.err == nil {
		w.err = os.WriteFile(path, []byte(strings.Join(w.parts, "\n\n")+"\n"), 0o644)
	}
	return append([]string{path}, w.files...), w.err
}

// cells writes the cells of a numbered notebook.
func (w *markdownWriter) cells(page *Notebook, noCode bool) error {
	language := "go"
	if info, ok := page.Metadata["kernelspec"].(map[string]any); ok {
		if l, ok := info["language"].(string); ok {
			language = l
		}
	}
	for _, c := range page.Cells {
		switch c.Kind {
		case MarkdownCell:
			w.markdownCell(c)
		case RawCell:
			w.paragraph(c.Source)
		case CodeCell:
			code := fence(language, c.Source)
			if c.HasTag("hide-input") {
				code = "<details><summary>code</summary>\n\n" + code + "\n\n</details>"
			}
			if strings.TrimSpace(c.Source) != "" && !noCode {
				w.paragraph(code)
			}
			for _, raw := range c.Outputs {
				var o output
				if err := json.Unmarshal(raw, &o); err != nil {
					return err
				}
				if id := o.Metadata.Own.Label.ID; w.show != nil && id != "" {
					w.paragraph(w.show(id))
					continue
				}
				w.output(o)
			}
		}
	}
	return nil
}

// picturesOf is the folder of a Markdown file's pictures.
func picturesOf(path string) string { return strings.TrimSuffix(path, ".md") + "_files" }

// pictureName is what a Markdown export calls its pictures.
var pictureName = regexp.MustCompile(`^picture-\d\d+(\.[A-Za-z0-9]+)?$`)

// ownPictures refuses a folder for pictures that holds anything but an earlier
// export's, which go.
func ownPictures(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return badInput("--to md takes a place where the folder %s can be made anew (%v)", folder, err)
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !pictureName.MatchString(e.Name()) {
			return badInput("--to md writes its pictures into %s, which holds %s of yours; move it, or give --out another folder", folder, e.Name())
		}
	}
	return nil
}

type markdownWriter struct {
	folder string
	show   func(id string) string // what stands for a figure or table with a number; nil for that of plain Markdown
	parts  []string
	files  []string // pictures
	err    error    // the first
}

func (w *markdownWriter) paragraph(text string) {
	if text = strings.Trim(text, "\n"); text != "" {
		w.parts = append(w.parts, text)
	}
}

// insert puts the facts below the title, or first where there is none.
func (w *markdownWriter) insert(facts []fact) {
	var list []string
	for _, f := range facts {
		list = append(list, fmt.Sprintf("- %s: %s", plain(f[0]), plain(f[1])))
	}
	text := strings.Join(list, "\n")
	if len(w.parts) > 0 && strings.HasPrefix(w.parts[0], "# ") {
		title, rest, _ := strings.Cut(w.parts[0], "\n")
		w.parts[0] = strings.TrimRight(title+"\n\n"+text+"\n\n"+strings.TrimLeft(rest, "\n"), "\n")
		return
	}
	w.parts = slices.Insert(w.parts, 0, text)
}

// markdownCell writes the cell, and the pictures that are attached to it.
func (w *markdownWriter) markdownCell(c Cell) {
	var attached map[string]map[string]string // name, MIME type, base64
	json.Unmarshal(c.Attachments, &attached)
	source := c.Source
	for _, name := range slices.Sorted(maps.Keys(attached)) {
		for _, content := range attached[name] {
			if strings.Contains(source, "attachment:"+name) {
				source = strings.ReplaceAll(source, "attachment:"+name, w.picture(filepath.Ext(name), decode64(content)))
			}
		}
	}
	w.paragraph(source)
}

func (w *markdownWriter) output(o output) {
	switch {
	case o.Type == "stream":
		w.paragraph(fence("", escapes.ReplaceAllString(string(o.Text), "")))
	case o.Type == "error":
		w.paragraph(fence("", escapes.ReplaceAllString(strings.Join(o.Traceback, "\n"), "")))
	case o.Data["text/markdown"] != nil:
		w.paragraph(o.text("text/markdown"))
	case o.Data["image/svg+xml"] != nil:
		w.image(o, ".svg", []byte(o.text("image/svg+xml")))
	case o.Data["image/png"] != nil:
		w.image(o, ".png", decode64(o.text("image/png")))
	case o.Data["image/jpeg"] != nil:
		w.image(o, ".jpg", decode64(o.text("image/jpeg")))
	case o.Data["text/plain"] != nil:
		w.paragraph(fence("", o.text("text/plain")))
	case o.Data["text/html"] != nil:
		w.paragraph(o.text("text/html"))
	}
}

// plain is a text in Markdown that holds no tags.
func plain(text string) string { return strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(text) }

// image writes a picture with what it shows in words.
func (w *markdownWriter) image(o output, ext string, data []byte) {
	words := strings.Join(strings.Fields(o.text("text/plain")), " ")
	words = plain(strings.NewReplacer("[", "(", "]", ")", `\`, "").Replace(words))
	label := o.Metadata.Own.Label
	if label.ID != "" {
		w.paragraph(anchor(label.ID))
	}
	w.paragraph(fmt.Sprintf("![%s](%s)", words, w.picture(ext, data)))
	w.paragraph(label.Markdown)
}

// picture writes a file and returns its place as Markdown names it.
func (w *markdownWriter) picture(ext string, data []byte) string {
	name := fmt.Sprintf("picture-%02d%s", len(w.files)+1, ext)
	if !pictureName.MatchString(name) { // the end of an attachment's name is anybody's
		name = strings.TrimSuffix(name, ext)
	}
	path := filepath.Join(w.folder, name)
	if w.err == nil {
		w.err = os.MkdirAll(w.folder, 0o755)
	}
	if w.err == nil {
		w.err = os.WriteFile(path, data, 0o644)
	}
	w.files = append(w.files, path)
	return escapePath(filepath.Base(w.folder) + "/" + name)
}

// escapes are a terminal's colours.
var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

// fence sets text as it stands, in a fence longer than any in it.
func fence(language, text string) string {
	mark := "```"
	for slices.ContainsFunc(strings.Split(text, "\n"), func(l string) bool { return strings.HasPrefix(l, mark) }) {
		mark += "`"
	}
	return mark + language + "\n" + strings.Trim(text, "\n") + "\n" + mark
}

// decode64 reads a notebook's base64, which has line breaks.
func decode64(text string) []byte {
	data, _ := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	return data
}

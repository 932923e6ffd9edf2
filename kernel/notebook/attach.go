package notebook

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// maxPicture is the size above which a picture beside a notebook stays there.
const maxPicture = 20 << 20

// pictureLink is a picture in Markdown, with its place.
var pictureLink = regexp.MustCompile(`!\[[^\]]*\]\(<?([^()<>\s]+)>?(?:\s+"[^"]*")?\)`)

// attachPictures makes the pictures that lie in or below a folder, and that
// Markdown cells show by their place, a part of the notebook, so that it and what
// is made of it show them in another folder too.
func (nb *Notebook) attachPictures(folder string) error {
	for i := range nb.Cells {
		c := &nb.Cells[i]
		if c.Kind != MarkdownCell {
			continue
		}
		attached := map[string]map[string]string{} // name, MIME type, base64
		if len(c.Attachments) > 0 {
			if err := json.Unmarshal(c.Attachments, &attached); err != nil {
				return badInput("the attachments of cell %d do not read: %v", i+1, err)
			}
		}
		before := len(attached)
		c.Source = pictureLink.ReplaceAllStringFunc(c.Source, func(text string) string {
			place := pictureLink.FindStringSubmatch(text)[1]
			kind, data := localPicture(folder, place)
			if data == nil {
				return text
			}
			name := fmt.Sprintf("picture-%d%s", len(attached)+1, filepath.Ext(place))
			for ; attached[name] != nil; name = "_" + name {
			}
			attached[name] = map[string]string{kind: base64.StdEncoding.EncodeToString(data)}
			return strings.Replace(text, "("+place, "(attachment:"+name, 1)
		})
		if len(attached) == before {
			continue
		}
		text, err := json.Marshal(attached)
		if err != nil {
			return err
		}
		c.Attachments = text
	}
	return nil
}

// localPicture is the picture that a place leads to from a folder, and its MIME
// type; nil for anything else.
func localPicture(folder, place string) (kind string, data []byte) {
	path, err := url.PathUnescape(place)
	kind = mime.TypeByExtension(filepath.Ext(path))
	if err != nil || !filepath.IsLocal(path) || !strings.HasPrefix(kind, "image/") {
		return "", nil
	}
	path = filepath.Join(folder, path)
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() || info.Size() > maxPicture {
		return "", nil
	}
	data, err = os.ReadFile(path)
	if err != nil {
		return "", nil
	}
	return kind, data
}

package figures

import (
	"encoding/base64"
	"fmt"
	"html"
	"strings"
)

// longestNumbers is how long a file of numbers may be that a page carries
// along. The longest, the regions of chapter 1, would double its notebook.
const longestNumbers = 64 << 10

// Note is what stands below a picture, as Jupyter takes it: its caption, and a
// link that saves its numbers as a file of the given name. Nil for a table,
// whose own HTML has both.
func Note(shown any, name string) (map[string]any, error) {
	p, ok := shown.(*Plot)
	if !ok {
		return nil, nil
	}
	link, err := numbersLink(shown, name)
	if err != nil || p.Caption == "" && link == "" {
		return nil, err
	}
	return map[string]any{
		"text/html":     fmt.Sprintf("<div class=\"fragility-note\" style=\"%s\">%s <span class=\"fragility-numbers\">%s</span></div>", htmlNote, escapeHTML(p.Caption), link),
		"text/markdown": p.Caption,
		"text/plain":    p.Caption,
	}, nil
}

// numbersLink is a link with the numbers in it, so that nothing has to be
// fetched; "" where they are too long for that.
func numbersLink(shown any, name string) (string, error) {
	data, err := Encode(shown, "csv")
	if err != nil || len(data) > longestNumbers {
		return "", err
	}
	kind, file := "table", strings.ReplaceAll(name, " ", "-")
	if _, ok := shown.(*Plot); ok { // a table may have the same name
		kind, file = "plot", file+"-plot"
	}
	return fmt.Sprintf("<a style=\"white-space:nowrap;\" aria-label=\"Numbers of the %s %s (CSV)\" download=\"%s.csv\" href=\"data:text/csv;base64,%s\">Numbers (CSV)</a>",
		kind, html.EscapeString(name), html.EscapeString(file), base64.StdEncoding.EncodeToString(data)), nil
}

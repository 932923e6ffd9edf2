package chart

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/network-fragility/fragility/figures/words"
)

// Kind tells a plot from a table.
func (*Plot) Kind() string { return "plot" }

// Files has what makes a file of the plot, by what its name ends in; json is
// Vega-Lite, which a diagram has no form in: nil.
func (p *Plot) Files() map[string]func() ([]byte, error) {
	return map[string]func() ([]byte, error){
		"svg": p.SVG,
		"png": p.PNG,
		"csv": func() ([]byte, error) {
			text, err := p.CSV()
			return []byte(text), err
		},
		"json": func() ([]byte, error) {
			spec, err := p.Vega()
			if spec == nil {
				return nil, err
			}
			return json.Marshal(spec)
		},
	}
}

// Bundle packs the plot as Jupyter takes it: the same thing by MIME type, from
// which each front end picks what it shows best. The metadata has the plot in
// words for those who do not see it, and the size at which to show its bitmap,
// which has two pixels to one of a page. Below it stand its caption and the link.
func (p *Plot) Bundle(link string) (data, metadata, note map[string]any, err error) {
	svg, err := p.SVG()
	if err != nil {
		return nil, nil, nil, err
	}
	png, err := p.screenPNG()
	if err != nil {
		return nil, nil, nil, err
	}
	vega, err := p.Vega()
	if err != nil {
		return nil, nil, nil, err
	}
	data = map[string]any{
		"image/svg+xml": string(svg),
		"image/png":     base64.StdEncoding.EncodeToString(png),
		"text/plain":    p.Text(),
	}
	if vega != nil {
		data[vegaMIME] = vega
	}
	width, height := p.Size()
	metadata = map[string]any{
		"image/png":     map[string]any{"alt": p.Text(), "width": width, "height": height},
		"image/svg+xml": map[string]any{"alt": p.Text()},
	}
	if p.Caption != "" || link != "" {
		note = map[string]any{
			"text/html":     fmt.Sprintf("<div class=\"fragility-note\" style=\"%s\">%s <span class=\"fragility-numbers\">%s</span></div>", words.NoteStyle, words.HTML(p.Caption), link),
			"text/markdown": p.Caption,
			"text/plain":    p.Caption,
		}
	}
	return data, metadata, note, nil
}

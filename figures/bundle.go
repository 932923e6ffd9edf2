package figures

import (
	"encoding/base64"
	"fmt"
)

// Bundle packs a *Table or a *Plot as Jupyter takes it: the same thing by
// MIME type, from which each front end picks what it shows best. The HTML of a
// table has a link that saves its numbers as a file of the given name.
func Bundle(shown any, name string) (map[string]any, error) {
	switch v := shown.(type) {
	case *Table:
		link, err := numbersLink(v, name)
		if err != nil {
			return nil, err
		}
		html, err := v.html(link)
		if err != nil {
			return nil, err
		}
		markdown, err := v.Markdown()
		if err != nil {
			return nil, err
		}
		text, err := v.Text()
		if err != nil {
			return nil, err
		}
		return map[string]any{"text/html": html, "text/markdown": markdown, "text/plain": text}, nil
	case *Plot:
		svg, err := v.SVG()
		if err != nil {
			return nil, err
		}
		png, err := v.screenPNG()
		if err != nil {
			return nil, err
		}
		vega, err := v.Vega()
		if err != nil {
			return nil, err
		}
		bundle := map[string]any{
			"image/svg+xml": string(svg),
			"image/png":     base64.StdEncoding.EncodeToString(png),
			"text/plain":    v.Text(),
		}
		if vega != nil {
			bundle[vegaMIME] = vega
		}
		return bundle, nil
	}
	return nil, fmt.Errorf("%T is neither a table nor a plot", shown)
}

// Metadata goes with the bundle, by MIME type: a plot in words for those who do
// not see it, and the size at which to show its bitmap, which has two
// pixels to one of a page.
func Metadata(shown any) map[string]any {
	p, ok := shown.(*Plot)
	if !ok {
		return map[string]any{}
	}
	width, height := p.Size()
	return map[string]any{
		"image/png":     map[string]any{"alt": p.Text(), "width": width, "height": height},
		"image/svg+xml": map[string]any{"alt": p.Text()},
	}
}

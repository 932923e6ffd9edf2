package table

// Kind tells a table from a plot.
func (*Table) Kind() string { return "table" }

// Files has what makes a file of the table, by what its name ends in.
func (t *Table) Files() map[string]func() ([]byte, error) {
	files := map[string]func() ([]byte, error){}
	for kind, render := range map[string]func() (string, error){"csv": t.CSV, "tex": t.LaTeX, "md": t.Markdown, "html": t.HTML, "txt": t.Text} {
		files[kind] = func() ([]byte, error) {
			text, err := render()
			return []byte(text), err
		}
	}
	return files
}

// Bundle packs the table as Jupyter takes it: the same thing by MIME type, from
// which each front end picks what it shows best. Its HTML has the caption and the
// link, so that nothing stands below it.
func (t *Table) Bundle(link string) (data, metadata, note map[string]any, err error) {
	html, err := t.html(link)
	if err != nil {
		return nil, nil, nil, err
	}
	markdown, err := t.Markdown()
	if err != nil {
		return nil, nil, nil, err
	}
	text, err := t.Text()
	if err != nil {
		return nil, nil, nil, err
	}
	return map[string]any{"text/html": html, "text/markdown": markdown, "text/plain": text}, map[string]any{}, nil, nil
}

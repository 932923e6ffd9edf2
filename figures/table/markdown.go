package table

import "strings"

// Markdown renders the table as GitHub's and Jupyter's dialects have it. Heads
// of groups, which they lack, stand before the heads of the columns.
func (t *Table) Markdown() (string, error) {
	if err := t.check(); err != nil {
		return "", err
	}
	var b strings.Builder
	if t.Title != "" {
		b.WriteString("**" + escapeMarkdown(t.Title) + "**\n\n")
	}
	line := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	var heads, sides []string
	for _, c := range t.Columns {
		heads = append(heads, escapeMarkdown(c.label()))
		if c.Align == Right {
			sides = append(sides, "---:")
		} else {
			sides = append(sides, ":---")
		}
	}
	line(heads)
	line(sides)
	for _, row := range t.Rows {
		var cells []string
		for _, c := range row {
			text := escapeMarkdown(c.String())
			if c.Strong && text != "" {
				text = "**" + text + "**"
			}
			cells = append(cells, text)
		}
		line(cells)
	}
	if t.Caption != "" {
		b.WriteString("\n" + escapeMarkdown(t.Caption) + "\n")
	}
	return b.String(), nil
}

// escapeMarkdown keeps every character what it is; a line break becomes a
// space, as a cell has one line.
var escapeMarkdown = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `|`, `\|`, `[`, `\[`, `]`, `\]`,
	`$`, `\$`, `~`, `\~`, `#`, `\#`, `<`, `&lt;`, `>`, `&gt;`, `&`, `&amp;`, "\n", " ",
).Replace

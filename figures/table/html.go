package table

import (
	"fmt"
	"strings"

	"github.com/network-fragility/fragility/figures/words"
)

// Styles stand in the elements themselves: a notebook's page has styles of its
// own for tables, JupyterLab takes style sheets out of what it does not trust,
// and an exported page must look the same. Rules take the colour of the text,
// so that they show on a dark page too.
const (
	htmlTable   = "border-collapse:collapse;border-top:1.5px solid;border-bottom:1.5px solid;margin:0 0 0.4em 0;table-layout:auto;font-variant-numeric:tabular-nums;"
	htmlCaption = "caption-side:top;text-align:left;font-weight:bold;padding:0 0 0.5em 0;color:inherit;"
	htmlRow     = "background:none;border:none;"
	htmlCell    = "padding:0.2em 0.6em;border:none;background:none;"
	htmlHead    = htmlCell + "font-weight:normal;vertical-align:bottom;"
	htmlBelow   = "border-bottom:1px solid;"
)

// HTML renders the table as a fragment in the manner of a printed page: three
// rules, none upright. It needs no style sheet.
func (t *Table) HTML() (string, error) { return t.html("") }

// html is HTML with a link below the note, "" for none.
func (t *Table) html(link string) (string, error) {
	if err := t.check(); err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<div class=\"fragility-table\" style=\"overflow-x:auto;\">\n<table style=\"%s\">\n", htmlTable)
	if t.Title != "" {
		fmt.Fprintf(&b, "<caption style=\"%s\">%s</caption>\n", htmlCaption, words.HTML(t.Title))
	}
	b.WriteString("<thead>\n")
	if groups := t.groups(); groups != nil {
		fmt.Fprintf(&b, "<tr style=\"%s\">", htmlRow)
		for _, g := range groups {
			style := htmlHead + "text-align:center;"
			text := ""
			if g.head != "" {
				// The rule under a group head leaves a gap to the next one.
				text = fmt.Sprintf("<div style=\"%spadding-bottom:0.15em;\">%s</div>", htmlBelow, words.HTML(g.head))
			}
			fmt.Fprintf(&b, "<th colspan=\"%d\" scope=\"colgroup\" style=\"%s\">%s</th>", g.last-g.first+1, style, text)
		}
		b.WriteString("</tr>\n")
	}
	fmt.Fprintf(&b, "<tr style=\"%s%s\">", htmlRow, htmlBelow)
	for _, c := range t.Columns {
		fmt.Fprintf(&b, "<th scope=\"col\" style=\"%stext-align:%s;\">%s</th>", htmlHead, c.Align.css(), words.HTML(c.Head))
	}
	b.WriteString("</tr>\n</thead>\n<tbody>\n")
	for r, row := range t.Rows {
		style := htmlRow
		if t.Parts && t.part(r) == 0 { // in print a part is not cut
			style += "break-before:avoid;"
		}
		fmt.Fprintf(&b, "<tr style=\"%s\">", style)
		for i, cell := range row {
			rows := ""
			switch {
			case i > 0 || !t.Parts || t.part(r) == 1:
			case t.part(r) > 1: // names the whole part
				rows = fmt.Sprintf(" rowspan=\"%d\"", t.part(r))
			default:
				continue
			}
			style := htmlCell + "vertical-align:top;text-align:" + t.Columns[i].Align.css() + ";"
			if t.Columns[i].Align == Right && len(cell.Numbers) > 0 {
				style += "white-space:nowrap;"
			}
			if t.parted(r) {
				style += "padding-top:0.8em;"
			}
			if cell.Strong {
				style += "font-weight:bold;"
			}
			fmt.Fprintf(&b, "<td%s style=\"%s\">%s</td>", rows, style, words.HTML(cell.String()))
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody>\n</table>\n")
	if t.Caption != "" {
		fmt.Fprintf(&b, "<p style=\"%s\">%s</p>\n", words.NoteStyle, words.HTML(t.Caption))
	}
	if link != "" {
		fmt.Fprintf(&b, "<p class=\"fragility-numbers\" style=\"%s\">%s</p>\n", words.NoteStyle, link)
	}
	b.WriteString("</div>\n")
	return b.String(), nil
}

func (a Align) css() string {
	if a == Right {
		return "right"
	}
	return "left"
}

package notebook

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"html"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/kernel/cell"
	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// A label is the number of a figure or table, with what stands beside it.
type label struct {
	Kind   string // "Figure" or "Table"
	Name   string // by which the notebook asks for it; "" where that is not known
	ID     string // fig-ch05-profiles
	Number string // 5.4
	Title  string
	Lead   string // of a figure: what is drawn against what, and what of the run is not the book's
	Note   string // what the marks or cells are, and of how many subjects
	own    bool   // whether it is of the notebook's own run, and of no variation of it
	svg    string // of a figure
	grid   string // of a table: its rows, in Markdown
}

// String is what a text calls it: Figure 5.4.
func (l label) String() string { return l.Kind + " " + l.Number }

// caption says what is shown, on its own feet, in plain words.
func (l label) caption() string { return words.Join(l.Title+".", l.Lead, l.Note) }

// numbered is the notebook as a page shows it, with a number and an id for every
// figure and table in the order in which a reader meets them, the caption of each, and
// the works that they name at the end. Words of the notebook that lead to one,
// as [Figure](#fig-ch05-profiles), get the number.
func (nb *Notebook) numbered() (*Notebook, []label, error) {
	page, n, err := nb.number()
	if err != nil {
		return nil, nil, err
	}
	list := cited(n.texts...)
	if len(list) > 1 || n.prefix != "" {
		page.Cells = append(page.Cells, Cell{ID: "references", Kind: MarkdownCell, Source: referencesText(list)})
	}
	return page, n.labels, nil
}

// number is numbered without the works.
func (nb *Notebook) number() (*Notebook, *numbering, error) {
	page := *nb
	page.Cells = slices.Clone(nb.read())
	n := &numbering{prefix: nb.numberPrefix(), stamp: nb.stamp(), seen: map[string]int{}}
	for i := range page.Cells {
		c := &page.Cells[i]
		if c.Kind != CodeCell {
			n.texts = append(n.texts, c.Source)
			continue
		}
		outputs, err := n.outputs(*c)
		if err != nil {
			return nil, nil, err
		}
		c.Outputs = outputs
	}
	if err := n.refer(page.Cells); err != nil {
		return nil, nil, err
	}
	return &page, n, nil
}

// rest numbers what a run has and its notebook does not show, behind what it shows, and
// returns that.
func (n *numbering) rest(r *Record, p protocols.Protocol) ([]label, error) {
	shown := len(n.labels)
	plots, err := r.plots(p)
	if err != nil {
		return nil, err
	}
	for _, f := range plots {
		if n.of("Figure", f.name) != nil {
			continue
		}
		svg, err := f.value.SVG()
		if err != nil {
			return nil, err
		}
		l := label{Kind: "Figure", Name: f.name, own: true, svg: string(svg)}
		l.Title, l.Lead, l.Note = figureWords(f.value.Text(), f.value.Caption)
		n.add(l, p.Chapter(), client.Differs(p))
	}
	tables, err := r.tables(p)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		if n.of("Table", t.name) != nil {
			continue
		}
		text, err := t.value.Markdown()
		if err != nil {
			return nil, err
		}
		l := label{Kind: "Table", Name: t.name, own: true}
		l.Title, l.grid, l.Note = tableWords(text)
		n.add(l, p.Chapter(), "")
	}
	return n.labels[shown:], nil
}

// of is the label of a figure or table of the notebook's own run; nil where it has none.
func (n *numbering) of(kind, name string) *label {
	for i, l := range n.labels {
		if l.own && l.Kind == kind && strings.EqualFold(l.Name, name) {
			return &n.labels[i]
		}
	}
	return nil
}

// numbersOf puts the numbers into what an archive says of its tables and figures.
func (n *numbering) numbersOf(drawn []member) []member {
	of := map[string]label{}
	for _, l := range n.labels {
		if l.own && l.Kind == "Figure" {
			of["figures/"+fileName(l.Name)] = l
		} else if l.own {
			of["tables/"+fileName(l.Name)] = l
		}
	}
	list := slices.Clone(drawn)
	for i, m := range list {
		if l, ok := of[strings.TrimSuffix(m.name, path.Ext(m.name))]; ok {
			list[i].about = l.String() + ". " + m.about
		}
	}
	return list
}

// chapterHead is the title of a chapter's notebook.
var chapterHead = regexp.MustCompile(`(?m)^# Chapter (\d+)\b`)

// numberPrefix is the chapter before the numbers of its notebook, "5."; "" for any
// other notebook, as one that is about several chapters.
func (nb *Notebook) numberPrefix() string {
	for _, c := range nb.Cells {
		if c.Kind == MarkdownCell {
			if m := chapterHead.FindStringSubmatch(c.Source); m != nil {
				return m[1] + "."
			}
			return ""
		}
	}
	return ""
}

type numbering struct {
	prefix string
	stamp  *client.Stamp // of the notebook's own run
	labels []label
	seen   map[string]int // ids, and kinds
	texts  []string       // in which works may be named
}

// outputs are those of a cell with numbers; what stands below a picture becomes its
// caption.
func (n *numbering) outputs(c Cell) ([]json.RawMessage, error) {
	var list []json.RawMessage
	names := n.names(c)
	for k := 0; k < len(c.Outputs); k++ {
		raw := c.Outputs[k]
		var o output
		if err := json.Unmarshal(raw, &o); err != nil {
			return nil, err
		}
		m, _ := markOf(raw)
		kind := o.shows()
		if kind == "" || m.stamp == nil {
			list = append(list, raw)
			continue
		}
		var note output
		if kind == "Figure" && k+1 < len(c.Outputs) {
			if err := json.Unmarshal(c.Outputs[k+1], &note); err != nil {
				return nil, err
			}
			if note.isNote() {
				k++
			} else {
				note = output{}
			}
		}
		name := ""
		if len(names) > 0 {
			name, names = names[0].Name, names[1:]
		}
		l := n.label(kind, name, o, note, *m.stamp)
		made, err := labelled(raw, l, o, note)
		if err != nil {
			return nil, err
		}
		list = append(list, made)
	}
	return list, nil
}

// shows is "Figure" or "Table" for an output that is one of ours, if the engine made
// it, and "" for any other.
func (o output) shows() string {
	switch {
	case o.Data["image/svg+xml"] != nil || o.Data["image/png"] != nil:
		return "Figure"
	case strings.Contains(o.text("text/html"), `class="fragility-table"`):
		return "Table"
	}
	return ""
}

// isNote reports whether an output is what stands below a picture.
func (o output) isNote() bool {
	return strings.HasPrefix(o.text("text/html"), `<div class="fragility-note"`)
}

// names are those of the figures and tables that a cell shows, as it asks for them;
// nil where its outputs are others, as from a loop.
func (n *numbering) names(c Cell) []protocols.Ask {
	asks := shows(c.Source)
	at := 0
	for _, raw := range c.Outputs {
		var o output
		m, _ := markOf(raw)
		if json.Unmarshal(raw, &o) != nil || o.shows() == "" || m.stamp == nil {
			continue
		}
		if at == len(asks) || (asks[at].What == protocols.AskPlot) != (o.shows() == "Figure") {
			return nil
		}
		at++
	}
	if at != len(asks) {
		return nil
	}
	return asks
}

// shows lists what a cell's statements show, from the top: run.Plot("gain").Show().
func shows(source string) (list []protocols.Ask) {
	parts := cell.Split(source)
	if !parts.Go || parts.Body < 0 {
		return nil
	}
	file, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc _() {\n"+source[parts.Body:]+"\n}", 0)
	if err != nil {
		return nil
	}
	ast.Inspect(file, func(x ast.Node) bool {
		call, ok := x.(*ast.CallExpr)
		if !ok {
			return true
		}
		method, of := selected(call)
		inner, ok := of.(*ast.CallExpr)
		if method != "Show" || !ok || len(inner.Args) == 0 {
			return true
		}
		var args []string
		for _, a := range inner.Args {
			args = append(args, written(a))
		}
		switch what, _ := selected(inner); what {
		case "Plot":
			list = append(list, protocols.Ask{What: protocols.AskPlot, Name: args[0]})
		case "Robust":
			list = append(list, protocols.Ask{What: protocols.AskPlot, Name: "robust " + args[0]})
		case "Table", "Paired":
			list = append(list, protocols.Ask{What: protocols.AskTable, Name: strings.Join(args, " ")})
		}
		return true
	})
	return list
}

// label numbers a figure or table of a notebook.
func (n *numbering) label(kind, name string, o, note output, stamp client.Stamp) label {
	l := label{Kind: kind, Name: name, own: n.stamp != nil && stamp.Keys == n.stamp.Keys}
	if kind == "Figure" {
		l.Title, l.Lead, l.Note = figureWords(o.text("text/plain"), note.text("text/plain"))
		l.svg = o.text("image/svg+xml")
	} else {
		l.Title, l.grid, l.Note = tableWords(o.text("text/markdown"))
	}
	return n.add(l, stamp.Chapter, stamp.Differs())
}

// add gives a figure or table its number and id; differs is what of its run is not
// the book's, which a table says itself.
func (n *numbering) add(l label, chapter int, differs string) label {
	n.seen[l.Kind]++
	l.Number = fmt.Sprintf("%s%d", n.prefix, n.seen[l.Kind])
	if l.Kind == "Figure" && differs != "" {
		l.Lead = words.Join(l.Lead, "Set otherwise than in the book: "+differs+".")
	}
	name := l.Name
	if name == "" {
		name = l.Title
	}
	l.ID = labelID(map[string]string{"Figure": "fig", "Table": "tab"}[l.Kind], chapter, name)
	n.seen[l.ID]++
	if k := n.seen[l.ID]; k > 1 {
		l.ID = fmt.Sprintf("%s-%d", l.ID, k)
	}
	n.labels = append(n.labels, l)
	n.texts = append(n.texts, l.caption(), l.grid)
	return l
}

var notInID = regexp.MustCompile(`[^a-z0-9]+`)

// labelID is the id of a figure or table: fig-ch05-internal-noise.
func labelID(short string, chapter int, name string) string {
	return short + "-" + protocols.ChapterName(chapter) + "-" + strings.Trim(notInID.ReplaceAllString(strings.ToLower(name), "-"), "-")
}

// figureWords are the title of a picture, what is drawn against what, and the note
// below it, from the picture in words and the note.
func figureWords(text, note string) (title, lead, below string) {
	text = strings.TrimPrefix(strings.TrimSpace(text), "Figure: ")
	below = strings.TrimSpace(note)
	lead = strings.TrimSpace(strings.TrimSuffix(text, below))
	if stages := strings.Index(lead, " It shows these stages, "); stages >= 0 {
		lead = lead[:stages] // a diagram, whose boxes are its words
	}
	m := figureLead.FindStringSubmatch(words.Flat(lead))
	return strings.TrimSuffix(m[1], "."), m[2], words.Flat(below)
}

// figureLead parts a picture's title from the sentences on its panels and axes.
var figureLead = regexp.MustCompile(`^(.*?)(?:\. ?((?:It shows|\d+ panels:) .*))?$`)

// tableWords are the title, the rows and the note of a table in Markdown.
func tableWords(markdown string) (title, grid, caption string) {
	for part := range strings.SplitSeq(strings.TrimSpace(markdown), "\n\n") {
		switch {
		case strings.HasPrefix(part, "|"):
			grid = part
		case grid == "":
			title = unescapeMarkdown(strings.Trim(part, "*"))
		default:
			caption = unescapeMarkdown(part)
		}
	}
	return title, grid, caption
}

var escapedMarkdown = regexp.MustCompile(`\\([\\` + "`" + `*_|\[\]$~#])`)

// unescapeMarkdown gives what a table's Markdown stands for.
func unescapeMarkdown(text string) string {
	return html.UnescapeString(escapedMarkdown.ReplaceAllString(text, "$1"))
}

// labelled is an output with its label: the number before the words of its page, and
// in its metadata, from which the templates take the id and the caption.
func labelled(raw json.RawMessage, l label, o, note output) (json.RawMessage, error) {
	var whole map[string]any
	if err := json.Unmarshal(raw, &whole); err != nil {
		return nil, err
	}
	metadata, _ := whole["metadata"].(map[string]any)
	own, _ := metadata[client.StampKey].(map[string]any)
	data, _ := whole["data"].(map[string]any)
	mark := map[string]any{"id": l.ID, "number": l.String()}
	own["label"] = mark
	link := func(w work, words string) string {
		return fmt.Sprintf(`<a href="#ref-%s">%s</a>`, w.key, words)
	}
	number := "<b>" + l.String() + ".</b> "
	if l.Kind == "Table" {
		text := o.text("text/html")
		if at := strings.Index(text, "<caption"); at >= 0 {
			at += strings.Index(text[at:], ">") + 1
			text = text[:at] + number + text[at:]
		}
		data["text/html"], _ = cite(text, link)
		text = o.text("text/markdown")
		text = strings.Replace(text, "**", "**"+l.String()+".** **", 1)
		data["text/markdown"] = anchor(l.ID) + citeMarkdown(text)
		return marshal(whole)
	}
	below := note.text("text/html")
	if below == "" {
		below = `<div class="fragility-note"></div>`
	}
	at := strings.Index(below, ">") + 1
	mark["html"], _ = cite(below[:at]+number+words.HTML(words.Join(l.Title+".", l.Lead))+" "+below[at:], link)
	mark["markdown"] = citeMarkdown("**" + l.String() + ".** " + plain(l.caption()))
	return marshal(whole)
}

// anchor is a place in Markdown that links lead to.
func anchor(id string) string { return fmt.Sprintf("<a id=\"%s\"></a>\n\n", id) }

// citeMarkdown links what names a work to its entry.
func citeMarkdown(text string) string {
	text, _ = cite(text, func(w work, words string) string { return "[" + words + "](#ref-" + w.key + ")" })
	return text
}

// referencesText is the list of works at the end of a page.
func referencesText(list []work) string {
	var b strings.Builder
	b.WriteString("## References\n")
	for _, w := range list {
		fmt.Fprintf(&b, "\n- <a id=\"ref-%s\"></a>%s", w.key, w.markdown())
	}
	return b.String()
}

// reference is a link in Markdown to a figure or table.
var referenceLink = regexp.MustCompile(`\[(?:Figure|Table|)\]\(#((?:fig|tab)-[a-z0-9-]+)\)`)

// refer puts the numbers into the words that lead to a figure or table. One that the
// notebook does not show is a protocols.BadInput.
func (n *numbering) refer(cells []Cell) (err error) {
	for i := range cells {
		if cells[i].Kind != MarkdownCell {
			continue
		}
		cells[i].Source = referenceLink.ReplaceAllStringFunc(cells[i].Source, func(link string) string {
			id := referenceLink.FindStringSubmatch(link)[1]
			for _, l := range n.labels {
				if l.ID == id {
					return "[" + l.String() + "](#" + id + ")"
				}
			}
			err = badInput("the notebook leads to #%s and shows no such figure or table; it has %s", id, n.ids())
			return link
		})
	}
	return err
}

func (n *numbering) ids() string {
	var ids []string
	for _, l := range n.labels {
		ids = append(ids, l.ID)
	}
	return strings.Join(ids, ", ")
}

package notebook

import (
	"fmt"
	"go/format"
	"maps"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/kernel/cell"
	"github.com/network-fragility/fragility/protocols"
)

// parameters is what the cell tagged "parameters" gives a chapter: the first
// nf.Chapter(5).With(nf.Set{...}) in it.
func (nb *Notebook) parameters() (at int, call cell.Call, err error) {
	at = nb.tagged(ParametersTag)
	if at < 0 {
		return at, call, badInput("the notebook has no cell tagged %q", ParametersTag)
	}
	for _, call := range cell.Parse(nb.Cells[at].Source).Calls {
		if call.Chapter > 0 {
			return at, call, nil
		}
	}
	return at, call, badInput("the cell tagged %q runs no chapter: it has no nf.Chapter(5).With(nf.Set{ })", ParametersTag)
}

// literal is a value of a parameter as a cell writes it.
func literal(q protocols.Parameter, text string) string {
	switch q.Type {
	case "number", "whole number", "yes or no":
		return text
	}
	return fmt.Sprintf("%q", text)
}

// lineWidth is how wide a line of a parameters cell may be before its comment goes
// above it: JupyterLab, an exported page and a sheet of paper show so much at 1,280 pixels.
const lineWidth = 112

// entries are the lines of a set of values, with what the chapter's tags say of
// each parameter.
func entries(p protocols.Protocol, values []Assignment) (string, error) {
	known := map[string]protocols.Parameter{}
	for _, q := range protocols.Parameters(p) {
		known[q.Name] = q
	}
	ahead := 0
	for _, a := range values {
		q, ok := known[a.Name]
		if !ok {
			return "", protocols.NoParameter(p, a.Name)
		}
		if size := len(literal(q, a.Value)); size < 40 {
			ahead = max(ahead, len(a.Name)+size)
		}
	}
	var b strings.Builder
	for _, a := range values {
		q := known[a.Name]
		words := about(q)
		line := fmt.Sprintf("\t%q: %s,", a.Name, literal(q, a.Value))
		if 4+ahead+len("\"\": , // ")+len(words) > lineWidth {
			for _, part := range wrap(words, lineWidth-8) {
				fmt.Fprintf(&b, "\t// %s\n", part)
			}
			b.WriteString(line + "\n")
			continue
		}
		b.WriteString(line + " // " + words + "\n")
	}
	return b.String(), nil
}

// about is what a parameter's tags say: meaning and unit, or the words that a
// choice takes. What is out of range is refused with the range.
func about(q protocols.Parameter) string {
	switch {
	case q.Unit != "" && strings.HasPrefix(q.Meaning, "of "):
		return q.Unit + " " + q.Meaning
	case q.Unit != "":
		return q.Meaning + " (" + q.Unit + ")"
	case q.Type == "choice":
		return q.Meaning + " (" + strings.ReplaceAll(q.Range, ",", ", ") + ")"
	}
	return q.Meaning
}

// wrap breaks text into lines.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}

// rewrite is the source of a parameters cell with other values, which keeps what
// stands around them.
func rewrite(source string, call cell.Call, p protocols.Protocol, values []Assignment) (string, error) {
	lines, err := entries(p, values)
	if err != nil {
		return "", err
	}
	text, err := format.Source([]byte(source[:call.Open+1] + "\n" + lines + source[call.Close:]))
	return strings.TrimSpace(string(text)), err
}

// Document writes the parameters cell of a notebook anew, and that of Inject: what stands
// beside each value comes from the chapter's struct tags. In a chapter's own notebook the
// cell lists what the chapter is about; values that it has are kept. It reports
// whether that changed anything.
func (nb *Notebook) Document(chapterOfFile int) (changed bool, err error) {
	at, call, err := nb.parameters()
	if err != nil {
		return false, err
	}
	p, err := protocols.Configure(call.Chapter, nil)
	if err != nil {
		return false, err
	}
	defaults, _ := protocols.Settings(p)
	var values []Assignment
	if chapterOfFile == call.Chapter {
		for _, name := range protocols.Focus(call.Chapter) {
			values = append(values, Assignment{name, defaults[name]})
		}
	}
	for _, e := range call.Entries {
		if !e.Plain {
			return false, badInput("%s is computed in the parameters cell (%s), which takes plain values", e.Name, e.Source)
		}
		if i := slices.IndexFunc(values, func(a Assignment) bool { return a.Name == e.Name }); i >= 0 {
			values[i].Value = e.Text
		} else {
			values = append(values, Assignment{e.Name, e.Text})
		}
	}
	source, err := rewrite(nb.Cells[at].Source, call, p, values)
	if err != nil {
		return false, err
	}
	changed = source != nb.Cells[at].Source
	nb.Cells[at].Source = source
	injected := nb.tagged(InjectedTag)
	if injected < 0 {
		return changed, nil
	}
	before := nb.Cells[injected].Source
	if err := nb.Inject(nb.given()); err != nil {
		return false, err
	}
	return changed || before != nb.Cells[nb.tagged(InjectedTag)].Source, nil
}

// given are the values that Inject noted, as it takes them.
func (nb *Notebook) given() (list []Assignment) {
	noted := nb.injected()
	for _, name := range slices.Sorted(maps.Keys(noted)) {
		list = append(list, Assignment{name, protocols.Format(noted[name])})
	}
	return list
}

// Document writes the parameters cell of a notebook of the checkout, or of a
// file, anew (see Notebook.Document), and returns the file where it changed.
func Document(root, name string) ([]string, error) {
	path, err := find(root, name)
	if err != nil {
		return nil, err
	}
	nb, err := Read(path)
	if err != nil {
		return nil, err
	}
	changed, err := nb.Document(chapterOf(path))
	if err != nil || !changed {
		return nil, err
	}
	if err := nb.Write(path); err != nil {
		return nil, err
	}
	return withText(root, path)
}

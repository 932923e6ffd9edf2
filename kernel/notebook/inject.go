package notebook

import (
	"slices"
	"strconv"
	"strings"

	"github.com/network-fragility/fragility/protocols"
)

// Inject sets parameters of a notebook's chapter: after the cell tagged
// "parameters" it puts a cell tagged "injected-parameters", which is that cell
// with other values. In Go a later declaration replaces the earlier one as GoNB
// runs cells, so that cell wins. It replaces the cell of an earlier Inject and
// notes the values in the metadata, as papermill does. No assignments change
// nothing.
//
// A name that the chapter does not have, or a value that it does not take, is a
// protocols.BadInput.
func (nb *Notebook) Inject(assignments []Assignment) error {
	if len(assignments) == 0 {
		return nil
	}
	at, call, err := nb.parameters()
	if err != nil {
		return badInput("%s cannot be set: %v", assignments[0].Name, err)
	}
	p, err := protocols.Configure(call.Chapter, nil)
	if err != nil {
		return err
	}
	kinds := map[string]string{}
	for _, q := range protocols.Parameters(p) {
		kinds[q.Name] = q.Type
	}
	var values []Assignment
	for _, e := range call.Entries {
		if !e.Plain {
			return badInput("%s is computed in the parameters cell (%s), which takes plain values", e.Name, e.Source)
		}
		values = append(values, Assignment{e.Name, e.Text})
	}
	given, noted := map[string]string{}, map[string]any{}
	for _, a := range assignments {
		text := strings.TrimSpace(a.Value)
		if strings.HasPrefix(kinds[a.Name], "list") {
			text = strings.Trim(text, "[]")
		}
		if _, twice := given[a.Name]; twice {
			return badInput("%s takes one value, and is given two", a.Name)
		}
		given[a.Name], noted[a.Name] = text, typed(kinds[a.Name], text)
		if i := slices.IndexFunc(values, func(b Assignment) bool { return b.Name == a.Name }); i >= 0 {
			values[i].Value = text
		} else {
			values = append(values, Assignment{a.Name, text})
		}
	}
	if _, err := protocols.Configure(call.Chapter, given); err != nil {
		return err
	}
	source, err := rewrite(nb.Cells[at].Source, call, p, values)
	if err != nil {
		return err
	}
	source = strings.Replace(source, "with the book's values", "with the values of this run", 1)
	nb.Cells = slices.DeleteFunc(nb.Cells, func(c Cell) bool { return c.HasTag(InjectedTag) })
	at = nb.tagged(ParametersTag)
	nb.Cells = slices.Insert(nb.Cells, at+1, Cell{
		ID:       InjectedTag,
		Kind:     CodeCell,
		Source:   source,
		Metadata: map[string]any{"tags": []any{InjectedTag}},
	})
	if nb.Metadata == nil {
		nb.Metadata = map[string]any{}
	}
	papermill, ok := nb.Metadata["papermill"].(map[string]any)
	if !ok {
		papermill = map[string]any{}
		nb.Metadata["papermill"] = papermill
	}
	papermill["parameters"] = noted
	return nil
}

// typed is a value as JSON has it.
func typed(kind, text string) any {
	switch kind {
	case "number", "whole number":
		if x, err := strconv.ParseFloat(text, 64); err == nil {
			return x
		}
	case "yes or no":
		return text == "true"
	}
	return text
}

package notebook

import (
	"go/format"
	"slices"
	"strings"
)

// Inject sets parameters of a notebook: after the cell tagged "parameters" it
// puts a cell tagged "injected-parameters" that declares them anew, each with
// the type that it has there. In Go a later declaration replaces the earlier
// one as GoNB runs cells, so that cell wins. It replaces the cell of an earlier
// Inject and notes the values in the metadata, as papermill does. No
// assignments change nothing.
//
// A name that the notebook does not have, or a value that does not fit, is a
// protocols.BadInput.
func (nb *Notebook) Inject(assignments []Assignment) error {
	if len(assignments) == 0 {
		return nil
	}
	at := nb.tagged(ParametersTag)
	if at < 0 {
		return badInput("the notebook has no cell tagged %q, so %s cannot be set", ParametersTag, assignments[0].Name)
	}
	parameters, err := nb.Cells[at].Parameters()
	if err != nil {
		return badInput("%v", err)
	}
	var names []string
	for _, p := range parameters {
		names = append(names, p.Name)
	}

	values := map[string]any{}
	var b strings.Builder
	b.WriteString("// The parameters of this run.\nvar (\n")
	for _, a := range assignments {
		i := slices.Index(names, a.Name)
		if i < 0 {
			return badInput("%s is not a parameter of the notebook; it takes %s", a.Name, strings.Join(names, ", "))
		}
		if _, twice := values[a.Name]; twice {
			return badInput("%s takes one value, and is given two", a.Name)
		}
		value, err := parameters[i].Parse(a.Value)
		if err != nil {
			return badInput("%s %v", a.Name, err)
		}
		values[a.Name] = value
		b.WriteString("\t" + a.Name + " = " + literal(value) + "\n")
	}
	b.WriteString(")\n")
	source, err := format.Source([]byte(b.String()))
	if err != nil {
		return err
	}

	nb.Cells = slices.DeleteFunc(nb.Cells, func(c Cell) bool { return c.HasTag(InjectedTag) })
	at = nb.tagged(ParametersTag)
	nb.Cells = slices.Insert(nb.Cells, at+1, Cell{
		ID:       InjectedTag,
		Kind:     CodeCell,
		Source:   strings.TrimSpace(string(source)),
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
	papermill["parameters"] = values
	return nil
}

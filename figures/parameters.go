package figures

import (
	"strings"

	"github.com/network-fragility/fragility/protocols"
)

// parametersTable lists what can be set, with the values of the run in bold
// where they are not the book's.
func parametersTable(p protocols.Protocol, _ *protocols.Result) (*Table, error) {
	t := &Table{
		Title: "Parameters",
		Columns: []Column{
			{Head: "parameter"}, {Head: "value"}, {Head: "default"},
			{Head: "unit"}, {Head: "meaning"},
		},
	}
	for _, q := range protocols.Parameters(p) {
		value := Words(listed(q.Value))
		if q.Value != q.Default {
			value = value.Bold()
		}
		t.Rows = append(t.Rows, []Cell{Words(q.Name), value, Words(listed(q.Default)), Words(q.Unit), Words(q.Meaning)})
	}
	return t, nil
}

// listed gives a list room to break.
func listed(value string) string { return strings.ReplaceAll(value, ",", ", ") }

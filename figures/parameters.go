package figures

import (
	"strings"

	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/protocols"
)

// parametersTable lists what can be set, with the values of the run in bold
// where they are not the book's.
func parametersTable(p protocols.Protocol, _ *protocols.Result) (*table.Table, error) {
	t := &table.Table{
		Title: "Parameters",
		Columns: []table.Column{
			{Head: "parameter"}, {Head: "value"}, {Head: "default"},
			{Head: "unit"}, {Head: "meaning"},
		},
	}
	for _, q := range protocols.Parameters(p) {
		value := table.Words(listed(q.Value))
		if q.Value != q.Default {
			value = value.Bold()
		}
		t.Rows = append(t.Rows, []table.Cell{table.Words(q.Name), value, table.Words(listed(q.Default)), table.Words(q.Unit), table.Words(q.Meaning)})
	}
	return t, nil
}

// listed gives a list room to break.
func listed(value string) string { return strings.ReplaceAll(value, ",", ", ") }

package figures

import "github.com/network-fragility/fragility/protocols"

// NamesOf lists the tables and plots that a protocol has with its parameters,
// as Names does for a chapter with the book's.
func NamesOf(p protocols.Protocol) (tableNames, plotNames []string) {
	return names(tables(p)), names(plots(p))
}

package figures

import (
	"fmt"
	"strings"

	"github.com/network-fragility/fragility/protocols"
)

// named is a table or a plot that a chapter can make from a run.
type named[T any] struct {
	name string
	make func(protocols.Protocol, *protocols.Result) (T, error)
}

// Show makes a table or a plot of a run by its name, as in Show(p, r, "plot",
// "sweep"); what is "table" or "plot", and the value a *Table or a *Plot. A
// name that does not exist is a protocols.BadInput that lists those that do.
func Show(p protocols.Protocol, r *protocols.Result, what, name string) (any, error) {
	switch what {
	case "table":
		return show(p, r, what, name, tables(p))
	case "plot":
		return show(p, r, what, name, plots(p))
	}
	return nil, protocols.BadInput{Sentence: fmt.Sprintf(`what to show is "table" or "plot", not %q`, what)}
}

func show[T any](p protocols.Protocol, r *protocols.Result, what, name string, list []named[T]) (any, error) {
	for _, n := range list {
		if strings.EqualFold(n.name, name) {
			return n.make(p, r)
		}
	}
	return nil, protocols.BadInput{Sentence: fmt.Sprintf("chapter %d has no %s %q; it has %s",
		p.Chapter(), what, name, strings.Join(names(list), ", "))}
}

// Names lists the tables and plots of a chapter in the order in which a reader
// meets them; none for a chapter that does not exist.
func Names(chapter int) (tableNames, plotNames []string) {
	p, err := protocols.Configure(chapter, nil)
	if err != nil {
		return nil, nil
	}
	return names(tables(p)), names(plots(p))
}

func names[T any](list []named[T]) []string {
	var all []string
	for _, n := range list {
		all = append(all, n.name)
	}
	return all
}

// tables are what every chapter has, and between them the chapter's own.
func tables(p protocols.Protocol) []named[*Table] {
	list := []named[*Table]{{"parameters", parametersTable}}
	for _, l := range p.Tables() {
		list = append(list, named[*Table]{l.Name, func(p protocols.Protocol, r *protocols.Result) (*Table, error) {
			return resultTable(l, r), nil
		}})
	}
	switch p.(type) {
	case *protocols.Ch01:
		list = append(list, ch01Tables...)
	}
	return append(list, named[*Table]{"contrasts", contrastsTable}, named[*Table]{"comparison", comparisonTable})
}

// plots are the chapter's own.
func plots(p protocols.Protocol) []named[*Plot] {
	switch p.(type) {
	case *protocols.Ch01:
		return ch01Plots
	}
	return nil
}

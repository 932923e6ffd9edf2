package figures

import (
	"fmt"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/protocols"
)

// named is a table or a plot that a chapter can make from a run.
type named[T any] struct {
	name string
	make func(protocols.Protocol, *protocols.Result) (T, error)
}

// Find finds a table or a plot of a chapter by its name, as in Find(p, "plot",
// "sweep"), and returns what makes it from a run; what is "table", "plot", or
// "paired" for the table of the differences between two arms, as in
// Find(p, "paired", "ketamine | ssri"). The value made is a *Table or a *Plot. A
// name that does not exist is a protocols.BadInput that lists those that do.
func Find(p protocols.Protocol, what, name string) (func(*protocols.Result) (any, error), error) {
	switch what {
	case "table":
		return find(p, what, name, tables(p))
	case "plot":
		return find(p, what, name, plots(p))
	case "paired":
		return pairedTable(p, name)
	}
	return nil, protocols.BadInput{Sentence: fmt.Sprintf(`what to show is "table", "plot" or "paired", not %q`, what)}
}

// Show finds a table or a plot and makes it.
func Show(p protocols.Protocol, r *protocols.Result, what, name string) (any, error) {
	make, err := Find(p, what, name)
	if err != nil {
		return nil, err
	}
	return make(r)
}

func find[T any](p protocols.Protocol, what, name string, list []named[T]) (func(*protocols.Result) (any, error), error) {
	for _, n := range list {
		if strings.EqualFold(n.name, name) {
			return func(r *protocols.Result) (any, error) {
				takeLeftOut(p)
				drawn, err := n.make(p, r)
				if names := takeLeftOut(p); err == nil && names != nil {
					if plot, ok := any(drawn).(*Plot); ok {
						plot.Caption += fmt.Sprintf(" Published figures are not comparable where they depend on %s, and not drawn there.", unlikeWords(names))
					}
				}
				return drawn, err
			}, nil
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
	list = append(list, named[*Table]{"contrasts", contrastsTable})
	if len(protocols.Claims(p)) > 0 {
		list = append(list, named[*Table]{"claims", claimsTable})
	}
	if protocols.AsksRobust(p) != "" {
		list = append(list, named[*Table]{"robust", robustTable})
	}
	return append(list, named[*Table]{"comparison", comparisonTable})
}

// plots are the chapter's own, and the curve of a claim where the run asks for one.
func plots(p protocols.Protocol) []named[*Plot] {
	list := chapterPlots(p)
	if protocols.AsksRobust(p) != "" {
		list = append(slices.Clip(list), named[*Plot]{"robust", robustPlot})
	}
	return list
}

func chapterPlots(p protocols.Protocol) []named[*Plot] {
	switch p.(type) {
	case *protocols.Ch01:
		return append([]named[*Plot]{{"protocol", protocolPlot}}, ch01Plots...)
	case *protocols.Ch02:
		return ch02Plots
	case *protocols.Ch03:
		return ch03Plots
	case *protocols.Ch04:
		return ch04Plots
	case *protocols.Ch05:
		return ch05Plots
	case *protocols.Ch06:
		return ch06Plots
	case *protocols.Ch07:
		return ch07Plots
	case *protocols.Ch08:
		return ch08Plots
	case *protocols.Ch09:
		return ch09Plots
	case *protocols.Ch10:
		return ch10Plots
	}
	return nil
}

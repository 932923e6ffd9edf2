package figures

import (
	"fmt"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/protocols"
)

// An Entry is a figure that a run has, by its name.
type Entry[T Figure] struct {
	Name string
	// Make makes it. An error that is bad input says that this run has no such
	// thing, as a map of a grid of arms where there is no grid.
	Make func(*protocols.Result) (T, error)
}

// maker makes a figure of a chapter.
type maker[T Figure] struct {
	name  string
	make  func(protocols.Protocol, *protocols.Result) (T, error)
	shows string // by a plot; a run without it has no such plot. "" is what every run has
}

// chapters have the tables beside those of their layouts, and the plots, in the
// order in which a reader meets them.
var chapters = map[int]struct {
	tables []maker[*table.Table]
	plots  []maker[*chart.Plot]
}{}

// register says what a chapter shows. Each chNN.go does so once, in an init.
func register(chapter int, tables []maker[*table.Table], plots []maker[*chart.Plot]) {
	own := chapters[chapter]
	own.tables, own.plots = tables, plots
	chapters[chapter] = own
}

// of makes a figure of a part of a chapter, such as its Clinic.
func of[P any, T Figure](make func(*P, protocols.Protocol, *protocols.Result) (T, error)) func(protocols.Protocol, *protocols.Result) (T, error) {
	return func(p protocols.Protocol, r *protocols.Result) (T, error) { return make(protocols.Part[P](p), p, r) }
}

// chapter makes a figure of a chapter by itself.
func chapter[P any, T Figure](make func(*P, *protocols.Result) (T, error)) func(protocols.Protocol, *protocols.Result) (T, error) {
	return of(func(q *P, _ protocols.Protocol, r *protocols.Result) (T, error) { return make(q, r) })
}

// Tables are what every chapter has, and between them the chapter's own.
func Tables(p protocols.Protocol) []Entry[*table.Table] {
	list := []maker[*table.Table]{{name: "parameters", make: parametersTable}}
	for _, l := range p.Tables() {
		list = append(list, maker[*table.Table]{name: l.Name, make: func(_ protocols.Protocol, r *protocols.Result) (*table.Table, error) {
			return resultTable(l, r), nil
		}})
	}
	list = append(list, chapters[p.Chapter()].tables...)
	list = append(list, maker[*table.Table]{name: "contrasts", make: contrastsTable})
	if len(protocols.Claims(p)) > 0 {
		list = append(list, maker[*table.Table]{name: "claims", make: claimsTable})
	}
	if protocols.AsksRobust(p) != "" {
		list = append(list, maker[*table.Table]{name: "robust", make: robustTable})
	}
	return entries(p, append(list, maker[*table.Table]{name: "comparison", make: comparisonTable}))
}

// Plots are the chapter's own, and the curve of a claim where the run asks for one. A
// plot of what the run has not is an error.
func Plots(p protocols.Protocol) []Entry[*chart.Plot] {
	makers := chapters[p.Chapter()].plots
	if protocols.AsksRobust(p) != "" {
		makers = append(slices.Clip(makers), maker[*chart.Plot]{name: "robust", make: robustPlot})
	}
	list := entries(p, makers)
	for i, e := range list {
		list[i].Make = func(r *protocols.Result) (*chart.Plot, error) {
			takeLeftOut(p)
			plot, err := e.Make(r)
			if shows := makers[i].shows; err == nil && shows != "" && (plot.Panels == nil || slices.ContainsFunc(plot.Panels, chart.Panel.Empty)) {
				err = fmt.Errorf("the run has no %s", shows)
			}
			if names := takeLeftOut(p); err == nil && names != nil {
				plot.Caption += fmt.Sprintf(" Published figures are not comparable where they depend on %s, and not drawn there.", unlikeWords(names))
			}
			return plot, err
		}
	}
	return list
}

func entries[T Figure](p protocols.Protocol, list []maker[T]) []Entry[T] {
	made := make([]Entry[T], len(list))
	for i, m := range list {
		made[i] = Entry[T]{m.name, func(r *protocols.Result) (T, error) { return m.make(p, r) }}
	}
	return made
}

// Find finds what is asked for, and returns what makes it from a run. A name that
// does not exist is a protocols.BadInput that lists those that do.
func Find(p protocols.Protocol, ask protocols.Ask) (func(*protocols.Result) (Figure, error), error) {
	switch ask.What {
	case protocols.AskTable:
		return figureOf(find(p, ask, Tables(p)))
	case protocols.AskPlot:
		return figureOf(find(p, ask, Plots(p)))
	case protocols.AskPaired:
		return figureOf(pairedTable(p, ask.Arm, ask.Against))
	}
	return nil, protocols.BadInput{Sentence: fmt.Sprintf(`what to show is "table", "plot" or "paired", not %q`, ask.What)}
}

func find[T Figure](p protocols.Protocol, ask protocols.Ask, list []Entry[T]) (Entry[T], error) {
	i := slices.IndexFunc(list, func(e Entry[T]) bool { return strings.EqualFold(e.Name, ask.Name) })
	if i < 0 {
		return Entry[T]{}, protocols.BadInput{Sentence: fmt.Sprintf("chapter %d has no %s %q; it has %s", p.Chapter(), ask.What, ask.Name, strings.Join(names(list), ", "))}
	}
	return list[i], nil
}

// figureOf makes a Figure where an entry makes a table or a plot.
func figureOf[T Figure](e Entry[T], err error) (func(*protocols.Result) (Figure, error), error) {
	if err != nil {
		return nil, err
	}
	return func(r *protocols.Result) (Figure, error) {
		f, err := e.Make(r)
		if err != nil {
			return nil, err
		}
		return f, nil
	}, nil
}

// Table makes a table of a run.
func Table(p protocols.Protocol, r *protocols.Result, name string) (*table.Table, error) {
	e, err := find(p, protocols.Ask{What: protocols.AskTable, Name: name}, Tables(p))
	if err != nil {
		return nil, err
	}
	return e.Make(r)
}

// Plot makes a plot of a run.
func Plot(p protocols.Protocol, r *protocols.Result, name string) (*chart.Plot, error) {
	e, err := find(p, protocols.Ask{What: protocols.AskPlot, Name: name}, Plots(p))
	if err != nil {
		return nil, err
	}
	return e.Make(r)
}

func names[T Figure](list []Entry[T]) []string {
	all := make([]string, len(list))
	for i, e := range list {
		all[i] = e.Name
	}
	return all
}

package nf

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// A Run is a chapter's protocol with its parameters. It is a plain value that
// costs nothing to make, so it may stand in a package variable; the work is
// done when something of it is asked for, and then only what is new.
type Run struct {
	chapter int
	set     map[string]string
	done    *done
}

// done holds what a run came to, for the copies of the value in one program.
type done struct{ result *protocols.Result }

// Row is one measured value of a run: a line of the long table.
type Row = protocols.Row

// Chapter is the protocol of a chapter with the book's parameters.
func Chapter(number int) Run { return Run{chapter: number, done: new(done)} }

// With is the run with other values for some parameters. Empty text leaves a
// parameter as it is. Where a Profile is set, a value that is the book's counts
// as not set, so that a cell that lists all of the book's values can be run in a
// smaller profile.
func (r Run) With(set Set) Run {
	merged := maps.Clone(r.set)
	if merged == nil {
		merged = map[string]string{}
	}
	for name, value := range set.text() {
		if value != "" {
			merged[name] = value
		}
	}
	client.LeaveToProfile(r.chapter, merged)
	return Run{chapter: r.chapter, set: merged, done: new(done)}
}

// Run computes what the run lacks and shows its progress, in one display that
// ends as a line such as
//
//	10 subjects, 75 stages: 71 reused, 4 computed, 60 epochs, 12.3 s
func (r Run) Run() Run {
	r.compute(&progress{always: true})
	return r
}

// Table is a table of the run, as in Table("table 1"). It is computed when it
// is shown.
func (r Run) Table(name string) Display {
	return Display{run: r, ask: protocols.Ask{What: protocols.AskTable, Name: name}}
}

// Plot is a plot of the run, as in Plot("sweep"). It is computed when it is
// shown.
func (r Run) Plot(name string) Display {
	return Display{run: r, ask: protocols.Ask{What: protocols.AskPlot, Name: name}}
}

// Compare is the table of every published figure of the chapter beside ours.
func (r Run) Compare() Display { return r.Table("comparison") }

// Paired is the table of the differences between two arms, subject by subject,
// in every measure that both have.
func (r Run) Paired(arm, against string) Display {
	return Display{run: r, ask: protocols.Ask{What: protocols.AskPaired, Arm: arm, Against: against}}
}

// Robust is the specification curve of a claim of the chapter, as in
// Robust("5.25"): whether it holds under other choices that would have been as
// reasonable. The table of its numbers is
// r.With(nf.Set{"Robust": "5.25"}).Table("robust").
func (r Run) Robust(claim string) Display {
	return r.With(Set{"Robust": claim}).Plot("robust")
}

// Rows is the long table of the run: every measured value, for computations of
// your own.
func (r Run) Rows() []Row { return r.result().Rows }

// Values are the values of one metric of an arm, one for each subject. An arm or
// a metric that the run does not have, such as the words that tables have for it,
// ends the cell with those that it has.
func (r Run) Values(arm, metric string) []float64 {
	result := r.result()
	values := result.Values(arm, "", metric)
	if values == nil {
		end(2, missing(result.Rows, arm, metric))
	}
	return values
}

// missing says which of an arm and a metric a run lacks.
func missing(rows []Row, arm, metric string) string {
	var arms, metrics []string
	for _, row := range rows {
		if !slices.Contains(arms, row.Arm) {
			arms = append(arms, row.Arm)
		}
		if row.Arm == arm && !slices.Contains(metrics, row.Metric) {
			metrics = append(metrics, row.Metric)
		}
	}
	if metrics == nil {
		return fmt.Sprintf("the run has no arm %q; it has %s", arm, strings.Join(arms, ", "))
	}
	return fmt.Sprintf("the arm %s has no metric %q; it has %s", arm, metric, strings.Join(metrics, ", "))
}

// result computes the run, unless that was done before in this program.
func (r Run) result() *protocols.Result {
	if r.done.result == nil {
		r.compute(new(progress))
	}
	return r.done.result
}

func (r Run) compute(p *progress) {
	work(p, func(ctx context.Context) error {
		c, err := connect(ctx)
		if err != nil {
			return err
		}
		r.done.result, err = c.Run(ctx, r.chapter, r.set, p.event)
		return err
	})
}

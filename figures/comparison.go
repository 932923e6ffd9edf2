package figures

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/protocols"
)

// comparisonTable holds each published figure of the chapter against ours.
func comparisonTable(p protocols.Protocol, r *protocols.Result) (*table.Table, error) {
	list := protocols.Compare(r)
	words := headings(p)
	t := &table.Table{
		Title: "Ours beside every published figure",
		Columns: []table.Column{
			{Head: "table"}, {Head: "arm"}, {Head: "measure"},
			{Head: "ours", Align: table.Right}, {Head: "n", Align: table.Right},
			{Head: "published", Align: table.Right}, {Head: "difference", Align: table.Right},
			{Head: "99 % interval", Align: table.Right}, {Head: "p", Align: table.Right}, {Head: "p of the spread", Align: table.Right}, {Head: "verdict"}, {Head: "could it fail"},
		},
		Caption: subjectsNote(r) + fmt.Sprintf(" %s. ", protocols.Tally(list)) + missesNote(list) + comparisonNote(list),
	}
	for _, c := range list {
		places := max(0, printedDecimals(c.Published))
		verdict := table.Words(string(c.Verdict))
		switch {
		case c.Unlike != nil:
			verdict = table.Words("not comparable: " + unlikeWords(c.Unlike))
		case c.Verdict == protocols.NotMatched:
			verdict = verdict.Bold()
		}
		ours, difference, within := table.Words("–"), table.Words("–"), table.Words("–")
		if c.OursN > 0 {
			sd := c.OursSD
			if c.OursN == 1 || places == 0 && sd == 0 {
				sd = math.NaN()
			}
			ours = table.MeanSD(c.Ours, sd, places)
			if c.Unlike == nil {
				difference = table.Difference(c.Difference(), places)
			}
		}
		switch {
		case c.Unlike != nil: // nothing is predicted
		case c.Exact:
			within = table.Words("exact")
		case !math.IsNaN(c.Low):
			within = table.Range(c.Low, c.High, places+1)
		}
		t.Rows = append(t.Rows, []table.Cell{
			table.Words(c.Table), table.Words(words.arm(c.Arm)), table.Words(measured(words, c)),
			ours, table.Number(float64(c.OursN), 0),
			table.MeanSD(c.Mean, c.SD, places), difference, within, probability(c.P), probability(c.SpreadP), verdict, table.Words(could(c)),
		})
	}
	// What the book's figures leave nothing to say of, whatever ours are.
	if !slices.ContainsFunc(list, printsSD) {
		t.LeaveOut("p of the spread")
	}
	if slices.ContainsFunc(list, protocols.Comparison.OtherModel) { // nothing is predicted of it
		t.LeaveOut("99 % interval", "p", "could it fail")
	}
	return t, nil
}

func printsSD(c protocols.Comparison) bool { return !math.IsNaN(c.SD) }

// could says whether a match could have failed, and where the book has one subject
// only.
func could(c protocols.Comparison) string {
	if c.Test == protocols.OneSubject && c.Could != "" {
		return string(c.Could) + ", one subject in the book"
	}
	return string(c.Could)
}

// missesNote holds the number of misses against what chance brings.
func missesNote(list []protocols.Comparison) string {
	if expected, observed := protocols.Expected(list); expected > 0 {
		return fmt.Sprintf("By chance %.1f would not match; %d do not. ", expected, observed)
	}
	return ""
}

// unlikeWords names parameters that are not the book's, the first few.
func unlikeWords(names []string) string {
	const most = 2
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// measured says what a published figure is of: a metric, of which subject
// unless it is the mean, and how the book bounds it.
func measured(words vocabulary, c protocols.Comparison) string {
	text := words.metric(c.Measure)
	if c.Statistic != protocols.Mean {
		text += ", " + string(c.Statistic)
	}
	if c.Bound != protocols.Exactly {
		text += ", " + string(c.Bound)
	}
	return text
}

// comparisonNote explains the verdicts, as far as the list has use for them.
func comparisonNote(list []protocols.Comparison) string {
	note := fmt.Sprintf("A published mean with an SD matches where Welch’s test does not tell it from ours at 1 %%; any other figure where it lies within the interval in which our subjects predict "+
		"it with %g %% probability. Half the last printed digit is allowed for, and accuracies have the error of their 4,000 test points at least. What is the same for every subject (exact) must be the same as printed. "+
		"Where all subjects reach the same by chance, as 100 %%, the interval has the spread that the book prints, or for an accuracy the error of its test points.",
		100*protocols.Confidence)
	for _, n := range []struct {
		holds func(protocols.Comparison) bool
		words string
	}{
		{printsSD, "The p of the spread is that of Shoemaker’s test of the two SDs (2003)."},
		{func(c protocols.Comparison) bool {
			return c.Statistic == protocols.Count || c.Statistic == protocols.Share
		},
			"Numbers and shares of subjects have the beta-binomial interval with Jeffreys' prior; a number is ours for as many subjects as the book's."},
		{func(c protocols.Comparison) bool {
			return c.Statistic == protocols.Lowest || c.Statistic == protocols.Highest
		},
			"Intervals of lowest and highest subjects are approximate: they take the values for normal."},
		{func(c protocols.Comparison) bool { return c.Bound != protocols.Exactly }, "A bound matches where the interval reaches the side that it allows."},
		{func(c protocols.Comparison) bool { return c.Unlike != nil }, "What depends on a parameter that is not the book's is not comparable; the parameter is named."},
		{func(c protocols.Comparison) bool { return c.Verdict == protocols.CannotTell },
			"Nothing can be told with fewer than five subjects, or where the interval could refute nothing: wider than from the untreated to the full network, or from 0 to 100."},
		{nil, "Our SD divides by n − 1, the book's by n."},
		{protocols.Comparison.OtherModel, "The book's model is another one, in another world: its figures stand beside ours without a verdict."},
		{func(c protocols.Comparison) bool { return c.Kind == "contradicted" }, "What the author's own outputs contradict is not comparable."},
	} {
		if n.holds == nil || slices.ContainsFunc(list, n.holds) {
			note += " " + n.words
		}
	}
	return note
}

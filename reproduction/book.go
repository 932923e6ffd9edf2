package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/network-fragility/fragility/figures"
	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/stats"
)

// tallies is the table of chapters: how the book's figures compare with a
// cohort's.
func tallies(c chapters, chapters []int) string {
	var b strings.Builder
	b.WriteString("| chapter | subjects | matched | not matched | cannot tell | not comparable | could have failed | misses by chance | SDs compared | SDs that differ |\n" +
		"|---|---|---|---|---|---|---|---|---|---|\n")
	var all []protocols.Comparison
	row := func(name, subjects string, list []protocols.Comparison) {
		verdicts, could, sds, differ := map[protocols.Verdict]int{}, 0, 0, 0
		for _, x := range list {
			verdicts[x.Verdict]++
			if x.Could == protocols.Informative {
				could++
			}
			if !math.IsNaN(x.SpreadP) && x.Verdict != protocols.NotComparable {
				if sds++; x.SpreadP < 1-protocols.Confidence {
					differ++
				}
			}
		}
		expected, _ := protocols.Expected(list)
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d | %d | %.1f | %d | %d |\n", name, subjects, verdicts[protocols.Matched], verdicts[protocols.NotMatched],
			verdicts[protocols.CannotTell], verdicts[protocols.NotComparable], could, expected, sds, differ)
	}
	for _, n := range chapters {
		if c[n] == nil {
			fmt.Fprintf(&b, "| %d | fewer than two subjects recorded | | | | | | | | |\n", n)
			continue
		}
		row(fmt.Sprint(n), protocols.Seeds(c[n].Protocol.Cohort()).String(), c[n].comparisons)
		all = append(all, c[n].comparisons...)
	}
	row("all", "", all)
	return b.String()
}

// misses says which figures of a chapter do not match, by arm, and how many
// would not by chance.
func (p *page) misses(n int) (string, error) {
	return p.each(n, func(c *chapter) (string, error) {
		cells := c.cells
		var arms []string
		missed := map[string][]string{}
		for i, x := range c.comparisons {
			if x.Verdict != protocols.NotMatched {
				continue
			}
			arm := cells[i][1].String()
			if missed[arm] == nil {
				arms = append(arms, arm)
			}
			missed[arm] = append(missed[arm], cells[i][2].String()+" "+ours(cells[i]))
		}
		text := protocols.Tally(c.comparisons)
		if expected, _ := protocols.Expected(c.comparisons); expected > 0 {
			text += fmt.Sprintf(" (%.1f would not match by chance)", expected)
		}
		for _, arm := range arms {
			text += fmt.Sprintf("; %s: %d (%s)", arm, len(missed[arm]), strings.Join(missed[arm], "; "))
		}
		return text + apart(c), nil
	})
}

// apart names the arms of which all means at once differ from the book's.
func apart(c *chapter) string {
	var arms []string
	for i, x := range c.comparisons {
		if arm := c.cells[i][1].String(); x.JointP < 1-protocols.Confidence && !slices.Contains(arms, arm) {
			arms = append(arms, arm)
		}
	}
	if arms == nil {
		return ""
	}
	return "; all means of the arm at once differ at 1 %: " + strings.Join(arms, ", ")
}

// comparisonCells are the cells of a chapter's table of published figures, whose
// rows are its comparisons.
func comparisonCells(p protocols.Protocol, r *protocols.Result) ([][]table.Cell, error) {
	t, err := figures.Table(p, r, "comparison")
	if err != nil {
		return nil, err
	}
	return t.Rows, nil
}

// ours is ours beside what is published.
func ours(cells []table.Cell) string {
	return fmt.Sprintf("%s, published %s", cells[3], cells[5])
}

// beside is a figure of ours beside the published one, with the verdict.
func (p *page) beside(n int, arm, metric string) (string, error) {
	return p.each(n, func(c *chapter) (string, error) {
		i, err := c.published(arm, metric)
		if err != nil {
			return "", err
		}
		return ours(c.cells[i]) + ": " + string(c.comparisons[i].Verdict), nil
	})
}

// published finds a figure of the book.
func (c *chapter) published(arm, metric string) (int, error) {
	i := slices.IndexFunc(c.comparisons, func(x protocols.Comparison) bool { return x.Arm == arm && x.Published.Metric == metric })
	if i < 0 {
		return 0, fmt.Errorf("chapter %d prints no %q of %q", c.Protocol.Chapter(), metric, arm)
	}
	return i, nil
}

// book is a figure that the book prints.
func (p *page) book(n int, arm, metric string) (string, error) {
	return printed(protocols.PublishedFigures(n), n, arm, "", metric)
}

// notebook is a figure that the author's notebook has stored.
func (p *page) notebook(n int, arm, condition, metric string) (string, error) {
	return printed(protocols.StoredFigures(n), n, arm, condition, metric)
}

func printed(list []protocols.Published, n int, arm, condition, metric string) (string, error) {
	for _, f := range list {
		if f.Arm == arm && f.Condition == condition && f.Metric == metric {
			return table.MeanSD(f.Mean, f.SD, figuresOf(f.Unit)).String(), nil
		}
	}
	return "", fmt.Errorf("chapter %d prints no %q of %q under %q", n, metric, arm, condition)
}

// spread sets our SDs of an arm beside the book's: the median of their ratios, and
// how many differ.
func (p *page) spread(n int, arm string) (string, error) {
	return p.each(n, func(c *chapter) (string, error) {
		var ratios []float64
		differ := 0
		for _, x := range c.comparisons {
			if x.Arm != arm || math.IsNaN(x.SpreadP) || !(x.SD > 0) {
				continue
			}
			ratios = append(ratios, x.OursSD/stats.Printed(0, x.SD, x.N).SD)
			if x.SpreadP < 1-protocols.Confidence {
				differ++
			}
		}
		if ratios == nil {
			return "", fmt.Errorf("chapter %d prints no SD of %q", n, arm)
		}
		slices.Sort(ratios)
		return fmt.Sprintf("%.2f of the book's in the median of %d, of which %d differ at 1 %%", stat.Quantile(0.5, stat.Empirical, ratios, nil), len(ratios), differ), nil
	})
}

// figuresOf is the number of decimals of a printed unit.
func figuresOf(unit float64) int { return max(0, int(math.Round(-math.Log10(unit)))) }

// table is one of the book's with ours beside it.
func (p *page) table(n int, name string) (string, error) {
	c, planned := p.shown[n], p.planned[n]
	cells := c.cells
	var b strings.Builder
	head, line := "| | published | ours: mean ± SD | range | verdict |", "|---|---|---|---|---|"
	if planned != nil {
		head, line = head+" the plan's subjects | verdict |", line+"---|---|"
	}
	b.WriteString(head + "\n" + line + "\n")
	for i, x := range c.comparisons {
		if x.Table != name {
			continue
		}
		v, err := c.values(x.Arm, x.Condition, x.Measure)
		if err != nil {
			return "", err
		}
		decimals := max(0, figuresOf(x.Unit))
		fmt.Fprintf(&b, "| %s, %s | %s | %s | %s | %s |", cells[i][1], cells[i][2], cells[i][5], cells[i][3], table.Range(slices.Min(v), slices.Max(v), decimals), x.Verdict)
		if planned != nil {
			fmt.Fprintf(&b, " %s | %s |", planned.cells[i][3], planned.comparisons[i].Verdict)
		}
		b.WriteString("\n")
	}
	return b.String(), nil
}

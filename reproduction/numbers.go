package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/stats"
)

// mean is a metric's mean ± SD over subjects.
func (p *page) mean(n int, arm, metric string) (string, error) { return p.under(n, arm, "", metric) }

// under is that of a metric under a condition.
func (p *page) under(n int, arm, condition, metric string) (string, error) {
	return p.inline(n, func(c *chapter) (string, error) {
		v, err := c.values(arm, condition, metric)
		if err != nil {
			return "", err
		}
		text := table.MeanSD(stat.Mean(v, nil), stats.SD(v), 1).String()
		if len(v) < len(c.Protocol.Cohort()) {
			text += " (" + ofN(len(v)) + ")"
		}
		return text, nil
	})
}

// between is the lowest and the highest subject.
func (p *page) between(n int, arm, metric string) (string, error) {
	return p.inline(n, func(c *chapter) (string, error) {
		v, err := c.values(arm, "", metric)
		if err != nil {
			return "", err
		}
		return table.Range(slices.Min(v), slices.Max(v), 1).String(), nil
	})
}

// share is how many subjects have 100 in what is 100 or 0.
func (p *page) share(n int, arm, metric string) (string, error) {
	return p.inline(n, func(c *chapter) (string, error) {
		v, err := c.values(arm, "", metric)
		if err != nil {
			return "", err
		}
		k := 0
		for _, x := range v {
			if x != 0 && x != 100 {
				return "", fmt.Errorf("%s of %s is no count of subjects: %v", metric, arm, x)
			}
			if x == 100 {
				k++
			}
		}
		return fmt.Sprintf("%d of %d", k, len(v)), nil
	})
}

// difference is a metric of one arm less that of another, within subjects.
func (p *page) difference(n int, arm, against, metric string) (string, error) {
	return p.contrast(n, protocols.Contrast{Arm: arm, Against: against, Metric: metric})
}

// change is a metric of an arm less another of it, within subjects.
func (p *page) change(n int, arm, metric, before string) (string, error) {
	return p.contrast(n, protocols.Contrast{Arm: arm, Against: arm, Metric: metric, AgainstMetric: before})
}

// contrast is a difference that no claim asks for: with an interval, and without a
// verdict.
func (p *page) contrast(n int, x protocols.Contrast) (string, error) {
	return p.each(n, func(c *chapter) (string, error) {
		d := c.Result.Paired(x)
		if d.N == 0 {
			return "", fmt.Errorf("chapter %d has no subject with both sides of %+v", n, x)
		}
		return "(" + differs(d.Mean, d.Low, d.High, d.Level, d.N) + ")", nil
	})
}

// differs writes a difference with its interval, which there is from two subjects
// on.
func differs(mean, low, high, level float64, n int) string {
	text := table.Difference(mean, 2).String()
	if !math.IsNaN(low) {
		text += fmt.Sprintf(", %.3g %%: %s", 100*level, table.Range(low, high, 2))
	}
	return text + ", " + ofN(n)
}

// claim is the verdict on a claim, with the difference that it rests on.
func (p *page) claim(id string) (string, error) {
	n, err := chapterOf(id)
	if err != nil {
		return "", err
	}
	text, err := p.each(n, func(c *chapter) (string, error) {
		i := slices.IndexFunc(c.Claims, func(j protocols.Judged) bool { return j.ID == id })
		switch {
		case i < 0:
			return "", fmt.Errorf("there is no claim %q", id)
		case c.Claims[i].Needs != "":
			return "", fmt.Errorf("no arm decides claim %s", id)
		}
		return judged(c.Claims[i]), nil
	})
	return text + " [" + id + "]", err
}

// curveList says of each claim that was asked under other choices what it came to;
// "" where none is recorded.
func (p *page) curveList() string {
	var b strings.Builder
	for _, r := range p.curves {
		c := r.curve
		fmt.Fprintf(&b, "- %s: %s of %d; median difference %s", strings.TrimLeft(c.Claim.Words, ". "), c.Tally(), len(c.Estimates), table.Difference(c.Median, 2))
		if !math.IsNaN(c.PMedian) {
			fmt.Fprintf(&b, ", p %s", probability(c.PMedian))
		}
		if w := c.Weakest(); w != nil {
			fmt.Fprintf(&b, "; least often with %s = %s, in %d of %d, where the two sides come to %.1f and %.1f", w.Parameter, w.Value, w.Supported, w.Of, w.Arm, w.Against)
		}
		fmt.Fprintf(&b, " (subjects %s) [%s].\n", protocols.Seeds(r.Protocol.Cohort()), c.Claim.ID)
	}
	return b.String()
}

// verdicts counts what a chapter's claims come to, and lists those that are
// decided.
func (p *page) verdicts(n int) (string, error) {
	return p.each(n, func(c *chapter) (string, error) {
		text := protocols.TallyClaims(c.Claims)
		for _, v := range []protocols.Verdict{protocols.Supported, protocols.Equivalent, protocols.Opposite} {
			var ids []string
			for _, j := range c.Claims {
				if j.Verdict == v && j.Repeats == "" {
					ids = append(ids, j.ID)
				}
			}
			if ids != nil {
				text += "; **" + string(v) + "**: " + strings.Join(ids, ", ")
			}
		}
		return text, nil
	})
}

// allVerdicts counts those of all chapters.
func (p *page) allVerdicts() string {
	tally := func(c chapters) string {
		var all []protocols.Judged
		for _, n := range protocols.Chapters() {
			if c[n] != nil {
				all = append(all, c[n].Claims...)
			}
		}
		return protocols.TallyClaims(all)
	}
	if p.planned == nil {
		return tally(p.shown)
	}
	return tally(p.shown) + "; plan: " + tally(p.planned)
}

// judged writes what a claim comes to.
func judged(j protocols.Judged) string {
	verdict := "**" + string(j.Verdict) + "** "
	switch {
	case j.N == 0:
		return verdict + "(no subject has both sides)"
	case j.Low == nil:
		return verdict + "(" + differs(*j.Difference, math.NaN(), math.NaN(), 0, j.N) + ")"
	}
	return verdict + "(" + differs(*j.Difference, *j.Low, *j.High, *j.Level, j.N) + ", p " + probability(*j.Holm) + ")"
}

func probability(p float64) string {
	if p < 0.001 {
		return "< 0.001"
	}
	return fmt.Sprintf("%.3f", p)
}

// chapterOf is the chapter that a claim's ID begins with.
func chapterOf(id string) (int, error) {
	chapter, _, _ := strings.Cut(id, ".")
	return protocols.ParseChapter(chapter)
}

package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"github.com/network-fragility/fragility/protocols"
)

//go:embed reproduction.md.tmpl
var source string

// A page is what the template is filled from. Where the plan's subjects are
// there, what is said of the subjects shown is said of them as well.
type page struct {
	shown   chapters // those of the notebooks; they explore
	planned chapters // those of the analysis plan, which confirm; nil before they are whole
	curves  []robustClaim
}

// text fills the template. A name that a chapter does not have is an error.
func (p *page) text() ([]byte, error) {
	t := template.New("page")
	_, err := t.Funcs(template.FuncMap{
		// of the whole page
		"plan":       protocols.PlanDigest,
		"planned":    func() bool { return p.planned != nil },
		"processors": p.processors,
		"compared":   func() string { return tallies(p.shown, protocols.Chapters()) },
		"counts":     func() string { return tallies(p.planned, slices.Sorted(maps.Keys(p.planned))) },
		"all":        p.allVerdicts,
		// of a chapter
		"chapter":  func(n int) (string, error) { return p.section(t, n) },
		"recorded": p.has,
		"curves":   p.curveList,
		// of what a chapter says
		"claim":      p.claim,
		"difference": p.difference,
		"change":     p.change,
		"mean":       p.mean,
		"under":      p.under,
		"between":    p.between,
		"share":      p.share,
		// of what the book prints
		"book":     p.book,
		"notebook": p.notebook,
		"beside":   p.beside,
		"spread":   p.spread,
		"table":    p.table,
	}).Parse(source)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, nil); err != nil {
		return nil, err
	}
	return emptyLines.ReplaceAll(b.Bytes(), []byte("\n\n")), nil
}

// emptyLines are more than one, as the template leaves them.
var emptyLines = regexp.MustCompile(`\n{3,}`)

// section is a chapter's: what it is, where the template says that; who the subjects are, what the template says of them,
// and which figures of the book they do not match.
func (p *page) section(t *template.Template, n int) (string, error) {
	c, err := protocols.Configure(n, nil)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "## Chapter %d: %s\n\n", n, c.Title())
	if about := t.Lookup(fmt.Sprintf("about chapter %d", n)); about != nil {
		if err := about.Execute(&b, nil); err != nil {
			return "", err
		}
	}
	if !p.has(n) {
		b.WriteString("*Not recorded yet:* the record has fewer than two of the subjects that this chapter is to show.\n\n")
		return b.String(), nil
	}
	subjects, err := p.subjects(n)
	if err != nil {
		return "", err
	}
	verdicts, err := p.verdicts(n)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&b, "Subjects %s. %s.\n", subjects, verdicts)
	if err := t.ExecuteTemplate(&b, fmt.Sprintf("chapter %d", n), nil); err != nil {
		return "", err
	}
	misses, err := p.misses(n)
	fmt.Fprintf(&b, "- **Figures of the book:** %s.\n\n", misses)
	return b.String(), err
}

// has reports whether a chapter has subjects to show.
func (p *page) has(n int) bool { return p.shown[n] != nil }

// each puts together what is said of a chapter's subjects, and of the plan's.
func (p *page) each(n int, say func(*chapter) (string, error)) (string, error) {
	shown, planned, err := p.both(n, say)
	if planned != "" {
		shown += "; plan: " + planned
	}
	return shown, err
}

// inline is each for a value in the midst of a sentence.
func (p *page) inline(n int, say func(*chapter) (string, error)) (string, error) {
	shown, planned, err := p.both(n, say)
	if planned != "" {
		shown += " (plan: " + planned + ")"
	}
	return shown, err
}

// both is what is said of a chapter's subjects and of the plan's, "" where these
// are not there.
func (p *page) both(n int, say func(*chapter) (string, error)) (shown, planned string, err error) {
	if !p.has(n) {
		return "", "", fmt.Errorf("chapter %d is not recorded; the template asks that with {{if recorded %d}}", n, n)
	}
	if shown, err = say(p.shown[n]); err == nil && p.planned[n] != nil {
		planned, err = say(p.planned[n])
	}
	return shown, planned, err
}

// values are a metric of an arm; it is an error where there are none.
func (c *chapter) values(arm, condition, metric string) ([]float64, error) {
	v := c.Result.Values(arm, condition, metric)
	if v == nil {
		return nil, fmt.Errorf("chapter %d has no %q of arm %q under %q", c.Protocol.Chapter(), metric, arm, condition)
	}
	return v, nil
}

// subjects names those of a chapter.
func (p *page) subjects(n int) (string, error) {
	return p.each(n, func(c *chapter) (string, error) {
		return protocols.Seeds(c.Protocol.Cohort()).String() + " (" + ofN(len(c.Protocol.Cohort())) + ")", nil
	})
}

func ofN(n int) string { return "n = " + strconv.Itoa(n) }

// processors says where the subjects were computed; "" where there are none.
func (p *page) processors() string {
	var platforms []protocols.Recorded
	computed := map[protocols.Platform]protocols.Seeds{} // a list of numbers is written alike
	for _, c := range []chapters{p.shown, p.planned} {
		for _, n := range protocols.Chapters() {
			if c[n] == nil {
				continue
			}
			for _, r := range c[n].Recorded {
				if computed[r.Platform] == nil {
					platforms = append(platforms, r)
				}
				if !slices.Contains(computed[r.Platform], n) {
					computed[r.Platform] = append(computed[r.Platform], n)
				}
			}
		}
	}
	var parts []string
	for _, r := range platforms {
		which := "chapters"
		if len(computed[r.Platform]) == 1 {
			which = "chapter"
		}
		parts = append(parts, fmt.Sprintf("%s (%s, %s, XLA plugin %.12s, paths %s; %s %s)",
			r.Processor, r.Platform.Precision, r.Platform.Backend, r.Platform.Plugin, r.Platform.Path, which, computed[r.Platform]))
	}
	return strings.Join(parts, "; ")
}

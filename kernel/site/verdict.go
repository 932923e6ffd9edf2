package site

import (
	"html/template"
	"math"
	"strings"

	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/kernel/cohort"
	"github.com/network-fragility/fragility/protocols"
)

// verdictOrder is that in which verdicts are counted.
var verdictOrder = []protocols.Verdict{protocols.Supported, protocols.Equivalent, protocols.Opposite, protocols.Undecided}

// A count says how many claims have a verdict.
type count struct {
	Verdict protocols.Verdict
	N       int
}

// A said is a claim with its verdict, as a page has it.
type said struct {
	Before, Words string // of the claim that it goes on from, and its own
	Verdict       protocols.Verdict
	Number        string
}

// A summary is what a chapter comes to.
type summary struct {
	Subjects string
	Standing string
	Counts   []count
	Claims   int
	Decided  []said
	Open     []said        // undecided
	Plain    template.HTML // what the chapter's notebook says of it, in plain words
	Still    int           // subjects whose networks would let the page's dials answer; 0 where it has them, or can have none
}

// counted counts what claims come to; those that repeat one count where it is said first.
func counted(list []protocols.Judged) (counts []count, claims int) {
	for _, v := range verdictOrder {
		n := 0
		for _, j := range list {
			if j.Verdict == v && j.Repeats == "" {
				n++
			}
		}
		counts = append(counts, count{v, n})
		claims += n
	}
	return counts, claims
}

// summarise says what the subjects of a chapter come to.
func summarise(c *cohort.Chapter) summary {
	s := summary{Subjects: protocols.Seeds(c.Protocol.Cohort()).String()}
	s.Counts, s.Claims = counted(c.Claims)
	for i, x := range inOrder(c.Claims) {
		j := c.Claims[i]
		switch s.Standing = string(j.Standing); {
		case j.Repeats != "":
		case j.Verdict == protocols.Undecided:
			s.Open = append(s.Open, x)
		default:
			s.Decided = append(s.Decided, x)
		}
	}
	return s
}

// inOrder says claims one after the other; one that goes on from another has that one's
// words before it, and the one between where it goes on from that ("which").
func inOrder(claims []protocols.Judged) []said {
	list := make([]said, len(claims))
	head, before := "", ""
	for i, j := range claims {
		list[i] = say(j)
		rest, goesOn := strings.CutPrefix(j.Claim, "... ")
		if !goesOn {
			head, before = words.Tie(j.Claim), words.Tie(j.Claim)
			continue
		}
		list[i].Before, list[i].Words = head, words.Tie(rest)
		if strings.HasPrefix(rest, "which ") {
			list[i].Before = before
		}
		before = head + " … " + words.Tie(rest)
	}
	return list
}

// say is a claim by itself.
func say(j protocols.Judged) said {
	x := said{Words: words.Tie(j.Claim), Verdict: j.Verdict}
	switch {
	case j.Difference == nil:
	case j.Low == nil:
		x.Number = table.Difference(*j.Difference, 2).String()
	default:
		x.Number = difference(*j.Difference, *j.Low, *j.High)
	}
	return x
}

// difference is one with its interval.
func difference(mean, low, high float64) string {
	if math.IsNaN(low) {
		return table.Difference(mean, 1).String()
	}
	places := table.Apart(low, high, 1)
	within := strings.ReplaceAll(table.Range(low, high, places).String(), " ", words.NBSP) // on one line
	return table.Difference(mean, places).String() + " (" + within + ")"
}

var summaryBlock = template.Must(template.New("summary").Parse(`<section class="prose site-short">
<h2 id="In-short">In short</h2>
{{if .Claims}}<p>Of {{.Claims}} claims of the chapter: {{range $i, $c := .Counts}}{{if $i}}, {{end}}<strong class="site-{{.Verdict}}">{{.N}} {{.Verdict}}</strong>{{end}}; in the subjects {{.Subjects}}, {{.Standing}}.</p>
{{else}}<p>This chapter's verdicts wait for their subjects: the record has fewer than two whole ones. Here stands what the notebook shows{{with .Subjects}}, of the subjects {{.}}{{end}}.</p>
{{end}}{{.Plain}}
{{with .Decided}}<details><summary>The {{len .}} that are decided, one by one</summary>
{{template "claims" .}}
<p class="site-quiet">Behind each stands the mean difference, and in brackets its <em>interval</em>; in points of percent where accuracies or shares are compared.</p></details>
{{end}}{{with .Open}}<details><summary>{{len .}} that these subjects do not decide</summary>
{{template "claims" .}}</details>
{{end}}{{with .Still}}<p class="site-still">The dials of this chapter stand still on this page, because its trained networks were not at hand where the site was made; <code>fragility notebook site --live-subjects {{.}}</code> trains them, and the dials answer.</p>
{{end}}</section>` + claimsList))

// claimsList is the template of a list of claims.
const claimsList = `{{define "claims"}}<ul class="site-claims">
{{range .}}<li><span class="site-tag site-{{.Verdict}}">{{.Verdict}}</span><span>{{with .Before}}<span class="site-quiet">{{.}} …</span> {{end}}{{.Words}}{{with .Number}} <span class="site-number">{{.}}</span>{{end}}</span></li>
{{end}}</ul>{{end}}`

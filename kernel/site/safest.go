package site

import (
	"fmt"
	"html/template"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/kernel/cohort"
	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/stats"
)

// A risk is a question that treatments are compared by, and where it is answered.
type risk struct {
	Name    string
	Asks    string // what is measured, in plain words
	Chapter int
	Place   string // the heading in the chapter's notebook
	metric  func() string
	less    bool // less is safer
}

var risks = []risk{
	{Name: "Relapse", Asks: "how many of the cycles of a repeated, weakening trigger bring an episode", Chapter: 8, Place: "Kindling",
		metric: func() string { return "total_relapses" }, less: true},
	{Name: "Switch", Asks: "accuracy (%) on the drug under biased noise, which stands for a push into mania", Chapter: 5, Place: "Biased noise and gain",
		metric: func() string { return "biased" }},
	{Name: "Withdrawal", Asks: "accuracy (%) under the same noise once the drug is taken away, with no stabiliser left in any arm", Chapter: 7, Place: "All arms at the same level",
		metric: func() string { return protocols.LevelMetric(0) }},
	{Name: "Noise", Asks: "accuracy (%) under the strongest internal noise", Chapter: 5, Place: "The treatments under noise",
		metric: func() string { return chapterOf(5).(*protocols.Ch05).Hardest().Name }},
}

// Link leads to where a risk is measured.
func (r risk) Link() string {
	return chapterFile(r.Chapter) + "#" + strings.ReplaceAll(r.Place, " ", "-")
}

// Better says which way safety lies.
func (r risk) Better() string {
	if r.less {
		return "less is safer"
	}
	return "more is safer"
}

// treatments are the book's three, in its order.
var treatments = []string{protocols.ArmKetamine, protocols.ArmSSRI, protocols.ArmNeurosteroid}

// beside are the arms that stand beside them: before any treatment, without any illness,
// and what the ketamine-like treatment is without its regrowth.
var beside = []string{protocols.ArmFull, protocols.ArmUntreated, protocols.ArmTunedOnly, protocols.ArmTunedWithGain}

// A cell is an arm's figure of a risk.
type cell struct {
	Value, Interval string
	Link, Label     string
	Best            bool // the safest of the treatments
	Even            bool // not told apart from it
}

// A row is an arm by risks; a cell without a value was not measured.
type row struct {
	Words string
	Cells []cell // of the risks
}

// A comparison of treatments is the whole page.
type comparison struct {
	Risks      []risk
	Treatments []row
	Beside     []row
	Regrowth   []cell // what it adds to the same training
	Answers    []string
	Claims     [][]said // of each risk
	Subjects   string
}

// compare sets the treatments beside each other; ok is false where the record lacks a
// chapter of theirs.
func (b *book) compare() (c comparison, ok bool) {
	c.Risks = risks
	words := map[string]string{}
	best := map[string][]string{} // the risks that a treatment comes out best in
	for _, r := range risks {
		from := b.verdicts[r.Chapter]
		if from == nil {
			return c, false
		}
		for _, l := range from.Protocol.Tables() {
			for _, arm := range l.Arms {
				if words[arm.Name] == "" {
					words[arm.Name] = arm.Words
				}
			}
		}
		c.Subjects = protocols.Seeds(from.Protocol.Cohort()).String()
		c.Claims = append(c.Claims, claimsOf(from, r))
	}
	rowOf := func(arm string) row {
		line := row{Words: words[arm]}
		for _, r := range risks {
			line.Cells = append(line.Cells, measured(b.verdicts[r.Chapter].Result, r, arm, words[arm]))
		}
		return line
	}
	for _, arm := range treatments {
		c.Treatments = append(c.Treatments, rowOf(arm))
	}
	for _, arm := range beside {
		c.Beside = append(c.Beside, rowOf(arm))
	}
	told, without, adds := 0, 0, 0
	for i, r := range risks {
		result := b.verdicts[r.Chapter].Result
		leader, even := ranked(result, r, treatments)
		c.Treatments[leader].Cells[i].Best = true
		for _, k := range even {
			c.Treatments[k].Cells[i].Even = true
		}
		if even == nil {
			told++
		}
		best[words[treatments[leader]]] = append(best[words[treatments[leader]]], strings.ToLower(r.Name))
		if first, even := ranked(result, r, trained); first == 0 && even == nil {
			without++
		}
		d := result.Paired(protocols.Contrast{Arm: protocols.ArmKetamine, Against: protocols.ArmTunedWithGain, Metric: r.metric()})
		if d.P < 0.05 && r.less == (d.Mean < 0) {
			adds++
		}
		c.Regrowth = append(c.Regrowth, cell{Value: table.Difference(d.Mean, 1).String(), Interval: interval(d.Low, d.High), Link: r.Link(), Label: r.Name + ": what regrowth adds"})
	}
	c.Answers = append(answers(best, told), fmt.Sprintf("Regrowth is not all of it: the ketamine-like training alone, at the same gain, is safer than both other treatments by %s of the measures; regrowth adds to it by %s.", number(without), number(adds)))
	return c, true
}

// trained are the training of the ketamine-like treatment alone, and the treatments that
// it is held against.
var trained = []string{protocols.ArmTunedWithGain, protocols.ArmSSRI, protocols.ArmNeurosteroid}

// number is a small one in words.
func number(n int) string {
	if words := []string{"none", "one", "two", "three", "four"}; n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}

// measured is an arm's mean with the interval of 95 %.
func measured(result *protocols.Result, r risk, arm, words string) cell {
	v := result.Values(arm, "", r.metric())
	if len(v) == 0 {
		return cell{}
	}
	low, high := stats.NewSample(v, arm+"\x00"+r.metric()).Interval(0.95)
	// No accuracy is above 100 and no count below 0, whatever a mean's interval reaches.
	low = max(low, 0)
	if !r.less {
		high = min(high, 100)
	}
	return cell{Value: table.Number(stat.Mean(v, nil), 1).String(), Interval: interval(low, high), Link: r.Link(), Label: r.Name + ", " + words}
}

func interval(low, high float64) string {
	if math.IsNaN(low) {
		return ""
	}
	return table.Range(low, high, 1).String()
}

// ranked is which of some arms is safest by a risk, and those that the subjects do not
// tell apart from it (Holm over the risk's comparisons).
func ranked(result *protocols.Result, r risk, arms []string) (leader int, even []int) {
	mean := func(k int) float64 {
		m := stat.Mean(result.Values(arms[k], "", r.metric()), nil)
		if r.less {
			return -m
		}
		return m
	}
	for k := range arms {
		if mean(k) > mean(leader) {
			leader = k
		}
	}
	var asked []protocols.Contrast
	var others []int
	for k, arm := range arms {
		if k != leader {
			asked = append(asked, protocols.Contrast{Arm: arms[leader], Against: arm, Metric: r.metric()})
			others = append(others, k)
		}
	}
	for i, d := range result.PairedAll(asked) {
		if !(d.Holm < 0.05) {
			even = append(even, others[i])
		}
	}
	return leader, even
}

// answers are the page's answer in a few sentences.
func answers(best map[string][]string, told int) []string {
	var list []string
	if len(best) == 1 {
		for arm := range best {
			list = append(list, fmt.Sprintf("By all %s measures the %s treatment comes out safest.", number(len(risks)), arm))
		}
	} else {
		var parts []string
		for _, arm := range slices.Sorted(maps.Keys(best)) {
			parts = append(parts, fmt.Sprintf("the %s treatment by %s", arm, strings.Join(best[arm], " and ")))
		}
		list = append(list, "No treatment is the safest by every measure: "+strings.Join(parts, ", ")+".")
	}
	if told == len(risks) {
		return append(list, "By each of them the subjects tell the safest apart from both others.")
	}
	return append(list, fmt.Sprintf("By %s of the %s the subjects tell the safest apart from both others.", number(told), number(len(risks))))
}

// claimsOf are the book's comparisons of treatments by a risk, each said once.
func claimsOf(from *cohort.Chapter, r risk) (list []said) {
	compared := slices.Concat(treatments, []string{protocols.ArmUntreated, protocols.ArmTunedWithGain})
	for i, x := range inOrder(from.Claims) {
		j := from.Claims[i]
		if j.Metric == r.metric() && j.AgainstMetric == j.Metric && slices.Contains(compared, j.Arm) && slices.Contains(compared, j.Against) {
			list = append(list, x)
		}
	}
	return list
}

var safestPage = template.Must(template.New("safest").Parse(`<section class="prose"><h1 id="safest">Which treatment is safest?</h1>
{{range .Answers}}<p class="site-answer">{{.}}</p>
{{end}}<p>The risks are measured in simulated networks (the subjects {{.Subjects}}), and stand for illness and treatment only as far as the book's analogy goes.</p>
</section>
<section class="step"><div class="html"><table class="site-safest"><caption>Treatments by risks: mean over subjects, below it the interval of 95 %</caption>
<thead><tr><td></td>{{range .Risks}}<th scope="col">{{.Name}}<small>{{.Asks}}; {{.Better}}</small></th>{{end}}</tr></thead>
<tbody>{{range .Treatments}}<tr><th scope="row">{{.Words}}</th>{{range .Cells}}{{template "cell" .}}{{end}}</tr>
{{end}}</tbody>
<tbody><tr><th class="site-part" colspan="5" scope="rowgroup">for comparison</th></tr>
{{range .Beside}}<tr><th scope="row">{{.Words}}</th>{{range .Cells}}{{template "cell" .}}{{end}}</tr>
{{end}}<tr><th scope="row">ketamine-like less the same training and gain without regrowth</th>{{range .Regrowth}}{{template "cell" .}}{{end}}</tr>
</tbody></table></div></section>
<section class="prose">
<p class="site-quiet">Each number leads to the place in its chapter where it is measured. <em>Safest</em> stands at the best of the three treatments in a column, and <em>as safe</em> at those that
the subjects do not tell apart from it within subjects, at 5 %, adjusted for the comparisons of the column. A dash: the chapter does not measure it.</p>
<h2 id="What-the-book-says">What the book says, and what comes of it</h2>
{{range $i, $r := .Risks}}<h3 id="{{$r.Name}}">{{$r.Name}}</h3>
<p>Measured as {{$r.Asks}}: <a href="{{$r.Link}}">chapter {{$r.Chapter}}, {{$r.Place}}</a>.</p>
{{with index $.Claims $i}}{{template "claims" .}}{{else}}<p>The book compares the treatments by this measure in no sentence of its own.</p>{{end}}
{{end}}</section>
{{define "cell"}}<td>{{if .Value}}<a href="{{.Link}}" aria-label="{{.Label}}: {{.Value}}{{with .Interval}}, {{.}}{{end}}">{{.Value}}</a>{{with .Interval}}<small>{{.}}</small>{{end}}{{if .Best}}<span class="site-tag site-supported">safest</span>{{else if .Even}}<span class="site-tag">as safe</span>{{end}}{{else}}–{{end}}</td>{{end}}` + claimsList))

package protocols

import (
	"math"
	"regexp"
	"strconv"

	"github.com/network-fragility/fragility/protocols/stats"
)

// Claim is something that a chapter says, and the contrast that decides it. The
// registry of all of them are the methods Claims of the chapters.
type Claim struct {
	ID       string    // the chapter and a number, "5.2"; it stays what it is when claims come and go
	Where    string    // section of the book, with its page
	Words    string    // what it says, in our words
	Says     Direction // of Arm less Against
	Contrast           // none where no arm decides it
	Margin   float64   // differences up to it do not matter, in the unit of the metric
	Reason   string    // why that is the smallest that does
	Control  string    // what stands beside it, as the arm that takes the mechanism out
	Family   Family    // that its p value is adjusted in, within the chapter
	Repeats  string    // ID of the claim that says the same of the same subjects
	Needs    string    // what would decide it, where no arm does
}

// Direction is what a claim says of Arm less Against.
type Direction string

const (
	Higher  Direction = "higher"
	Lower   Direction = "lower"
	Same    Direction = "same"
	Changes Direction = "changes" // in whichever direction
)

// Family is a set of claims of a chapter whose p values are adjusted together.
type Family string

const (
	Outcomes   Family = "outcomes"   // what the treatments come to: the chapter's results
	Mechanisms Family = "mechanisms" // why: the book's explanations, each against the arm without it
	Repeated   Family = "repeated"   // said before, of the same subjects: not counted again
)

// Verdicts on a claim. The margin counts on both sides: a difference is shown
// where it lies beyond the margin, and none where it lies within.
const (
	Supported  Verdict = "supported"
	Equivalent Verdict = "equivalent" // no difference that matters, where the claim says one
	Opposite   Verdict = "opposite"   // a difference that matters, of the other sign, or where the claim says none
	Undecided  Verdict = "undecided"
)

// Finding is a claim with what it comes to. The p value of the difference is
// that of the verdict, two-sided: the largest with which the mean could yet lie
// in another region than its own; and Holm adjusts it over the family. The
// interval has the level at which Holm's procedure asks for it, so that it lies
// in one region whole where there is a verdict.
type Finding struct {
	Claim      Claim
	Difference PairedDifference
	Verdict    Verdict
}

// Claims are what the chapter claims, none where it lists nothing.
func Claims(p Protocol) []Claim {
	if c, ok := p.(interface{ Claims() []Claim }); ok {
		return c.Claims()
	}
	return nil
}

// Findings holds claims against the result.
func (r *Result) Findings(claims []Claim) []Finding {
	list := make([]Finding, len(claims))
	families := map[Family][]int{}
	for i, c := range claims {
		list[i] = Finding{Claim: c, Difference: r.Paired(c.Contrast), Verdict: Undecided}
		families[c.Family] = append(families[c.Family], i)
	}
	for _, members := range families {
		decide(list, members)
	}
	return list
}

// decide gives the verdicts of one family.
func decide(list []Finding, members []int) {
	p := make([]float64, len(members))
	where := make([]region, len(members))
	for k, i := range members {
		where[k], p[k] = list[i].Difference.region(list[i].Claim.Margin)
	}
	levels := stats.HolmLevels(p, level)
	for k, adjusted := range stats.Holm(p) {
		f := &list[members[k]]
		f.Difference.P, f.Difference.Holm = p[k], adjusted
		if math.IsNaN(p[k]) {
			continue
		}
		f.Difference = f.Difference.at(levels[k])
		if p[k] < levels[k] {
			f.Verdict = f.Claim.Says.verdict(where[k])
		}
	}
}

// Outvoted reports whether the verdict is undecided although the interval lies in one
// region: signs can be flipped in too few ways, or too many resamples have no spread.
func (f Finding) Outvoted() bool {
	d, margin := f.Difference, f.Claim.Margin
	return f.Verdict == Undecided && (d.Low > margin || d.High < -margin || d.Low > -margin && d.High < margin)
}

// region is where a difference lies to the margin.
type region int

const (
	beyondBelow region = iota - 1
	within
	beyondAbove
)

// region is the one that the difference most likely lies in, and the two-sided
// p value that it lies in another: beyond the margin on either side, or within
// it by two one-sided tests (Schuirmann 1987). NaN below two subjects.
func (d PairedDifference) region(margin float64) (region, float64) {
	s := d.sample
	where, p := within, math.Max(s.Above(-margin), s.Below(margin))
	if above := s.Above(margin); above < p {
		where, p = beyondAbove, above
	}
	if below := s.Below(-margin); below < p {
		where, p = beyondBelow, below
	}
	return where, min(1, 2*p)
}

// verdict on a claim of a direction, where the difference is shown to lie in a
// region.
func (says Direction) verdict(where region) Verdict {
	if says == Lower {
		where = -where
	}
	switch {
	case says == Same && where == within, says == Changes && where != within, says != Same && where == beyondAbove:
		return Supported
	case says != Same && where == within:
		return Equivalent
	}
	return Opposite
}

// vs is the contrast of two arms in a metric.
func vs(arm, against, metric string) Contrast {
	return Contrast{Arm: arm, Against: against, Metric: metric}
}

// change is the contrast of two metrics of an arm: metric less before.
func change(arm, metric, before string) Contrast {
	return Contrast{Arm: arm, Against: arm, Metric: metric, AgainstMetric: before}
}

// settled gives claims what is the same for many: the margin of their metric,
// and the family of outcomes, or that of what was said before.
func settled(list []Claim) []Claim {
	for i := range list {
		c := &list[i]
		if c.Reason == "" && c.Arm != "" {
			c.Margin, c.Reason = smallestThatMatters(c.Metric)
		}
		switch {
		case c.Repeats != "":
			c.Family = Repeated
		case c.Family == "":
			c.Family = Outcomes
		}
	}
	return list
}

// margins are the smallest differences that matter, by what is measured. A test
// set has 4,000 points (chapter 1), so an accuracy p has the error sqrt(p (1-p) /
// 4000); arms share the noise, and a difference of less than two such errors is
// one that the next test set may turn about.
var margins = []struct {
	metric *regexp.Regexp
	margin float64
	reason string
}{
	{regexp.MustCompile(`^(jailbreak|weak|strong|medium|repetition|verbosity|sycophancy)|_(jailbreak_.*|repetition|verbosity|sycophancy)$`), 5, "the book's own rule: arms differ beyond 5 points"},
	{regexp.MustCompile(`^slope_`), 0.02, "logits a cycle: over ten cycles, 3 points at a rate of 20 %"},
	{regexp.MustCompile(`relapses$`), 0.5, "half a relapse of six; the book reads 3.9 and 2.9 as an order"},
	{regexp.MustCompile(`(relapsed|relapse|relapsed_from_remission|autonomous|probability|_as_printed|relapse_at_level_.*)$`), 10, "one subject in ten, the book's cohort"},
	{regexp.MustCompile(`scar$`), 0.5, "half a point of all weights; the book reads 4.6 and 3.7 as an order"},
	{regexp.MustCompile(`scar_per_relapse$`), 0.2, "the book's SSRI-like and neurosteroid-like arms differ by 0.23"},
	{regexp.MustCompile(`severity`), 0.1, "a fifteenth of the range that severities are held in"},
	{regexp.MustCompile(`activation_magnitude`), 0.05, "a tenth of the range of the book's arms"},
	{regexp.MustCompile(`(biased|autonomy_accuracy|after|before|biased_deviation)$|^biased_at_level_|^state_`), 2, "two errors of an accuracy of 50 % on 4,000 points are 1.6"},
	{regexp.MustCompile(`^internal_(1_5|2_5)$|^input_2|noise_drop$|fall|collapse`), 1, "two errors of an accuracy of 84 % on 4,000 points are 1.2"},
	{regexp.MustCompile(`^internal_1_0$`), 0.3, "two errors of an accuracy of 99 % on 4,000 points are 0.3; the book reads 0.5 as an order"},
	{regexp.MustCompile(`clean|standard|combined|internal|input|drop|final|post_relapse`), 0.5, "two errors of an accuracy of 97 % on 4,000 points are 0.54"},
}

// smallestThatMatters is the margin of a metric, and why it is that.
func smallestThatMatters(metric string) (float64, string) {
	for _, m := range margins {
		if m.metric.MatchString(metric) {
			return m.margin, m.reason
		}
	}
	return 0, ""
}

// shifted is a number of an ID, counted from first.
func shifted(id string, first int) string {
	n, _ := strconv.Atoi(id)
	return strconv.Itoa(first + n)
}

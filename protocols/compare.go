package protocols

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/network-fragility/fragility/protocols/stats"
)

// Verdict is what a comparison with a published figure, or a claim, comes to.
type Verdict string

// A figure is not comparable where we have no value, where it depends on a
// parameter that is not the book's, and where the author's own outputs contradict
// it. Nothing can be told of a figure that varies from subject to subject with
// fewer than five of them, or where the interval could refute nothing: wider than
// from the untreated to the healthy network, or all that a share can be.
const (
	Matched       Verdict = "matched"
	NotMatched    Verdict = "not matched"
	NotComparable Verdict = "not comparable"
	CannotTell    Verdict = "cannot tell"
)

// fewSubjects is how many subjects tell something of a spread.
const fewSubjects = 5

// Confidence of the prediction interval that a published figure must lie in.
const Confidence = 0.99

// Statistic says what a published figure is of the subjects' values.
type Statistic string

// A figure is the mean unless its name says otherwise.
const (
	Mean    Statistic = "mean"
	Lowest  Statistic = "lowest subject"
	Highest Statistic = "highest subject"
	Count   Statistic = "number of subjects" // that have 100, where the others have 0
	Share   Statistic = "share of subjects"  // the same in percent
)

// Bound says how a sentence of the book bounds a figure; Exactly for most.
type Bound string

const (
	Exactly  Bound = ""
	AtLeast  Bound = "at least"
	MoreThan Bound = "more than"
	AtMost   Bound = "at most"
	About    Bound = "about"
)

// bounds are what the names of bounds end in.
var bounds = []struct {
	suffix string
	bound  Bound
}{
	{"_at_least", AtLeast}, {"_more_than", MoreThan}, {"_low", AtLeast}, {"_high", AtMost}, {"_about", About},
}

// cohortFigures are the published figures that are no mean, and the metric of
// a subject that each is taken from. The relapse rates of cycles are more.
var cohortFigures = map[string]struct {
	metric    string
	statistic Statistic
}{
	"biased_min":     {"biased", Lowest},
	"biased_max":     {"biased", Highest},
	"final_min":      {"final_combined", Lowest},
	"final_max":      {"final_combined", Highest},
	"seeds_relapsed": {"relapsed", Count},
	"autonomy_rate":  {"autonomous", Share},
}

var (
	cycleRate = regexp.MustCompile(`^((?:cycle|withdrawn)_\d+_relapse)_rate$`)
	extremes  = regexp.MustCompile(`^(.*)_(min|max)$`) // of the outputs
	accuracy  = regexp.MustCompile(`(^|_)(clean|standard|combined|biased|accuracy|noise)$|^(input|internal)_|^combined_(at|beyond)_`)
)

// measure says what a published figure is: of which of our metrics, which
// statistic of the subjects, and how it is bounded.
func (f Published) measure() (metric string, statistic Statistic, bound Bound) {
	metric = f.Metric
	if f.Kind != "figure" {
		for _, b := range bounds {
			if name, ok := strings.CutSuffix(metric, b.suffix); ok {
				metric, bound = name, b.bound
				break
			}
		}
	}
	if c, ok := cohortFigures[metric]; ok {
		return c.metric, c.statistic, bound
	}
	if m := cycleRate.FindStringSubmatch(metric); m != nil {
		return m[1], Share, bound
	}
	if m := extremes.FindStringSubmatch(metric); m != nil {
		return m[1], map[string]Statistic{"min": Lowest, "max": Highest}[m[2]], bound
	}
	return metric, Mean, bound
}

// Comparison is a published figure with ours beside it.
type Comparison struct {
	Published
	Measure   string    // our metric
	Statistic Statistic // of it over the subjects
	Bound     Bound
	Ours      float64  // the statistic; NaN where we have none. A count is ours for as many subjects as the book's
	OursSD    float64  // SD over subjects (n - 1), of a mean; else NaN
	OursN     int      // subjects of ours that have the metric
	Low, High float64  // prediction interval, widened by half the printed unit; NaN where there is none
	Exact     bool     // whether the interval is that half unit alone
	Unlike    []string `json:",omitempty"` // parameters that it depends on and that are not the book's
	Test      Test     // that the verdict rests on; "" where there is none
	P         float64  // of it, two-sided; NaN where the figure is exact, an extreme or a bound
	SpreadP   float64  // that our subjects and the author's scatter alike; NaN where no SD is printed
	JointP    float64  // of all means of the arm at once; NaN where there are none with an SD of ours
	Could     Could    // whether a match could have failed; "" where nothing is compared
	Verdict   Verdict
	scale     float64 // from the untreated to the healthy network; 0 where that is not known
}

// Difference is ours less the published figure.
func (c Comparison) Difference() float64 { return c.Ours - c.Published.Mean }

// Compare joins a result with the published figures of its chapter. A mean that
// the book prints with an SD is held against ours by Welch's test at 1 %; any
// other figure against the 99 % prediction interval that our subjects give for
// the same statistic of as many further subjects as the book had. A bound
// matches where the interval reaches the side that the bound allows.
func Compare(r *Result) []Comparison { return compareAll(r, PublishedFigures(r.Chapter)) }

// CompareOutputs does the same with what the author's notebooks have stored.
func CompareOutputs(r *Result) []Comparison { return compareAll(r, StoredFigures(r.Chapter)) }

func compareAll(r *Result, published []Published) []Comparison {
	var list []Comparison
	for _, f := range published {
		list = append(list, compare(r, f, behind(f, published)))
	}
	together(r, list)
	return list
}

// behind is the number of subjects behind a published figure: the mean cycle of
// a relapse is that of the relapsed alone.
func behind(f Published, published []Published) int {
	if f.Metric != "mean_cycle_at_relapse" {
		return f.N
	}
	for _, g := range published {
		if g.Arm == f.Arm && g.Metric == "seeds_relapsed" {
			return int(g.Mean)
		}
	}
	return f.N
}

func compare(r *Result, f Published, further int) Comparison {
	c := Comparison{Published: f, Ours: nan, OursSD: nan, Low: nan, High: nan, P: nan, SpreadP: nan, JointP: nan, Verdict: NotComparable}
	c.Measure, c.Statistic, c.Bound = f.measure()
	ours := r.Values(f.Arm, f.Condition, c.Measure)
	c.OursN = len(ours)
	if p, err := Configure(r.Chapter, r.Settings); err == nil && len(r.Settings) > 0 {
		c.Unlike = Unlike(p, f.Arm, c.Measure)
	}
	if healthy, ill := r.Values(ArmFull, "", c.Measure), r.Values(ArmUntreated, "", c.Measure); healthy != nil && ill != nil {
		c.scale = math.Abs(stat.Mean(healthy, nil) - stat.Mean(ill, nil))
	}
	if len(ours) == 0 {
		return c
	}
	switch c.Statistic {
	case Count, Share:
		c.count(ours, further)
	case Lowest, Highest:
		c.extreme(ours, further)
	default:
		c.mean(ours, further, len(ours) < r.subjects())
		c.spread(ours)
	}
	c.judge()
	c.Could = c.could()
	return c
}

// byDesign are measures that are the same for every subject because the protocol
// says so.
var byDesign = regexp.MustCompile(`(params|weights|gain)$`)

// mean sets ours to the mean of the subjects, and the interval to the one for
// the mean of further subjects; part tells that only some of ours have the
// metric.
//
// What is the same for every subject of ours has no spread to predict from. A
// count, a sparsity or a gain is so by design, and the figure must be ours,
// rounded as printed. Other metrics may just have hit the ceiling, as 100 % in
// every subject where the book has 99.9 +- 0.1, and then the spread is the
// book's: its SD, with the t quantile of its subjects, or, for an accuracy
// without one, the error of a share of its 4,000 test points (chapter 1). What
// only some subjects have is not constant by design.
func (c *Comparison) mean(ours []float64, further int, part bool) {
	c.Ours, c.OursSD = stat.Mean(ours, nil), stats.SD(ours)
	n, m := float64(len(ours)), float64(further)
	switch {
	case len(ours) > 1 && !stats.AllEqual(ours):
		c.scattered(stats.Summarise(ours), further)
		return
	case len(ours) == 1 || part:
		return
	case len(ours) < fewSubjects && !byDesign.MatchString(c.Measure): // alike by chance
		return
	}
	half := 0.0
	scale := math.Sqrt(1/n + 1/m)
	switch {
	case c.SD > 0 && c.N > 1:
		sample := c.SD * math.Sqrt(float64(c.N)/float64(c.N-1))
		half = distuv.StudentsT{Sigma: 1, Nu: float64(c.N - 1)}.Quantile((1+Confidence)/2) * sample * scale
	case accuracy.MatchString(c.Measure):
		half = distuv.UnitNormal.Quantile((1+Confidence)/2) * stats.BinomialError(c.Published.Mean, testPoints) * scale
	}
	c.Low, c.High, c.Exact = c.Ours-half, c.Ours+half, half == 0
	if c.Test = ByDesign; half > 0 {
		c.Test = BookSpread
	}
}

// extreme sets ours to the lowest or highest subject, and the interval to one
// for the extreme of m further subjects. A further subject of a normal
// population is t with n-1 degrees of freedom about our mean, with s sqrt(1+1/n)
// for its scale. All m lie above the bound that one passes with .005/m; and at
// least one lies below the bound F where (1-F)^m = .005. Approximate: the
// values are not normal, which shows in extremes first, and the m share the
// errors of our mean and SD. Accuracies end at 0 and 100.
func (c *Comparison) extreme(ours []float64, m int) {
	c.Ours = floats.Max(ours)
	c.Test = Extreme
	if c.Statistic == Lowest {
		c.Ours = floats.Min(ours)
	}
	n := len(ours)
	if n < 2 {
		return
	}
	mean, sd := stat.MeanStdDev(ours, nil)
	scale := sd * math.Sqrt(1+1/float64(n))
	further := distuv.StudentsT{Sigma: 1, Nu: float64(n - 1)}
	tail := (1 - Confidence) / 2
	outer := scale * further.Quantile(tail/float64(m)) // negative
	inner := scale * further.Quantile(1-math.Pow(tail, 1/float64(m)))
	c.Low, c.High = mean+outer, mean+inner
	if c.Statistic == Highest {
		c.Low, c.High = mean-inner, mean-outer
	}
	c.Low, c.High = max(0, c.Low), min(100, c.High)
}

// count sets ours to the number of subjects that have 100, scaled to as many as
// the book had, and the interval to the beta-binomial one for the number of m
// further subjects; both in percent for a share.
func (c *Comparison) count(ours []float64, m int) {
	k := 0
	for _, v := range ours {
		if v == 100 {
			k++
		}
	}
	low, high := stats.PredictCount(k, len(ours), m, Confidence)
	c.Test = BetaBinomial
	unit := 1.0
	if c.Statistic == Share {
		unit = 100 / float64(m)
	}
	c.Ours = unit * float64(m) * float64(k) / float64(len(ours))
	c.Low, c.High = unit*float64(low), unit*float64(high)
	if c.Bound == Exactly {
		c.P = stats.CountP(int(math.Round(c.Published.Mean/unit)), m, k, len(ours))
	}
}

// OtherModel reports whether a figure is of chapter 9's model, which has 1.1 billion
// weights: ours is another, in a world of its own. Its sparsities, too, come of the
// shapes of its matrices.
func (f Published) OtherModel() bool { return f.Chapter == 9 }

// judge widens the interval by half the printed unit and gives the verdict.
// Without an interval the figure is comparable only where ours says the same.
func (c *Comparison) judge() {
	half := c.Unit / 2
	alone := math.IsNaN(c.Low)
	if alone {
		c.Low, c.High = c.Ours, c.Ours
	}
	c.Low, c.High = c.Low-half, c.High+half
	if c.isShare() {
		c.Low, c.High = max(0, c.Low), min(100, c.High)
	}
	switch {
	case c.Kind == "contradicted", c.OtherModel(), c.Unlike != nil:
	case c.tellsNothing(alone):
		c.Verdict = CannotTell
	case c.agrees():
		c.Verdict = Matched
	case alone:
		c.Verdict = CannotTell
	default:
		c.Verdict = NotMatched
	}
	if alone && c.Verdict != Matched {
		c.Low, c.High = nan, nan
	}
	if c.Verdict == NotComparable {
		c.Test, c.P = "", nan
	}
	if c.Statistic != Count {
		c.Low, c.High = possible(c.Measure, c.Low, c.High)
	}
}

// isShare reports whether a figure is in percent of a whole.
func (c *Comparison) isShare() bool {
	return c.Statistic == Share || c.Statistic != Count && accuracy.MatchString(c.Measure)
}

// tellsNothing reports whether the interval could refute nothing.
func (c *Comparison) tellsNothing(alone bool) bool {
	if c.Exact || alone && !accuracy.MatchString(c.Measure) {
		return false // the same for every subject by design
	}
	switch {
	case c.OursN < fewSubjects:
		return true
	case c.isShare() && c.Low <= 0 && c.High >= 100:
		return true
	}
	return c.scale > 0 && c.Statistic == Mean && c.High-c.Low > c.scale
}

// agrees reports whether the interval holds what the book says.
func (c *Comparison) agrees() bool {
	const hair = 1e-9 // for the float arithmetic of the bounds
	reaches, keeps := c.High+hair >= c.Published.Mean, c.Low-hair <= c.Published.Mean
	switch c.Bound {
	case AtLeast, MoreThan:
		return reaches
	case AtMost:
		return keeps
	}
	return reaches && keeps
}

// subjects is the number of subjects of a result.
func (r *Result) subjects() int {
	seeds := map[string]bool{}
	for _, row := range r.Rows {
		if row.Seed != "all" {
			seeds[row.Seed] = true
		}
	}
	return len(seeds)
}

// Tally counts verdicts in one line: "17 matched, 1 not matched, 0 not
// comparable".
func Tally(list []Comparison) string {
	count := map[Verdict]int{}
	for _, c := range list {
		count[c.Verdict]++
	}
	var parts []string
	for _, v := range []Verdict{Matched, NotMatched, CannotTell, NotComparable} {
		if v == CannotTell && count[v] == 0 {
			continue
		}
		parts = append(parts, fmt.Sprintf("%d %s", count[v], v))
	}
	return strings.Join(parts, ", ")
}

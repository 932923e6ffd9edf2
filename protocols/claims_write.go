package protocols

import (
	"fmt"
	"io"
	"strings"
)

// Judged is a claim of a chapter with what a result comes to, as a line of a
// table; in JSON what is not known is null.
type Judged struct {
	Chapter       int       `json:"chapter"`
	ID            string    `json:"id"`
	Section       string    `json:"section"`
	Claim         string    `json:"claim"`
	Says          Direction `json:"says"`
	Arm           string    `json:"arm"`
	Against       string    `json:"against"`
	Metric        string    `json:"metric"`
	AgainstMetric string    `json:"against_metric"`
	Margin        *float64  `json:"margin"`
	Reason        string    `json:"reason"`
	Family        Family    `json:"family"`
	Repeats       string    `json:"repeats"`
	Control       string    `json:"control"`
	Needs         string    `json:"needs"`
	Difference    *float64  `json:"difference"`
	SD            *float64  `json:"sd"`
	N             int       `json:"n"`
	Low           *float64  `json:"low"`
	High          *float64  `json:"high"`
	Level         *float64  `json:"level"`
	P             *float64  `json:"p"`
	Holm          *float64  `json:"p_adjusted"`
	Middle        *float64  `json:"interquartile_mean"`
	Improvement   *float64  `json:"probability_of_improvement"`
	Verdict       Verdict   `json:"verdict"`
	Standing      Standing  `json:"standing"`
	Plan          string    `json:"plan"`
}

// Judge is the claims of a chapter with what a result of it comes to.
func Judge(p Protocol, r *Result) []Judged {
	standing := r.Standing()
	var list []Judged
	for _, f := range r.Findings(Claims(p)) {
		c, d := f.Claim, f.Difference
		line := Judged{
			Chapter: p.Chapter(), ID: c.ID, Section: c.Where, Claim: c.Words, Says: c.Says, Reason: c.Reason, Family: c.Family,
			Repeats: c.Repeats, Control: c.Control, Needs: c.Needs, Verdict: f.Verdict, Standing: standing, Plan: PlanDigest(),
		}
		if c.Needs == "" {
			line.Arm, line.Against, line.Metric, line.AgainstMetric, line.Margin = c.Arm, c.Against, c.Metric, c.MetricAgainst(), known(c.Margin)
			line.Difference, line.SD, line.N = known(d.Mean), known(d.SD), d.N
			line.P, line.Holm = known(d.P), known(d.Holm)
			line.Middle, line.Improvement = known(d.Middle), known(d.Improvement)
			if line.Low, line.High = known(d.Low), known(d.High); line.Low != nil {
				line.Level = known(d.Level)
			}
		}
		list = append(list, line)
	}
	return list
}

// WriteClaimsCSV writes claims with their head; the columns are those of the
// JSON.
func WriteClaimsCSV(w io.Writer, list []Judged) error { return writeCSV(w, list) }

// WriteClaimsJSON writes claims as a list of objects.
func WriteClaimsJSON(w io.Writer, list []Judged) error { return writeJSON(w, list) }

// TallyClaims counts verdicts in one line; what is repeated counts once, where it
// is said first.
func TallyClaims(list []Judged) string {
	count := map[Verdict]int{}
	claims := 0
	for _, j := range list {
		if j.Repeats == "" {
			claims++
			count[j.Verdict]++
		}
	}
	var parts []string
	for _, v := range []Verdict{Supported, Equivalent, Opposite, Undecided} {
		parts = append(parts, fmt.Sprintf("%d %s", count[v], v))
	}
	return fmt.Sprintf("%d claims: %s; %d more repeat one", claims, strings.Join(parts, ", "), len(list)-claims)
}

package protocols

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// WriteCSV writes the long table with its head. Values have the fewest digits
// that read back as the same number.
func WriteCSV(w io.Writer, rows []Row) error { return writeCSV(w, rows) }

// WriteJSON writes the long table as a list of objects.
func WriteJSON(w io.Writer, rows []Row) error {
	if rows == nil {
		rows = []Row{}
	}
	return writeJSON(w, rows)
}

// WriteComparisonCSV writes comparisons with their head.
func WriteComparisonCSV(w io.Writer, list []Comparison) error { return writeCSV(w, compared(list)) }

// WriteComparisonJSON writes comparisons as a list of objects with the names of
// the CSV's columns; what is not known is null.
func WriteComparisonJSON(w io.Writer, list []Comparison) error { return writeJSON(w, compared(list)) }

// comparedLine is a comparison as a line of a table.
type comparedLine struct {
	Chapter     int      `json:"chapter"`
	Table       string   `json:"table"`
	Arm         string   `json:"arm"`
	Metric      string   `json:"metric"`
	Ours        *float64 `json:"ours"`
	SD          *float64 `json:"sd"`
	N           int      `json:"n"`
	Low         *float64 `json:"low"`
	High        *float64 `json:"high"`
	Published   *float64 `json:"published"`
	PublishedSD *float64 `json:"published_sd"`
	PublishedN  int      `json:"published_n"`
	Verdict     Verdict  `json:"verdict"`
	Source      Source   `json:"source"`
	Condition   string   `json:"condition"`
	Test        Test     `json:"test"`
	P           *float64 `json:"p"`
	SpreadP     *float64 `json:"spread_p"`
	JointP      *float64 `json:"joint_p"`
	Could       Could    `json:"informative"`
}

func compared(list []Comparison) []comparedLine {
	lines := make([]comparedLine, len(list))
	for i, c := range list {
		lines[i] = comparedLine{c.Chapter, c.Table, c.Arm, c.Metric, known(c.Ours), known(c.OursSD), c.OursN,
			known(c.Low), known(c.High), known(c.Mean), known(c.SD), c.N, c.Verdict,
			c.Source, c.Condition, c.Test, known(c.P), known(c.SpreadP), known(c.JointP), c.Could}
	}
	return lines
}

// writeCSV writes a list of structs with the names of their JSON as a head; what is
// not known is empty.
func writeCSV[T any](w io.Writer, list []T) error {
	out := csv.NewWriter(w)
	fields := reflect.VisibleFields(reflect.TypeFor[T]())
	line := make([]string, len(fields))
	for i, f := range fields {
		line[i] = f.Tag.Get("json")
	}
	out.Write(line)
	for _, x := range list {
		v := reflect.ValueOf(x)
		for i := range fields {
			switch x := v.Field(i).Interface().(type) {
			case float64:
				line[i] = number(x)
			case *float64:
				line[i] = ""
				if x != nil {
					line[i] = number(*x)
				}
			default:
				line[i] = fmt.Sprint(x)
			}
		}
		out.Write(line)
	}
	out.Flush()
	return out.Error()
}

func writeJSON(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetIndent("", " ")
	return out.Encode(v)
}

// number is a value as text, empty where there is none.
func number(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// known is nil where there is no value, as JSON has no NaN.
func known(x float64) *float64 {
	if math.IsNaN(x) {
		return nil
	}
	return &x
}

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
	text := fmt.Sprintf("%d claims: %s", claims, strings.Join(parts, ", "))
	if more := len(list) - claims; more > 0 {
		text += fmt.Sprintf("; %d more repeat one", more)
	}
	return text
}

package protocols

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"strconv"
)

// columns of the long table; a Row in JSON has the same names.
var columns = []string{"chapter", "arm", "condition", "metric", "seed", "value"}

// WriteCSV writes the long table with its head. Values have the fewest digits
// that read back as the same number.
func WriteCSV(w io.Writer, rows []Row) error {
	out := csv.NewWriter(w)
	out.Write(columns)
	for _, r := range rows {
		out.Write([]string{strconv.Itoa(r.Chapter), r.Arm, r.Condition, r.Metric, r.Seed, number(r.Value)})
	}
	out.Flush()
	return out.Error()
}

// WriteJSON writes the long table as a list of objects.
func WriteJSON(w io.Writer, rows []Row) error {
	if rows == nil {
		rows = []Row{}
	}
	return writeJSON(w, rows)
}

// WriteComparisonCSV writes comparisons with their head.
func WriteComparisonCSV(w io.Writer, list []Comparison) error {
	out := csv.NewWriter(w)
	out.Write([]string{"chapter", "table", "arm", "metric", "ours", "sd", "n", "low", "high", "published", "published_sd", "published_n", "verdict",
		"source", "condition", "test", "p", "spread_p", "joint_p", "informative"})
	for _, c := range list {
		out.Write([]string{
			strconv.Itoa(c.Chapter), c.Table, c.Arm, c.Metric,
			number(c.Ours), number(c.OursSD), strconv.Itoa(c.OursN), number(c.Low), number(c.High),
			number(c.Mean), number(c.SD), strconv.Itoa(c.N), string(c.Verdict),
			string(c.Source), c.Condition, string(c.Test), number(c.P), number(c.SpreadP), number(c.JointP), string(c.Could),
		})
	}
	out.Flush()
	return out.Error()
}

// WriteComparisonJSON writes comparisons as a list of objects with the names
// of the CSV's columns; what is not known is null.
func WriteComparisonJSON(w io.Writer, list []Comparison) error {
	type line struct {
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
	lines := make([]line, len(list))
	for i, c := range list {
		lines[i] = line{c.Chapter, c.Table, c.Arm, c.Metric, known(c.Ours), known(c.OursSD), c.OursN,
			known(c.Low), known(c.High), known(c.Mean), known(c.SD), c.N, c.Verdict,
			c.Source, c.Condition, c.Test, known(c.P), known(c.SpreadP), known(c.JointP), c.Could}
	}
	return writeJSON(w, lines)
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

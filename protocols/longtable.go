package protocols

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
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

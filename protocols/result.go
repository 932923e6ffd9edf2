package protocols

import (
	"math"
	"slices"
	"strconv"
	"time"
)

// Row is one measured value: a line of the long table.
type Row struct {
	Chapter   int     `json:"chapter"`
	Arm       string  `json:"arm"`
	Condition string  `json:"condition"`
	Metric    string  `json:"metric"`
	Seed      string  `json:"seed"` // a number, or "all" for a figure of the whole cohort
	Value     float64 `json:"value"`
}

// Series is a reading that is a list of numbers, for a plot.
type Series struct {
	Arm    string
	Label  string
	Seed   int
	Values []float64
}

// Result is what a run gives: the long table, the series, and what it cost.
type Result struct {
	Chapter  int
	Settings map[string]string // every parameter, as text
	Altered  []string          // names of those that differ from the book's
	Rows     []Row
	Series   []Series
	Cost     Cost
	// Recorded says which subjects were not computed on this machine's platform:
	// they come from the record, whole.
	Recorded []Recorded `json:",omitempty"`
}

// Recorded are subjects that were computed on one platform, another than that of
// the run.
type Recorded struct {
	Seeds     Seeds
	Platform  Platform
	Processor string // what the processor calls itself
}

// String says it to a reader: "subjects 0-9 recorded on AMD EPYC 9R14".
func (r Recorded) String() string {
	subjects := "subjects"
	if len(r.Seeds) == 1 {
		subjects = "subject"
	}
	return subjects + " " + r.Seeds.String() + " recorded on " + r.Processor
}

// Cost says how much of a run was computed and how much was in the store.
type Cost struct {
	Stages, StagesReused     int
	Readings, ReadingsReused int
	Epochs                   int // trained in this run
	Elapsed                  time.Duration
	Unkept                   bool // results could not be stored: the next run computes them again
}

// Values returns the values of one arm, condition and metric, in the order of
// the rows (the cohort's figures left out).
func (r *Result) Values(arm, condition, metric string) []float64 {
	var v []float64
	for _, row := range r.Rows {
		if row.Arm == arm && row.Condition == condition && row.Metric == metric && row.Seed != "all" {
			v = append(v, row.Value)
		}
	}
	return v
}

// Conditions returns the conditions that an arm was measured under for a
// metric, in the order of the rows.
func (r *Result) Conditions(arm, metric string) []string {
	var c []string
	for _, row := range r.Rows {
		if row.Arm == arm && row.Metric == metric && !slices.Contains(c, row.Condition) {
			c = append(c, row.Condition)
		}
	}
	return c
}

// Trace returns the series of an arm and label for a seed, nil where there is
// none.
func (r *Result) Trace(arm, label string, seed int) []float64 {
	for _, s := range r.Series {
		if s.Arm == arm && s.Label == label && s.Seed == seed {
			return s.Values
		}
	}
	return nil
}

// seedText is how a seed stands in a row.
func seedText(seed int) string { return strconv.Itoa(seed) }

// Rows returns the rows of one reading.
func (r Reading) Rows(chapter, seed int, values []float64) []Row {
	rows := make([]Row, len(r.Names))
	for i, n := range r.Names {
		rows[i] = Row{chapter, n.Arm, n.Condition, n.Metric, seedText(seed), values[i]}
	}
	return rows
}

var nan = math.NaN()

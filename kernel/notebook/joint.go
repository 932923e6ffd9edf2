package notebook

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/network-fragility/fragility/protocols"
)

// joint is the long tables of a sweep's runs in one, with a column for each
// parameter that is swept.
type joint struct {
	names []string
	text  bytes.Buffer
	out   *csv.Writer
	rows  int
	means map[[2]string]map[[2]string]*mean // arm and metric; values of the two parameters
}

// mean is a mean in the making.
type mean struct {
	sum float64
	n   int
}

func newJoint(names []string) *joint {
	t := &joint{names: names, means: map[[2]string]map[[2]string]*mean{}}
	t.out = csv.NewWriter(&t.text)
	t.out.Write(append(slices.Clone(names), "chapter", "arm", "condition", "metric", "seed", "value"))
	return t
}

// add adds a run that was made; one of no chapter has nothing to add.
func (t *joint) add(ctx context.Context, j *job, point []Assignment) error {
	if j.protocol == nil || j.Compute == nil {
		return nil
	}
	record, err := j.Compute(ctx, j.protocol)
	if err != nil {
		return err
	}
	// What was run, as the engine stamped it, not as it was typed.
	settings, _ := protocols.Settings(j.protocol)
	var values []string
	for _, name := range t.names {
		values = append(values, settings[name])
	}
	for _, r := range record.Result.Rows {
		value := ""
		if !math.IsNaN(r.Value) {
			value = strconv.FormatFloat(r.Value, 'g', -1, 64)
		}
		t.out.Write(append(slices.Clone(values), strconv.Itoa(r.Chapter), r.Arm, r.Condition, r.Metric, r.Seed, value))
		t.rows++
		if len(values) == 2 && r.Condition == "" && r.Seed != "all" && !math.IsNaN(r.Value) {
			at, place := [2]string{r.Arm, r.Metric}, [2]string{values[0], values[1]}
			if t.means[at] == nil {
				t.means[at] = map[[2]string]*mean{}
			}
			if t.means[at][place] == nil {
				t.means[at][place] = new(mean)
			}
			t.means[at][place].sum += r.Value
			t.means[at][place].n++
		}
	}
	return nil
}

func (t *joint) bytes() []byte {
	t.out.Flush()
	return t.text.Bytes()
}

// heatMap is the mean of a metric in an arm over two parameters.
type heatMap struct {
	Title, Down, Across string
	Heads               []string
	Rows                []heatRow
}

type heatRow struct {
	Head  string
	Cells []heatCell
}

// heatCell has its colour by its place between the lowest and the highest mean.
type heatCell struct {
	Text  string
	Share int // 0 to 100
}

// mapped are the metrics that a sweep of two parameters shows as heat maps.
var mapped = []string{"combined", "biased", "standard"}

// heatMaps are those of every arm; none where not two parameters are swept.
func (t *joint) heatMaps() []heatMap {
	var list []heatMap
	for _, metric := range mapped {
		for _, at := range slices.SortedFunc(maps.Keys(t.means), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
			if at[1] == metric {
				list = append(list, t.heatMap(at))
			}
		}
	}
	return list
}

func (t *joint) heatMap(at [2]string) heatMap {
	cells := t.means[at]
	var down, across []string
	low, high := math.Inf(1), math.Inf(-1)
	for place, m := range cells {
		if !slices.Contains(down, place[0]) {
			down = append(down, place[0])
		}
		if !slices.Contains(across, place[1]) {
			across = append(across, place[1])
		}
		low, high = min(low, m.sum/float64(m.n)), max(high, m.sum/float64(m.n))
	}
	slices.SortFunc(down, byNumber)
	slices.SortFunc(across, byNumber)
	h := heatMap{Title: fmt.Sprintf("%s, %s", at[0], at[1]), Down: t.names[0], Across: t.names[1], Heads: across}
	for _, d := range down {
		row := heatRow{Head: d}
		for _, a := range across {
			cell := heatCell{Text: "–"}
			if m := cells[[2]string{d, a}]; m != nil {
				x := m.sum / float64(m.n)
				cell.Text = strconv.FormatFloat(x, 'f', 1, 64)
				if high > low {
					cell.Share = int(100 * (x - low) / (high - low))
				}
			}
			row.Cells = append(row.Cells, cell)
		}
		h.Rows = append(h.Rows, row)
	}
	return h
}

// byNumber orders texts by the numbers that they are, where they are some.
func byNumber(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	switch {
	case errX == nil && errY == nil && x < y, (errX != nil || errY != nil) && a < b:
		return -1
	case a == b:
		return 0
	}
	return 1
}

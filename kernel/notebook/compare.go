package notebook

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/figures/table"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
)

// A Pair is two archives beside each other.
type Pair struct {
	A, B     string // their files
	Chapter  int
	Settings []TwoValues  // parameters that differ
	Computed []TwoValues  // what of program, machine and platform differs
	Differ   []Difference // numbers that differ: Archive is A's, Run is B's, NaN where it is missing
	Numbers  int          // of both
	Shared   int          // those that both have
}

// TwoValues are what two archives say under one name.
type TwoValues struct{ Name, A, B string }

// CompareArchives holds the settings, the platform and every number of two archives
// of one chapter beside each other; nothing is computed. What is wrong with a file, and
// two chapters, are a protocols.BadInput.
func CompareArchives(a, b string) (*Pair, error) {
	first, err := readRun(a)
	if err != nil {
		return nil, err
	}
	second, err := readRun(b)
	if err != nil {
		return nil, err
	}
	if x, y := first.parameters.Chapter, second.parameters.Chapter; x != y {
		return nil, badInput("two archives of one chapter are compared, and %s is of chapter %d, %s of chapter %d", a, x, b, y)
	}
	p := &Pair{A: a, B: b, Chapter: first.parameters.Chapter}
	p.Settings = unlike(first.parameters.Parameters, second.parameters.Parameters)
	p.Computed = unlike(first.environment.said(), second.environment.said())
	for _, m := range matched(first.rows, second.rows) {
		p.Numbers++
		if m.inA && m.inB {
			p.Shared++
		}
		if !m.equal() {
			p.Differ = append(p.Differ, m.difference())
		}
	}
	return p, nil
}

// archivedRun is what of an archive is compared.
type archivedRun struct {
	parameters  archivedParameters
	environment archivedEnvironment
	rows        []protocols.Row
}

func readRun(file string) (r archivedRun, err error) {
	files, err := readContents(file)
	if err == nil {
		r.rows, err = files.run(file, &r.parameters, &r.environment)
	}
	return r, err
}

// said is what computed a run, and on what, by name.
func (e archivedEnvironment) said() map[string]string {
	said := map[string]string{
		"program: version": e.Program.Version, "program: commit": e.Program.Commit, "program: executable": e.Program.SHA256, "program: Go": e.Program.Go,
		"machine": e.Machine.String(),
	}
	v := reflect.ValueOf(e.Platform)
	for i := range v.NumField() {
		said["platform: "+v.Type().Field(i).Name] = fmt.Sprint(v.Field(i))
	}
	for _, m := range e.Program.Modules {
		said["module "+m.Path] = m.Version
	}
	for _, r := range e.Recorded {
		said["recorded elsewhere"] = words.Join(said["recorded elsewhere"], r.String()+";")
	}
	return said
}

// unlike lists the names under which two lists have other values.
func unlike(a, b map[string]string) (list []TwoValues) {
	all := maps.Clone(a)
	maps.Copy(all, b)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if a[name] != b[name] {
			list = append(list, TwoValues{name, a[name], b[name]})
		}
	}
	return list
}

// Equal reports whether settings and numbers are the same; what computed them may
// differ.
func (p *Pair) Equal() bool { return len(p.Settings) == 0 && len(p.Differ) == 0 }

// Summary says in a line what came out.
func (p *Pair) Summary() string {
	both, only := 0, 0
	largest, where := 0.0, ""
	for _, d := range p.Differ {
		if math.IsNaN(d.Archive) || math.IsNaN(d.Run) {
			only++
			continue
		}
		both++
		if x := math.Abs(d.Run - d.Archive); x >= largest {
			largest, where = x, d.name()
		}
	}
	text := fmt.Sprintf("chapter %d: %s; ", p.Chapter, counted(len(p.Settings), "setting differs", "settings differ"))
	switch {
	case len(p.Differ) == 0:
		text += fmt.Sprintf("all %d numbers are equal", p.Numbers)
	case both == 0:
		text += fmt.Sprintf("the %d numbers that both have are equal", p.Shared)
	default:
		text += fmt.Sprintf("of %d numbers that both have %d differ, most by %.4g (%s)", p.Shared, both, largest, where)
	}
	if only > 0 {
		text += fmt.Sprintf("; %s in one of them alone", counted(only, "number is", "numbers are"))
	}
	return text
}

func counted(n int, one, many string) string {
	switch n {
	case 0:
		return "no " + one
	case 1:
		return "1 " + one
	}
	return fmt.Sprint(n) + " " + many
}

// name is where a number stands, but for its subject.
func (d Difference) name() string {
	return strings.Join(slices.DeleteFunc([]string{d.Arm, d.Condition, d.Metric}, func(s string) bool { return s == "" }), ", ")
}

// Write writes the two as tables: settings first, then what computed, then every
// number, and a line that sums up.
func (p *Pair) Write(w io.Writer) error {
	for _, t := range []*table.Table{p.values("Settings that differ", p.Settings), p.values("Computed by, and on", p.Computed), p.numbers()} {
		if len(t.Rows) == 0 {
			continue
		}
		text, err := t.Text()
		if err != nil {
			return err
		}
		fmt.Fprintln(w, text)
	}
	_, err := fmt.Fprintln(w, p.Summary())
	return err
}

func (p *Pair) values(title string, list []TwoValues) *table.Table {
	t := &table.Table{Title: title, Columns: []table.Column{{Head: ""}, {Head: p.A}, {Head: p.B}}}
	for _, v := range list {
		t.Rows = append(t.Rows, []table.Cell{table.Words(v.Name), table.Words(cmp.Or(v.A, "–")), table.Words(cmp.Or(v.B, "–"))})
	}
	return t
}

func (p *Pair) numbers() *table.Table {
	t := &table.Table{Title: "Numbers that differ", Columns: []table.Column{{Head: "arm"}, {Head: "condition"}, {Head: "metric"}, {Head: "subject"},
		{Head: p.A, Align: table.Right}, {Head: p.B, Align: table.Right}, {Head: "difference", Align: table.Right}}}
	for _, d := range p.Differ {
		row := []table.Cell{table.Words(d.Arm), table.Words(d.Condition), table.Words(d.Metric), table.Words(d.Seed)}
		for _, x := range []float64{d.Archive, d.Run} {
			row = append(row, table.Words(cmp.Or(words.Exact(x), "–")))
		}
		difference := "–"
		if x := d.Run - d.Archive; !math.IsNaN(x) {
			difference = words.Minus(fmt.Sprintf("%+.4g", x))
		}
		t.Rows = append(t.Rows, append(row, table.Words(difference)))
	}
	return t
}

// WriteCSV writes all that differs in one table: settings, what computed, numbers.
func (p *Pair) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	out.Write([]string{"kind", "name", "arm", "condition", "seed", "a", "b", "difference"})
	for _, v := range p.Settings {
		out.Write([]string{"setting", v.Name, "", "", "", v.A, v.B, ""})
	}
	for _, v := range p.Computed {
		out.Write([]string{"computed", v.Name, "", "", "", v.A, v.B, ""})
	}
	for _, d := range p.Differ {
		out.Write([]string{"number", d.Metric, d.Arm, d.Condition, d.Seed, words.Exact(d.Archive), words.Exact(d.Run), words.Exact(d.Run - d.Archive)})
	}
	out.Flush()
	return out.Error()
}

// match is a number of two long tables.
type match struct {
	row      protocols.Row // without the value
	a, b     float64
	inA, inB bool
}

// matched pairs the rows of two long tables, those of the first in their order, then
// those of the second alone. Rows of one name are told apart by their order.
func matched(a, b []protocols.Row) []match {
	type place struct {
		row protocols.Row
		nth int
	}
	var list []match
	at := map[place]int{}
	for k, rows := range [][]protocols.Row{a, b} {
		seen := map[protocols.Row]int{}
		for _, r := range rows {
			value := r.Value
			r.Value = 0
			here := place{r, seen[r]}
			seen[r]++
			i, ok := at[here]
			if !ok {
				i = len(list)
				at[here] = i
				list = append(list, match{row: r})
			}
			if k == 0 {
				list[i].a, list[i].inA = value, true
			} else {
				list[i].b, list[i].inB = value, true
			}
		}
	}
	return list
}

// equal reports whether both have the number, to the last bit.
func (m match) equal() bool {
	return m.inA && m.inB && (m.a == m.b && math.Signbit(m.a) == math.Signbit(m.b) || math.IsNaN(m.a) && math.IsNaN(m.b))
}

// difference is what two tables have for a number; NaN where it is missing.
func (m match) difference() Difference {
	d := Difference{m.row.Arm, m.row.Condition, m.row.Metric, m.row.Seed, math.NaN(), math.NaN()}
	if m.inA {
		d.Archive = m.a
	}
	if m.inB {
		d.Run = m.b
	}
	return d
}

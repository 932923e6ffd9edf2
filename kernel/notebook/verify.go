package notebook

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/network-fragility/fragility/protocols"
)

// Tolerance is how far two machines' numbers may be apart where nothing else is
// said: a twentieth of the larger one.
const Tolerance = 0.05

// Verification holds an archive's numbers against those of the run that they
// are said to come from.
type Verification struct {
	Chapter   int
	Subjects  int
	Foreign   []string // fields of the platform that differ; with none, numbers must be equal to the last bit
	Tolerance float64  // share of the larger number; counts where a field differs
	Metrics   []VerifiedMetric
	Differ    []Difference
	Numbers   int
	Cost      protocols.Cost
	Checked   int         // files of the archive
	Files     []FileFault // those that are not what the export made
}

// VerifiedMetric counts the numbers of a metric.
type VerifiedMetric struct {
	Metric                         string
	Numbers, Equal, Within, Differ int
	Largest                        float64 // difference
}

// Difference is a number that is not what the run gives; NaN where it is missing
// on a side.
type Difference struct {
	Arm, Condition, Metric, Seed string
	Archive, Run                 float64
}

// Verify runs the chapter of an archive with its parameters and compares every
// number of the long table; it holds every file against its SHA-256, makes tables
// and figures again from the long table, and holds the pages against the notebook.
// What is wrong with the file is a protocols.BadInput.
func Verify(ctx context.Context, file string, tolerance float64, compute Compute) (*Verification, error) {
	if !(tolerance >= 0) || math.IsInf(tolerance, 0) {
		return nil, badInput("--tolerance takes a number from 0, not %v", tolerance)
	}
	files, err := readContents(file)
	if err != nil {
		return nil, err
	}
	var parameters archivedParameters
	var environment archivedEnvironment
	rows, err := files.run(file, &parameters, &environment)
	if err != nil {
		return nil, err
	}
	if err := files.decode(file, crateFile, new(map[string]any)); err != nil {
		return nil, err
	}
	if len(parameters.Parameters) == 0 {
		return nil, badInput("%s in %s does not say what was run", parametersFile, file)
	}
	values, err := own(file, parameters)
	if err != nil {
		return nil, err
	}
	p, err := protocols.Configure(parameters.Chapter, values)
	if err != nil {
		return nil, badInput("%s does not fit this version of the program: %v", file, err)
	}
	record, err := compute(ctx, p)
	if err != nil {
		return nil, err
	}
	v := &Verification{Chapter: p.Chapter(), Subjects: len(p.Cohort()), Tolerance: tolerance, Cost: record.Result.Cost,
		Foreign: foreign(environment.Platform, record.Stamp.Platform), Checked: len(files)}
	v.compare(rows, record.Result.Rows)
	v.Files = crateFaults(files)
	// What the archive itself has as numbers, so that a table is held against them
	// and not against another machine's.
	theirs := *record
	result := *record.Result
	result.Rows = rows
	theirs.Result = &result
	again, err := madeAgain(files, &theirs, p, len(v.Foreign) > 0)
	if err != nil {
		return nil, err
	}
	for _, f := range again {
		if !slices.ContainsFunc(v.Files, func(g FileFault) bool { return g.Name == f.Name }) {
			v.Files = append(v.Files, f)
		}
	}
	return v, nil
}

// run reads an archive's numbers, parameters and environment.
func (a contents) run(file string, parameters *archivedParameters, environment *archivedEnvironment) ([]protocols.Row, error) {
	for name, into := range map[string]any{parametersFile: parameters, environmentFile: environment} {
		if err := a.decode(file, name, into); err != nil {
			return nil, err
		}
	}
	if environment.Platform == (protocols.Platform{}) {
		return nil, badInput("%s in %s does not say on which platform it was computed", environmentFile, file)
	}
	text, ok := a[longTableFile]
	if !ok {
		return nil, badInput("%s is no archive of an export: it has no %s", file, longTableFile)
	}
	rows, err := readLongTable(bytes.NewReader(text))
	if err != nil {
		return nil, badInput("%s in %s does not read: %v", longTableFile, file, err)
	}
	return rows, nil
}

// readLongTable reads what protocols.WriteCSV wrote.
func readLongTable(r io.Reader) ([]protocols.Row, error) {
	lines, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 || !slices.Equal(lines[0], []string{"chapter", "arm", "condition", "metric", "seed", "value"}) {
		return nil, errors.New("its head is another")
	}
	var rows []protocols.Row
	for i, l := range lines[1:] {
		row := protocols.Row{Arm: l[1], Condition: l[2], Metric: l[3], Seed: l[4], Value: math.NaN()}
		if row.Chapter, err = strconv.Atoi(l[0]); err != nil {
			return nil, fmt.Errorf("line %d: %v", i+2, err)
		}
		if l[5] != "" {
			if row.Value, err = strconv.ParseFloat(l[5], 64); err != nil {
				return nil, fmt.Errorf("line %d: %v", i+2, err)
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// foreign names the fields in which two platforms differ.
func foreign(a, b protocols.Platform) []string {
	var list []string
	va, vb := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range va.NumField() {
		if !va.Field(i).Equal(vb.Field(i)) {
			list = append(list, va.Type().Field(i).Name)
		}
	}
	return list
}

// compare holds the rows of an archive against those of a run.
func (v *Verification) compare(archive, run []protocols.Row) {
	counts := map[string]*VerifiedMetric{}
	var metrics []string
	for _, at := range matched(archive, run) {
		m := counts[at.row.Metric]
		if m == nil {
			m = &VerifiedMetric{Metric: at.row.Metric}
			counts[at.row.Metric] = m
			metrics = append(metrics, at.row.Metric)
		}
		both := at.inA && at.inB
		m.Numbers++
		v.Numbers++
		if both && !math.IsNaN(at.a-at.b) {
			m.Largest = max(m.Largest, math.Abs(at.a-at.b))
		}
		switch {
		case at.equal():
			m.Equal++
		case both && len(v.Foreign) > 0 && math.Abs(at.a-at.b) <= v.Tolerance*max(math.Abs(at.a), math.Abs(at.b)):
			m.Within++
		default:
			m.Differ++
			v.Differ = append(v.Differ, at.difference())
		}
	}
	for _, name := range metrics {
		v.Metrics = append(v.Metrics, *counts[name])
	}
}

// listed is how many differences are written one by one.
const listed = 20

// Write says what came out, as a table and in sentences.
func (v *Verification) Write(w io.Writer) error {
	fmt.Fprintf(w, "chapter %d, %d subjects, %d numbers; %d of %d readings came from the store\n",
		v.Chapter, v.Subjects, v.Numbers, v.Cost.ReadingsReused, v.Cost.Readings)
	if len(v.Foreign) == 0 {
		fmt.Fprintln(w, "The platform is the one of the archive: every number has to be equal to the last bit.")
	} else {
		fmt.Fprintf(w, "The platform differs in %s: a number may differ by %s %% of the larger one.\n",
			strings.Join(v.Foreign, ", "), strconv.FormatFloat(100*v.Tolerance, 'g', 6, 64))
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "numbers\tequal\twithin\tdiffer\tlargest difference\t  metric")
	for _, m := range v.Metrics {
		fmt.Fprintf(t, "%d\t%d\t%d\t%d\t%.4g\t  %s\n", m.Numbers, m.Equal, m.Within, m.Differ, m.Largest, m.Metric)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if len(v.Files) == 0 {
		fmt.Fprintf(w, "%d files: each has the SHA-256 that %s tells, and tables, figures and pages are what the long table gives.\n", v.Checked, crateFile)
	}
	for _, f := range v.Files {
		fmt.Fprintf(w, "file: %s\n", f)
	}
	for i, d := range v.Differ {
		if i == listed {
			fmt.Fprintf(w, "and %d more\n", len(v.Differ)-listed)
			break
		}
		fmt.Fprintf(w, "differs: %s, subject %s: %s in the archive, %s in the run\n", d.name(), d.Seed, orMissing(d.Archive), orMissing(d.Run))
	}
	return nil
}

func orMissing(x float64) string {
	if math.IsNaN(x) {
		return "nothing"
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

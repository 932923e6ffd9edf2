package notebook

import (
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed sweep.html
var sweepPage string

// Sweep runs a notebook once for each combination of the parameters that are
// given several times, and exports each run into a folder of its own in o.Dir,
// named by its values. A page index.html links them. It returns the files that
// it wrote, the page last. Everything that can be wrong with any of the runs is
// said before the first.
func Sweep(ctx context.Context, o Options) ([]string, error) {
	names, points, err := combinations(o.Parameters)
	if err != nil {
		return nil, err
	}
	var jobs []*job
	taken := map[string]int{} // names that differ in a blank or a colon have one folder's
	for _, point := range points {
		each := o
		each.Parameters = point
		// An absolute path first, for the files that are given back.
		folder := folderName(o.Notebook, names, point)
		if taken[folder]++; taken[folder] > 1 {
			folder += fmt.Sprintf("_%d", taken[folder])
		}
		if each.Dir, err = filepath.Abs(filepath.Join(o.Dir, folder)); err != nil {
			return nil, err
		}
		j, err := prepare(each)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, j)
	}
	page := sweep{Title: jobs[0].nb.title(o.Notebook), Names: names}
	var files []string
	joint := newJoint(names)
	for i, j := range jobs {
		if o.Out != nil {
			fmt.Fprintf(o.Out, "run %d of %d: %s\n", i+1, len(jobs), inWords(names, points[i]))
		}
		made, err := j.run(ctx)
		files = append(files, made...)
		if err != nil {
			return files, fmt.Errorf("%s: %w", inWords(names, points[i]), err)
		}
		page.add(names, points[i], o.Dir, made)
		if err := joint.add(ctx, j, swept(names, points[i])); err != nil {
			return files, err
		}
	}
	if joint.rows > 0 {
		table, err := filepath.Abs(filepath.Join(o.Dir, longTableFile))
		if err != nil {
			return files, err
		}
		if err := os.WriteFile(table, joint.bytes(), 0o644); err != nil {
			return files, err
		}
		files = append(files, table)
		page.Joint = longTableFile
		page.Maps = joint.heatMaps()
	}
	for _, a := range points[0] {
		if !slices.Contains(names, a.Name) {
			page.Fixed = append(page.Fixed, a)
		}
	}
	index, err := filepath.Abs(filepath.Join(o.Dir, "index.html"))
	if err != nil {
		return files, err
	}
	if err := page.write(index); err != nil {
		return files, err
	}
	return append(files, index), nil
}

// combinations are the settings of a sweep's runs, the last name moving
// fastest, and the names of the parameters that are swept.
func combinations(assignments []Assignment) (names []string, points [][]Assignment, err error) {
	var order []string
	values := map[string][]string{}
	for _, a := range assignments {
		if values[a.Name] == nil {
			order = append(order, a.Name)
		}
		if slices.Contains(values[a.Name], a.Value) {
			return nil, nil, badInput("%s is given the value %s twice", a.Name, a.Value)
		}
		values[a.Name] = append(values[a.Name], a.Value)
	}
	points = [][]Assignment{nil}
	for _, name := range order {
		if len(values[name]) > 1 {
			names = append(names, name)
		}
		var next [][]Assignment
		for _, p := range points {
			for _, v := range values[name] {
				next = append(next, append(slices.Clone(p), Assignment{name, v}))
			}
		}
		points = next
	}
	if names == nil {
		return nil, nil, badInput("a sweep takes a parameter several times, as -p KetamineGain=1 -p KetamineGain=1.4")
	}
	return names, points, nil
}

// swept are the values of the swept parameters at a point.
func swept(names []string, point []Assignment) []Assignment {
	return slices.DeleteFunc(slices.Clone(point), func(a Assignment) bool { return !slices.Contains(names, a.Name) })
}

func inWords(names []string, point []Assignment) string {
	var parts []string
	for _, a := range swept(names, point) {
		parts = append(parts, a.Name+" = "+a.Value)
	}
	return strings.Join(parts, ", ")
}

// folderName is a run's folder, such as ch05_KetamineGain=1.2.
func folderName(notebook string, names []string, point []Assignment) string {
	parts := []string{strings.TrimSuffix(filepath.Base(notebook), ".ipynb")}
	for _, a := range swept(names, point) {
		parts = append(parts, fileName(a.Name+"="+a.Value))
	}
	return strings.Join(parts, "_")
}

// sweep is what the page of a sweep shows.
type sweep struct {
	Title string
	Names []string
	Fixed []Assignment
	Runs  []sweptRun
	Joint string // the file with all runs' long tables in one; "" where there is none
	Maps  []heatMap
}

type sweptRun struct {
	Values []string
	Files  []link
}

type link struct{ Words, To string }

// add adds a run with links to its files, by the path from the page's folder.
func (s *sweep) add(names []string, point []Assignment, dir string, files []string) {
	r := sweptRun{}
	for _, a := range swept(names, point) {
		r.Values = append(r.Values, a.Value)
	}
	dir, _ = filepath.Abs(dir)
	for _, f := range files {
		to, err := filepath.Rel(dir, f)
		// What lies deeper belongs to another file: pictures, LaTeX's tables.
		if err != nil || strings.Count(filepath.ToSlash(to), "/") > 1 {
			continue
		}
		r.Files = append(r.Files, link{strings.TrimPrefix(filepath.Ext(f), "."), escapePath(filepath.ToSlash(to))})
	}
	s.Runs = append(s.Runs, r)
}

func (s *sweep) write(path string) error {
	t, err := template.New("sweep").Parse(sweepPage)
	if err != nil {
		return err
	}
	var b strings.Builder
	if err := t.Execute(&b, s); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}

// title is a notebook's first heading.
func (nb *Notebook) title(otherwise string) string {
	for _, h := range nb.headings() {
		if h != "" {
			return h
		}
	}
	return otherwise
}

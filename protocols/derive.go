package protocols

import "strings"

// subjectRows gives one subject's values in one arm, and takes derived ones:
// what Derive of most chapters works on. Only rows without a condition count.
type subjectRows struct {
	Arm    string
	Seed   string
	values map[string]float64
	rest   *derivation
}

// derivation is the rows of a run by arm and subject.
type derivation struct {
	chapter int
	order   []*subjectRows
	known   map[[2]string]*subjectRows
	rows    []Row // derived
}

// bySubject gathers the rows of a run.
func bySubject(chapter int, rows []Row) *derivation {
	d := &derivation{chapter: chapter, known: map[[2]string]*subjectRows{}}
	for _, r := range rows {
		if r.Condition == "" && r.Seed != "all" {
			d.of(r.Arm, r.Seed).values[r.Metric] = r.Value
		}
	}
	return d
}

// of is the rows of a subject in an arm, new and empty where there are none.
func (d *derivation) of(arm, seed string) *subjectRows {
	k := [2]string{arm, seed}
	if d.known[k] == nil {
		d.known[k] = &subjectRows{arm, seed, map[string]float64{}, d}
		d.order = append(d.order, d.known[k])
	}
	return d.known[k]
}

// each calls f on every subject in every arm that has been measured.
func (d *derivation) each(f func(*subjectRows)) {
	for _, s := range d.order[:len(d.order):len(d.order)] {
		f(s)
	}
}

// value is a measured or derived value; ok tells whether there is one.
func (s *subjectRows) value(metric string) (v float64, ok bool) {
	v, ok = s.values[metric]
	return v, ok
}

// add derives a value.
func (s *subjectRows) add(metric string, v float64) {
	s.values[metric] = v
	s.rest.rows = append(s.rest.rows, Row{s.rest.chapter, s.Arm, "", metric, s.Seed, v})
}

// difference derives a - b where both are there.
func (s *subjectRows) difference(metric, a, b string) {
	x, ok1 := s.value(a)
	y, ok2 := s.value(b)
	if ok1 && ok2 {
		s.add(metric, x-y)
	}
}

// flag derives 100 or 0, so that a mean over subjects is a rate in percent.
func (s *subjectRows) flag(metric string, holds bool) {
	v := 0.0
	if holds {
		v = 100
	}
	s.add(metric, v)
}

// metricNumber writes a level in a metric's name: 1 is "1_0", .5 "0_5".
func metricNumber(x float64) string {
	text := Format(x)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return strings.ReplaceAll(text, ".", "_")
}

// censusRows derives, from the census of an arm, the sparsities over all parameters
// (biases included, as chapters 1 to 3 print it: 94.7 where the weights alone
// give 95.0) and the active parameters.
func censusRows(chapter int, rows []Row) []Row {
	type subject struct{ arm, seed string }
	active, all := map[subject]float64{}, map[subject]float64{}
	var derived []Row
	for _, r := range rows {
		s := subject{r.Arm, r.Seed}
		switch r.Metric {
		case "kept_weights":
			active[s] += r.Value
		case "total_weights":
			all[s] += r.Value
		case "biases": // stands after the layers
			active[s] += r.Value
			all[s] += r.Value
			derived = append(derived,
				Row{chapter, r.Arm, "", "sparsity_all_params", r.Seed, 100 * (1 - active[s]/all[s])},
				Row{chapter, r.Arm, "", "active_params", r.Seed, active[s]})
		}
	}
	return derived
}

// census reads the weights of the network's layers.
func (b Baseline) census(arm string) Reading { return census(arm, len(b.Hidden)+1) }

// census reads the weights of so many layers, by the name of the layer.
func census(arm string, layers int) Reading {
	r := Reading{Probe: Census{}, Arm: arm}
	for l := range layers {
		r.Names = append(r.Names, Name{arm, LayerName(l), "kept_weights"}, Name{arm, LayerName(l), "total_weights"})
	}
	r.Names = append(r.Names, Name{arm, "", "biases"})
	return r
}

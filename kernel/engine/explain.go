package engine

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/kernel/store"
	"github.com/network-fragility/fragility/protocols"
)

// An Explanation says of one place in a protocol, for all subjects to which
// the same applies, whether it is stored, and if not, what made it new.
type Explanation struct {
	Path   []string // labels from the root to the stage
	Arm    string   // empty where several arms share the stage
	Probe  string   // kind of the probe; empty for the stage itself
	What   string   // for a probe: what it measures, by the name of its first value
	Seeds  []int
	Stored bool   // or removed since, and needed by nothing that is new
	Follow bool   // it is new for no other reason than that what it hangs on is
	Why    string // where it is not
}

// String is the explanation in one line.
func (x Explanation) String() string {
	name := x.Path[len(x.Path)-1]
	if x.Probe != "" {
		name += ", " + x.What
	}
	if x.Arm != "" {
		name += " (" + x.Arm + ")"
	}
	state := "stored"
	if !x.Stored {
		state = "new, " + x.Why
	}
	subjects := "subjects"
	if len(x.Seeds) == 1 {
		subjects = "subject"
	}
	return fmt.Sprintf("%s: %s (%d %s)", name, state, len(x.Seeds), subjects)
}

// Explain says of every stage and reading of a protocol whether it is stored,
// and if not, which of the fields that its key is made of differs from the
// nearest stored one. It computes nothing. Stages come in tree order, each
// followed by its readings.
func (e *Engine) Explain(p protocols.Protocol) ([]Explanation, error) {
	platform, err := e.lab.platform()
	if err != nil {
		return nil, err
	}
	pl := newPlan(p, platform)
	pl.lookUp(e.store)
	stored := newIndex(e.store)
	var g grouped
	readings := map[*point][]place{}
	explained := map[*reading]bool{}
	for _, at := range pl.places {
		if !explained[at.reading] {
			explained[at.reading] = true
			readings[at.reading.at] = append(readings[at.reading.at], at)
		}
	}
	has := func(pt *point) bool { return e.store.Has(pt.key) }
	needed := pl.needed(has)
	isNew := map[protocols.Key]bool{}
	for _, pt := range pl.stages {
		x := Explanation{Path: path(pt.node), Arm: pt.arm}
		switch {
		case !needed[pt] || has(pt):
			x.Stored = true
		case stored.parents[pt.key]:
			x.Why = "it was removed from the store"
		case pt.start != nil && isNew[pt.start.key]:
			x.Why, x.Follow = "follows a new "+pt.start.node.Name(), true
		default:
			x.Why = stored.why(pt.origin)
		}
		isNew[pt.key] = !x.Stored
		g.add(x, pt.seed)
		for _, at := range readings[pt] {
			r := at.reading
			x := Explanation{Path: path(pt.node), Arm: at.as.Arm, Probe: r.probe.Kind(), What: nameOf(at.as)}
			switch {
			case r.values != nil:
				x.Stored = true
			case isNew[pt.key]:
				x.Why, x.Follow = "measures a new "+pt.node.Name(), true
			default:
				x.Why = stored.why(r.origin)
			}
			g.add(x, pt.seed)
		}
	}
	return g.list, nil
}

// nameOf is what a reader calls a reading.
func nameOf(r protocols.Reading) string {
	if len(r.Names) == 0 {
		return r.Label
	}
	if n := r.Names[0]; len(r.Names) == 1 {
		return n.Metric
	}
	kind, _, _ := strings.Cut(r.Probe.Kind(), "/")
	return kind
}

// grouped puts explanations together that differ in the seed alone.
type grouped struct {
	list  []Explanation
	known map[string]int
}

func (g *grouped) add(x Explanation, seed int) {
	id := fmt.Sprint(strings.Join(x.Path, "\x00"), "\x00", x.Arm, "\x00", x.Probe, "\x00", x.What, "\x00", x.Stored, "\x00", x.Why)
	if g.known == nil {
		g.known = map[string]int{}
	}
	i, ok := g.known[id]
	if !ok {
		i = len(g.list)
		g.known[id] = i
		g.list = append(g.list, x)
	}
	if !slices.Contains(g.list[i].Seeds, seed) {
		g.list[i].Seeds = append(g.list[i].Seeds, seed)
	}
}

// index finds the stored entries that a new one is compared with.
type index struct {
	fields  map[neighbours][]map[string]string
	parents map[protocols.Key]bool // of entries
}

// neighbours are the entries on one parent whose stage or probe has one name,
// of whatever version.
type neighbours struct {
	parent protocols.Key
	name   string
}

func neighboursOf(o protocols.Origin) neighbours {
	name, _, _ := strings.Cut(o.Kind, "/")
	return neighbours{o.Parent, name}
}

func newIndex(s *store.Store) index {
	ix := index{map[neighbours][]map[string]string{}, map[protocols.Key]bool{}}
	for e := range s.All() {
		n := neighboursOf(e.Origin)
		ix.fields[n] = append(ix.fields[n], fieldsOf(e.Origin))
		ix.parents[e.Origin.Parent] = true
	}
	return ix
}

// why says in what an origin differs from the nearest stored one.
func (ix index) why(o protocols.Origin) string {
	ours := fieldsOf(o)
	var best []string
	for _, theirs := range ix.fields[neighboursOf(o)] {
		if d := differences(theirs, ours); best == nil || len(d) < len(best) || len(d) == len(best) && slices.Compare(d, best) < 0 {
			best = d
		}
	}
	switch {
	case best == nil:
		return "nothing like it is stored"
	case len(best) == 0:
		return "it was removed from the store" // since the index was made
	}
	return strings.Join(best, ", ")
}

// differences names the fields with other values, in alphabetical order: "Rate
// 0.0005 -> 0.001".
func differences(from, to map[string]string) []string {
	all := maps.Clone(from)
	maps.Copy(all, to)
	d := []string{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if a, b := from[name], to[name]; a != b {
			d = append(d, fmt.Sprintf("%s %s -> %s", name, cmp.Or(a, "none"), cmp.Or(b, "none")))
		}
	}
	return d
}

// fieldsOf is what a key is made of, the parent left out, by name.
func fieldsOf(o protocols.Origin) map[string]string {
	fields := map[string]string{"Kind": o.Kind}
	flatten(fields, "", o.Settings)
	if o.Seed != nil {
		fields["Seed"] = fmt.Sprint(*o.Seed)
	}
	if o.Platform != nil {
		if b, err := json.Marshal(o.Platform); err == nil {
			flatten(fields, "Platform.", b)
		}
	}
	return fields
}

// flatten adds the fields of a JSON object by dotted names, as "Data.Sigma".
func flatten(into map[string]string, prefix string, object json.RawMessage) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(object, &fields) != nil {
		return
	}
	for name, value := range fields {
		if len(value) > 0 && value[0] == '{' {
			flatten(into, prefix+name+".", value)
		} else {
			into[prefix+name] = short(strings.Trim(string(value), `"`))
		}
	}
}

// short cuts a digest to what tells it apart.
func short(text string) string {
	if len(text) == 64 {
		return text[:12]
	}
	return text
}

package protocols

import (
	"hash/fnv"
	"math"
	"slices"
	"sync"
)

// Unlike names the parameters that make a figure of a run another than the
// book's: those that are set otherwise and that the figure depends on. For a
// reading the tree knows it, since a reading's key is made of all that led to
// it; what is derived from readings depends on what they do, and on what changes
// the derivation. Subjects are no such parameter.
func Unlike(p Protocol, arm, metric string) []string {
	return dependenceOf(p)[Name{Arm: arm, Metric: metric}]
}

// dependence has the parameters for each arm and metric that a run measures
// otherwise than the book.
type dependence map[Name][]string

var dependences remembered[dependence]

// remembered keeps what was worked out of settings, by their ID; of so many that
// the program does not grow.
type remembered[T any] struct {
	mu sync.Mutex
	of map[string]T
}

// get gives what is known, or works it out; meanwhile others wait.
func (r *remembered[T]) get(id string, work func() T) T {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.of[id]
	if !ok {
		v = work()
		if r.of == nil || len(r.of) > 64 {
			r.of = map[string]T{}
		}
		r.of[id] = v
	}
	return v
}

// settingsID names settings of a chapter by those that are given.
func settingsID(p Protocol, settings map[string]string, names []string) string {
	id := ChapterName(p.Chapter())
	for _, name := range names {
		id += "\n" + name + "=" + settings[name]
	}
	return id
}

func dependenceOf(p Protocol) dependence {
	settings, altered := Settings(p)
	altered = slices.DeleteFunc(altered, func(name string) bool { return name == "Seeds" || name == "Profile" })
	if len(altered) == 0 {
		return nil
	}
	return dependences.get(settingsID(p, settings, altered), func() dependence { return newDependence(p, settings, altered) })
}

func newDependence(p Protocol, settings map[string]string, altered []string) dependence {
	book, err := Configure(p.Chapter(), nil)
	if err != nil {
		return nil
	}
	d := dependence{}
	whole := differing(book, p)
	for _, name := range altered {
		if len(altered) == 1 {
			break
		}
		alone, err := Configure(p.Chapter(), map[string]string{name: settings[name]})
		if err != nil {
			continue // a value that goes with others alone: below
		}
		for n := range differing(book, alone) {
			if whole[n] {
				d[n] = append(d[n], name)
			}
		}
	}
	for n := range whole {
		if d[n] == nil { // it takes several together
			d[n] = altered
		}
	}
	return d
}

// seedsTried are the subjects whose trees are held against each other: two, for
// what is derived from several.
var seedsTried = []int{0, 1}

// levelsTried are the values that stand for readings where what is derived from
// them is held against each other: on all sides of whatever a rule asks.
var levelsTried = []float64{15, 30, 45, 55, 65, 75, 85, 95}

// standing is the book's side of a comparison, the same for all settings.
type standing struct {
	keys []map[Name]Key    // of the readings, by seed
	rows []Row             // the readings with stand-ins for values
	sums []map[Name]uint64 // what is derived at each level, up to one that it does not take
}

var standings = map[int]*standing{} // by chapter; guarded by that of dependences

func standingOf(book Protocol) *standing {
	if s := standings[book.Chapter()]; s != nil {
		return s
	}
	s := &standing{}
	for _, seed := range seedsTried {
		keys := readingKeys(book, seed)
		s.keys = append(s.keys, keys)
		for n := range keys {
			s.rows = append(s.rows, standInRow(book, n, seed))
		}
	}
	sortRows(s.rows)
	for _, level := range levelsTried {
		rows := slices.Clone(s.rows)
		for i := range rows {
			rows[i].Value += level
		}
		sums, ok := derived(book, rows)
		if !ok {
			break
		}
		s.sums = append(s.sums, sums)
	}
	standings[book.Chapter()] = s
	return s
}

// differing are the arms and metrics that two settings of a chapter, the first
// the book's, measure differently.
func differing(book, other Protocol) map[Name]bool {
	ours := standingOf(book)
	list := map[Name]bool{}
	moves := map[Row]bool{} // readings that differ
	for i, seed := range seedsTried {
		a, b := ours.keys[i], readingKeys(other, seed)
		for n, key := range a {
			if b[n] != key {
				list[Name{Arm: n.Arm, Metric: n.Metric}] = true
				moves[standInRow(book, n, seed)] = true
			}
		}
		for n := range b {
			if _, ok := a[n]; !ok {
				list[Name{Arm: n.Arm, Metric: n.Metric}] = true
			}
		}
	}
	// What is derived is found by deriving it again, with what differs moved away
	// and by the other's rules.
	for i, level := range levelsTried {
		if i == len(ours.sums) {
			return withAll(list, book.Chapter())
		}
		moved := slices.Clone(ours.rows)
		for k, r := range moved {
			moved[k].Value = level + r.Value
			if moves[r] {
				moved[k].Value = math.Mod(moved[k].Value+37, 100)
			}
		}
		a := ours.sums[i]
		b, ok := derived(other, moved)
		if !ok {
			return withAll(list, book.Chapter())
		}
		for n := range a {
			if a[n] != b[n] {
				list[n] = true
			}
		}
		for n := range b {
			if a[n] != b[n] {
				list[n] = true
			}
		}
	}
	return list
}

// standInRow is a reading with a number in its value's place.
func standInRow(p Protocol, n Name, seed int) Row {
	return Row{p.Chapter(), n.Arm, n.Condition, n.Metric, seedText(seed), standIn(n, seed)}
}

// sortRows puts rows into one order, whatever the order of a map.
func sortRows(rows []Row) {
	slices.SortFunc(rows, func(a, b Row) int {
		return slices.Compare([]string{a.Seed, a.Arm, a.Condition, a.Metric}, []string{b.Seed, b.Arm, b.Condition, b.Metric})
	})
}

// withAll adds every published figure of the arms in a list, of all arms where it
// is empty: what is derived there takes no stand-ins (chapter 9's counts).
func withAll(list map[Name]bool, chapter int) map[Name]bool {
	arms := map[string]bool{}
	for n := range list {
		arms[n.Arm] = true
	}
	for _, f := range PublishedFigures(chapter) {
		if len(arms) == 0 || arms[f.Arm] {
			metric, _, _ := f.measure()
			list[Name{Arm: f.Arm, Metric: metric}] = true
		}
	}
	return list
}

// derived sums up what a protocol derives of rows, by arm and metric; ok is false
// where it takes no such values.
func derived(p Protocol, rows []Row) (sums map[Name]uint64, ok bool) {
	defer func() {
		if recover() != nil {
			sums, ok = nil, false
		}
	}()
	sums = map[Name]uint64{}
	for _, r := range p.Derive(slices.Clone(rows)) {
		n := Name{Arm: r.Arm, Metric: r.Metric}
		sums[n] = sums[n]*31 + math.Float64bits(r.Value) + 1
	}
	return sums, true
}

// standIn is a number for a reading, between -6 and 6.
func standIn(n Name, seed int) float64 {
	h := fnv.New32a()
	h.Write([]byte(n.Arm + n.Condition + n.Metric + seedText(seed)))
	return float64(h.Sum32()%1200)/100 - 6
}

// readingKeys are the keys of a subject's readings by their names.
func readingKeys(p Protocol, seed int) map[Name]Key {
	keys := map[Name]Key{}
	nodes := map[*Node]Key{}
	p.Plant(seed).Walk(func(n *Node) {
		key := StageOrigin(n.Stage, nodes[n.Parent], seed, Platform{}).Key()
		nodes[n] = key
		for _, r := range n.Readings {
			k := r.Origin(key).Key()
			for _, name := range r.Names {
				keys[name] = k
			}
		}
	})
	return keys
}

package engine

import (
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/network-fragility/fragility/kernel/store"
	"github.com/network-fragility/fragility/protocols"
)

// resumeEvery is the number of epochs after which a training call leaves a
// point to resume from. Chapters 7 to 10 measure at its multiples anyway.
const resumeEvery = 25

// A plan is the trees of all seeds with their keys. What has one key is one
// point or one reading, however often it stands in a tree.
type plan struct {
	platform protocols.Platform
	points   map[protocols.Key]*point
	readings map[protocols.Key]*reading
	stages   []*point // the points that are nodes, each once, in tree order
	places   []place  // where the readings stand, in tree order
}

// A place is a reading in a tree: several may have the same values.
type place struct {
	seed    int
	as      protocols.Reading
	reading *reading
}

// A point is a subject that can be computed: a node, or a point of a call on
// the way to one.
type point struct {
	key    protocols.Key
	origin protocols.Origin
	stage  protocols.Stage
	node   *protocols.Node // itself, or the one it is on the way to
	seed   int
	order  int    // depth-first
	start  *point // what the stage is applied to; nil for a tree's first stage
	call   *call  // nil where the stage is none
	length int    // of the call
	arm    string // empty where several arms share it

	state pointState
}

// A call is the points of one training call.
type call struct {
	points map[int]*point // by length
}

// A reading is a probe on a point.
type reading struct {
	key    protocols.Key
	origin protocols.Origin
	probe  protocols.Probe
	at     *point
	values []float64 // nil until known
}

// newPlan plants the trees and computes the keys.
func newPlan(p protocols.Protocol, platform protocols.Platform) *plan {
	return planOf(p, platform, p.Cohort())
}

// planOf is newPlan for some of the subjects.
func planOf(p protocols.Protocol, platform protocols.Platform, seeds []int) *plan {
	pl := &plan{platform: platform, points: map[protocols.Key]*point{}, readings: map[protocols.Key]*reading{}}
	for _, seed := range seeds {
		calls := map[protocols.Key]*call{}
		points := map[*protocols.Node]*point{}
		protocols.Plant(p, seed).Walk(func(n *protocols.Node) {
			pt := pl.add(n, seed, points[n.Parent], calls)
			points[n] = pt
			for _, r := range n.Readings {
				pl.addReading(pt, r)
			}
		})
	}
	return pl
}

// add returns the point of a node, a new one where its key is new.
func (pl *plan) add(n *protocols.Node, seed int, start *point, calls map[protocols.Key]*call) *point {
	// The parent's key is at hand, where protocols.Node.Origin hashes all the
	// way to the root anew.
	var parent protocols.Key
	if start != nil {
		parent = start.key
	}
	pt := &point{
		origin: protocols.StageOrigin(n.Stage, parent, seed, pl.platform),
		stage:  n.Stage, node: n, seed: seed, order: len(pl.stages), start: start, arm: armOf(n),
	}
	pt.key = pt.origin.Key()
	if known, ok := pl.points[pt.key]; ok {
		if known.arm != pt.arm {
			known.arm = ""
		}
		return known
	}
	pl.points[pt.key] = pt
	pl.stages = append(pl.stages, pt)
	if c, ok := n.Stage.(protocols.Call); ok && c.Length() > 0 {
		id := protocols.StageOrigin(c.Upto(0), parent, seed, pl.platform).Key()
		if calls[id] == nil {
			calls[id] = &call{points: map[int]*point{}}
		}
		pt.call, pt.length = calls[id], c.Length()
		pt.call.points[pt.length] = pt
	}
	return pt
}

func (pl *plan) addReading(at *point, as protocols.Reading) {
	o := as.Origin(at.key)
	key := o.Key()
	r, ok := pl.readings[key]
	if !ok {
		r = &reading{key: key, origin: o, probe: as.Probe, at: at}
		pl.readings[key] = r
	}
	pl.places = append(pl.places, place{at.seed, as, r})
}

// upto is the point of pt's call after n epochs, made where there is none.
func (pt *point) upto(n int) *point {
	if q, ok := pt.call.points[n]; ok {
		return q
	}
	q := *pt
	q.state = pointState{}
	q.stage, q.length = pt.stage.(protocols.Call).Upto(n), n
	q.origin.Settings = protocols.Canonical(q.stage)
	q.key = q.origin.Key()
	return &q
}

// armOf is the arm of all readings on n and below it, or none if they differ.
func armOf(n *protocols.Node) string {
	arms := map[string]bool{}
	var visit func(*protocols.Node)
	visit = func(n *protocols.Node) {
		for _, r := range n.Readings {
			arms[r.Arm] = true
		}
		for _, c := range n.Children {
			visit(c)
		}
	}
	visit(n)
	if len(arms) == 1 {
		for a := range arms {
			return a
		}
	}
	return ""
}

// path is the labels from the root to n.
func path(n *protocols.Node) []string {
	var labels []string
	for ; n.Stage != nil; n = n.Parent {
		labels = append(labels, n.Name())
	}
	slices.Reverse(labels)
	return labels
}

// lookUp fills in the readings that the store has.
func (pl *plan) lookUp(s *store.Store) {
	// Each look-up waits for the file system, so they go side by side.
	queue := make(chan *reading)
	var wg sync.WaitGroup
	for range 2 * runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for r := range queue {
				if e, ok := s.Get(r.key); ok {
					r.values = e.Values
				}
			}
		})
	}
	for _, r := range pl.readings {
		queue <- r
	}
	close(queue)
	wg.Wait()
}

// needed is the points whose subjects the unknown readings need, up to those
// that are there.
func (pl *plan) needed(has func(*point) bool) map[*point]bool {
	needed := map[*point]bool{}
	for _, r := range pl.readings {
		if r.values != nil {
			continue
		}
		for pt := r.at; pt != nil && !needed[pt]; pt = pt.start {
			needed[pt] = true
			if has(pt) {
				break
			}
		}
	}
	return needed
}

// result puts the readings together: seed by seed in tree order, then what the
// protocol derives.
func (pl *plan) result(p protocols.Protocol) (*protocols.Result, error) {
	res := &protocols.Result{Chapter: p.Chapter()}
	res.Settings, res.Altered = protocols.Settings(p)
	for _, at := range pl.places {
		values := at.reading.values
		if len(at.as.Names) == 0 {
			res.Series = append(res.Series, protocols.Series{Arm: at.as.Arm, Label: at.as.Label, Seed: at.seed, Values: values})
			continue
		}
		if len(values) != len(at.as.Names) {
			return nil, fmt.Errorf("%s on seed %d, %s gave %d values, where the protocol names %d", at.as.Probe.Kind(),
				at.seed, path(at.reading.at.node), len(values), len(at.as.Names))
		}
		res.Rows = append(res.Rows, at.as.Rows(p.Chapter(), at.seed, values)...)
	}
	res.Rows = append(res.Rows, protocols.Derive(p, res.Rows)...)
	return res, nil
}

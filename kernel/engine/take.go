package engine

import (
	"context"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// A Taken is a reading that this machine took, with the subject that it was taken of,
// which the store has.
type Taken struct {
	Seed    int
	Node    *protocols.Node
	Reading protocols.Reading
	Key     protocols.Key // of the reading
	Subject protocols.Key
	Values  []float64
}

// Take is Run for the readings that are wanted, and for the subjects that they are
// taken of: where the store lacks one it is computed, though its readings be known.
// Nothing comes from the record, which has no subjects.
func (e *Engine) Take(ctx context.Context, p protocols.Protocol, want func(*protocols.Node, protocols.Reading) bool, events func(client.Event)) ([]Taken, error) {
	var of *plan
	_, err := e.carry(ctx, p, events, func(pl *plan) {
		pl.wanting(want, e.store.Has)
		of = pl
	})
	if err != nil {
		return nil, err
	}
	var list []Taken
	for _, at := range of.places {
		list = append(list, Taken{at.seed, at.reading.at.node, at.as, at.reading.key, at.reading.at.key, at.reading.values})
	}
	return list, nil
}

// Lacks is what Take would compute: the subjects that the store lacks, and about how
// many epochs they are trained.
func (e *Engine) Lacks(p protocols.Protocol, want func(*protocols.Node, protocols.Reading) bool) (subjects, epochs int, err error) {
	platform, err := e.lab.platform()
	if err != nil {
		return 0, 0, err
	}
	pl := newPlan(p, platform)
	pl.lookUp(e.store)
	pl.wanting(want, e.store.Has)
	lengths := map[*call]int{}
	for pt := range pl.needed(func(pt *point) bool { return e.store.Has(pt.key) }) {
		if e.store.Has(pt.key) {
			continue
		}
		subjects++
		if pt.call != nil {
			lengths[pt.call] = max(lengths[pt.call], pt.length)
		}
	}
	for _, n := range lengths {
		epochs += n
	}
	return subjects, epochs, nil
}

// wanting takes out of a plan what is not wanted, and forgets the readings of subjects
// that are not there, so that these are made.
func (pl *plan) wanting(want func(*protocols.Node, protocols.Reading) bool, has func(protocols.Key) bool) {
	needed := map[string]bool{}
	for i, id := range pl.ids() {
		at := pl.places[i]
		if !want(at.reading.at.node, at.as) {
			continue
		}
		needed[id] = true
		if !has(at.reading.at.key) {
			at.reading.values = nil
		}
	}
	pl.only(needed)
}

package engine

import (
	"slices"
	"time"

	"github.com/network-fragility/fragility/kernel/record"
	"github.com/network-fragility/fragility/kernel/store"
	"github.com/network-fragility/fragility/models"
	"github.com/network-fragility/fragility/protocols"
)

// recall fills in what the record has and the store has not. Readings of this
// platform are the bits that would be computed here, so each is welcome. A
// subject of another platform is taken whole or not at all: recall says which
// were, and computes nothing.
func (e *Engine) recall(pl *plan, p protocols.Protocol, seeds []int) []protocols.Recorded {
	if e.record == nil || !p.Recalls() {
		return nil
	}
	var found []protocols.Recorded
	for _, seed := range seeds {
		places := pl.of(seed)
		if complete(places) {
			continue
		}
		platform := pl.platform.Of(p.Plant(seed))
		if s := e.record.Subject(p.Chapter(), seed, platform); s != nil {
			fill(places, places, s)
			if complete(places) {
				continue
			}
		}
		for _, s := range e.record.Others(p.Chapter(), seed, platform) {
			theirs := planOf(p, s.Platform, []int{seed}).places
			if !fill(places, theirs, s) {
				continue
			}
			found = recorded(found, s)
			break
		}
	}
	return found
}

// of is a subject's places, in tree order.
func (pl *plan) of(seed int) []place {
	first := slices.IndexFunc(pl.places, func(at place) bool { return at.seed == seed })
	if first < 0 {
		return nil
	}
	end := first
	for end < len(pl.places) && pl.places[end].seed == seed {
		end++
	}
	return pl.places[first:end]
}

// missing are the subjects of which some value is not known.
func (pl *plan) missing(seeds []int) protocols.Seeds {
	var list protocols.Seeds
	for _, seed := range seeds {
		if !complete(pl.of(seed)) {
			list = append(list, seed)
		}
	}
	return list
}

// complete reports whether the values of all places are known.
func complete(places []place) bool {
	return !slices.ContainsFunc(places, func(at place) bool { return at.reading.values == nil })
}

// fill gives places the values that a subject has under the keys of the same
// tree on its own platform. Where that is another platform it takes all or none,
// and reports whether it has all.
func fill(places, theirs []place, s *record.Subject) (all bool) {
	values := make([][]float64, len(places))
	all = true
	for i, at := range theirs {
		v, ok := s.Values(at.reading.key)
		if !ok {
			all = false
			continue
		}
		values[i] = v
	}
	if foreign := places[0].reading != theirs[0].reading; foreign && !all {
		return false
	}
	for i, at := range places {
		if values[i] != nil {
			at.reading.values = values[i]
		}
	}
	return all
}

// recorded adds a subject to the list of its platform.
func recorded(list []protocols.Recorded, s *record.Subject) []protocols.Recorded {
	for i := range list {
		if list[i].Platform == s.Platform {
			list[i].Seeds = append(list[i].Seeds, s.Seed)
			return list
		}
	}
	return append(list, protocols.Recorded{Seeds: protocols.Seeds{s.Seed}, Platform: s.Platform, Processor: s.Processor})
}

// Whole is what the store and the record have of a subject on this platform, for
// the record; nil where something is missing. It computes nothing.
func (e *Engine) Whole(p protocols.Protocol, seed int) (*record.Subject, error) {
	platform, err := e.lab.platform()
	if err != nil {
		return nil, err
	}
	pl := planOf(p, platform, []int{seed})
	pl.lookUp(e.store)
	own := platform.Of(p.Plant(seed))
	if e.record != nil {
		if s := e.record.Subject(p.Chapter(), seed, own); s != nil {
			fill(pl.places, pl.places, s)
		}
	}
	s := &record.Subject{Chapter: p.Chapter(), Seed: seed, Platform: own, Processor: models.Processor(),
		Computed: time.Now().UTC().Truncate(time.Second), Readings: map[record.ID]store.Numbers{}}
	for _, at := range pl.places {
		if at.reading.values == nil {
			return nil, nil
		}
		s.Readings[record.IDOf(at.reading.key)] = at.reading.values
	}
	return s, nil
}

// InRecord reports whether the record has every reading of a subject, on
// whatever platform.
func (e *Engine) InRecord(p protocols.Protocol, seed int) (bool, error) {
	platform, err := e.lab.platform()
	if err != nil {
		return false, err
	}
	pl := planOf(p, platform, []int{seed})
	e.recall(pl, p, []int{seed})
	return complete(pl.places), nil
}

// HasAll reports whether a recorded subject has every reading that a protocol
// takes of it today.
func (e *Engine) HasAll(p protocols.Protocol, s *record.Subject) bool {
	return !slices.ContainsFunc(planOf(p, s.Platform, []int{s.Seed}).places, func(at place) bool {
		_, ok := s.Values(at.reading.key)
		return !ok
	})
}

package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// A display behind dials needs a few of a run's readings, and a run computes all.
// Which it needs is tried out on the run that the dials began with, whose readings
// are there: those whose values can change, and be left out, without a change in
// the display. So no plot has to say what it reads.

// triedSubjects is on how many subjects that is tried: enough for a spread.
const triedSubjects = 3

// triedTime bounds the trials: a reading that was not tried by then counts as needed.
const triedTime = 2 * time.Second

// partly runs what a display needs of p, by the run that its dials began with. It
// gives nil, and no error, where that cannot be told: then a whole run is the way.
func (s *server) partly(ctx context.Context, p protocols.Protocol, req client.ShowRequest, events func(client.Event)) (*finished, error) {
	id := fmt.Sprint(req.Ask, resultID(p))
	s.mu.Lock()
	f := s.results.find(id)
	s.mu.Unlock()
	if f != nil {
		return f, nil
	}
	base, err := protocols.Configure(req.Chapter, req.From)
	if err != nil {
		return nil, err
	}
	needed := s.needs(base, req)
	if needed == nil {
		return nil, nil
	}
	stamp, err := s.engine.Stamp(p)
	if err != nil {
		return nil, err
	}
	res, err := safely(func() (*protocols.Result, error) { return s.engine.runOnly(ctx, p, needed, events, &stamp) })
	if err != nil || res == nil {
		return nil, err
	}
	f = &finished{res, stamp}
	s.mu.Lock()
	s.results.add(id, f)
	s.mu.Unlock()
	return f, nil
}

// needs is what a display needs, found once for the dials that stand before it.
func (s *server) needs(base protocols.Protocol, req client.ShowRequest) map[string]bool {
	id := fmt.Sprint(req.Ask, resultID(base))
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tried.id != id {
		s.mu.Unlock()
		needed, err := safely(func() (map[string]bool, error) { return s.engine.needed(base, s.engine.opts.Show, req) })
		s.mu.Lock()
		if err != nil {
			slog.Debug("what a display needs was not found", "error", err)
		}
		s.tried.id, s.tried.needed = id, needed
	}
	return s.tried.needed
}

// runOnly is Run for some of the readings. It gives nil where p has others than
// those of which it is known whether they are needed.
func (e *Engine) runOnly(ctx context.Context, p protocols.Protocol, needed map[string]bool, events func(client.Event), stamp *client.Stamp) (*protocols.Result, error) {
	for _, id := range newPlan(p, protocols.Platform{}).ids() {
		if _, known := needed[id]; !known {
			return nil, nil
		}
	}
	heard := func(ev client.Event) {
		if ev.Kind == client.RunFinished {
			ev.Stamp = stamp
		}
		events(ev)
	}
	return e.carry(ctx, p, heard, func(pl *plan) { pl.only(needed) })
}

// ids are names of a plan's readings that are the same for every subject and for
// every setting of the stages before them.
func (pl *plan) ids() []string {
	list := make([]string, len(pl.places))
	met := map[string]int{}
	for i, at := range pl.places {
		id := fmt.Sprint(at.as.Arm, "|", at.as.Label, "|", at.as.Probe.Kind(), "|", len(at.as.Names))
		of := fmt.Sprint(at.seed, "|", id)
		list[i] = fmt.Sprint(id, "|", met[of])
		met[of]++
	}
	return list
}

// only takes out of a plan the readings that are not needed, and the stages that
// only they need.
func (pl *plan) only(needed map[string]bool) {
	var places []place
	readings := map[protocols.Key]*reading{}
	points := map[*point]bool{}
	ids := pl.ids()
	for i, at := range pl.places {
		if !needed[ids[i]] {
			continue
		}
		places = append(places, at)
		readings[at.reading.key] = at.reading
		for pt := at.reading.at; pt != nil; pt = pt.start {
			points[pt] = true
		}
	}
	pl.places, pl.readings = places, readings
	pl.stages = slices.DeleteFunc(pl.stages, func(pt *point) bool { return !points[pt] })
}

// needed says of each reading whether a display of a run depends on it; nil where
// that cannot be told. All of the run's readings have to be stored.
func (e *Engine) needed(base protocols.Protocol, show func(protocols.Protocol, client.ShowRequest) (func(*protocols.Result) (*client.Bundle, error), error), req client.ShowRequest) (map[string]bool, error) {
	cohort := base.Cohort()
	p, err := protocols.With(base, map[string]string{"Seeds": protocols.Seeds(cohort[:min(len(cohort), triedSubjects)]).String()})
	if err != nil {
		return nil, err
	}
	platform, err := e.lab.platform()
	if err != nil {
		return nil, err
	}
	pl := newPlan(p, platform)
	pl.lookUp(e.store)
	e.recall(pl, p, p.Cohort())
	if !complete(pl.places) {
		return nil, nil
	}
	numbers, whole := req, req
	numbers.Kind, whole.Kind = "csv", ""
	drawn := func(kind client.ShowRequest, pl *plan) ([]byte, error) {
		return safely(func() ([]byte, error) {
			draw, err := show(p, kind)
			if err != nil {
				return nil, err
			}
			res, err := pl.result(p)
			if err != nil {
				return nil, err
			}
			b, err := draw(res)
			if err != nil {
				return nil, err
			}
			return json.Marshal([]any{b.Data, b.Note})
		})
	}
	as, err := drawn(numbers, pl)
	if err != nil {
		return nil, err
	}
	needed := map[string]bool{}
	all := pl.ids()
	var ids []string // each once, in tree order
	for _, id := range all {
		if _, met := needed[id]; !met {
			needed[id] = false
			ids = append(ids, id)
		}
	}
	began := time.Now()
	var try func(ids []string)
	try = func(ids []string) {
		if time.Since(began) > triedTime {
			for _, id := range ids {
				needed[id] = true
			}
			return
		}
		other, err := drawn(numbers, pl.altered(all, ids))
		switch {
		case err == nil && bytes.Equal(as, other):
		case len(ids) == 1:
			needed[ids[0]] = true
		default:
			try(ids[:len(ids)/2])
			try(ids[len(ids)/2:])
		}
	}
	if len(ids) > 0 {
		try(ids)
	}
	// The proof: the display without the others is the display.
	as, err = drawn(whole, pl)
	if err != nil {
		return nil, err
	}
	pl.only(needed)
	if other, err := drawn(whole, pl); err != nil || !bytes.Equal(as, other) {
		return nil, nil
	}
	return needed, nil
}

// altered is the plan with other values for some of the readings; all are their
// names by place.
func (pl *plan) altered(all, which []string) *plan {
	other := *pl
	other.places = slices.Clone(pl.places)
	set := map[string]bool{}
	for _, id := range which {
		set[id] = true
	}
	for i, at := range other.places {
		if !set[all[i]] {
			continue
		}
		r := *at.reading
		r.values = make([]float64, len(at.reading.values))
		for j, v := range at.reading.values {
			r.values[j] = 0.75*v + 3.1 + float64(i%7)
		}
		other.places[i].reading = &r
	}
	return &other
}

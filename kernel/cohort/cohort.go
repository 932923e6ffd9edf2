// Package cohort recalls the subjects of the record that are analysed together, and
// what each chapter's come to.
package cohort

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/network-fragility/fragility/kernel/engine"
	"github.com/network-fragility/fragility/kernel/record"
	"github.com/network-fragility/fragility/protocols"
)

// wholePlan is how many subjects of the analysis plan are recorded of each of its
// chapters before anything is worked out from them: all. They are looked at once,
// so nobody sees thirty first and then decides whether to go on. Where the cohort
// cannot be finished, whoever closes it writes the number that it has here,
// protocols.FewestPlanned at the least.
const wholePlan = 100

// A Cohort is subjects that are analysed together; of each chapter that it has
// enough of them of, what they come to.
type Cohort map[int]*Chapter

// A Chapter is what the subjects of a cohort show of one, at the book's settings.
type Chapter struct {
	Protocol protocols.Protocol
	Result   *protocols.Result
	Recorded []protocols.Recorded // where the subjects were computed
	Claims   []protocols.Judged
}

// Of works out what a result comes to.
func Of(p protocols.Protocol, r *protocols.Result) *Chapter {
	return &Chapter{Protocol: p, Result: r, Claims: protocols.Judge(p, r)}
}

// Recall reads the record in a folder: of each chapter the subjects that its
// notebook shows, two at least, and those of the plan, nil before they are whole.
// It computes nothing, and takes seconds.
func Recall(ctx context.Context, dir string) (shown, planned Cohort, err error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, nil, fmt.Errorf("the record: %w", err)
	}
	var damage error
	r := record.Open(dir, func(text string) { damage = errors.Join(damage, errors.New(text)) })
	exploring, confirming := map[int][]*record.Subject{}, map[int][]*record.Subject{}
	for _, n := range protocols.Chapters() {
		p, err := protocols.Configure(n, nil)
		if err != nil {
			return nil, nil, err
		}
		whole, err := wholeSubjects(p, r)
		if err != nil {
			return nil, nil, err
		}
		exploring[n], confirming[n] = among(whole, p.Cohort()), among(whole, protocols.PlannedSubjects(n))
	}
	if damage != nil {
		return nil, nil, damage
	}
	if shown, err = results(ctx, exploring, 2); err == nil && isWhole(confirming) {
		planned, err = results(ctx, confirming, protocols.FewestPlanned)
	}
	return shown, planned, err
}

// isWhole reports whether the plan's subjects may be looked at.
func isWhole(planned map[int][]*record.Subject) bool {
	for n, subjects := range planned {
		if protocols.PlannedSubjects(n) != nil && len(subjects) < max(wholePlan, protocols.FewestPlanned) {
			return false
		}
	}
	return true
}

// wholeSubjects are those with every reading that a chapter takes today, by
// seed. Of one that was computed on several platforms it is the first in the
// record's order, whichever machine asks.
func wholeSubjects(p protocols.Protocol, r *record.Record) (map[int]*record.Subject, error) {
	e, close, err := engineOn("")
	if err != nil {
		return nil, err
	}
	defer close()
	whole := map[int]*record.Subject{}
	for _, s := range r.All(p.Chapter()) {
		if whole[s.Seed] == nil && e.HasAll(p, s) {
			whole[s.Seed] = s
		}
	}
	return whole, nil
}

// among are the subjects that have one of the seeds.
func among(subjects map[int]*record.Subject, seeds []int) []*record.Subject {
	var list []*record.Subject
	for _, seed := range seeds {
		if s := subjects[seed]; s != nil {
			list = append(list, s)
		}
	}
	return list
}

// engineOn is an engine that computes nothing, on a record; its store is empty, so
// that it has nothing but what is recorded.
func engineOn(dir string) (e *engine.Engine, close func(), err error) {
	store, err := os.MkdirTemp("", "fragility-cohort-")
	if err != nil {
		return nil, nil, err
	}
	e, err = engine.New(engine.Options{Store: store, Record: dir, Stored: true})
	if err != nil {
		os.RemoveAll(store)
		return nil, nil, err
	}
	return e, func() { e.Close(); os.RemoveAll(store) }, nil
}

// With recalls the subjects of a chapter that the record has with other values than
// the book's, those of the plan apart; nil for fewer than two.
func With(ctx context.Context, dir string, n int, values map[string]string) (*Chapter, error) {
	p, err := protocols.Configure(n, values)
	if err != nil {
		return nil, err
	}
	whole, err := wholeSubjects(p, record.Open(dir, nil))
	if err != nil {
		return nil, err
	}
	list := among(whole, p.Cohort())
	if len(list) < 2 {
		return nil, nil
	}
	return result(ctx, n, values, list)
}

// results are those of a cohort, of each chapter that has enough subjects.
func results(ctx context.Context, subjects map[int][]*record.Subject, enough int) (Cohort, error) {
	c := Cohort{}
	for _, n := range protocols.Chapters() {
		if len(subjects[n]) < enough {
			continue
		}
		var err error
		if c[n], err = result(ctx, n, nil, subjects[n]); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// result is what subjects of the record show of a chapter.
func result(ctx context.Context, n int, values map[string]string, subjects []*record.Subject) (*Chapter, error) {
	var seeds protocols.Seeds
	for _, s := range subjects {
		seeds = append(seeds, s.Seed)
	}
	values = maps.Clone(values)
	if values == nil {
		values = map[string]string{}
	}
	values["Seeds"] = seeds.String()
	p, err := protocols.Configure(n, values)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "fragility-cohort-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	alone := record.Open(filepath.Join(dir, "record"), nil) // each subject once
	if err := alone.Add(subjects...); err != nil {
		return nil, err
	}
	e, close, err := engineOn(alone.Path())
	if err != nil {
		return nil, err
	}
	defer close()
	found, err := e.Run(ctx, p, nil)
	if err != nil {
		return nil, err
	}
	c := Of(p, found)
	c.Recorded = platforms(subjects)
	return c, nil
}

// platforms says where subjects were computed.
func platforms(subjects []*record.Subject) []protocols.Recorded {
	var list []protocols.Recorded
	for _, s := range subjects {
		i := slices.IndexFunc(list, func(r protocols.Recorded) bool { return r.Platform == s.Platform })
		if i < 0 {
			i, list = len(list), append(list, protocols.Recorded{Platform: s.Platform, Processor: s.Processor})
		}
		list[i].Seeds = append(list[i].Seeds, s.Seed)
	}
	return list
}

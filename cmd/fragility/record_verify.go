package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/kernel/engine"
	"github.com/network-fragility/fragility/kernel/record"
	"github.com/network-fragility/fragility/models"
	"github.com/network-fragility/fragility/protocols"
)

// A verification computes subjects of a record again, in a store of its own.
type verification struct {
	record   *record.Record
	recalls  *engine.Engine // shows what the record has, and computes nothing
	computes *engine.Engine // has no record
	dir      string         // of both stores
	platform protocols.Platform
	differ   []string // sentences
}

func newVerification(r *record.Record) (*verification, error) {
	platform, err := models.Platform()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "fragility-record-")
	if err != nil {
		return nil, err
	}
	v := &verification{record: r, dir: dir, platform: platform}
	if v.recalls, err = engine.New(engine.Options{Store: dir + "/none", Record: r.Path(), Stored: true}); err == nil {
		v.computes, err = engine.New(engine.Options{Store: dir + "/here"})
	}
	if err != nil {
		v.close()
		return nil, err
	}
	return v, nil
}

func (v *verification) close() {
	for _, e := range []*engine.Engine{v.recalls, v.computes} {
		if e != nil {
			e.Close()
		}
	}
	os.RemoveAll(v.dir)
}

// run takes a sample of the chapters' subjects, all chapters' where none is
// named.
func (v *verification) run(ctx context.Context, chapters []string, sample int) error {
	subjects, err := v.sample(chapters, sample)
	if err != nil {
		return err
	}
	elsewhere := map[string][]*record.Subject{} // by chapter and platform
	progress := newProgress(os.Stderr)
	defer progress.end()
	for _, s := range subjects {
		p, err := subjectOf(s.Chapter, s.Seed)
		if err != nil {
			return err
		}
		if _, err := v.computes.Run(ctx, p, progress.show); err != nil {
			return err
		}
		progress.end()
		if s.Platform == v.platform.Of(p.Plant(s.Seed)) {
			if err := v.bits(p, s); err != nil {
				return err
			}
			continue
		}
		group := fmt.Sprint(s.Chapter, s.Platform)
		elsewhere[group] = append(elsewhere[group], s)
	}
	for _, group := range elsewhere {
		if err := v.distributions(ctx, group); err != nil {
			return err
		}
	}
	if len(v.differ) > 0 {
		return fmt.Errorf("the record differs from what is computed here: %s", strings.Join(v.differ, "; "))
	}
	return nil
}

// sample chooses among the subjects that the record has whole, by chance, so
// that every verification sees others.
func (v *verification) sample(chapters []string, n int) ([]*record.Subject, error) {
	numbers := protocols.Chapters()
	if len(chapters) > 0 {
		numbers = nil
	}
	for _, name := range chapters {
		chapter, err := protocols.ParseChapter(name)
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, chapter)
	}
	var all []*record.Subject
	for _, chapter := range numbers {
		for _, s := range v.record.All(chapter) {
			p, err := subjectOf(chapter, s.Seed)
			if err != nil {
				return nil, err
			}
			if v.recalls.HasAll(p, s) {
				all = append(all, s)
			}
		}
	}
	if len(all) == 0 {
		return nil, usage("verify takes chapters that the record has; %s has no whole subject of these", v.record.Path())
	}
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	all = all[:min(n, len(all))]
	// Chapters of one subject share trained networks.
	slices.SortFunc(all, func(a, b *record.Subject) int { return 100*(a.Seed-b.Seed) + a.Chapter - b.Chapter })
	return all, nil
}

// subjectOf is a chapter with one subject, at the book's settings.
func subjectOf(chapter, seed int) (protocols.Protocol, error) {
	return protocols.Configure(chapter, map[string]string{"Seeds": fmt.Sprint(seed)})
}

// bits compares a subject of this platform with what was computed.
func (v *verification) bits(p protocols.Protocol, s *record.Subject) error {
	here, err := v.computes.Whole(p, s.Seed)
	if err != nil || here == nil {
		return fmt.Errorf("chapter %d, subject %d: what was computed cannot be read again (%v)", s.Chapter, s.Seed, err)
	}
	differ := 0
	for id, values := range here.Readings {
		if !slices.EqualFunc(values, s.Readings[id], func(a, b float64) bool {
			return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
		}) {
			differ++
		}
	}
	fmt.Fprintf(stdout, "chapter %d, subject %d: %d readings, %d differ\n", s.Chapter, s.Seed, len(here.Readings), differ)
	if differ > 0 {
		v.differ = append(v.differ, fmt.Sprintf("chapter %d, subject %d: %d of %d readings", s.Chapter, s.Seed, differ, len(here.Readings)))
	}
	return nil
}

// distributions compares the subjects of one chapter and another platform that
// were computed here with all that the record has of it.
func (v *verification) distributions(ctx context.Context, sampled []*record.Subject) error {
	s := sampled[0]
	run := func(e *engine.Engine, subjects []*record.Subject) (*protocols.Result, error) {
		var seeds protocols.Seeds
		for _, s := range subjects {
			seeds = append(seeds, s.Seed)
		}
		p, err := protocols.Configure(s.Chapter, map[string]string{"Seeds": seeds.String()})
		if err != nil {
			return nil, err
		}
		return e.Run(ctx, p, nil)
	}
	here, err := run(v.computes, sampled)
	if err != nil {
		return err
	}
	var all []*record.Subject
	for _, other := range v.record.All(s.Chapter) {
		p, err := subjectOf(s.Chapter, other.Seed)
		if err != nil {
			return err
		}
		if other.Platform == s.Platform && v.recalls.HasAll(p, other) {
			all = append(all, other)
		}
	}
	there, err := run(v.recalls, all)
	if err != nil {
		return err
	}
	doubts, smallest := record.Doubts(here, there)
	fmt.Fprintf(stdout, "chapter %d: %d subjects here, %d recorded on %s: %d measures differ at the level %v", s.Chapter, len(sampled), len(all), s.Processor, len(doubts), record.Level)
	if smallest > record.Level {
		fmt.Fprintf(stdout, " (so few subjects cannot show one: the smallest p would be %.2g)", smallest)
	}
	fmt.Fprintln(stdout)
	for _, d := range doubts {
		v.differ = append(v.differ, fmt.Sprintf("chapter %d, %s %s %s: %.4g here, %.4g there, p %.2g", s.Chapter, d.Arm, d.Condition, d.Metric, d.Here, d.There, d.P))
	}
	return nil
}
